// WindowAggregate: the windows sent, and what is counted as late, are the baseline's; whatever the kind of window, disorder and cuts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AggregateCall, WindowAggregateSpec } from "../../src/job/specs.js";
import type { WindowSpec } from "../../src/job/window.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import { type Change, type Driven, drive, fold, type Step } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const PROPERTY = propertyOf(43);

const TIME = sql.notNull(sql.timestamp(3));
const schema: sql.Schema = [
	{ name: "k", type: sql.STRING },
	{ name: "v", type: sql.INTEGER },
	{ name: "s", type: sql.STRING },
	{ name: "ts", type: TIME },
	{ name: "window_end", type: TIME },
];

const call = (name: string, args: number[], type: sql.SqlType): AggregateCall => ({
	function: name,
	args,
	argTypes: args.map((arg) => schema[arg]!.type),
	distinct: false,
	type,
	name,
});
const exact = [
	call("COUNT", [], sql.notNull(sql.BIGINT)),
	call("SUM", [1], sql.INTEGER),
	call("AVG", [1], sql.INTEGER),
];
const distinct = [
	{ ...call("COUNT", [1], sql.notNull(sql.BIGINT)), distinct: true },
	{ ...call("SUM", [1], sql.INTEGER), distinct: true },
	{ ...call("COUNT", [2], sql.notNull(sql.BIGINT)), distinct: true },
];
const picks = [call("MAX", [2], sql.STRING), call("MIN", [1], sql.INTEGER)];

const drivenOf = (window: WindowSpec, more: Partial<WindowAggregateSpec> = {}): Driven => {
	const spec: WindowAggregateSpec = {
		operator: "WindowAggregate",
		window,
		keys: [0],
		calls: [...exact, ...picks],
		properties: ["start", "end", "time"],
		inputUpdates: false,
		final: false,
		...more,
	};
	const output = [
		...spec.keys.map((key) => schema[key]!),
		...spec.calls.map(({ name, type }) => ({ name, type })),
		...spec.properties.map((name) => ({ name, type: TIME })),
	];
	return { spec, inputs: [schema], output, batch: spec.final };
};

const at = { time: 3, eventTime: true } as const;
const windows: readonly (readonly [string, WindowSpec])[] = [
	["tumble", { kind: "tumble", size: 1000, offset: 0, ...at }],
	["tumble with offset", { kind: "tumble", size: 700, offset: -300, ...at }],
	["hop", { kind: "hop", size: 3000, slide: 1000, offset: 0, ...at }],
	["hop with offset", { kind: "hop", size: 4000, slide: 2000, offset: 500, ...at }],
	["cumulate", { kind: "cumulate", size: 5000, step: 1000, offset: 0, ...at }],
	["session", { kind: "session", gap: 600, partition: [0], ...at }],
	["attached", { kind: "attached", start: 3, end: 4, ...at, time: 4 }],
];

const holds = async (driven: Driven, steps: readonly Step[]) => {
	const actual = await drive(driven, steps);
	const wanted = expected(driven, steps);
	expect(fold(actual.changes, driven.output)).toEqual(fold(wanted.changes, driven.output));
	expect(actual.changes.every(([kind]) => kind === RowKind.INSERT)).toBe(true);
	if (driven.batch) return;
	expect(actual.lateRecordsDropped).toBe(wanted.late);
	expect(actual.lateChanges).toEqual(wanted.lateChanges);
};

describe.each(windows)("%s", (_, window) => {
	const variants: readonly (readonly [string, Partial<WindowAggregateSpec>, boolean])[] = [
		["insert-only", {}, false],
		["without keys", { keys: [], ...(window.kind === "session" && { window: { ...window, partition: [] } }) }, false],
		["updating", { calls: [...exact, ...picks], inputUpdates: true }, true],
		["distinct", { calls: [...distinct, ...exact] }, false],
		["distinct and updating", { calls: distinct, inputUpdates: true }, true],
	];
	test.each(variants)("%s", async (_, more, updates) => {
		const driven = drivenOf(window, more);
		const steps = stepsOf([{ schema, updates }], { watermarks: 12_000 });
		await fc.assert(
			fc.asyncProperty(steps, (some) => holds(driven, some)),
			PROPERTY,
		);
	});

	test("variances are the baseline's, but for what the order of adding up changes in the last digits", async () => {
		const calls = [call("VAR_POP", [1], sql.DOUBLE), call("STDDEV_SAMP", [1], sql.DOUBLE)];
		const driven = drivenOf(window, { calls: [...calls, ...calls.map((one) => ({ ...one, distinct: true }))] });
		const columns = { 1: fc.option(fc.integer({ min: -50, max: 50 })) };
		const rounded = (changes: readonly Change[]): Change[] =>
			changes.map(([kind, row]) => [
				kind,
				row.map((value) => (typeof value === "number" ? Math.round(value * 1e9) / 1e9 : value)),
			]);
		await fc.assert(
			fc.asyncProperty(stepsOf([{ schema, updates: false, columns }], { watermarks: 12_000 }), async (steps) => {
				const { changes } = await drive(driven, steps);
				const wanted = rounded(expected(driven, steps).changes);
				expect(fold(rounded(changes), driven.output)).toEqual(fold(wanted, driven.output));
			}),
			PROPERTY,
		);
	});

	test("batch: all windows at the end", async () => {
		if (window.kind === "session") return;
		const driven = drivenOf(window, { final: true });
		await fc.assert(
			fc.asyncProperty(stepsOf([{ schema, updates: false }]), (some) => holds(driven, some)),
			PROPERTY,
		);
	});
});

