// Text and numbers to dates and timestamps and back: DATE_FORMAT, TO_DATE, TO_TIMESTAMP, TO_TIMESTAMP_LTZ,
// FROM_UNIXTIME, UNIX_TIMESTAMP, CONVERT_TZ.
import { EngineError } from "../../errors.js";
import { MS_PER_DAY, timestampMs, timestampNanos, timestampOf } from "../../types/datetime.js";
import { type LocalTimestamp, localTimestampValue, parseDate, parseTimestamp } from "../../types/datetime-text.js";
import { momentOf } from "../../types/function-context.js";
import {
	BIGINT,
	DATE,
	isCharacter,
	isInteger,
	isNumeric,
	isTimestamp,
	type SqlType,
	STRING,
	timestamp,
	timestampLtz,
} from "../../types/sql-type.js";
import { findTimeZone, localToUtc, timeZoneOf, UTC, utcToLocal } from "../../types/time-zone.js";
import type { Value } from "../../types/value.js";
import { formatterOf, parserOf } from "../date-formatter.js";
import { AS_BIGINT, family, parameter, TEXT } from "../define.js";
import type { Argument, BoundCall, ScalarImplementation } from "../function.js";
import { formatSimple, parseSimple } from "../simple-date-format.js";

/** As java.util.TimeZone finds it: an offset needs `GMT` before it. */
const javaTimeZone = (id: string) => (/^[+-]|^UTC?[+-]/i.test(id) ? UTC : (findTimeZone(id) ?? UTC));

const DEFAULT_PATTERN = "yyyy-MM-dd HH:mm:ss";

const FORMATTED = parameter((type) => isTimestamp(type) || isCharacter(type), timestamp(3));

/** Text is read as `yyyy-MM-dd HH:mm:ss` first; NULL when it is not. */
function implementFormat({ args, context }: BoundCall): ScalarImplementation {
	const { type } = args[0] as Argument;
	if (isCharacter(type)) {
		return (text, pattern) => {
			const ms = parseSimple(DEFAULT_PATTERN, text as string, UTC);
			return ms === undefined ? null : formatSimple(pattern as string, ms, UTC);
		};
	}
	const toLocal = localReader(type, context.timeZone);
	const literal = args[1]?.literal;
	if (typeof literal === "string") {
		const format = formatterOf(literal);
		return (value) => format(toLocal(value as Value));
	}
	return (value, pattern) => formatterOf(pattern as string)(toLocal(value as Value));
}

function localReader(type: SqlType, timeZone: string): (value: Value) => LocalTimestamp {
	const { precision } = type as { precision: number };
	if (type.kind === "TIMESTAMP") {
		return (value) => ({ ms: timestampMs(value, precision), nanos: timestampNanos(value, precision) });
	}
	const zone = timeZoneOf(timeZone);
	return (value) => ({
		ms: utcToLocal(zone, timestampMs(value, precision)),
		nanos: timestampNanos(value, precision),
	});
}

const LENIENT = /^(\d{4})-(\d{1,2})-(\d{1,2})(?: +(\d+):(\d+):(\d+)(?:\.(\d{1,9}))?)?$/;

/** What Flink tries when a pattern does not fit: `yyyy-m-d[ h:m:s[.f]]`, whatever the pattern says, carrying over. */
function parseLenient(text: string): LocalTimestamp | undefined {
	const match = LENIENT.exec(text.trim());
	if (match === null) return undefined;
	const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
		number,
		number,
		number,
		number,
		number,
		number,
	];
	if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
	const fraction = Number((match[7] ?? "").padEnd(9, "0"));
	const nanos = fraction % 1_000_000;
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	const timeOfDay = hour * 3_600_000 + minute * 60_000 + second * 1000 + (fraction - nanos) / 1_000_000;
	return { ms: date.getTime() + timeOfDay, nanos };
}

/** The wall clock of a text by a pattern; undefined when it cannot be read. */
const parseWallClock = (text: string, pattern: string): LocalTimestamp | undefined =>
	parserOf(pattern)(text) ?? parseLenient(text);

const EPOCH_OR_TEXT = parameter((type) => isNumeric(type) || isCharacter(type), BIGINT);
const SECOND_ARGUMENT = parameter((type) => isInteger(type) || isCharacter(type), STRING);

