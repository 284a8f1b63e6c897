// Evaluates expressions both ways, vectorized and a row at a time, and compares: same values, or the same error.
import { inspect, isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import { EngineError } from "../../src/errors.js";
import { compileCondition, compileExpressions } from "../../src/expr/compile.js";
import { compileRow } from "../../src/expr/evaluate.js";
import { scalarFunction } from "../../src/functions/registry.js";
import { call, type Expr } from "../../src/types/expr.js";
import type { FunctionContext } from "../../src/types/function-context.js";
import type { Schema } from "../../src/types/sql-type.js";
import { sameKind, typeText } from "../../src/types/type-text.js";
import type { Row, Value } from "../../src/types/value.js";
import type { Region } from "../../src/wasm/region.js";

export const CONTEXT: FunctionContext = {
	timeZone: "Europe/Berlin",
	queryStartMs: 1_700_000_000_000,
	batch: false,
	currentCatalog: "default_catalog",
	currentDatabase: "default_database",
};

/** A call as the binder makes it: arguments cast to the parameter types. Undefined when the types do not fit. */
export function bind(name: string, ...args: Expr[]): Expr | undefined {
	const found = scalarFunction(name);
	if (found === undefined) throw new Error(`no function ${name}`);
	const resolution = found.resolve(
		args.map((arg) => (arg.kind === "literal" ? { type: arg.type, literal: arg.value } : { type: arg.type })),
	);
	if (resolution === undefined) return undefined;
	const cast = args.map((arg, i) => {
		const type = resolution.parameters[i] as Expr["type"];
		return sameKind(arg.type, type) ? arg : ({ kind: "cast", input: arg, type, safe: false } as const);
	});
	return call(found.name, cast, resolution.result);
}

/** Like `bind`, for types that are known to fit. */
export function bound(name: string, ...args: Expr[]): Expr {
	const expr = bind(name, ...args);
	if (expr === undefined) throw new Error(`${name} does not take ${args.map((arg) => typeText(arg.type)).join(", ")}`);
	return expr;
}

type Outcome = { readonly values: Value[] } | { readonly error: string };

function outcomeOf(run: () => Value[]): Outcome {
	try {
		return { values: run() };
	} catch (error) {
		return { error: error instanceof EngineError ? error.code : String(error) };
	}
}

/** Compares the column of an expression with the row evaluator's. */
export function expectSameValues(
	region: Region,
	schema: Schema,
	rows: readonly Row[],
	expr: Expr,
	context: FunctionContext = CONTEXT,
): void {
	const byRow = compileRow(expr, context);
	const wanted = outcomeOf(() => rows.map((row) => byRow(row)));
	const mark = region.arena.mark();
	const program = compileExpressions([expr], schema, region, context);
	const found = outcomeOf(() => {
		const columns = program.evaluate(rowsToBatch(region, schema, rows));
		return batchToRows(region, { length: rows.length, columns, kinds: 0 }).map((row) => row[0] as Value);
	});
	program.dispose();
	region.arena.release(mark);
	if ("error" in found && hidesErrors(rows, expr)) return;
	expectSame(found, wanted, rows, expr);
}

/** A NULL operand keeps the row evaluator from evaluating the next one, and failing; columns are evaluated whole. */
const hidesErrors = (rows: readonly Row[], expr: Expr) =>
	rows.some((row) => row.includes(null)) || text(expr).includes("null");

function expectSame(found: Outcome, wanted: Outcome, rows: readonly Row[], expr: Expr): void {
	// Of several errors either way may meet another one first.
	if ("error" in found && "error" in wanted) {
		expect(found.error).toMatch(/^[A-Z_]+$/);
		return;
	}
	if ("values" in found && "values" in wanted && found.values.length === wanted.values.length) {
		const wrong = wanted.values.findIndex((value, i) => !isSame(found.values[i] as Value, value));
		if (wrong < 0) return;
		const context = `row ${wrong} of ${rows.length}: ${inspect(rows[wrong], { depth: 9 })}\n${text(expr)}`;
		expect({ value: found.values[wrong], context }).toEqual({ value: wanted.values[wrong], context });
	}
	expect({ ...found, expr: text(expr) }).toEqual({ ...wanted, expr: text(expr) });
}

function isSame(left: Value, right: Value): boolean {
	if (Object.is(left, right)) return true;
	return typeof left === "object" && typeof right === "object" && isDeepStrictEqual(left, right);
}

/** An expression for messages. */
export function text(expr: Expr): string {
	switch (expr.kind) {
		case "column":
			return `$${expr.index}:${typeText(expr.type)}`;
		case "literal":
			return `${inspect(expr.value)}:${typeText(expr.type)}`;
		case "call":
			return `${expr.function}(${expr.args.map(text).join(", ")}):${typeText(expr.type)}`;
		case "cast":
			return `${expr.safe ? "TRY_" : ""}CAST(${text(expr.input)} AS ${typeText(expr.type)})`;
		case "case": {
			const branches = expr.branches.map(({ when, then }) => `WHEN ${text(when)} THEN ${text(then)}`);
			return `CASE ${branches.join(" ")} ELSE ${text(expr.otherwise)} END`;
		}
		default:
			return expr.kind === "field" ? `${text(expr.input)}.${expr.index}` : expr.kind;
	}
}

/** Compares the rows that pass a condition. Rows on which the row evaluator fails may be filtered out by another conjunct first. */
export function expectSameRows(region: Region, schema: Schema, rows: readonly Row[], condition: Expr): void {
	const byRow = compileRow(condition, CONTEXT);
	const wanted = outcomeOf(() => rows.flatMap((row, index) => (byRow(row) === true ? [index] : [])));
	if ("error" in wanted) return;
	const mark = region.arena.mark();
	const program = compileCondition(condition, schema, region, CONTEXT);
	const found = outcomeOf(() => {
		const selection = program.select(rowsToBatch(region, schema, rows));
		if (selection.rowIds === 0) return Array.from({ length: selection.rows }, (_, index) => index);
		return [...region.u32.subarray(selection.rowIds / 4, selection.rowIds / 4 + selection.rows)];
	});
	program.dispose();
	region.arena.release(mark);
	if ("error" in found && hidesErrors(rows, condition)) return;
	expectSame(found, wanted, rows, condition);
}
