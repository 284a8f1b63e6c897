// CAST and TRY_CAST between any two types that Flink allows, as closures specialised for the pair.
import { EngineError } from "../errors.js";
import { numberCast } from "./cast-number.js";
import { fitBytes, fitText, textReader, textWriter } from "./cast-text.js";
import { keyText } from "./compare.js";
import { floorMod, MS_PER_DAY, timestampMs, timestampNanos, timestampOf, timestampToPrecision } from "./datetime.js";
import { powerOfTen } from "./decimal.js";
import {
	isBinary,
	isCharacter,
	isInteger,
	isInterval,
	isNumeric,
	isTimestamp,
	type SqlType,
	type TypeOf,
} from "./sql-type.js";
import { localToUtc, type TimeZone, timeZoneOf, utcToLocal } from "./time-zone.js";
import { sameKind, typeText } from "./type-text.js";
import type { Value } from "./value.js";

export interface CastOptions {
	/** TRY_CAST: NULL instead of an error. */
	readonly safe?: boolean;
	/** `table.local-time-zone`; used by casts from and to TIMESTAMP_LTZ. Default UTC. */
	readonly timeZone?: string;
}

export type Convert = (value: Value) => Value;

/** The conversion of a pair of types; throws TYPE_MISMATCH when Flink has no such cast. NULL stays NULL. */
export function castFunction(from: SqlType, to: SqlType, options: CastOptions = {}): Convert {
	const convert = conversion(from, to, options.timeZone ?? "UTC");
	if (convert === undefined) {
		throw new EngineError("TYPE_MISMATCH", `Cannot cast ${typeText(from)} to ${typeText(to)}`, {
			remedy: castRemedy(from, to),
		});
	}
	if (!options.safe) return (value) => (value === null ? null : convert(value));
	return (value) => {
		if (value === null) return null;
		try {
			return convert(value);
		} catch (error) {
			if (error instanceof EngineError && error.code === "INVALID_CAST") return null;
			throw error;
		}
	};
}

function castRemedy(from: SqlType, to: SqlType): string {
	if (isNumeric(from) && to.kind === "TIMESTAMP") return "Use TO_TIMESTAMP(FROM_UNIXTIME(seconds))";
	if (isNumeric(from) && to.kind === "TIMESTAMP_LTZ") return "Use TO_TIMESTAMP_LTZ(number, precision)";
	if (isTimestamp(from) && isNumeric(to))
		return "Use UNIX_TIMESTAMP(CAST(value AS STRING)) or EXTRACT(EPOCH FROM value)";
	return "Cast through STRING if the text of the value is what you want";
}

/** Whether CAST knows the pair. */
export const canCast = (from: SqlType, to: SqlType): boolean => conversion(from, to, "UTC") !== undefined;

const NUMERIC_RANK = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL", "FLOAT", "DOUBLE"];

/** Whether a value may be converted without being asked (arguments, INSERT): without loss but for DECIMAL and time zones. */
export function canCastImplicitly(from: SqlType, to: SqlType): boolean {
	if (from.kind === "NULL" || sameKind(from, to)) return true;
	if (isNumeric(from) && isNumeric(to)) {
		if (to.kind === "DECIMAL") return true;
		return NUMERIC_RANK.indexOf(from.kind) <= NUMERIC_RANK.indexOf(to.kind);
	}
	if ((isCharacter(from) && isCharacter(to)) || (isBinary(from) && isBinary(to))) return true;
	if (isTimestamp(from)) return isTimestamp(to) || to.kind === "DATE" || to.kind === "TIME";
	if (from.kind === "TIME") return to.kind === "TIME";
	if (isInterval(from)) return from.kind === to.kind;
	const parts = nestedParts(from, to);
	return parts?.every(([left, right]) => canCastImplicitly(left, right)) ?? false;
}

/** Pairs of the component types of two nested types of one shape. */
function nestedParts(from: SqlType, to: SqlType): (readonly [SqlType, SqlType])[] | undefined {
	if ((from.kind === "ARRAY" && to.kind === "ARRAY") || (from.kind === "MULTISET" && to.kind === "MULTISET")) {
		return [[from.element, to.element]];
	}
	if (from.kind === "MAP" && to.kind === "MAP") {
		return [
			[from.key, to.key],
			[from.value, to.value],
		];
	}
	if (from.kind === "ROW" && to.kind === "ROW" && from.fields.length === to.fields.length) {
		return from.fields.map((field, i) => [field.type, (to.fields[i] as { type: SqlType }).type]);
	}
	return undefined;
}

function conversion(from: SqlType, to: SqlType, timeZone: string): Convert | undefined {
	if (from.kind === "NULL") return () => null;
	if (sameKind(from, to)) return (value) => value;
	const zone = () => timeZoneOf(timeZone);
	if (isCharacter(to)) {
		const write = textWriter(from, zone);
		const shorten = fitText(to as TypeOf<"VARCHAR">);
		return write && ((value) => shorten(write(value)));
	}
	if (isCharacter(from)) return fromText(to, zone);
	if (isBinary(from) && isBinary(to)) {
		return (value) => fitBytes(value as Uint8Array, to as TypeOf<"BINARY" | "VARBINARY">);
	}
	if (isNested(from)) return nestedConversion(from, to, timeZone);
	return numberCast(from, to) ?? intervalCast(from, to) ?? datetimeCast(from, to, zone);
}

