// Whether a RecordBatch has the columns that are declared.
import { EngineError } from "../errors.js";
import type { Schema, SqlType } from "../types/sql-type.js";
import { sameKind, typeText } from "../types/type-text.js";
import { timestampUnit } from "../types/value.js";

/** Throws INVALID_SCHEMA where a batch with the columns `found` is not one of the columns `wanted`. */
export function checkSchema(found: Schema, wanted: Schema): void {
	if (found.length !== wanted.length) {
		throw invalidSchema(`The batch has ${found.length} columns`, `${wanted.length}: ${names(wanted)}`);
	}
	for (const [index, { name, type }] of wanted.entries()) {
		const actual = found[index] as Schema[number];
		if (actual.name !== name) throw invalidSchema(`Column ${index + 1} of the batch is '${actual.name}'`, `'${name}'`);
		if (!holdsSame(actual.type, type)) {
			throw invalidSchema(`Column '${name}' of the batch is ${typeText(actual.type)}`, typeText(type));
		}
	}
}

const names = (schema: Schema) => schema.map(({ name }) => name).join(", ");

const invalidSchema = (problem: string, expected: string) =>
	new EngineError("INVALID_SCHEMA", problem, { expected, remedy: "Pass batches of the declared schema" });

/** Whether values of an Arrow type are, converted by importColumn, values of the declared type. */
export function holdsSame(actual: SqlType, wanted: SqlType): boolean {
	if (sameKind(actual, wanted) || actual.kind === "NULL") return true;
	if (actual.kind === "TIMESTAMP" || actual.kind === "TIMESTAMP_LTZ") {
		return actual.kind === wanted.kind && timestampUnit(actual.precision) === timestampUnit(wanted.precision);
	}
	if (actual.kind === "VARCHAR") return wanted.kind === "VARCHAR" || wanted.kind === "CHAR";
	if (actual.kind === "VARBINARY" || actual.kind === "BINARY")
		return wanted.kind === "VARBINARY" || wanted.kind === "BINARY";
	const interval =
		actual.kind === "INTERVAL_DAY_TIME" || actual.kind === "INTERVAL_YEAR_MONTH" || actual.kind === "TIME";
	return interval && actual.kind === wanted.kind;
}
