// The type that the branches of CASE, the inputs of a set operation, the values of IN or the elements of an array are brought to.
import { leastCommonType } from "../types/coercion.js";
import { isCharacter, isDatetime, isInterval, isNumeric, MAX_LENGTH, type SqlType } from "../types/sql-type.js";

/** The least common type; strings beside other simple types make all of them strings. Undefined when there is none. */
export function widerType(types: readonly SqlType[]): SqlType | undefined {
	const common = leastCommonType(types);
	if (common !== undefined) return common;
	const known = types.filter((type) => type.kind !== "NULL");
	if (!known.some(isCharacter) || !known.every(isSimple)) return undefined;
	return { kind: "VARCHAR", length: MAX_LENGTH, nullable: types.some((type) => type.nullable) };
}

const isSimple = (type: SqlType) =>
	isCharacter(type) || isNumeric(type) || isDatetime(type) || type.kind === "BOOLEAN" || isInterval(type);