/** From 0000-01-01 to 9999-12-31, as Flink limits them. */
const inRange = (ms: number): boolean => ms >= -62_167_219_200_000 && ms <= 253_402_300_799_999;

/** At least ms; finer when a literal precision, or the pattern's letters S, say so. */
function resultOfLtz(types: readonly SqlType[], args: readonly Argument[]): SqlType | undefined {
	const [value, second, third] = types;
	const numeric = isNumeric(value as SqlType);
	if (second !== undefined && isInteger(second) !== numeric) return undefined;
	if (third !== undefined && numeric) return undefined;
	const given = args[1]?.literal;
	const digits =
		typeof given === "number" ? given : typeof given === "string" ? (/S+/.exec(given)?.[0].length ?? 0) : 3;
	return timestampLtz(Math.min(9, Math.max(3, digits)));
}

function implementLtz({ args, result }: BoundCall): ScalarImplementation {
	const { type } = args[0] as Argument;
	const { precision: digits } = result as { precision: number };
	if (isCharacter(type)) return (text, pattern, zone) => textToInstant(text as string, pattern, zone, digits);
	return (value, precision = 3) => {
		if (!Number.isInteger(precision) || (precision as number) < 0 || (precision as number) > 9) {
			throw new EngineError("INVALID_ARGUMENT", `TO_TIMESTAMP_LTZ has no precision ${precision}`, {
				expected: "0 for seconds, 3 for milliseconds, up to 9",
			});
		}
		return numberToInstant(value as Value, type, precision as number, digits);
	};
}

