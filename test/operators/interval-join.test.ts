// IntervalJoin: rows are the baseline's, whatever the type, keys, bounds, disorder, watermarks, batch cuts and snapshots.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IntervalJoinSpec, JoinType } from "../../src/job/specs.js";
import { call, column } from "../../src/types/expr.js";
import * as sql from "../../src/types/sql-type.js";
import { type Driven, drive, fold } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const time = sql.notNull(sql.timestamp(3));
const left: sql.Schema = [
	{ name: "l0", type: sql.BIGINT },
	{ name: "l1", type: sql.STRING },
	{ name: "l2", type: time },
];
const right: sql.Schema = [
	{ name: "r0", type: time },
	{ name: "r1", type: sql.BIGINT },
	{ name: "r2", type: sql.STRING },
];
const types: readonly JoinType[] = ["inner", "left", "right", "full", "semi", "anti"];
const below = call("<", [column(0, sql.BIGINT), column(4, sql.BIGINT)], sql.BOOLEAN);
const specs: readonly (readonly [string, Partial<IntervalJoinSpec>])[] = [
	["one key", {}],
	["a string key, NULL-safe", { leftKeys: [1], rightKeys: [2], nullSafe: [true] }],
	["two keys, a condition", { leftKeys: [0, 1], rightKeys: [1, 2], nullSafe: [false, true], condition: below }],
	[
		"no key, a condition, bounds on one side",
		{ leftKeys: [], rightKeys: [], nullSafe: [], condition: below, lowerMs: 500 },
	],
	["bounds that meet nothing", { lowerMs: 1000, upperMs: -1000 }],
	["processing time", { eventTime: false }],
];
const PROPERTY = propertyOf(types.length * specs.length);

const driven = (type: JoinType, more: Partial<IntervalJoinSpec>): Driven => ({
	spec: {
		operator: "IntervalJoin",
		type,
		leftKeys: [0],
		rightKeys: [1],
		nullSafe: [false],
		leftTime: 2,
		rightTime: 0,
		lowerMs: -2000,
		upperMs: 3000,
		eventTime: true,
		leftWidth: left.length,
		...more,
	},
	inputs: [left, right],
	output: [...left, ...(type === "semi" || type === "anti" ? [] : right)].map(({ name, type: of }) => ({
		name,
		type: sql.asNullable(of),
	})),
});

describe.each(specs)("%s", (_, spec) => {
	test.each(types)("%s", async (type) => {
		const of = driven(type, spec);
		const inputs = [left, right].map((schema) => ({ schema, updates: false }));
		await fc.assert(
			fc.asyncProperty(stepsOf(inputs, { watermarks: 20_000 }), async (steps) => {
				const { changes } = await drive(of, steps);
				expect(fold(changes, of.output)).toEqual(fold(expected(of, steps).changes, of.output));
			}),
			PROPERTY,
		);
	});
});
