// WindowJoin: rows and counts of late ones are the baseline's, whatever the type, keys, watermarks and batch cuts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JoinType, WindowJoinSpec } from "../../src/job/specs.js";
import { call, column } from "../../src/types/expr.js";
import * as sql from "../../src/types/sql-type.js";
import type { Row, Value } from "../../src/types/value.js";
import { type Driven, drive, fold } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const PROPERTY = propertyOf(30);

const end = sql.notNull(sql.timestamp(3));
const left: sql.Schema = [
	{ name: "l0", type: sql.BIGINT },
	{ name: "l1", type: sql.STRING },
	{ name: "l2", type: end },
	{ name: "l3", type: end },
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
			condition: call("<", [column(0, sql.BIGINT), column(5, sql.BIGINT)], sql.BOOLEAN),
		},
	},
	{ name: "starts that follow from the ends", spec: { leftWindowStart: 3 } },
	{ name: "windows of a zone", spec: { timeZone: "Europe/Berlin" } },
	{ name: "bounded", spec: {}, batch: true },
];
/** Few window ends, so that rows meet; l3 is the start. */
const SIZE = 4000;
const endOf = (time: Value) => Math.ceil(Number(time) / SIZE) * SIZE;
const leftInWindow = ([l0, l1, l2]: Row): Row => [l0!, l1!, endOf(l2!), endOf(l2!) - SIZE];
const rightInWindow = ([r0, r1, r2]: Row): Row => [endOf(r0!), r1!, r2!];
const types: readonly JoinType[] = ["inner", "left", "right", "full", "semi", "anti"];

describe.each(specs)("$name", ({ spec, batch = false }) => {
	test.each(types)("%s", async (type) => {
		const of = driven(type, spec, batch);
		const inputs = [left, right].map((schema) => ({ schema, updates: false }));
		const steps = stepsOf(inputs, { watermarks: batch ? 0 : 20_000 }).map((all) =>
			all
				.filter((step) => !(batch && "restore" in step))
				.map((step) => {
					if (!("changes" in step)) return step;
					const inWindow = step.input === 0 ? leftInWindow : rightInWindow;
					return { ...step, changes: step.changes.map(([kind, row]) => [kind, inWindow(row)] as const) };
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