test.each([
	["insert-only", false],
	["updating", true],
])("rows that come for slices that have long been at rest count in the windows still open: %s", async (_, updates) => {
	const driven = drivenOf(windows.find(([name]) => name === "hop")![1], { inputUpdates: updates });
	const rows = (...times: number[]): Step => ({
		changes: times.map((time, i) => [RowKind.INSERT, ["a", time % 7, `${i}`, time, 0]] as const),
	});
	const back = (time: number): Step => ({ changes: [[RowKind.DELETE, ["a", time % 7, "0", time, 0]]] });
	const rest = Array.from({ length: 20 }, (_, i) => rows(2600 + i));
	const before = [rows(500, 1500, 2500), { watermark: 1999 }, ...rest];
	await holds(driven, [
		...before,
		rows(1700, 700, 100),
		...(updates ? [back(500)] : []),
		rows(2900),
		{ watermark: 2999 },
	]);
	await holds(driven, [...before, { watermark: 4999 }, rows(3500, 4500), rows(5100), rows(4600)]);
});

test("a hop that leaves gaps has no window for rows in them", async () => {
	const driven = drivenOf({ kind: "hop", size: 1000, slide: 1500, offset: 0, ...at }, { final: true });
	await fc.assert(
		fc.asyncProperty(stepsOf([{ schema, updates: false }]), (some) => holds(driven, some)),
		PROPERTY,
	);
});

test("a NULL event time is an error", async () => {
	const nullable = [...schema.slice(0, 3), { name: "ts", type: sql.timestamp(3) }, ...schema.slice(4)];
	const driven = { ...drivenOf(windows[0]![1]), inputs: [nullable] };
	const steps: Step[] = [{ changes: [[RowKind.INSERT, ["a", 1, "b", null, 0]]] }];
	await expect(drive(driven, steps)).rejects.toMatchObject({ code: "NULL_ROWTIME" });
});

test("sessions that become one have the variance of all their rows", async () => {
	const session = windows.find(([name]) => name === "session")![1];
	const calls = [call("VAR_POP", [1], sql.DOUBLE), call("STDDEV_SAMP", [1], sql.DOUBLE)];
	const driven = drivenOf(session, { calls, properties: [] });
	const rows = [
		[2, 0],
		[4, 1000],
		[9, 500],
	].map(([value, time]) => ["a", value!, null, time!, 0] as const);
	const steps: Step[] = rows.map((row) => ({ changes: [[RowKind.INSERT, row]] }));
	const { changes } = await drive(driven, steps);
	const [, variance, deviation] = changes[0]![1] as [string, number, number];
	expect(changes).toHaveLength(1);
	expect(variance).toBeCloseTo(26 / 3, 12);
	expect(deviation).toBeCloseTo(Math.sqrt(13), 12);
});

describe("around the hour that the clocks skip", () => {
	const zoned = schema.map((column, i) =>
		i === at.time ? { ...column, type: sql.notNull(sql.timestampLtz(3)) } : column,
	);
	const utc = (text: string) => Date.parse(`2021-03-${text}Z`);
	const row = (kind: RowKind, time: string): Step => ({ changes: [[kind, ["a", 1, "x", utc(time), 0]]] });
	const cases: readonly (readonly [string, WindowSpec, readonly Step[]])[] = [
		[
			"a row taken back after the end of its last window, 03:30",
			{ kind: "hop", size: 21_600_000, slide: 7_200_000, offset: -1_800_000, ...at, timeZone: "Europe/Berlin" },
			[row(RowKind.INSERT, "27T20:42"), { watermark: utc("28T01:29:59.999") }, row(RowKind.DELETE, "27T20:42")],
		],
		[
			"a row after the end of the session that it would open, 03:42",
			{ kind: "session", gap: 1_800_000, partition: [0], ...at, timeZone: "Europe/Berlin" },
			[{ watermark: utc("28T01:41:59.999") }, row(RowKind.INSERT, "28T01:12")],
		],
		[
			"a row after the change, before which its session would have ended, at 02:20",
			{ kind: "session", gap: 1_800_000, partition: [0], ...at, timeZone: "Europe/Berlin" },
			[{ watermark: utc("28T01:00") }, row(RowKind.INSERT, "28T00:50")],
		],
	];
	test.each(cases)("%s, is late", async (_, window, steps) => {
		const driven = { ...drivenOf(window, { inputUpdates: true }), inputs: [zoned] };
		await holds(driven, steps);
		expect((await drive(driven, steps)).lateRecordsDropped).toBe(1);
	});
});
