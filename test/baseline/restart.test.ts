// Every operator with state over random streams in random time: stopping anywhere, restoring the snapshot in a fresh operator and going
// on gives the same changes as never stopping; and watermarks leave no state behind that only the past could need.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AggregateCall, OperatorSpec, OverFrame, SortKey } from "../../src/job/specs.js";
import type { WindowSpec } from "../../src/job/window.js";
import { RowKind } from "../../src/types/row-kind.js";
import { BIGINT, INTEGER, type Schema, type SqlType, STRING, timestamp } from "../../src/types/sql-type.js";
import { run, type Setup, type Step } from "./harness.js";

const TIME: SqlType = { ...timestamp(3), attribute: "rowtime" };
const INPUT: Schema = [
	{ name: "k", type: STRING },
	{ name: "v", type: INTEGER },
	{ name: "ts", type: TIME },
	{ name: "start", type: timestamp(3) },
	{ name: "end", type: timestamp(3) },
];
const [K, V, TS, END] = [0, 1, 2, 4];
const BOTH = [...INPUT, ...INPUT];

/** Rows around a rising watermark, some behind it; `start` and `end` are the row's window of 10 ms. */
const streamOf = (inputs: number) =>
	fc
		.array(
			fc.record({
				key: fc.constantFrom("a", "b", null),
				value: fc.integer({ min: 0, max: 5 }),
				ahead: fc.integer({ min: -15, max: 15 }),
				step: fc.integer({ min: 0, max: 8 }),
				input: fc.nat(inputs - 1),
			}),
			{ minLength: 20, maxLength: 60 },
		)
		.map((events) => {
			const steps: Step[] = [];
			let watermark = 100;
			for (const { key, value, ahead, step, input } of events) {
				const time = watermark + ahead;
				const start = Math.floor(time / 10) * 10;
				steps.push({ kind: RowKind.INSERT, row: [key, value, time, start, start + 10], input });
				watermark += step;
				steps.push({ watermark });
			}
			return steps;
		});

const ORDER: SortKey[] = [{ column: TS, ascending: true, nullsFirst: true }];
const BY_VALUE: SortKey[] = [{ column: V, ascending: false, nullsFirst: false }];
const COUNT: AggregateCall = { function: "COUNT", args: [], argTypes: [], distinct: false, type: BIGINT, name: "n" };
const LISTED: AggregateCall = {
	function: "ARRAY_AGG",
	args: [V],
	argTypes: [INTEGER],
	distinct: false,
	type: { kind: "ARRAY", element: INTEGER, nullable: true },
	name: "l",
};
const WINDOWS: readonly WindowSpec[] = [
	{ kind: "tumble", time: TS, eventTime: true, size: 10, offset: 3 },
	{ kind: "hop", time: TS, eventTime: true, size: 12, slide: 4, offset: 0 },
	{ kind: "cumulate", time: TS, eventTime: true, size: 12, step: 4, offset: 0 },
	{ kind: "session", time: TS, eventTime: true, gap: 5, partition: [K] },
	{ kind: "attached", time: END, eventTime: true, start: 3, end: END },
];
const sides = { leftKeys: [K], rightKeys: [K], nullSafe: [false], leftWidth: INPUT.length };
const deduplicate = { operator: "Deduplicate", keys: [K], updateBefore: true, final: false } as const;
const topTwo = { function: "ROW_NUMBER", partition: [K], order: BY_VALUE, from: 1, to: 2 } as const;
const frame = (start: number | undefined, unit: "rows" | "range"): OverFrame => ({
	unit,
	start: start === undefined ? { kind: "unboundedPreceding" } : { kind: "preceding", offset: start },
	end: { kind: "currentRow" },
});

