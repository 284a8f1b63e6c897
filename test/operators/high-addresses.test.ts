// State above 2 GiB: operators whose kernels hand addresses back to them, and those that keep most.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { OperatorSpec } from "../../src/job/specs.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import { drive, fold, type Step } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const PROPERTY = propertyOf(2);

const schema: sql.Schema = [sql.BIGINT, sql.STRING, sql.notNull(sql.INTEGER)].map((type, i) => ({
	name: `c${i}`,
	type,
}));
const order = [{ column: 2, ascending: true, nullsFirst: true }];
const join = { leftKeys: [0], rightKeys: [0], nullSafe: [false], leftWidth: schema.length } as const;

const specs: readonly (readonly [string, OperatorSpec, updates: boolean])[] = [
	["Join", { operator: "Join", type: "left", ...join, leftUpdates: false, rightUpdates: false }, false],
	["updating Join", { operator: "Join", type: "inner", ...join, leftUpdates: true, rightUpdates: true }, true],
	["Sort", { operator: "Sort", order, offset: 1, inputUpdates: false, final: true }, false],
	["Deduplicate", { operator: "Deduplicate", keys: [1], keep: "last", updateBefore: true, final: false }, false],
];

test.each(specs)("%s", async (_, spec, updates) => {
	const inputs = spec.operator === "Join" ? [schema, schema] : [schema];
	const output = inputs.flat().map(({ name, type }) => ({ name, type: sql.asNullable(type) }));
	const driven = { spec, inputs, output, high: true };
	await fc.assert(
		fc.asyncProperty(stepsOf(inputs.map((schema) => ({ schema, updates }))), async (steps) => {
			const { changes } = await drive(driven, steps);
			expect(fold(changes, output)).toEqual(fold(expected(driven, steps).changes, output));
		}),
		PROPERTY,
	);
});

test("strings that fill block after block", async () => {
	const spec: OperatorSpec = { operator: "Join", type: "inner", ...join, leftUpdates: false, rightUpdates: false };
	const driven = { spec, inputs: [schema, schema], output: [...schema, ...schema], high: true };
	const steps = Array.from({ length: 20 }, (_, step): Step => {
		const rows = Array.from({ length: 50 }, (_, i) => [BigInt((step >> 1) * 50 + i), `${step} ${i} `.repeat(20), i]);
		return { input: step & 1, changes: rows.map((row) => [RowKind.INSERT, row]) };
	});
	const { changes } = await drive(driven, steps);
	expect(fold(changes, driven.output)).toEqual(fold(expected(driven, steps).changes, driven.output));
});
