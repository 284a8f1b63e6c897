// Values that users hand in (rows of registered tables, parameters, results of user functions) → values as the engine holds them.
// Takes what public-values.ts gives out, and what is plainly the same: Date for times, numbers for BIGINT and DECIMAL.
import { EngineError } from "../errors.js";
import { castFunction } from "../types/cast.js";
import { type Schema, type SqlType, STRING, type TypeOf } from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import type { Row, Value } from "../types/value.js";

/** Reads a value of one type; `undefined` is NULL. */
export type InputReader = (value: unknown) => Value;

const INTEGER_BITS = { TINYINT: 8, SMALLINT: 16, INTEGER: 32 } as const;

/** `what` names the value in errors: a column, a parameter, the result of a function. */
export function inputReader(type: SqlType, what: string): InputReader {
	const read = reader(type, what);
	return (value) => {
		if (value !== null && value !== undefined) return read(value);
		if (type.nullable || type.kind === "NULL") return null;
		throw new EngineError("NULL_CONSTRAINT", `${what} is NULL`, { expected: typeText(type) });
	};
}

/** Reads rows given as objects by column name, or as arrays. */
export function rowReader(schema: Schema, what: string): (row: unknown) => Row {
	const readers = schema.map(({ name, type }) => [name, inputReader(type, `${what} '${name}'`)] as const);
	return (row) => {
		if (typeof row !== "object" || row === null) throw mismatch(row, what, "an object or an array");
		const isList = Array.isArray(row);
		if (isList && row.length !== readers.length) throw mismatch(row, what, `${readers.length} values`);
		return readers.map(([name, read], i) => read(isList ? row[i] : (row as Record<string, unknown>)[name]));
	};
}

function mismatch(value: unknown, what: string, expected: string): EngineError {
	const shown = typeof value === "string" ? `'${value}'` : `${typeof value} ${shownValue(value)}`;
	return new EngineError("TYPE_MISMATCH", `${what} is ${shown}`, { expected });
}

const shownValue = (value: unknown) =>
	typeof value === "object" ? Object.prototype.toString.call(value) : String(value);

function reader(type: SqlType, what: string): InputReader {
	const refuse = (value: unknown) => mismatch(value, what, typeText(type));
	switch (type.kind) {
		case "NULL":
			return () => null;
		case "BOOLEAN":
			return (value) => {
				if (typeof value === "boolean") return value;
				throw refuse(value);
			};
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER": {
			const limit = 2 ** (INTEGER_BITS[type.kind] - 1);
			return (value) => {
				const number = typeof value === "bigint" ? Number(value) : value;
				if (Number.isInteger(number) && (number as number) >= -limit && (number as number) < limit)
					return number as number;
				throw refuse(value);
			};
		}
		case "BIGINT":
			return (value) => {
				const integer = Number.isSafeInteger(value) ? BigInt(value as number) : value;
				if (typeof integer === "bigint" && BigInt.asIntN(64, integer) === integer) return integer;
				throw refuse(value);
			};
		case "FLOAT":
		case "DOUBLE":
			return (value) => {
				if (typeof value !== "number") throw refuse(value);
				return type.kind === "FLOAT" ? Math.fround(value) : value;
			};
		case "CHAR":
		case "VARCHAR":
			return (value) => {
				if (typeof value === "string") return value;
				throw refuse(value);
			};
		case "BINARY":
		case "VARBINARY":
		case "BITMAP":
			return (value) => {
				if (value instanceof Uint8Array) return value;
				throw refuse(value);
			};
		case "INTERVAL_YEAR_MONTH":
		case "INTERVAL_DAY_TIME":
			return (value) => {
				if (Number.isSafeInteger(value)) return value as number;
				throw refuse(value);
			};
		case "DECIMAL":
		case "DATE":
		case "TIME":
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return textReader(type, refuse);
		default:
			return nestedReader(type, what, refuse);
	}
}

type Refuse = (value: unknown) => EngineError;

/** Exact texts, as CAST reads them; a Date is UTC. */
function textReader(type: SqlType, refuse: Refuse): InputReader {
	const isTime = type.kind !== "DECIMAL";
	const target = type.kind === "TIMESTAMP_LTZ" ? ({ ...type, kind: "TIMESTAMP" } as const) : type;
	const cast = castFunction(STRING, target, { safe: true });
	return (value) => {
		const text = textOf(value, isTime, type.kind === "DATE");
		const found = text === undefined ? null : cast(text);
		if (found === null) throw refuse(value);
		return found;
	};
}

function textOf(value: unknown, isTime: boolean, isDate: boolean): string | undefined {
	if (isTime && value instanceof Date && !Number.isNaN(value.getTime())) {
		return value
			.toISOString()
			.slice(0, isDate ? 10 : 23)
			.replace("T", " ");
	}
	if (!isTime && (typeof value === "number" || typeof value === "bigint")) return String(value);
	if (typeof value !== "string") return undefined;
	return isTime ? value.replace("T", " ").replace(/Z$/, "") : value;
}

function nestedReader(type: SqlType, what: string, refuse: Refuse): InputReader {
	switch (type.kind) {
		case "ARRAY": {
			const read = inputReader(type.element, `an element of ${what}`);
			return (value) => {
				if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<unknown>, read);
				throw refuse(value);
			};
		}
		case "MAP":
			return mapReader(type, what, refuse);
		case "MULTISET": {
			const count: SqlType = { kind: "INTEGER", nullable: false };
			return mapReader({ kind: "MAP", nullable: type.nullable, key: type.element, value: count }, what, refuse);
		}
		case "ROW":
			return rowReader(type.fields, what);
		default:
			throw new EngineError("UNSUPPORTED", `${what} has the type ${typeText(type)}, which has no JavaScript value`);
	}
}

function mapReader(type: TypeOf<"MAP">, what: string, refuse: Refuse): InputReader {
	const readKey = inputReader(type.key, `a key of ${what}`);
	const readValue = inputReader(type.value, `a value of ${what}`);
	return (value) => {
		if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse(value);
		const entries = value instanceof Map ? [...value] : Object.entries(value);
		return entries.map(([key, item]) => [readKey(key), readValue(item)]);
	};
}
