// WindowJoin: rows and counts of late ones are the baseline's, whatever the type, keys, watermarks and batch cuts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JoinType, WindowJoinSpec } from "../../src/job/specs.js";
import { call, column } from "../../src/types/expr.js";
import * as sql from "../../src/types/sql-type.js";
import { type Driven, drive, fold } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const PROPERTY = propertyOf(30);

const end = sql.notNull(sql.timestamp(3));
const left: sql.Schema = [
	{ name: "l0", type: sql.BIGINT },
	{ name: "l1", type: sql.STRING },
	{ name: "l2", type: end },
];
const right: sql.Schema = [
	{ name: "r0", type: end },
	{ name: "r1", type: sql.BIGINT },
	{ name: "r2", type: sql.STRING },
];

const driven = (type: JoinType, spec: Partial<WindowJoinSpec>, batch: boolean): Driven => ({
	spec: {
		operator: "WindowJoin",
		type,
		leftKeys: [0],
		rightKeys: [1],
		nullSafe: [false],
		leftWindowEnd: 2,
		rightWindowEnd: 0,
		leftWidth: left.length,
		final: batch,
		...spec,
	},
	inputs: [left, right],
	output: [...left, ...(type === "semi" || type === "anti" ? [] : right)].map(({ name, type: of }) => ({
		name,
		type: sql.asNullable(of),
	})),
	batch,
});

const specs: readonly { readonly name: string; readonly spec: Partial<WindowJoinSpec>; readonly batch?: boolean }[] = [
	{ name: "one key", spec: {} },
	{ name: "a string key, NULL-safe", spec: { leftKeys: [1], rightKeys: [2], nullSafe: [true] } },
	{
		name: "no key, a condition",
		spec: {
			leftKeys: [],
			rightKeys: [],
			nullSafe: [],
			condition: call("<", [column(0, sql.BIGINT), column(4, sql.BIGINT)], sql.BOOLEAN),
		},
	},
	{ name: "windows of a zone", spec: { timeZone: "Europe/Berlin" } },
	{ name: "bounded", spec: {}, batch: true },
];
const types: readonly JoinType[] = ["inner", "left", "right", "full", "semi", "anti"];

describe.each(specs)("$name", ({ spec, batch = false }) => {
	test.each(types)("%s", async (type) => {
		const of = driven(type, spec, batch);
		const inputs = [left, right].map((schema) => ({ schema, updates: false }));
		// Few window ends, so that rows meet.
		const steps = stepsOf(inputs, { watermarks: batch ? 0 : 20_000 }).map((all) =>
			all
				.filter((step) => !(batch && "restore" in step))
				.map((step) => {
					if (!("changes" in step)) return step;
					const time = step.input === 0 ? 2 : 0;
					const coarse = step.changes.map(
						([kind, row]) => [kind, row.map((v, i) => (i === time ? Math.ceil(Number(v) / 4000) * 4000 : v))] as const,
					);
					return { ...step, changes: coarse };
				}),
		);
		await fc.assert(
			fc.asyncProperty(steps, async (all) => {
				const { changes, lateRecordsDropped } = await drive(of, all);
				const wanted = expected(of, all);
				expect(fold(changes, of.output)).toEqual(fold(wanted.changes, of.output));
				expect(lateRecordsDropped).toBe(wanted.late);
			}),
			PROPERTY,
		);
	});
});