/** Decimals lose their fraction before they are scaled, doubles after. */
function numberToInstant(value: Value, type: SqlType, precision: number, digits: number): Value {
	if (type.kind === "FLOAT" || type.kind === "DOUBLE") {
		const scaled =
			precision <= 3 ? (value as number) * 10 ** (3 - precision) : (value as number) / 10 ** (precision - 3);
		const ms = Math.trunc(scaled);
		return inRange(ms) ? timestampOf(ms, 0, digits) : null;
	}
	const whole =
		type.kind === "DECIMAL" ? (value as bigint) / 10n ** BigInt(type.scale) : BigInt(value as number | bigint);
	const nanos = whole * 10n ** BigInt(9 - precision);
	const rest = ((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n;
	const ms = Number((nanos - rest) / 1_000_000n);
	return inRange(ms) ? timestampOf(ms, Number(rest), digits) : null;
}

function textToInstant(text: string, pattern: Value | undefined, zone: Value | undefined, digits: number): Value {
	if (pattern === undefined) {
		const parsed = parseTimestamp(text);
		if (parsed !== undefined) return parsed.ms;
		throw new EngineError("INVALID_ARGUMENT", `'${text}' is no timestamp`, {
			expected: "text such as '2020-02-29 12:34:56'",
			remedy: "Give a pattern as the second argument to get NULL instead",
		});
	}
	const local = parseWallClock(text, pattern as string);
	if (local === undefined) return null;
	const ms = zone === undefined ? local.ms : localToUtc(timeZoneOf(zone as string), local.ms);
	return localTimestampValue({ ms, nanos: local.nanos }, digits);
}

/** What UNIX_TIMESTAMP gives for text that it cannot read. */
const NO_TIME = -(2n ** 63n);

function implementUnixTimestamp({ args, context }: BoundCall): ScalarImplementation {
	if (args.length === 0) return () => BigInt(Math.floor(momentOf(context) / 1000));
	return (text, pattern = DEFAULT_PATTERN) => {
		const ms = parseSimple(pattern as string, text as string, timeZoneOf(context.timeZone));
		return ms === undefined ? NO_TIME : BigInt(Math.trunc(ms / 1000));
	};
}

export const temporalConversionFunctions = family("temporal", [
	{
		name: "DATE_FORMAT",
		signatures: ["DATE_FORMAT(timestamp, pattern) -> STRING", "DATE_FORMAT(string, pattern) -> STRING"],
		doc: "A timestamp (or text like '2020-02-29 12:34:56') as text, by a Java date pattern.",
		example: "DATE_FORMAT(TIMESTAMP '2020-02-29 12:34:56', 'dd.MM.yyyy HH:mm') = '29.02.2020 12:34'",
		parameters: [FORMATTED, TEXT],
		result: STRING,
		nullable: true,
		implement: implementFormat,
	},
	{
		name: "TO_DATE",
		signatures: "TO_DATE(string[, pattern]) -> DATE",
		doc: "The date of a text, read leniently by a Java date pattern; NULL when it is none.",
		example: "TO_DATE('29.02.2020', 'dd.MM.yyyy') = DATE '2020-02-29'",
		parameters: [TEXT, TEXT],
		optional: 1,
		result: DATE,
		nullable: true,
		run: (text, pattern) => {
			if (pattern === undefined) return parseDate(text as string) ?? null;
			const ms = parseSimple(pattern as string, text as string, UTC);
			return ms === undefined ? null : Math.floor(ms / MS_PER_DAY);
		},
	},
	{
		name: "TO_TIMESTAMP",
		signatures: "TO_TIMESTAMP(string[, pattern]) -> TIMESTAMP(3)",
		doc: "The timestamp of a text by a Java date pattern; NULL when it is none.",
		example: "TO_TIMESTAMP('20200229', 'yyyyMMdd') = TIMESTAMP '2020-02-29 00:00:00'",
		parameters: [TEXT, TEXT],
		optional: 1,
		result: timestamp(3),
		nullable: true,
		run: (text, pattern) =>
			(pattern === undefined
				? parseTimestamp(text as string)?.ms
				: parseWallClock(text as string, pattern as string)?.ms) ?? null,
	},
	{
		name: "TO_TIMESTAMP_LTZ",
		signatures: [
			"TO_TIMESTAMP_LTZ(numeric[, precision]) -> TIMESTAMP_LTZ(3)",
			"TO_TIMESTAMP_LTZ(string[, pattern[, time zone]]) -> TIMESTAMP_LTZ(3)",
		],
		doc: "The instant of seconds (precision 0) or milliseconds (3) since 1970, or of a text in a time zone (default UTC).",
		example: "TO_TIMESTAMP_LTZ(1, 0) = TO_TIMESTAMP_LTZ(1000, 3)",
		parameters: [EPOCH_OR_TEXT, SECOND_ARGUMENT, TEXT],
		optional: 2,
		result: resultOfLtz,
		nullable: true,
		implement: implementLtz,
	},
	{
		name: "FROM_UNIXTIME",
		signatures: "FROM_UNIXTIME(bigint[, pattern]) -> STRING",
		doc: "Seconds since 1970 as text in the session's time zone, by default like '2020-02-29 12:34:56'.",
		example: "FROM_UNIXTIME(0) = '1970-01-01 00:00:00'",
		parameters: [AS_BIGINT, TEXT],
		optional: 1,
		result: STRING,
		nullable: true,
		implement: ({ context }) => {
			const zone = timeZoneOf(context.timeZone);
			return (seconds, pattern = DEFAULT_PATTERN) => formatSimple(pattern as string, Number(seconds) * 1000, zone);
		},
	},
	{
		name: "UNIX_TIMESTAMP",
		signatures: ["UNIX_TIMESTAMP() -> BIGINT NOT NULL", "UNIX_TIMESTAMP(string[, pattern]) -> BIGINT"],
		doc: "Seconds since 1970: of now, or of a text in the session's time zone.",
		example: "UNIX_TIMESTAMP('1970-01-01 00:01:00') = 60",
		determinism: "row",
		parameters: [TEXT, TEXT],
		optional: 2,
		result: BIGINT,
		implement: implementUnixTimestamp,
	},
	{
		name: "CONVERT_TZ",
		signatures: "CONVERT_TZ(string, from zone, to zone) -> STRING",
		doc: "A wall clock like '2020-02-29 12:34:56' of one time zone in another; an unknown zone counts as GMT.",
		example: "CONVERT_TZ('2020-01-01 00:00:00', 'UTC', 'Asia/Tokyo') = '2020-01-01 09:00:00'",
		parameters: [TEXT, TEXT, TEXT],
		result: STRING,
		nullable: true,
		run: (text, from, to) => {
			const ms = parseSimple(DEFAULT_PATTERN, text as string, javaTimeZone(from as string));
			return ms === undefined ? null : formatSimple(DEFAULT_PATTERN, ms, javaTimeZone(to as string));
		},
	},
]);