const isNested = (type: SqlType) =>
	type.kind === "ARRAY" || type.kind === "MULTISET" || type.kind === "MAP" || type.kind === "ROW";

function fromText(to: SqlType, zone: () => TimeZone): Convert | undefined {
	const read = textReader(to, zone);
	if (read === undefined) return undefined;
	return (text) => {
		const value = read(text as string);
		if (value !== undefined) return value;
		throw new EngineError("INVALID_CAST", `'${text}' is no value of ${typeText(to)}`, {
			remedy: "TRY_CAST gives NULL instead",
		});
	};
}

function nestedConversion(from: SqlType, to: SqlType, timeZone: string): Convert | undefined {
	const parts = nestedParts(from, to);
	const converts = parts?.map(([left, right]) => conversion(left, right, timeZone));
	if (parts === undefined || converts === undefined || converts.includes(undefined)) return undefined;
	const [first, second] = converts.map((convert) => {
		const known = convert as Convert;
		return (value: Value) => (value === null ? null : known(value));
	}) as [Convert, Convert];
	if (to.kind === "ARRAY") return (value) => (value as readonly Value[]).map((item) => first(item));
	if (to.kind === "ROW") {
		return (value) =>
			(value as readonly Value[]).map((item, i) => (item === null ? null : (converts[i] as Convert)(item)));
	}
	const keyType = (parts[0] as readonly [SqlType, SqlType])[1];
	return (value) => {
		const entries = new Map<string, Value[]>();
		for (const [key, item] of value as readonly [Value, Value][]) {
			const converted = first(key);
			entries.set(keyText([converted], [keyType]), [converted, to.kind === "MAP" ? second(item) : item]);
		}
		return [...entries.values()];
	};
}

/** Intervals of one family share their value; a number is taken as it is: months or milliseconds. */
function intervalCast(from: SqlType, to: SqlType): Convert | undefined {
	if (isInterval(from)) return from.kind === to.kind ? (value) => value : undefined;
	if (!isInterval(to)) return undefined;
	if (from.kind === "DECIMAL") return (value) => Number((value as bigint) / powerOfTen(from.scale));
	return isInteger(from) ? (value) => Number(value) : undefined;
}

function datetimeCast(from: SqlType, to: SqlType, zone: () => TimeZone): Convert | undefined {
	switch (from.kind) {
		case "DATE":
			if (to.kind === "TIMESTAMP") return (value) => timestampOf((value as number) * MS_PER_DAY, 0, to.precision);
			if (to.kind !== "TIMESTAMP_LTZ") return undefined;
			return (value) => timestampOf(localToUtc(zone(), (value as number) * MS_PER_DAY), 0, to.precision);
		case "TIME":
			if (to.kind === "TIME") return (value) => cutTime(value as number, to.precision);
			if (to.kind === "TIMESTAMP") return (value) => timestampOf(value as number, 0, to.precision);
			if (to.kind !== "TIMESTAMP_LTZ") return undefined;
			return (value) => timestampOf(localToUtc(zone(), value as number), 0, to.precision);
		case "TIMESTAMP":
			return timestampCast(from.precision, to, zone);
		case "TIMESTAMP_LTZ":
			return instantCast(from.precision, to, zone);
		default:
			return undefined;
	}
}

const cutTime = (ms: number, precision: number) => ms - (ms % 10 ** Math.max(0, 3 - precision)) + 0;

/** Before 1970 Flink divides toward zero: 23:59:59 of a day is on the next day, and has no time. */
function timestampCast(precision: number, to: SqlType, zone: () => TimeZone): Convert | undefined {
	switch (to.kind) {
		case "DATE":
			return (value) => Math.trunc(timestampMs(value, precision) / MS_PER_DAY) + 0;
		case "TIME":
			return (value) => {
				const time = cutTime(timestampMs(value, precision) % MS_PER_DAY, to.precision);
				if (time >= 0) return time;
				throw new EngineError("INVALID_ARGUMENT", "A TIMESTAMP before 1970 cannot be cast to TIME", {
					remedy: "Use DATE_FORMAT(value, 'HH:mm:ss')",
				});
			};
		case "TIMESTAMP":
			return timestampToPrecision(precision, to.precision);
		case "TIMESTAMP_LTZ": {
			const adjust = timestampToPrecision(precision, to.precision);
			return (value) =>
				adjust(
					timestampOf(localToUtc(zone(), timestampMs(value, precision)), timestampNanos(value, precision), precision),
				);
		}
		default:
			return undefined;
	}
}

function instantCast(precision: number, to: SqlType, zone: () => TimeZone): Convert | undefined {
	const local = (value: Value) => utcToLocal(zone(), timestampMs(value, precision));
	switch (to.kind) {
		case "DATE":
			return (value) => Math.floor(local(value) / MS_PER_DAY);
		case "TIME":
			return (value) => cutTime(floorMod(local(value), MS_PER_DAY), to.precision);
		case "TIMESTAMP": {
			const adjust = timestampToPrecision(precision, to.precision);
			return (value) => adjust(timestampOf(local(value), timestampNanos(value, precision), precision));
		}
		case "TIMESTAMP_LTZ":
			return timestampToPrecision(precision, to.precision);
		default:
			return undefined;
	}
}
