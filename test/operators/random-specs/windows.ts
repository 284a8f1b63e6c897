// Random specs of operators that put rows into windows; in time zones the times lie around the days on which clocks change.
import fc from "fast-check";
import type { AggregateCall, LocalGroupAggregateSpec, WindowAggregateSpec } from "../../../src/job/specs.js";
import type { WindowSpec } from "../../../src/job/window.js";
import { slicingOf } from "../../../src/operators/window/slicing.js";
import { keyText } from "../../../src/types/compare.js";
import * as sql from "../../../src/types/sql-type.js";
import { timeZoneOf, UTC, utcToLocal } from "../../../src/types/time-zone.js";
import type { Row, Value } from "../../../src/types/value.js";
import type { Change } from "../drive.js";
import { type RandomCase, withSteps } from "./random-case.js";
import { type AggregateLimits, aggregateCalls, anyTypes, columnsOf, finite, named } from "./schemas.js";

/** The first columns of every input. */
const TIMES = 0;
const [START, END] = [1, 2];

/** Lengths are multiples of `ms`, times about `spread` units after `from`. */
interface Clock {
	readonly type: sql.SqlType;
	readonly timeZone?: string;
	readonly ms: number;
	readonly from: number;
}

const HOUR = 3_600_000;
const clocks: readonly Clock[] = [
	{ type: sql.timestamp(3), ms: 1000, from: -3000 },
	{ type: sql.timestamp(3), ms: 1000, from: 0 },
	{ type: sql.timestampLtz(3), ms: 1000, from: 0 },
	{ type: sql.timestampLtz(3), timeZone: "UTC", ms: 1000, from: 0 },
	// Clocks go forward, back, by half an hour, and not at all.
	{ type: sql.timestampLtz(3), timeZone: "Europe/Berlin", ms: HOUR, from: Date.UTC(2021, 2, 27, 20) },
	{ type: sql.timestampLtz(3), timeZone: "America/New_York", ms: HOUR, from: Date.UTC(2021, 10, 6, 22) },
	{ type: sql.timestampLtz(3), timeZone: "Australia/Lord_Howe", ms: HOUR / 2, from: Date.UTC(2021, 3, 3, 10) },
	{ type: sql.timestampLtz(3), timeZone: "Asia/Kolkata", ms: HOUR / 2, from: Date.UTC(2021, 0, 1) },
];

const windowsOf = ({ ms, timeZone }: Clock, eventTime: boolean) => {
	const at = { time: TIMES, eventTime, timeZone };
	const offsets = fc.constantFrom(0, 0, ms / 4, -ms / 2);
	const lengths = fc.integer({ min: 1, max: 4 });
	const tumble = fc
		.tuple(lengths, offsets)
		.map(([n, offset]): WindowSpec => ({ kind: "tumble", size: n * ms, offset, ...at }));
	const hop = fc.tuple(lengths, lengths, offsets, fc.boolean()).map(
		([n, m, offset, groupWindow]): WindowSpec => ({
			kind: "hop",
			size: n * m * ms,
			slide: m * ms,
			offset,
			groupWindow,
			...at,
		}),
	);
	const cumulate = fc
		.tuple(lengths, lengths, offsets)
		.map(([n, m, offset]): WindowSpec => ({ kind: "cumulate", size: n * m * ms, step: m * ms, offset, ...at }));
	const session = fc
		.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean())
		.map(([n]): WindowSpec => ({ kind: "session", gap: (n * ms) / 2, partition: [], ...at }));
	const attached = fc.constant<WindowSpec>({ kind: "attached", start: START, end: END, ...at, time: END });
	return { tumble, hop, cumulate, session, attached };
};

const timesOf = ({ type, ms, from }: Clock): fc.Arbitrary<Value> => {
	const scale = (type as { precision: number }).precision > 3 ? 1000 : 1;
	const times = fc.integer({ min: 0, max: 40 }).map((n) => from + (n * ms) / 4 + (n % 3) * (ms / 10));
	return scale === 1 ? times : times.map((time) => BigInt(time) * 1000n);
};

const clocked = fc.constantFrom(...clocks);
const columnsAt = (clock: Clock) => ({
	[TIMES]: timesOf(clock),
	[START]: fc.constantFrom(0, 1).map((n) => clock.from + n * clock.ms),
	[END]: fc.constantFrom(2, 4, 7).map((n) => clock.from + n * clock.ms),
});
const watermarksOf = ({ from, ms }: Clock) => ({ watermarks: ms * 10, start: from });
const time = sql.notNull(sql.timestamp(3));

/**
 * What slices do not have, and what depends on the order of merging, of which sessions are free where nothing keeps an order: variances
 * of integers are doubles whose last digit decides, where they are cut (Flink: of 4, 6, 0, 2 the VAR_POP is 4, of 0, 4, 6, 2 it is 5).
 */
const slices: AggregateLimits = { without: ["FIRST_VALUE", "LAST_VALUE", "VAR_POP", "STDDEV_SAMP"] };
const sessions: AggregateLimits = { without: ["VAR_POP", "STDDEV_SAMP"] };
const limits: Readonly<Record<string, AggregateLimits>> = { hop: slices, cumulate: slices, session: sessions };

/** Distinct values would lose their order. */
const ofAll = (call: AggregateCall): AggregateCall =>
	["FIRST_VALUE", "LAST_VALUE"].includes(call.function) ? { ...call, distinct: false } : call;

