// Late rows, operator by operator: 20 rows around watermarks that lie exactly on window ends and frames. What Apache Flink 2.3.0
// answered for the same rows and queries is the expectation.
import { expect, test } from "vitest";
import type { AggregateCall, OperatorSpec, SortKey } from "../../src/job/specs.js";
import type { WindowSpec } from "../../src/job/window.js";
import { call, column, literal } from "../../src/types/expr.js";
import { BIGINT, BOOLEAN, INTEGER, type Schema, type SqlType, STRING, timestamp } from "../../src/types/sql-type.js";
import { insert, rowText, run, type Setup } from "./harness.js";

const TIME: SqlType = { ...timestamp(3), attribute: "rowtime" };
const INPUT: Schema = [
	{ name: "id", type: INTEGER },
	{ name: "k", type: STRING },
	{ name: "v", type: INTEGER },
	{ name: "ts", type: TIME },
];
const [ID, K, V, TS] = [0, 1, 2, 3];

/** id, k, ms after the start; v equals id. The watermark is the time − 2 s. */
const ROWS: readonly (readonly [number, string, number])[] = [
	[1, "a", 0],
	[2, "a", 4999],
	[3, "a", 5000],
	[4, "b", 5001],
	[5, "a", 9999],
	[6, "a", 10_000],
	[7, "a", 11_000],
	[8, "a", 9000],
	[9, "b", 12_000],
	[10, "b", 9999],
	[11, "b", 10_000],
	[12, "a", 16_999],
	[13, "a", 14_999],
	[14, "a", 21_998],
	[15, "a", 19_999],
	[16, "b", 15_000],
	[17, "b", 30_000],
	[18, "a", 29_999],
	[19, "b", 25_000],
	[20, "a", 24_999],
];

/** A multiple of 60 s, so that windows start as in Flink's answer. */
const START = 1_704_103_200_000;
const steps = ROWS.map(([id, k, time]) => insert(id, k, id, START + time));

const assigner: OperatorSpec = {
	operator: "WatermarkAssigner",
	rowtime: TS,
	expression: call(
		"-",
		[
			column(TS, TIME),
			literal(2000, { kind: "INTERVAL_DAY_TIME", unit: "SECOND", precision: 2, fraction: 3, nullable: false }),
		],
		timestamp(3),
	),
	intervalMs: 200,
	idleTimeoutMs: 0,
};

/** The rows that come out, times relative to the start, in the order of the first column or as sorted text. */
function answer(spec: OperatorSpec, output: Schema): { rows: string[]; late: number } {
	const setup: Setup = { specs: [assigner, spec], inputs: [INPUT], outputs: [INPUT, output] };
	const { changes, late } = run(setup, steps);
	for (const restart of steps.keys()) {
		expect(run(setup, steps, new Set([restart])).changes, `restarted at ${restart}`).toEqual(changes);
	}
	const rows = changes.map(({ row }) =>
		rowText(row.map((value) => (typeof value === "number" && value >= START - 60_000 ? value - START : value))),
	);
	return { rows, late };
}

const aggregate = (name: string, columns: readonly number[], type: SqlType): AggregateCall => ({
	function: name,
	args: columns,
	argTypes: columns.map((index) => INPUT[index]!.type),
	distinct: false,
	type,
	name,
});
const COUNT = aggregate("COUNT", [], BIGINT);
const SUM = aggregate("SUM", [V], INTEGER);
const ASCENDING: SortKey = { column: TS, ascending: true, nullsFirst: true };
const ids = (rows: readonly string[]) => rows.map((row) => Number(row.split("|")[0])).sort((a, b) => a - b);

test("tumbling windows drop rows whose window has closed: end − 1 ≤ watermark", () => {
	const window: WindowSpec = { kind: "tumble", time: TS, eventTime: true, size: 5000, offset: 0 };
	const calls = [COUNT, SUM, aggregate("MAX", [ID], INTEGER)];
	const { rows, late } = answer(
		{ operator: "WindowAggregate", window, keys: [], calls, properties: ["start"], inputUpdates: false, final: false },
		["COUNT", "SUM", "MAX", "start"].map((name) => ({ name, type: BIGINT })),
	);
	expect(rows).toEqual([
		"2|3|2|0",
		"4|20|8|5000",
		"4|33|11|10000",
		"3|43|16|15000",
		"1|14|14|20000",
		"2|37|19|25000",
		"1|17|17|30000",
	]);
	expect(late).toBe(3);
});

test("sessions judge lateness after merging", () => {
	const window: WindowSpec = { kind: "session", time: TS, eventTime: true, gap: 5000, partition: [K] };
	const { rows } = answer(
		{
			operator: "WindowAggregate",
			window,
			keys: [K],
			calls: [COUNT],
			properties: ["start", "end"],
			inputUpdates: false,
			final: false,
		},
		["k", "n", "start", "end"].map((name, i) => ({ name, type: i === 0 ? STRING : BIGINT })),
	);
	expect(rows.sort()).toEqual(
		[
			"a|11|0|26998",
			"a|2|24999|34999",
			"b|1|5001|10001",
			"b|3|9999|17000",
			"b|1|15000|20000",
			"b|2|25000|35000",
		].sort(),
	);
});

test("a window table function alone drops nothing", () => {
	const window: WindowSpec = { kind: "hop", time: TS, eventTime: true, size: 10_000, slide: 4000, offset: 0 };
	const { rows } = answer({ operator: "WindowTableFunction", window }, []);
	const windows = rows.map((row) => row.split("|")).filter(([id]) => id === "10");
	expect(windows.map((cells) => cells.slice(4).join(" "))).toEqual([
		"0 10000 9999",
		"4000 14000 13999",
		"8000 18000 17999",
	]);
	expect(rows).toHaveLength(53);
});

