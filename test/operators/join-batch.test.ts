// Join of bounded inputs with a build side, and of streams long enough for several segments: the rows are the baseline's.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JoinSpec, JoinType } from "../../src/job/specs.js";
import { call, column } from "../../src/types/expr.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { type Change, type Driven, drive, fold, type Step } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const PROPERTY = propertyOf(48);

const left: sql.Schema = [
	{ name: "l0", type: sql.BIGINT },
	{ name: "l1", type: sql.STRING },
	{ name: "l2", type: sql.notNull(sql.INTEGER) },
];
const right: sql.Schema = [
	{ name: "r0", type: sql.STRING },
	{ name: "r1", type: sql.BIGINT },
];

const driven = (type: JoinType, spec: Partial<JoinSpec>, batch: boolean): Driven => ({
	spec: {
		operator: "Join",
		type,
		leftKeys: [0],
		rightKeys: [1],
		nullSafe: [false],
		leftWidth: left.length,
		leftUpdates: false,
		rightUpdates: false,
		...spec,
	},
	inputs: [left, right],
	output: [...left, ...(type === "semi" || type === "anti" ? [] : right)].map(({ name, type: of }) => ({
		name,
		type: sql.asNullable(of),
	})),
	batch,
});

const lessThan = call(
	"<",
	[column(2, sql.INTEGER), { kind: "cast", input: column(4, sql.BIGINT), type: sql.INTEGER, safe: true }],
	sql.BOOLEAN,
);

const specs: readonly { readonly name: string; readonly spec: Partial<JoinSpec> }[] = [
	{ name: "one key", spec: {} },
	{ name: "a condition", spec: { condition: lessThan } },
	{ name: "a string key, NULL-safe", spec: { leftKeys: [1], rightKeys: [0], nullSafe: [true] } },
	{ name: "no key", spec: { leftKeys: [], rightKeys: [], nullSafe: [], condition: lessThan } },
];
const types: readonly JoinType[] = ["inner", "left", "right", "full", "semi", "anti"];

describe.each(["left", "right"] as const)("build side %s", (build) => {
	describe.each(specs)("$name", ({ spec }) => {
		test.each(types)("%s", async (type) => {
			const of = driven(type, { ...spec, build }, true);
			const inputs = [left, right].map((schema) => ({ schema, updates: false }));
			await fc.assert(
				fc.asyncProperty(stepsOf(inputs), async (steps) => {
					const { changes } = await drive(of, steps);
					expect(fold(changes, of.output)).toEqual(fold(expected(of, steps).changes, of.output));
				}),
				PROPERTY,
			);
		});
	});
});

test("NOT IN: a NULL on either side leaves the row out", async () => {
	const of = driven("anti", { build: "right", nullAware: true }, true);
	const inputs = [left, right].map((schema) => ({ schema, updates: false }));
	await fc.assert(
		fc.asyncProperty(stepsOf(inputs, { maxLength: 12 }), async (steps) => {
			const { changes } = await drive(of, steps);
			expect(fold(changes, of.output)).toEqual(fold(expected(of, steps).changes, of.output));
		}),
		PROPERTY,
	);
});

/** Batches of one input and the other by turns; `keys`: the key of row number `i`, `cut`: rows of batch number `b`. */
function longSteps(keys: (i: number) => number, cut: (b: number) => number, rows: number): Step[] {
	const steps: Step[] = [];
	for (let from = 0, b = 0; from < rows; b++) {
		const count = cut(b);
		const of = (row: (i: number) => Row): Change[] =>
			Array.from({ length: count }, (_, i) => [RowKind.INSERT, row(from + i)] as const);
		const key = (i: number) => (i % 97 === 0 ? null : BigInt(keys(i)));
		const text = (i: number) => (i % 5 === 0 ? null : `a text of some length, number ${i % 50}`);
		steps.push({ input: 0, changes: of((i) => [key(i), text(i), i]) });
		steps.push({ input: 1, changes: of((i) => [text(i + 1), key(i + 3)]).filter((_, i) => i % 3 === 0) });
		if (b % 7 === 6) steps.push({ restore: true });
		from += count;
	}
	return steps;
}

describe("streams of several segments", () => {
	const shapes: readonly { readonly name: string; readonly steps: Step[] }[] = [
		{
			name: "keys that rise",
			steps: longSteps(
				(i) => i >> 1,
				(b) => 700 + b * 13,
				12_000,
			),
		},
		{
			name: "keys all over",
			steps: longSteps(
				(i) => (i * 7919) % 4001,
				(b) => 500 + ((b * 37) % 900),
				12_000,
			),
		},
		{
			name: "keys that repeat much",
			steps: longSteps(
				(i) => (i % 11 === 0 ? i % 400 : i),
				() => 1100,
				6_600,
			),
		},
		{
			name: "one batch a side",
			steps: longSteps(
				(i) => i % 5000,
				() => 9_000,
				9_000,
			),
		},
	];
	describe.each(shapes)("$name", ({ steps }) => {
		test.each(["inner", "full", "semi", "anti"] as const)(
			"%s",
			async (type) => {
				const of = { ...driven(type, {}, false), build: "release" as const };
				const { changes } = await drive(of, steps);
				expect(fold(changes, of.output)).toEqual(fold(expected(of, steps).changes, of.output));
			},
			60_000,
		);
	});
});