export const windowAggregate = (kind: keyof ReturnType<typeof windowsOf>): fc.Arbitrary<RandomCase> =>
	fc
		.record({
			clock: clocked,
			types: fc.array(anyTypes, { minLength: 1, maxLength: 4 }),
			updates: fc.boolean(),
			final: fc.boolean(),
			properties: fc.shuffledSubarray(["start", "end", "time"] as const),
		})
		.chain(({ clock, types, updates, final: isFinal, properties }) => {
			const schema = named([sql.notNull(clock.type), time, time, ...types]);
			const random = aggregateCalls(schema, limits[kind] ?? {});
			const calls = limits[kind] ? random.map((all) => all.map(ofAll)) : random;
			return fc.tuple(windowsOf(clock, true)[kind], columnsOf(schema, 2), calls).chain(([random, keys, calls]) => {
				const final = isFinal && kind !== "session";
				const window = random.kind === "session" ? { ...random, partition: keys } : random;
				const inputUpdates = updates && !final;
				const spec: WindowAggregateSpec = {
					operator: "WindowAggregate",
					window,
					keys,
					calls,
					properties,
					inputUpdates,
					final,
				};
				const output = [
					...keys.map((key) => schema[key]!),
					...calls.map(({ name, type }) => ({ name, type })),
					...properties.map((name) => ({ name, type: name === "time" ? sql.notNull(clock.type) : time })),
				];
				const driven = { spec, inputs: [schema], output, batch: final };
				return withSteps(
					{ driven },
					[{ updates: inputUpdates, columns: { ...finite(schema), ...columnsAt(clock) } }],
					final ? {} : watermarksOf(clock),
				);
			});
		});

export const windowTableFunction = (kind: "tumble" | "hop" | "cumulate" | "session"): fc.Arbitrary<RandomCase> =>
	fc
		.tuple(clocked, fc.array(anyTypes, { minLength: 1, maxLength: 3 }), fc.boolean())
		.chain(([clock, types, updates]) => {
			const schema = named([sql.notNull(clock.type), ...types]);
			return fc.tuple(windowsOf(clock, true)[kind], columnsOf(schema, 2)).chain(([random, partition]) => {
				const window = random.kind === "session" ? { ...random, partition } : random;
				const added = ["start", "end", "time"].map((name) => ({
					name,
					type: name === "time" ? sql.notNull(clock.type) : time,
				}));
				const driven = {
					spec: { operator: "WindowTableFunction", window } as const,
					inputs: [schema],
					output: [...schema, ...added],
				};
				return withSteps(
					{ driven, ordered: kind !== "session" },
					[{ updates: updates && kind !== "session", columns: { [TIMES]: timesOf(clock) } }],
					watermarksOf(clock),
				);
			});
		});

const SUMMED = { without: ["AVG", "FIRST_VALUE", "LAST_VALUE", "LISTAGG", "VAR_POP", "STDDEV_SAMP"] };
type Combine = (left: Value, right: Value) => Value;

export const localGroupAggregate: fc.Arbitrary<RandomCase> = fc
	.record({
		types: fc.array(anyTypes, { minLength: 1, maxLength: 3 }),
		clock: clocked,
		kind: fc.constantFrom(undefined, "tumble" as const, "hop" as const, "cumulate" as const),
	})
	.chain(({ kind, ...random }) => {
		const windows: fc.Arbitrary<WindowSpec | undefined> = kind
			? windowsOf(random.clock, true)[kind]
			: fc.constant(undefined);
		return windows.map((window) => ({ ...random, window }));
	})
	.chain(({ types, clock, window }) => {
		const schema = named([sql.notNull(clock.type), ...types]);
		return fc.tuple(columnsOf(schema, 2), aggregateCalls(schema, SUMMED)).chain(([keys, random]) => {
			const calls = random.map((call) => ({ ...call, distinct: false }));
			const spec = { operator: "LocalGroupAggregate", keys, calls, window } as LocalGroupAggregateSpec;
			const carried = window === undefined ? keys : [...keys, TIMES];
			const output = [...carried.map((key) => schema[key]!), ...calls.map(({ name, type }) => ({ name, type }))];
			const combine = calls.map((call): Combine => combining(call.function));
			const digest = (changes: readonly Change[]) => summedUp(changes, spec, output, combine);
			// Enough rows in a batch to be worth a hash table.
			return withSteps(
				{ driven: { spec, inputs: [schema], output }, digest },
				[{ updates: false, columns: { ...finite(schema), [TIMES]: timesOf(clock) } }],
				{
					maxLength: 120,
				},
			);
		});
	});

const combining = (name: string): Combine => {
	if (name === "MIN") return (left, right) => (right! < left! ? right : left);
	if (name === "MAX") return (left, right) => (right! > left! ? right : left);
	return (left, right) => (typeof left === "bigint" ? left + (right as bigint) : (left as number) + (right as number));
};

/** Partial sums added up: one row per group. */
function summedUp(
	changes: readonly Change[],
	{ keys, window }: LocalGroupAggregateSpec,
	output: sql.Schema,
	combine: readonly Combine[],
): string[] {
	const carried = output.length - combine.length;
	const groups = new Map<string, Value[]>();
	for (const [, row] of changes) {
		const key: Value[] = row.slice(0, carried) as Value[];
		if (window) {
			const { unit, offset } = slicingOf(window);
			const at = keys.length;
			const zone = window.timeZone === undefined ? UTC : timeZoneOf(window.timeZone);
			key[at] = Math.floor((utcToLocal(zone, key[at] as number) - offset) / unit) * unit + offset;
		}
		const text = keyText(
			key,
			output.slice(0, carried).map(({ type }) => type),
		);
		const before = groups.get(text);
		const values = row.slice(carried);
		const added = values.map((value, i) => {
			const old = before?.[carried + i] ?? null;
			return value === null || old === null ? (value ?? old) : combine[i]!(old, value);
		});
		groups.set(text, [...key, ...added]);
	}
	return [...groups.values()]
		.map((row: Row) =>
			keyText(
				row,
				output.map(({ type }) => type),
			),
		)
		.sort();
}
