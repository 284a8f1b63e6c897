// Constant folding where it is more than computing: what Flink's planner decides without looking at the values.
import { expect, test } from "vitest";
import { compileRow } from "../../src/expr/evaluate.js";
import { foldConstants } from "../../src/expr/fold.js";
import { call, column } from "../../src/types/expr.js";
import type { FunctionContext } from "../../src/types/function-context.js";
import { BOOLEAN, DOUBLE, notNull } from "../../src/types/sql-type.js";

const CONTEXT: FunctionContext = {
	timeZone: "UTC",
	queryStartMs: 0,
	batch: true,
	currentCatalog: "c",
	currentDatabase: "d",
};

test("a value compared with itself is equal, NaN included, and NULL stays unknown", () => {
	const x = column(0, DOUBLE);
	const values = [1, Number.NaN, null];
	const answers = (operator: string) => {
		const folded = foldConstants(call(operator, [x, x], BOOLEAN), CONTEXT);
		const evaluate = compileRow(folded, CONTEXT);
		return values.map((value) => evaluate([value]));
	};
	expect(answers("=")).toEqual([true, true, null]);
	expect(answers("<=")).toEqual([true, true, null]);
	expect(answers("<>")).toEqual([false, false, null]);
	expect(answers(">")).toEqual([false, false, null]);
});

test("what gives another value each time is compared", () => {
	const random = call("RAND", [], notNull(DOUBLE));
	const comparison = call("=", [random, random], notNull(BOOLEAN));
	expect(foldConstants(comparison, CONTEXT)).toBe(comparison);
});
