// CSV fields → SQL values, by Flink's rules for each type.
import { EngineError } from "../../errors.js";
import { localTimestampValue, parseDate, parseTime } from "../../types/datetime-text.js";
import { exactToDecimal, parseDecimal } from "../../types/decimal.js";
import { parseDouble } from "../../types/double-text.js";
import type { SqlType } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { Value } from "../../types/value.js";
import { decodeBase64 } from "../base64.js";
import { sqlTimestamp } from "../json/read-value.js";
import type { CsvOptions } from "./options.js";

/** Thrown for a field that does not fit its type. */
export class CsvMismatch extends Error {}

export type CsvReader = (field: string) => Value;

/** A reader for a type. With `ignore-parse-errors` it gives NULL for what does not fit. */
export function csvReader(type: SqlType, options: CsvOptions): CsvReader {
	const read = reader(type, options);
	const { nullLiteral, ignoreErrors } = options;
	return (field) => {
		if (field === nullLiteral) return null;
		const value = read(field);
		if (value !== undefined) return value;
		if (ignoreErrors) return null;
		throw new CsvMismatch(`'${field}' is no ${typeText(type)}`);
	};
}

/** Undefined for what does not fit. */
type Read = (field: string) => Value | undefined;

function reader(type: SqlType, options: CsvOptions): Read {
	switch (type.kind) {
		case "BOOLEAN":
			return (field) => field.trim().toLowerCase() === "true";
		case "TINYINT":
			return integerReader(2 ** 7);
		case "SMALLINT":
			return integerReader(2 ** 15);
		case "INTEGER":
			return integerReader(2 ** 31);
		case "BIGINT":
			return bigintOf;
		case "FLOAT":
			return (field) => {
				const value = parseDouble(field);
				return value === undefined ? undefined : Math.fround(value);
			};
		case "DOUBLE":
			return parseDouble;
		case "DECIMAL":
			return (field) => {
				const exact = field.trim() === field ? parseDecimal(field) : undefined;
				return exact && exactToDecimal(exact, type);
			};
		case "CHAR":
		case "VARCHAR":
			return (field) => field;
		case "BINARY":
		case "VARBINARY":
			return decodeBase64;
		case "DATE":
			return (field) => (/^\d{1,4}-\d{1,2}-\d{1,2}$/.test(field) ? parseDate(field) : undefined);
		case "TIME":
			return (field) => (/^\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/.test(field) ? parseTime(field) : undefined);
		case "TIMESTAMP":
			return (field) => {
				const parsed = sqlTimestamp(field.trim());
				return parsed && localTimestampValue(parsed, type.precision);
			};
		case "TIMESTAMP_LTZ":
			return (field) => {
				const text = field.trim();
				const parsed = text.endsWith("Z") ? sqlTimestamp(text.slice(0, -1)) : undefined;
				return parsed && localTimestampValue(parsed, type.precision);
			};
		default:
			return nestedReader(type, options);
	}
}

function integerReader(limit: number): Read {
	return (field) => {
		const text = field.trim();
		const value = /^[+-]?\d+$/.test(text) ? Number(text) + 0 : Number.NaN;
		return value >= -limit && value < limit ? value : undefined;
	};
}

function bigintOf(field: string): bigint | undefined {
	const text = field.trim();
	const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace("+", "")) : undefined;
	return value === undefined || value !== BigInt.asIntN(64, value) ? undefined : value;
}

/** Elements and fields lie one after the other, with a delimiter of their own. */
function nestedReader(type: SqlType, options: CsvOptions): Read {
	const parts = (field: string) => (field === "" ? [] : field.split(options.elementDelimiter));
	switch (type.kind) {
		case "ARRAY": {
			const element = csvReader(type.element, options);
			return (field) => parts(field).map(element);
		}
		case "ROW": {
			const readers = type.fields.map((field) => csvReader(field.type, options));
			return (field) => {
				const found = parts(field);
				if (found.length < readers.length && (found.length === 0 || !options.ignoreErrors)) return undefined;
				return readers.map((read, i) => (found[i] === undefined ? null : read(found[i])));
			};
		}
		default:
			throw new EngineError("INVALID_SCHEMA", `CSV has no values of type ${typeText(type)}`);
	}
}
