// Expand: a row becomes one row per projection, as in the baseline.
import fc from "fast-check";
import { expect, test } from "vitest";
import { column, literal } from "../../src/types/expr.js";
import * as sql from "../../src/types/sql-type.js";
import { type Driven, drive, fold } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const PROPERTY = propertyOf(1);

const schema = [
	{ name: "v", type: sql.BIGINT },
	{ name: "k", type: sql.STRING },
];
const id = (set: bigint) => literal(set, sql.notNull(sql.BIGINT));

const driven: Driven = {
	spec: {
		operator: "Expand",
		projections: [
			[column(0, sql.BIGINT), column(1, sql.STRING), id(0n)],
			[column(0, sql.BIGINT), literal(null, sql.STRING), id(1n)],
		],
	},
	inputs: [schema],
	output: [...schema, { name: "$e", type: sql.notNull(sql.BIGINT) }],
};

test("equals the baseline", async () => {
	await fc.assert(
		fc.asyncProperty(stepsOf([{ schema, updates: true }]), async (steps) => {
			const { changes } = await drive(driven, steps);
			expect(changes).toHaveLength(expected(driven, steps).changes.length);
			expect(fold(changes, driven.output)).toEqual(fold(expected(driven, steps).changes, driven.output));
		}),
		PROPERTY,
	);
});
