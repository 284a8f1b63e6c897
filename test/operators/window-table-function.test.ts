// WindowTableFunction: rows and their windows are the baseline's, whatever the windows, the unit of the time, NULLs and batch cuts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { WindowSpec } from "../../src/job/window.js";
import * as sql from "../../src/types/sql-type.js";
import { type Driven, drive } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const at = { time: 1, eventTime: true } as const;
const windows: readonly (readonly [string, WindowSpec])[] = [
	["tumble", { kind: "tumble", size: 1000, offset: 0, ...at }],
	["tumble with offset", { kind: "tumble", size: 700, offset: -300, ...at }],
	["hop", { kind: "hop", size: 3000, slide: 1000, offset: 0, ...at }],
	["hop of uneven slides", { kind: "hop", size: 3000, slide: 700, offset: 100, ...at }],
	["hop with gaps", { kind: "hop", size: 1000, slide: 1500, offset: 0, ...at }],
	["cumulate", { kind: "cumulate", size: 5000, step: 1000, offset: 250, ...at }],
	["processing time", { kind: "tumble", size: 1000, offset: 0, time: 1, eventTime: false }],
];
const times = [sql.timestamp(3), sql.timestampLtz(3), sql.timestamp(6)];
const PROPERTY = propertyOf(windows.length * times.length * 2);

const drivenOf = (window: WindowSpec, time: sql.SqlType, batch: boolean): Driven => {
	const input: sql.Schema = [
		{ name: "s", type: sql.STRING },
		{ name: "ts", type: time },
	];
	const properties = ["start", "end", "time"].map((name) => ({ name, type: sql.notNull(sql.timestamp(3)) }));
	return {
		spec: { operator: "WindowTableFunction", window },
		inputs: [input],
		output: [...input, ...properties],
		batch,
	};
};

describe.each(windows)("%s", (_, window) => {
	describe.each(times)("over $kind($precision)", (time) => {
		test.each([false, true])("batch %s", async (batch) => {
			// A stream refuses NULL times; batch leaves such rows out.
			const driven = drivenOf(window, batch ? time : sql.notNull(time), batch);
			await fc.assert(
				fc.asyncProperty(stepsOf([{ schema: driven.inputs[0]!, updates: true }]), async (steps) => {
					const { changes } = await drive(driven, steps);
					expect(changes).toEqual(expected(driven, steps).changes);
				}),
				PROPERTY,
			);
		});
	});
});

test("a NULL event time of a stream is an error", async () => {
	const driven = drivenOf(windows[0]![1], sql.timestamp(3), false);
	await expect(drive(driven, [{ changes: [[0, ["a", null]]] }])).rejects.toMatchObject({ code: "NULL_ROWTIME" });
});
