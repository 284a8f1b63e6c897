// SetOperation and ChangelogNormalize: the folded changelog is the baseline's.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import { type Driven, drive, fold, foldUpserts, type Step } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, rowOf, stepsOf } from "./random.js";

const PROPERTIES = { SetOperation: propertyOf(16), ChangelogNormalize: propertyOf(8) };

const narrow: sql.Schema = [{ name: "v", type: sql.INTEGER }];
const wide: sql.Schema = [
	{ name: "a", type: sql.STRING },
	{ name: "b", type: sql.DOUBLE },
	{ name: "c", type: sql.notNull(sql.BIGINT) },
];

describe.each([
	["narrow", narrow],
	["wide", wide],
] as const)("%s rows", (_, schema) => {
	describe.each([true, false])("ALL %s", (all) => {
		test.each([
			["intersect", false],
			["except", false],
			["intersect", true],
			["except", true],
		] as const)("%s, final %s", async (kind, final) => {
			const driven: Driven = {
				spec: { operator: "SetOperation", kind, all, final },
				inputs: [schema, schema],
				output: schema,
				batch: final,
			};
			const input = { schema, updates: !final };
			await fc.assert(
				fc.asyncProperty(stepsOf([input, input]), async (steps) => {
					const { changes } = await drive(driven, steps);
					expect(fold(changes, schema)).toEqual(fold(expected(driven, steps).changes, schema));
				}),
				PROPERTIES.SetOperation,
			);
		});
	});
});

const upserts = (schema: sql.Schema): fc.Arbitrary<Step[]> => {
	const change = fc.tuple(
		fc.constantFrom(RowKind.INSERT, RowKind.UPDATE_AFTER, RowKind.UPDATE_AFTER, RowKind.UPDATE_BEFORE, RowKind.DELETE),
		rowOf(schema),
	);
	const step = fc.oneof(
		{ weight: 8, arbitrary: fc.record({ changes: fc.array(change, { maxLength: 12 }) }) },
		{ weight: 1, arbitrary: fc.constant({ restore: true } as const) },
	);
	return fc.array(step, { maxLength: 12 });
};

describe("ChangelogNormalize", () => {
	const schemas: readonly (readonly [string, sql.Schema, readonly number[]])[] = [
		["an integer key", [{ name: "k", type: sql.notNull(sql.INTEGER) }, ...wide], [0]],
		["a string key", wide, [0]],
		["two keys", wide, [2, 0]],
		["nothing but the key", narrow, [0]],
	];
	describe.each(schemas)("%s", (_, schema, keys) => {
		test.each([true, false])("updateBefore %s", async (updateBefore) => {
			const driven: Driven = {
				spec: { operator: "ChangelogNormalize", keys, updateBefore },
				inputs: [schema],
				output: schema,
			};
			await fc.assert(
				fc.asyncProperty(upserts(schema), async (steps) => {
					const { changes } = await drive(driven, steps);
					const wanted = expected(driven, steps).changes;
					if (updateBefore) expect(fold(changes, schema)).toEqual(fold(wanted, schema));
					expect(foldUpserts(changes, schema, keys)).toEqual(foldUpserts(wanted, schema, keys));
				}),
				PROPERTIES.ChangelogNormalize,
			);
		});
	});

	test("what changes nothing is not sent", async () => {
		const driven: Driven = {
			spec: { operator: "ChangelogNormalize", keys: [0], updateBefore: true },
			inputs: [wide],
			output: wide,
		};
		const row = ["a key of more than twelve bytes", 1.5, 7n];
		const { changes } = await drive(driven, [
			{ changes: [[RowKind.UPDATE_AFTER, row]] },
			{ changes: [[RowKind.INSERT, row]] },
			{ changes: [[RowKind.DELETE, ["another key of that size", null, 0n]]] },
			{ changes: [[RowKind.DELETE, ["a key of more than twelve bytes", null, 0n]]] },
		]);
		expect(changes).toEqual([
			[RowKind.INSERT, row],
			[RowKind.DELETE, row],
		]);
	});
});
