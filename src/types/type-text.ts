// SQL types as Flink prints them (DESCRIBE, schemas, error messages), and structural equality.
import type { SqlType } from "./sql-type.js";
import { structureTexts } from "./structure-text.js";

/** Flink's text of a type, e.g. `DECIMAL(10, 2) NOT NULL`, ``ROW<`a` INT>``; STRING prints as VARCHAR(2147483647). */
export function typeText(type: SqlType): string {
	return type.nullable || type.kind === "NULL" ? nullableText(type) : `${nullableText(type)} NOT NULL`;
}

function nullableText(type: SqlType): string {
	switch (type.kind) {
		case "INTEGER":
			return "INT";
		case "DECIMAL":
			return `DECIMAL(${type.precision}, ${type.scale})`;
		case "CHAR":
		case "VARCHAR":
		case "BINARY":
		case "VARBINARY":
			return `${type.kind}(${type.length})`;
		case "TIME":
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return `${type.kind}(${type.precision})`;
		case "INTERVAL_YEAR_MONTH":
			return `INTERVAL ${intervalUnit(type.unit, type.precision)}`;
		case "INTERVAL_DAY_TIME":
			return `INTERVAL ${intervalUnit(type.unit, type.precision, type.fraction)}`;
		case "ARRAY":
		case "MULTISET":
			return `${type.kind}<${typeText(type.element)}>`;
		case "MAP":
			return `MAP<${typeText(type.key)}, ${typeText(type.value)}>`;
		case "ROW":
			return `ROW<${type.fields.map((field) => `\`${field.name.replaceAll("`", "``")}\` ${typeText(field.type)}`).join(", ")}>`;
		default:
			return type.kind;
	}
}

/** `DAY TO SECOND` with precisions → `DAY(2) TO SECOND(3)`, as Flink spells an interval's qualifier. */
function intervalUnit(unit: string, precision: number, fraction?: number): string {
	const [first, last] = unit.split(" TO ");
	const start = first === "DAY" || first === "YEAR" ? `${first}(${precision})` : (first as string);
	if (last === undefined) return start === "SECOND" && fraction !== undefined ? `SECOND(${fraction})` : start;
	return `${start} TO ${last === "SECOND" && fraction !== undefined ? `SECOND(${fraction})` : last}`;
}

const exact = structureTexts();
const stripped = structureTexts("nullable", "attribute", "description");

/** Whether two types are the same, nullability and time attributes included. */
export const sameType = (left: SqlType, right: SqlType): boolean => left === right || exact(left) === exact(right);

/** Whether two types are the same but for nullability (at every depth) and time attributes: no cast is needed between them. */
export const sameKind = (left: SqlType, right: SqlType): boolean =>
	left === right || stripped(left) === stripped(right);
