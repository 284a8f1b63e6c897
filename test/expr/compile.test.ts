// Vectorized expressions give what the row evaluator gives, on random expressions, types, NULLs and batch sizes.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { Region } from "../../src/wasm/region.js";
import { bound, CONTEXT, expectSameRows, expectSameValues } from "./differential.js";
import { COLUMN_TYPES, cases, NUMERIC_TYPES, TEXT_TYPES, TIME_TYPES } from "./random-expressions.js";

describe.each(["release", "debug"] as const)("%s kernels", (build) => {
	let region: Region;
	beforeAll(async () => {
		region = await Region.create({ build });
	});

	const numRuns = build === "release" ? Number(process.env.RUNS ?? 150) : 40;

	test.each([
		["all", COLUMN_TYPES],
		["numeric", NUMERIC_TYPES],
		["text", TEXT_TYPES],
		["time", TIME_TYPES],
		["UTC time", TIME_TYPES],
	] as const)("random expressions over %s types", (name, types) => {
		const context = name === "UTC time" ? { ...CONTEXT, timeZone: "UTC" } : CONTEXT;
		fc.assert(
			fc.property(cases(3, types), ({ schema, rows, expr }) => expectSameValues(region, schema, rows, expr, context)),
			{ seed: 1, numRuns, endOnFailure: true },
		);
	});

	test("random conditions", () => {
		const conditions = cases(4).map((each) => {
			const isTruth = each.expr.type.kind === "BOOLEAN";
			return isTruth ? each : { ...each, expr: bound("IS NOT NULL", each.expr) };
		});
		fc.assert(
			fc.property(conditions, ({ schema, rows, expr }) => expectSameRows(region, schema, rows, expr)),
			{ seed: 2, numRuns, endOnFailure: true },
		);
	});

	test("no memory stays behind", () => {
		expect(region.heap.usedBytes).toBe(region.arena.heldBytes);
	});
});
