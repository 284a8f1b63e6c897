// Golden cases of Flink that Millrace answers otherwise, on purpose: everything else in test/golden/sql is answered alike.

export interface Difference {
	/** Ids in test/golden/sql. */
	readonly cases: readonly string[];
	readonly example: string;
	readonly flink: string;
	readonly here: string;
	readonly reason: string;
	/** Only in the kernels; the baseline answers as Flink does. */
	readonly ofKernels?: boolean;
}

export const DIFFERENCES: readonly Difference[] = [
	{
		cases: ["lat-corr-agg-b", "lat-corr-agg-s"],
		example: "FROM dept CROSS JOIN LATERAL (SELECT COUNT(*) AS n FROM emp WHERE emp.dept = dept.id)",
		flink: "departments without employees are missing",
		here: "they are there, with a count of 0",
		reason: "An aggregate without GROUP BY has one row also over no rows; Flink itself has it when the same subquery is scalar.",
	},
	{
		cases: ["lit-002"],
		example: "U&'a\\+01F600b'",
		flink: "`a600b`",
		here: "`a😀b`",
		reason: "Six digits after `\\+` are one character in the SQL standard; Flink reads four of them.",
	},
	{
		cases: ["logic-cmp-02-s", "logic-na04h0"],
		example: "2 IN (1.0, 2.5)",
		flink: "true: the decimals are cut to whole numbers, though 2 = 2.5 is false",
		here: "false",
		reason: "IN is a disjunction of comparisons in the SQL standard.",
	},
	{
		cases: ["time-030-rt"],
		example: "CAST(TIMESTAMP '1970-01-01 00:00:00.000000001' AS TIMESTAMP(6))",
		flink: "keeps the nanosecond, for a value within the first microsecond of 1970 only",
		here: "`1970-01-01 00:00:00`",
		reason: "A TIMESTAMP(6) has no nanoseconds, whatever the value.",
	},
	{
		cases: ["cast-019", "cast-036"],
		example: "CAST(DATE '9999-12-31' AS TIMESTAMP(9))",
		flink: "`9999-12-31 00:00:00`",
		here: "an error that names the range, 1677-09-21 to 2262-04-11",
		reason:
			"TIMESTAMP(7) to (9) are Arrow's nanoseconds in 64 bits, so that results leave the engine without a copy; TIMESTAMP(6) and coarser hold all years.",
		ofKernels: true,
	},
	{
		cases: ["nest-v08-s"],
		example: "MAP_KEYS(m)",
		flink: "keys of a map read from JSON in the order of their hashes",
		here: "in the order of the text",
		reason: "A MAP has no order of its own; that of the text is the one that a reader expects.",
	},
	{
		cases: ["mr-v05-b"],
		example: "MATCH_RECOGNIZE (… ORDER BY ts …) over equal times, in batch mode",
		flink: "rows of equal time in an order that its sort happens to leave",
		here: "in the order of arrival, as in streaming mode of both",
		reason: "The sort there is not stable; a second column in ORDER BY makes both alike.",
	},
	{
		cases: ["leg-v06-b"],
		example: "SELECT COUNT(DISTINCT s) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' SECOND)",
		flink: "in batch mode: DISTINCT aggregates are currently not supported",
		here: "the counts, as in streaming mode",
		reason: "There is no reason to refuse it.",
	},
	{
		cases: ["arith-u008.4"],
		example: "GREATEST(a, b)",
		flink: "a NullPointerException where a or b is NULL and they are DECIMALs of different precision",
		here: "NULL, as for all other types",
		reason: "A fault in Flink's generated code.",
	},
	{
		cases: ["cast-na13-rt"],
		example: "CAST(TIME '23:59:59.999' AS TIMESTAMP(0))",
		flink: "`1970-01-01 23:59:59.999`",
		here: "`1970-01-01 23:59:59`",
		reason: "A TIMESTAMP(0) has no milliseconds, whatever it comes from.",
	},
	{
		cases: ["cast-na22.7", "coll-na04.4"],
		example: "ROW(1, NULL)",
		flink: "an error: the NULL needs a CAST",
		here: "a row with a NULL",
		reason: "INSERT and CAST give the NULL its type; there is no reason to refuse it.",
	},
	{
		cases: ["lit-na04"],
		example: "TYPEOF(NULLIF(1, 2))",
		flink: "`INT NOT NULL`: the type after the planner has computed it",
		here: "`INT`, as the column of the result has it in both",
		reason: "NULLIF may give NULL; what is known of its arguments does not change its type.",
	},
	{
		cases: ["math-na03.7"],
		example: "ATAN2(CAST(1 AS DECIMAL(8, 3)), 1e0)",
		flink: "an internal error: there is no code for this pair of types",
		here: "the angle",
		reason: "All pairs of numbers are taken, as in all other functions.",
	},
	{
		cases: ["coll-na02h24-rt"],
		example: "ARRAY_CONCAT(ARRAY[CAST(NULL AS INT)], ARRAY[1.5])",
		flink: "`[0.0, 1.5]`: the NULL becomes 0 when its array takes the common type",
		here: "`[NULL, 1.5]`",
		reason: "A cast keeps NULL.",
	},
	{
		cases: ["math-na06h2"],
		example: "SELECT PI",
		flink: "the number, as `PI()`",
		here: "an error: there is no such column",
		reason: "A column that is missing should not become a number; with parentheses it is the function.",
	},
	{
		cases: ["cast-u035.7"],
		example: "SELECT CAST(a AS DOUBLE) FROM (VALUES (CAST('0.1' AS FLOAT))) AS t (a)",
		flink: "`0.1`, but `0.10000000149011612` if the rows pass a sort first: its planner puts such a constant in the place of the column",
		here: "`0.10000000149011612` for both",
		reason: "What a column's value is does not depend on the plan.",
	},
	{
		cases: ["time-na08-rt"],
		example: "COALESCE(date, timestamp)",
		flink: "a DATE: the timestamp loses its time",
		here: "an error: there is no common type",
		reason: "Nobody asked for the time to be dropped; CAST says which of the two is meant.",
	},
	{
		cases: ["cast-nc01.5"],
		example: "CAST(TRUE AS DECIMAL(2, 2))",
		flink: "an error while planning: 1 has too many digits",
		here: "NULL",
		reason: "A number that does not fit a DECIMAL is NULL, as in other casts of both.",
	},
	{
		cases: ["str-nc08.5"],
		example: "SELECT SPLIT(a, ',')[n] FROM (VALUES ('a,b', 0)) AS t (a, n)",
		flink: "an error while planning: its planner puts such constants in the place of the columns",
		here: "NULL, as for any column; a 0 written out is an error in both",
		reason: "What a column's value is does not depend on the plan.",
	},
];
