// The common type of several expressions, as Flink finds it for UNION, CASE, COALESCE, IN, comparison and arithmetic.
import { commonDecimal, exactDigits } from "./decimal.js";
import {
	asNullable,
	DOUBLE,
	type Field,
	isApproximate,
	isBinary,
	isCharacter,
	isDatetime,
	isInteger,
	isNumeric,
	isTimestamp,
	type SqlType,
	varchar,
	withNullability,
	withoutAttribute,
} from "./sql-type.js";

/**
 * The least type that holds values of all; nullable if any is. Undefined when there is none, or no type at all.
 * Of FLOAT and DOUBLE the first wins: both are one kind of number to Flink's planner.
 */
export function leastCommonType(types: readonly SqlType[]): SqlType | undefined {
	const known = types.filter((type) => type.kind !== "NULL").map(withoutAttribute);
	const [first, ...rest] = known;
	if (first === undefined) return types[0];
	let common: SqlType | undefined = first;
	for (const type of rest) {
		if (common === undefined) return undefined;
		common = commonOfTwo(common, type);
	}
	return (
		common &&
		withNullability(
			common,
			types.some((type) => type.nullable),
		)
	);
}

/**
 * As COALESCE, GREATEST and their kin find it: DOUBLE wins, then FLOAT, wherever it stands; but a DECIMAL that comes after
 * a FLOAT makes both DOUBLE. TIMESTAMP_LTZ wins.
 */
export function widestType(types: readonly SqlType[]): SqlType | undefined {
	const common = leastCommonType(types);
	if (common?.kind === "TIMESTAMP" && types.some((type) => type.kind === "TIMESTAMP_LTZ")) {
		return { ...common, kind: "TIMESTAMP_LTZ" };
	}
	if (common === undefined || !isNumeric(common)) return common;
	const kinds = types.map((type) => type.kind);
	const float = kinds.indexOf("FLOAT");
	const isWide = kinds.includes("DOUBLE") || (float >= 0 && kinds.includes("DECIMAL", float));
	if (isWide) return { kind: "DOUBLE", nullable: common.nullable };
	return float >= 0 ? { kind: "FLOAT", nullable: common.nullable } : common;
}

const INTEGER_RANK = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT"];

function commonOfTwo(left: SqlType, right: SqlType): SqlType | undefined {
	const nullable = left.nullable || right.nullable;
	const common = commonKind(left, right);
	return common && withNullability(common, nullable);
}

function commonKind(left: SqlType, right: SqlType): SqlType | undefined {
	if (isNumeric(left) && isNumeric(right)) return commonNumber(left, right);
	if (isCharacter(left) && isCharacter(right)) return commonText(left, right);
	if (isBinary(left) && isBinary(right)) {
		const [a, b] = [lengthOf(left), lengthOf(right)];
		if (left.kind === "BINARY" && right.kind === "BINARY" && a === b) return left;
		return { kind: "VARBINARY", length: Math.max(a, b), nullable: true };
	}
	if (isTimestamp(left) && isTimestamp(right)) return commonTimestamp(left, right);
	if (isDatetime(left) && isDatetime(right)) return commonDatetime(left, right);
	if (left.kind === "INTERVAL_DAY_TIME" && right.kind === "INTERVAL_DAY_TIME") {
		return left.unit === right.unit ? left : { ...left, unit: "SECOND", fraction: 3 };
	}
	if (left.kind === "INTERVAL_YEAR_MONTH" && right.kind === "INTERVAL_YEAR_MONTH") {
		return left.unit === right.unit ? left : { ...left, unit: "MONTH" };
	}
	return left.kind === right.kind ? commonNested(left, right) : undefined;
}

function commonNumber(left: SqlType, right: SqlType): SqlType {
	if (isInteger(left) && isInteger(right)) {
		return INTEGER_RANK.indexOf(left.kind) >= INTEGER_RANK.indexOf(right.kind) ? left : right;
	}
	const a = exactDigits(left);
	const b = exactDigits(right);
	if (a !== undefined && b !== undefined) return commonDecimal(a, b);
	if (left.kind === "DECIMAL" || right.kind === "DECIMAL") return DOUBLE;
	return isApproximate(left) ? left : right;
}

const lengthOf = (type: SqlType): number => (type as { length?: number }).length ?? 0;

function commonText(left: SqlType, right: SqlType): SqlType {
	const [a, b] = [lengthOf(left), lengthOf(right)];
	return left.kind === "CHAR" && right.kind === "CHAR" && a === b ? left : varchar(Math.max(a, b));
}

/** With and without a zone: of one precision the first says which, of different ones the second, as in Flink. */
function commonTimestamp(left: SqlType, right: SqlType): SqlType {
	const [a, b] = [precisionOf(left), precisionOf(right)];
	const kind = (a === b ? left : right).kind as "TIMESTAMP" | "TIMESTAMP_LTZ";
	return { kind, precision: Math.max(a, b), nullable: true };
}

function commonDatetime(left: SqlType, right: SqlType): SqlType | undefined {
	if (isTimestamp(left) && isTimestamp(right)) {
		const precision = Math.max(precisionOf(left), precisionOf(right));
		const kind = left.kind === right.kind ? left.kind : "TIMESTAMP";
		return { kind, precision, nullable: true };
	}
	if (left.kind === "TIME" && right.kind === "TIME") return left.precision >= right.precision ? left : right;
	return left.kind === right.kind ? left : undefined;
}

const precisionOf = (type: SqlType): number => (type as { precision?: number }).precision ?? 0;

function commonNested(left: SqlType, right: SqlType): SqlType | undefined {
	if (left.kind === "ARRAY" || left.kind === "MULTISET") {
		const element = leastCommonType([left.element, (right as typeof left).element]);
		return element && { ...left, element };
	}
	if (left.kind === "MAP") {
		const key = leastCommonType([left.key, (right as typeof left).key]);
		const value = leastCommonType([left.value, (right as typeof left).value]);
		return key && value && { ...left, key, value };
	}
	if (left.kind !== "ROW") return left;
	const other = (right as typeof left).fields;
	if (other.length !== left.fields.length) return undefined;
	const fields: Field[] = [];
	for (const [i, field] of left.fields.entries()) {
		const type = leastCommonType([field.type, (other[i] as Field).type]);
		if (type === undefined) return undefined;
		fields.push({ ...field, type });
	}
	return { ...left, fields };
}

/**
 * The type in which two operands of a comparison meet; undefined when Flink refuses to compare them. Text meets numbers
 * for `<` and the like but not for `=`; it meets BOOLEAN and dates for all.
 */
export function comparisonType(left: SqlType, right: SqlType, equality: boolean): SqlType | undefined {
	if (left.kind === "NULL" || right.kind === "NULL") return left.kind === "NULL" ? right : left;
	if (isDatetime(left) && isDatetime(right)) {
		const alike = left.kind === right.kind || (isTimestamp(left) && isTimestamp(right));
		return alike ? commonDatetime(left, right) : undefined;
	}
	const common = commonOfTwo(withoutAttribute(left), withoutAttribute(right));
	// For an order both are DOUBLE; what is tested for equality takes the type on the left.
	if (!equality && common?.kind === "FLOAT" && right.kind === "DOUBLE") return asNullable(DOUBLE);
	if (common !== undefined) return common;
	const [text, other] = isCharacter(left) ? [left, right] : [right, left];
	if (!isCharacter(text)) return undefined;
	if (isNumeric(other)) return equality ? undefined : asNullable(isApproximate(other) ? DOUBLE : other);
	return other.kind === "BOOLEAN" || isDatetime(other) ? asNullable(other) : undefined;
}
