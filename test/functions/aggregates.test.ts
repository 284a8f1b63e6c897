// Accumulators: what was added and taken back leaves no trace, snapshots continue, results as Flink gives them.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AggregateFunction, RowAccumulator } from "../../src/functions/function.js";
import { AGGREGATE_FAMILIES, aggregateFunction } from "../../src/functions/registry.js";
import { BIGINT, DOUBLE, decimal, INTEGER, type SqlType, STRING } from "../../src/types/sql-type.js";
import { typeText } from "../../src/types/type-text.js";
import type { Value } from "../../src/types/value.js";
import { valueText } from "../../src/types/value-text.js";
import { contextOf } from "./evaluate-plan.js";

function open(name: string, ...types: SqlType[]): { accumulator: RowAccumulator; type: SqlType } {
	const definition = aggregateFunction(name) as AggregateFunction;
	const args = types.map((type) => ({ type }));
	const resolution = definition.resolve(args, true);
	if (resolution === undefined) throw new Error(`${name} does not take ${types.map(typeText)}`);
	const parameters = resolution.parameters.map((type) => ({ type }));
	const accumulator = definition.create({ args: parameters, result: resolution.result, context: contextOf("UTC") });
	return { accumulator, type: resolution.result };
}

function result(name: string, type: SqlType, values: readonly Value[]): string {
	const { accumulator, type: resultType } = open(name, type);
	for (const value of values) accumulator.add([value]);
	return valueText(accumulator.result(), resultType);
}

const NUMERIC = ["COUNT", "SUM", "$SUM0", "AVG", "MIN", "MAX", "FIRST_VALUE", "LAST_VALUE", "COLLECT", "ARRAY_AGG"];
const SPREAD = ["STDDEV_POP", "STDDEV_SAMP", "VAR_POP", "VAR_SAMP"];

describe.each([...NUMERIC, ...SPREAD, "APPROX_COUNT_DISTINCT", "BITMAP_BUILD_AGG"])("%s", (name) => {
	const value = fc.option(fc.integer({ min: -1000, max: 1000 }));

	test("taking rows back undoes adding them", () => {
		fc.assert(
			fc.property(fc.array(value), fc.array(value), (kept, undone) => {
				const { accumulator, type } = open(name, INTEGER);
				for (const one of undone) accumulator.add([one]);
				for (const one of undone) accumulator.retract([one]);
				for (const one of kept) accumulator.add([one]);
				expect(valueText(accumulator.result(), type)).toBe(result(name, INTEGER, kept));
			}),
		);
	});

	test("a snapshot continues in a fresh accumulator", () => {
		fc.assert(
			fc.property(fc.array(value), fc.array(value), (before, after) => {
				const first = open(name, INTEGER);
				for (const one of before) first.accumulator.add([one]);
				const saved = first.accumulator.snapshot();
				first.accumulator.add([7]);
				const second = open(name, INTEGER);
				second.accumulator.restore(saved);
				for (const one of after) second.accumulator.add([one]);
				expect(valueText(second.accumulator.result(), second.type)).toBe(result(name, INTEGER, [...before, ...after]));
			}),
		);
	});
});

test("integers stay in their type", () => {
	expect(result("SUM", INTEGER, [2_000_000_000, 2_000_000_000, 3])).toBe("-294967293");
	expect(result("AVG", INTEGER, [2_000_000_000, 2_000_000_000, 3])).toBe("1333333334");
	expect(result("AVG", INTEGER, [-3, -4])).toBe("-3");
	expect(result("STDDEV_POP", INTEGER, [2_000_000_000, 2_000_000_000, 3])).toBe("942809040");
	expect(result("VAR_POP", INTEGER, [2_000_000_000, 2_000_000_000, 3])).toBe("2147483647");
});

test("decimals", () => {
	const values = [1025n, 2050n, -333n];
	expect(result("AVG", decimal(4, 1), [15n, 22n])).toBe("1.850000");
	expect(result("VAR_POP", decimal(5, 2), values)).toBe("95.260867");
	expect(result("STDDEV_SAMP", decimal(5, 2), values)).toBe("11.953715");
	expect(typeText(open("SUM", decimal(5, 2)).type)).toBe("DECIMAL(38, 2)");
});

test("doubles", () => {
	expect(result("VAR_SAMP", DOUBLE, [1])).toBe("NULL");
	expect(result("STDDEV_SAMP", DOUBLE, [1, 3])).toBe("1.4142135623730951");
	// Of values that may be taken back.
	expect(result("MAX", DOUBLE, [1, Number.NaN, -1.5])).toBe("NaN");
	expect(result("MIN", DOUBLE, [Number.NaN, 0, -0])).toBe("-0.0");
	expect(result("MIN", DOUBLE, [null])).toBe("NULL");
});

test("NULLs", () => {
	expect(result("ARRAY_AGG", STRING, ["z", null])).toBe("[z, NULL]");
	expect(result("ARRAY_AGG", STRING, [])).toBe("NULL");
	expect(result("LISTAGG", STRING, [null, "a", "b"])).toBe("a,b");
	expect(result("LISTAGG", STRING, [null])).toBe("NULL");
	expect(result("JSON_ARRAYAGG", STRING, ["a", null])).toBe('["a"]');
	expect(result("FIRST_VALUE", STRING, [null, "x", "y"])).toBe("x");
});

test("PERCENTILE", () => {
	const { accumulator } = open("PERCENTILE", INTEGER, DOUBLE);
	for (const value of [1, 2, 10]) accumulator.add([value, 0.3]);
	expect(accumulator.result()).toBeCloseTo(1.6, 12);
});

test("SINGLE_VALUE refuses a second row", () => {
	const { accumulator } = open("SINGLE_VALUE", BIGINT);
	accumulator.add([1n]);
	expect(accumulator.result()).toBe(1n);
	accumulator.add([2n]);
	expect(() => accumulator.result()).toThrow(/more than one row/);
});

test("no aggregate takes a bare NULL", () => {
	const NULL: SqlType = { kind: "NULL", nullable: true };
	for (const one of AGGREGATE_FAMILIES.flat())
		expect(one.resolve([{ type: NULL, literal: null }], true), one.name).toBeUndefined();
});
