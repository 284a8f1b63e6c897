// LISTAGG, FIRST_VALUE and LAST_VALUE of rows that may be taken back, in groups and in windows: what the baseline gives.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AggregateCall, GroupAggregateSpec, WindowAggregateSpec } from "../../src/job/specs.js";
import type { WindowSpec } from "../../src/job/window.js";
import * as sql from "../../src/types/sql-type.js";
import { type Driven, drive, fold } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const schema: sql.Schema = [
	{ name: "k", type: sql.STRING },
	{ name: "s", type: sql.STRING },
	{ name: "v", type: sql.BIGINT },
	{ name: "t", type: sql.TINYINT },
	{ name: "d", type: sql.decimal(30, 2) },
	{ name: "f", type: sql.BOOLEAN },
	{ name: "ts", type: sql.notNull(sql.timestamp(3)) },
];
const call = (name: string, arg: number, more: Partial<AggregateCall> = {}): AggregateCall => ({
	function: name,
	args: [arg],
	argTypes: [schema[arg]!.type],
	distinct: false,
	type: schema[arg]!.type,
	name,
	...more,
});
const calls = [
	call("LISTAGG", 1),
	call("LISTAGG", 1, {
		args: [1, 1],
		argTypes: [sql.STRING, sql.notNull(sql.STRING)],
		literals: [undefined, " and then "],
		filter: 5,
	}),
	call("FIRST_VALUE", 1),
	call("LAST_VALUE", 1, { filter: 5 }),
	call("LAST_VALUE", 2),
	call("FIRST_VALUE", 3),
	call("FIRST_VALUE", 4),
	call("LAST_VALUE", 5),
];
const distinct = calls.map((one) => ({ ...one, distinct: true }));
const columnsOf = (some: readonly AggregateCall[]) => some.map(({ name, type }) => ({ name, type }));

const grouped = (more: Partial<GroupAggregateSpec>): Driven => {
	const spec: GroupAggregateSpec = {
		operator: "GroupAggregate",
		keys: [0],
		calls,
		inputUpdates: true,
		updateBefore: true,
		final: false,
		emitEmpty: false,
		...more,
	};
	return {
		spec,
		inputs: [schema],
		output: [...spec.keys.map((key) => schema[key]!), ...columnsOf(spec.calls)],
		batch: spec.final,
	};
};

const at = { time: 6, eventTime: true } as const;
const windowed = (window: WindowSpec, inputUpdates: boolean, some: readonly AggregateCall[] = calls): Driven => {
	const spec: WindowAggregateSpec = {
		operator: "WindowAggregate",
		window,
		keys: [0],
		calls: some,
		properties: [],
		inputUpdates,
		final: false,
	};
	return { spec, inputs: [schema], output: [schema[0]!, ...columnsOf(spec.calls)] };
};
const listed = [calls, distinct].flatMap((some) => some.filter((one) => one.function === "LISTAGG"));
const hop = { kind: "hop", size: 6000, slide: 2000, offset: 0, ...at } as const;
const cumulate = { kind: "cumulate", size: 8000, step: 2000, offset: 0, ...at } as const;

const cases: readonly (readonly [string, Driven])[] = [
	["groups that are only added to", grouped({ inputUpdates: false })],
	["groups with rows taken back", grouped({})],
	["one group", grouped({ keys: [] })],
	["distinct values that are only added", grouped({ calls: distinct, inputUpdates: false })],
	["distinct values with rows taken back", grouped({ calls: distinct })],
	["bounded input", grouped({ final: true, inputUpdates: false })],
	["tumbling windows", windowed({ kind: "tumble", size: 2000, offset: 0, ...at }, true)],
	["hopping windows", windowed(hop, false, listed)],
	["hopping windows with rows taken back", windowed(hop, true, listed)],
	["hopping group windows", windowed({ ...hop, groupWindow: true }, true, listed)],
	["hopping windows whose size is no multiple of the slide", windowed({ ...hop, size: 5000 }, true, listed)],
	["cumulating windows", windowed(cumulate, false, listed)],
	["cumulating windows with rows taken back", windowed(cumulate, true, listed)],
	["sessions", windowed({ kind: "session", gap: 600, partition: [0], ...at }, false)],
	["sessions of distinct values", windowed({ kind: "session", gap: 600, partition: [0], ...at }, false, listed)],
	[
		"sessions of distinct values taken back",
		windowed({ kind: "session", gap: 600, partition: [0], ...at }, true, listed),
	],
];
const PROPERTY = propertyOf(cases.length);

describe("lists of values", () => {
	test.each(cases)("%s", async (_, driven) => {
		const { spec } = driven as { spec: GroupAggregateSpec | WindowAggregateSpec };
		const watermarks = spec.operator === "WindowAggregate" ? 12_000 : 0;
		const steps = stepsOf([{ schema, updates: spec.inputUpdates }], { watermarks });
		await fc.assert(
			fc.asyncProperty(steps, async (some) => {
				const { changes } = await drive(driven, some);
				expect(fold(changes, driven.output)).toEqual(fold(expected(driven, some).changes, driven.output));
			}),
			PROPERTY,
		);
	});
});
