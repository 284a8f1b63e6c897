// Matches a declared table with the events: columns event_type, person, auction and bid and their fields, by name.
import { EngineError, nearestName } from "../../errors.js";
import type { ColumnPath, ConnectorTable } from "../../job/specs.js";
import type { SqlType } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import { physicalType } from "../../types/value.js";
import { EVENT_COLUMNS, type EventField, fieldNamed, fieldsOf, TYPE_FIELD } from "./layout.js";

/** What a column path reads: a field, or all of an event as a ROW (`field` undefined). */
export interface EventPath {
	readonly event: number;
	readonly field: EventField | undefined;
}

export function eventPath(table: ConnectorTable, path: ColumnPath): EventPath {
	const column = table.columns[path[0] as number];
	if (!column) throw new EngineError("INTERNAL", `no column [${path.join(", ")}] in table ${table.path.join(".")}`);
	if (column.name === TYPE_FIELD.name) return { event: -1, field: TYPE_FIELD };
	const event = (EVENT_COLUMNS as readonly string[]).indexOf(column.name);
	if (path.length === 1 || column.type.kind !== "ROW") return { event, field: undefined };
	return { event, field: fieldNamed(event, column.type.fields[path[1] as number]?.name ?? "") };
}

/** Refuses a table whose columns are not those of the events. */
export function checkEventSchema(table: ConnectorTable): void {
	for (const { name, type } of table.columns) {
		if (name === TYPE_FIELD.name) checkType(name, type, TYPE_FIELD.type);
		else checkEventColumn(name, type);
	}
}

function checkEventColumn(name: string, type: SqlType): void {
	const event = (EVENT_COLUMNS as readonly string[]).indexOf(name);
	if (event < 0) throw unknown(`column '${name}'`, name, [TYPE_FIELD.name, ...EVENT_COLUMNS]);
	if (type.kind !== "ROW") {
		throw new EngineError("INVALID_SCHEMA", `column '${name}' of a nexmark table cannot be ${typeText(type)}`, {
			expected: "a ROW with the event's fields",
		});
	}
	for (const field of type.fields) {
		const known = fieldNamed(event, field.name);
		if (!known) {
			throw unknown(
				`field '${name}.${field.name}'`,
				field.name,
				fieldsOf(event).map((each) => each.name),
			);
		}
		checkType(`${name}.${field.name}`, field.type, known.type);
	}
}

function checkType(name: string, type: SqlType, expected: SqlType): void {
	const isMillis = type.kind === "TIMESTAMP" || type.kind === "TIMESTAMP_LTZ" ? type.precision === 3 : true;
	const sameFamily = type.kind === expected.kind || (type.kind === "TIMESTAMP_LTZ" && expected.kind === "TIMESTAMP");
	if (sameFamily && isMillis && physicalType(type) === physicalType(expected)) return;
	throw new EngineError("INVALID_SCHEMA", `'${name}' of a nexmark table cannot be ${typeText(type)}`, {
		expected: typeText(expected),
	});
}

function unknown(subject: string, name: string, names: readonly string[]): EngineError {
	const near = nearestName(name, names);
	return new EngineError("INVALID_SCHEMA", `a nexmark table has no ${subject}`, {
		expected: `one of ${names.join(", ")}`,
		...(near === undefined ? {} : { remedy: `Did you mean '${near}'?` }),
	});
}
