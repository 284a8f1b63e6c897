// Single values of fixed-width types ⇄ bytes, by the table of types/value.ts. For small per-batch things and for nested values;
// whole columns go through values.ts.

import { EngineError } from "../errors.js";
import { isTimestamp, type SqlType } from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import { physicalType, timestampUnit, type Value } from "../types/value.js";

const TWO_32 = 4_294_967_296;

/** Whether an i64 of this type is a JavaScript number (ms), not a bigint. */
export const isNumberI64 = (type: SqlType): boolean =>
	type.kind === "INTERVAL_DAY_TIME" ||
	((type.kind === "TIMESTAMP" || type.kind === "TIMESTAMP_LTZ") && timestampUnit(type.precision) === "ms");

/** Reads the value at byte `at`; the type is not laid out as views. */
export function readFixed(data: DataView, at: number, type: SqlType): Value {
	switch (physicalType(type)) {
		case "bool":
			return data.getUint8(at) !== 0;
		case "i8":
			return type.kind === "NULL" ? null : data.getInt8(at);
		case "i16":
			return data.getInt16(at, true);
		case "i32":
			return data.getInt32(at, true);
		case "i64":
			if (isNumberI64(type)) return data.getInt32(at + 4, true) * TWO_32 + data.getUint32(at, true);
			return data.getBigInt64(at, true);
		case "f32":
			return data.getFloat32(at, true);
		case "f64":
			return data.getFloat64(at, true);
		default:
			return (data.getBigInt64(at + 8, true) << 64n) | data.getBigUint64(at, true);
	}
}

/** Writes a value that is not NULL at byte `at`; integers wrap, timestamps do not. */
export function writeFixed(data: DataView, at: number, value: Value, type: SqlType): void {
	switch (physicalType(type)) {
		case "bool":
			data.setUint8(at, value ? 1 : 0);
			break;
		case "i8":
			data.setInt8(at, value as number);
			break;
		case "i16":
			data.setInt16(at, value as number, true);
			break;
		case "i32":
			data.setInt32(at, value as number, true);
			break;
		case "i64":
			if (typeof value === "bigint") data.setBigInt64(at, isTimestamp(type) ? held(value, type) : value, true);
			else writeNumber(data, at, value as number);
			break;
		case "f32":
			data.setFloat32(at, value as number, true);
			break;
		case "f64":
			data.setFloat64(at, value as number, true);
			break;
		default:
			data.setBigInt64(at, value as bigint, true);
			data.setBigInt64(at + 8, (value as bigint) >> 64n, true);
	}
}

/** 64 bits of nanoseconds are 584 years. */
function held(value: bigint, type: SqlType): bigint {
	if (BigInt.asIntN(64, value) === value) return value;
	throw new EngineError("INVALID_CAST", `a timestamp is out of the range of ${typeText(type)}`, {
		expected: "1677-09-21 00:12:43.145224193 to 2262-04-11 23:47:16.854775807",
		remedy: "Cast to TIMESTAMP(6), which holds all years",
	});
}

function writeNumber(data: DataView, at: number, value: number): void {
	data.setUint32(at, value >>> 0, true);
	data.setInt32(at + 4, Math.floor(value / TWO_32), true);
}
