// The SQL types of JavaScript values: columns of registered rows without a schema, and parameters of queries.
import { EngineError } from "../errors.js";
import { leastCommonType } from "../types/coercion.js";
import { type LiteralExpr, literal } from "../types/expr.js";
import {
	array,
	asNullable,
	BIGINT,
	BOOLEAN,
	BYTES,
	DOUBLE,
	INTEGER,
	NULL,
	notNull,
	row,
	type Schema,
	type SqlType,
	STRING,
	timestampLtz,
} from "../types/sql-type.js";
import { inputReader } from "./public-input.js";

const INT_LIMIT = 2 ** 31;

/** Integers up to 32 bits are INT, larger ones BIGINT, other numbers DOUBLE; a Date is TIMESTAMP_LTZ(3). */
export function typeOfValue(value: unknown, what: string): SqlType {
	switch (typeof value) {
		case "undefined":
			return NULL;
		case "boolean":
			return BOOLEAN;
		case "bigint":
			return BIGINT;
		case "string":
			return STRING;
		case "number":
			if (!Number.isSafeInteger(value)) return DOUBLE;
			return value >= -INT_LIMIT && value < INT_LIMIT ? INTEGER : BIGINT;
		case "object":
			return typeOfObject(value, what);
		default:
			throw new EngineError("TYPE_MISMATCH", `${what} is a ${typeof value}, which has no SQL type`);
	}
}

function typeOfObject(value: object | null, what: string): SqlType {
	if (value === null) return NULL;
	if (value instanceof Date) return timestampLtz(3);
	if (value instanceof Uint8Array) return BYTES;
	if (Array.isArray(value)) return array(commonType(value, `an element of ${what}`));
	if (Object.getPrototypeOf(value) === Object.prototype) return row(inferredSchema([value]));
	throw new EngineError("TYPE_MISMATCH", `the SQL type of ${what} is not known`, { remedy: "Say it: give a schema" });
}

function commonType(values: readonly unknown[], what: string): SqlType {
	const types = values.map((value) => typeOfValue(value, what)).filter((type) => type.kind !== "NULL");
	const common = types.length === 0 ? undefined : leastCommonType(types);
	if (common !== undefined) return asNullable(common);
	throw new EngineError("TYPE_MISMATCH", `the SQL type of ${what} is not known`, { remedy: "Say it: give a schema" });
}

/** The columns of rows given as objects: all names that occur, with a type that holds all values. */
export function inferredSchema(rows: readonly object[]): Schema {
	const names = new Set(rows.flatMap((item) => Object.keys(item)));
	return [...names].map((name) => {
		const values = rows.map((item) => (item as Record<string, unknown>)[name]);
		return { name, type: commonType(values, `column '${name}'`) };
	});
}

/** The values of `?`, in order. */
export function parameterLiterals(values: readonly unknown[]): LiteralExpr[] {
	return values.map((value, i) => {
		const what = `parameter ${i + 1}`;
		const type = typeOfValue(value, what);
		return literal(inputReader(type, what)(value), type.kind === "NULL" ? type : notNull(type));
	});
}
