// The clock: now in batch mode is when the query started, in streaming mode the moment of the rows at hand.
import { floorMod, MS_PER_DAY } from "../../types/datetime.js";
import { type FunctionContext, momentOf } from "../../types/function-context.js";
import { DATE, isTimestamp, notNull, type SqlType, time, timestamp, timestampLtz } from "../../types/sql-type.js";
import { timeZoneOf, utcToLocal } from "../../types/time-zone.js";
import type { Value } from "../../types/value.js";
import { type Definition, family, parameter, sameAs } from "../define.js";

const clock = (
	name: string,
	aliases: readonly string[],
	type: SqlType,
	doc: string,
	example: string,
	value: (utcMs: number, localMs: number) => Value,
): Definition => ({
	name,
	aliases,
	signatures: `${name} -> NOT NULL`,
	doc,
	example,
	determinism: "row",
	parameters: [],
	result: notNull(type),
	nullable: false,
	implement: ({ context }) => {
		const at = reading(context, value);
		if (!context.batch || name === "CURRENT_ROW_TIMESTAMP") return () => at(momentOf(context));
		const fixed = at(context.queryStartMs);
		return () => fixed;
	},
});

function reading(context: FunctionContext, value: (utcMs: number, localMs: number) => Value) {
	const zone = timeZoneOf(context.timeZone);
	return (utcMs: number) => value(utcMs, utcToLocal(zone, utcMs));
}

const wholeSeconds = (ms: number) => ms - floorMod(ms, 1000);

export const temporalClockFunctions = family("temporal", [
	clock(
		"CURRENT_TIMESTAMP",
		["NOW"],
		timestampLtz(3),
		"Now.",
		"CURRENT_TIMESTAMP > TO_TIMESTAMP_LTZ(0, 0)",
		(utc) => utc,
	),
	clock(
		"CURRENT_ROW_TIMESTAMP",
		[],
		timestampLtz(3),
		"The moment at which a row is processed.",
		"CURRENT_ROW_TIMESTAMP() > TO_TIMESTAMP_LTZ(0, 0)",
		(utc) => utc,
	),
	clock(
		"LOCALTIMESTAMP",
		[],
		timestamp(3),
		"Now, in the session's time zone.",
		"LOCALTIMESTAMP > TIMESTAMP '2000-01-01 00:00:00'",
		(_, local) => local,
	),
	clock(
		"CURRENT_DATE",
		[],
		DATE,
		"Today, in the session's time zone.",
		"CURRENT_DATE > DATE '2000-01-01'",
		(_, local) => Math.floor(local / MS_PER_DAY),
	),
	clock(
		"CURRENT_TIME",
		["LOCALTIME"],
		time(0),
		"The time of day, in the session's time zone.",
		"CURRENT_TIME >= TIME '00:00:00'",
		(_, local) => wholeSeconds(floorMod(local, MS_PER_DAY)),
	),
	{
		name: "PROCTIME",
		signatures: "PROCTIME() -> TIMESTAMP_LTZ(3) NOT NULL *PROCTIME*",
		doc: "Processing time, for a computed column.",
		example: "PROCTIME() > TO_TIMESTAMP_LTZ(0, 0)",
		determinism: "row",
		parameters: [],
		result: notNull({ ...timestampLtz(3), attribute: "proctime" }),
		nullable: false,
		implement:
			({ context }) =>
			() =>
				momentOf(context),
	},
	{
		name: "CURRENT_WATERMARK",
		signatures: "CURRENT_WATERMARK(rowtime) -> TIMESTAMP",
		doc: "The watermark that has arrived at the operator; NULL before the first one. Operators that know none give NULL.",
		example: "COALESCE(CURRENT_WATERMARK(CAST(NULL AS TIMESTAMP(3))) IS NULL, TRUE) = TRUE",
		nulls: "custom",
		determinism: "row",
		parameters: [parameter(isTimestamp, timestamp(3))],
		result: sameAs(0),
		nullable: true,
		implement: ({ context: { arrived } }) => (arrived ? () => arrived.watermark : () => null),
	},
]);