const over = (
	start: number | "unbounded",
	unit: "rows" | "range",
	partition: readonly number[],
	calls: AggregateCall[],
): OperatorSpec => ({
	operator: "OverAggregate",
	partition,
	order: [ASCENDING],
	time: "rowtime",
	groups: [
		{
			frame: {
				unit,
				start: start === "unbounded" ? { kind: "unboundedPreceding" } : { kind: "preceding", offset: start },
				end: { kind: "currentRow" },
			},
			calls,
		},
	],
	inputUpdates: false,
});
const overOutput = [...INPUT, { name: "x", type: BIGINT }];
const lastCells = (rows: readonly string[]) =>
	rows
		.map((row) => row.split("|"))
		.map((cells) => `${cells[0]}|${cells.at(-1)}`)
		.sort((a, b) => parseInt(a, 10) - parseInt(b, 10));

test("an unbounded OVER drops rows at or behind the watermark", () => {
	expect(lastCells(answer(over("unbounded", "rows", [], [SUM]), overOutput).rows)).toEqual([
		"1|1",
		"2|3",
		"3|6",
		"4|10",
		"5|15",
		"6|21",
		"7|28",
		"9|37",
		"12|49",
		"14|78",
		"15|64",
		"17|113",
		"18|96",
	]);
	expect(lastCells(answer(over("unbounded", "range", [K], [COUNT]), overOutput).rows)).toEqual([
		"1|1",
		"2|2",
		"3|3",
		"4|1",
		"5|4",
		"6|5",
		"7|6",
		"9|2",
		"12|7",
		"14|9",
		"15|8",
		"17|3",
		"18|10",
	]);
});

test("a bounded OVER drops only rows behind the last time emitted for their key", () => {
	const { rows } = answer(over(1, "rows", [K], [SUM]), overOutput);
	expect(lastCells(rows)).toEqual([
		..."1|1 2|3 3|5 4|4 5|13 6|11 7|13 8|11 9|20 10|14 11|21 12|25 13|20 14|29 15|27 16|25 17|36 18|38 19|35 20|34".split(
			" ",
		),
	]);
});

test("keep-first deduplication keeps rows that equal the watermark, keep-last drops none", () => {
	const spec = { operator: "Deduplicate", keys: [ID], order: TS, updateBefore: true, final: false } as const;
	expect(ids(answer({ ...spec, keep: "first" }, INPUT).rows)).toEqual([
		1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 17, 18,
	]);
	expect(answer({ ...spec, keep: "last" }, INPUT).rows).toHaveLength(20);
});

const match = (
	names: readonly string[],
	partition: readonly number[],
	skip: "pastLastRow" | "toNextRow",
): OperatorSpec => ({
	operator: "Match",
	partition,
	order: [ASCENDING],
	eventTime: true,
	final: false,
	pattern: names.map((name) => ({
		name,
		min: 1,
		max: 1,
		greedy: true,
		define:
			name === "A"
				? {
						expr: call(">", [column(0, INTEGER), literal(0, INTEGER)], BOOLEAN),
						refs: [{ kind: "last", variable: "A", offset: 0, value: column(ID, INTEGER), type: INTEGER }],
					}
				: undefined,
	})),
	skip: { kind: skip },
	measures: names.map((name) => ({
		name,
		value: {
			expr: column(0, INTEGER),
			refs: [{ kind: "last", variable: name, offset: 0, value: column(ID, INTEGER), type: INTEGER }],
		},
	})),
});

test("MATCH_RECOGNIZE drops rows at or behind the watermark", () => {
	expect(ids(answer(match(["A"], [], "pastLastRow"), INPUT).rows)).toEqual([
		1, 2, 3, 4, 5, 6, 7, 9, 12, 14, 15, 17, 18,
	]);
	expect(answer(match(["A", "B"], [K], "toNextRow"), INPUT).rows.sort()).toEqual(
		["a|1|2", "a|12|15", "a|14|18", "a|15|14", "a|2|3", "a|3|5", "a|5|6", "a|6|7", "a|7|12", "b|4|9", "b|9|17"].sort(),
	);
});

test("sorting by event time drops rows behind the last one emitted", () => {
	const { rows } = answer({ operator: "TemporalSort", order: [ASCENDING, { ...ASCENDING, column: ID }] }, INPUT);
	expect(rows.map((row) => Number(row.split("|")[0]))).toEqual([
		1, 2, 3, 4, 8, 5, 6, 7, 9, 13, 12, 15, 14, 20, 19, 18, 17,
	]);
});

test("LAG over a range counts back from the last row of the same time", () => {
	const lag: AggregateCall = {
		...aggregate("LAG", [ID], INTEGER),
		args: [ID, ID],
		argTypes: [INTEGER, INTEGER],
		literals: [undefined, 1],
	};
	const rows = [insert(1, "a", 1, START), insert(2, "a", 2, START + 5000), insert(3, "a", 3, START + 5000)];
	const setup = {
		specs: [assigner, over("unbounded", "range", [K], [lag])],
		inputs: [INPUT],
		outputs: [INPUT, overOutput],
	};
	expect(lastCells(run(setup, rows).changes.map(({ row }) => rowText(row)))).toEqual(["1|NULL", "2|2", "3|2"]);
});