/** Name, spec, inputs, output. */
const CASES: readonly (readonly [string, OperatorSpec, number, Schema])[] = [
	...WINDOWS.map(
		(window) =>
			[
				`WindowAggregate ${window.kind}`,
				{
					operator: "WindowAggregate",
					window,
					keys: [K],
					calls: [COUNT, LISTED],
					properties: ["start", "end", "time"],
					inputUpdates: false,
					final: false,
				},
				1,
				[],
			] as const,
	),
	["WindowTableFunction session", { operator: "WindowTableFunction", window: WINDOWS[3]! }, 1, []],
	...(["inner", "left", "right", "full", "semi", "anti"] as const).flatMap(
		(type) =>
			[
				[
					`IntervalJoin ${type}`,
					{
						operator: "IntervalJoin",
						type,
						...sides,
						leftTime: TS,
						rightTime: TS,
						lowerMs: -3,
						upperMs: 4,
						eventTime: true,
					},
					2,
					BOTH,
				],
				[
					`WindowJoin ${type}`,
					{ operator: "WindowJoin", type, ...sides, leftWindowEnd: END, rightWindowEnd: END, final: false },
					2,
					BOTH,
				],
			] as const,
	),
	...(["inner", "left"] as const).flatMap(
		(type) =>
			[
				[`TemporalJoin ${type}`, { operator: "TemporalJoin", type, ...sides, leftTime: TS, rightTime: TS }, 2, BOTH],
				[`TemporalJoin ${type}, processing time`, { operator: "TemporalJoin", type, ...sides, leftTime: TS }, 2, BOTH],
			] as const,
	),
	["Deduplicate first by time", { ...deduplicate, order: TS, keep: "first" }, 1, INPUT],
	["Deduplicate last by time", { ...deduplicate, order: TS, keep: "last" }, 1, INPUT],
	["Deduplicate first to arrive", { ...deduplicate, keep: "first" }, 1, INPUT],
	["Deduplicate last to arrive", { ...deduplicate, keep: "last" }, 1, INPUT],
	["Deduplicate in windows", { ...deduplicate, order: TS, keep: "last", windowEnd: END }, 1, INPUT],
	[
		"Rank in windows",
		{
			operator: "Rank",
			...topTwo,
			outputRank: false,
			inputUpdates: false,
			updateBefore: true,
			final: false,
			windowEnd: END,
		},
		1,
		INPUT,
	],
	[
		"Rank of an append-only input",
		{ operator: "Rank", ...topTwo, outputRank: true, inputUpdates: false, updateBefore: true, final: false },
		1,
		[...INPUT, { name: "rank", type: BIGINT }],
	],
	["TemporalSort", { operator: "TemporalSort", order: [...ORDER, ...BY_VALUE] }, 1, INPUT],
	["Sort", { operator: "Sort", order: BY_VALUE, offset: 1, fetch: 3, inputUpdates: false, final: true }, 1, INPUT],
	["Limit", { operator: "Limit", offset: 1, fetch: 3, inputUpdates: false }, 1, INPUT],
	...(
		[
			[2, "rows"],
			[5, "range"],
			[undefined, "rows"],
			[undefined, "range"],
		] as const
	).map(
		([start, unit]) =>
			[
				`OverAggregate ${unit} ${start ?? "unbounded"}`,
				{
					operator: "OverAggregate",
					partition: [K],
					order: ORDER,
					time: "rowtime",
					groups: [{ frame: frame(start, unit), calls: [COUNT, LISTED] }],
					inputUpdates: false,
				},
				1,
				INPUT,
			] as const,
	),
	[
		"Match",
		{
			operator: "Match",
			partition: [K],
			order: ORDER,
			eventTime: true,
			final: false,
			pattern: [
				{ name: "A", min: 1, max: 1, greedy: true },
				{ name: "B", min: 1, greedy: false },
				{ name: "C", min: 1, max: 1, greedy: true },
			],
			withinMs: 20,
			skip: { kind: "toNextRow" },
			measures: ["A", "C"].map((name) => ({
				name,
				value: {
					expr: { kind: "column", index: 0, type: INTEGER },
					refs: [
						{
							kind: "last",
							variable: name,
							offset: 0,
							value: { kind: "column", index: V, type: INTEGER },
							type: INTEGER,
						},
					],
				},
			})),
		},
		1,
		INPUT,
	],
];

test.each(CASES)("%s", (_, spec, inputs, output) => {
	const setup: Setup = { specs: [spec], inputs: new Array<Schema>(inputs).fill(INPUT), outputs: [output] };
	let emitted = 0;
	fc.assert(
		fc.property(streamOf(inputs), fc.nat(), fc.nat(), (steps, first, second) => {
			const cuts = steps.length === 0 ? [] : [first % steps.length, second % steps.length];
			const { changes, late } = run(setup, steps);
			emitted += changes.length;
			expect(run(setup, steps, new Set(cuts))).toMatchObject({ changes, late });
		}),
		{ numRuns: 100, seed: 7 },
	);
	expect(emitted).toBeGreaterThan(20);
});

/** How many values a snapshot holds, at any depth. */
function sizeOf(state: unknown): number {
	if (state instanceof Map) return [...state].reduce((sum, [key, value]) => sum + sizeOf(key) + sizeOf(value), 0);
	if (Array.isArray(state)) return state.reduce((sum: number, item) => sum + sizeOf(item), 0);
	if (typeof state === "object" && state !== null) return sizeOf(Object.values(state));
	return 1;
}

const FORGETFUL = /Window|Session|IntervalJoin|TemporalSort|Match|OverAggregate range 5/;

test.each(CASES.filter(([name]) => FORGETFUL.test(name)))(
	"%s frees what the watermark has passed",
	(_, spec, inputs, output) => {
		const setup: Setup = { specs: [spec], inputs: new Array<Schema>(inputs).fill(INPUT), outputs: [output] };
		const stepsTo = (rows: number): Step[] =>
			Array.from({ length: rows }, (_unused, i) => {
				const time = 100 + i;
				const start = Math.floor(time / 10) * 10;
				const row = [`key ${i % 50}`, i % 7, time, start, start + 10];
				return [{ kind: RowKind.INSERT, row, input: i % inputs }, { watermark: time - 5 }] as const;
			}).flat();
		const sizes = [1000, 2000].map((rows) => sizeOf(run(setup, stepsTo(rows)).stateAtEnd));
		expect(sizes[1]).toBeLessThan(sizes[0]! * 1.5 + 200);
	},
);
