// Constant folding: what does not depend on a row is computed while planning. Whatever fails is left as it is, to fail when it runs.
import { EngineError } from "../errors.js";
import { scalarFunction } from "../functions/registry.js";
import {
	type CallExpr,
	type CaseExpr,
	call,
	childrenOf,
	type Expr,
	type LiteralExpr,
	literal,
	rewrite,
} from "../types/expr.js";
import type { FunctionContext } from "../types/function-context.js";
import { BOOLEAN, isNumeric, notNull } from "../types/sql-type.js";
import type { Value } from "../types/value.js";
import { compileRow } from "./evaluate.js";
import { sameExpr } from "./same.js";

/** The expression with its constant parts as literals. */
export function foldConstants(expr: Expr, context: FunctionContext): Expr {
	return rewrite(expr, (node) => foldNode(node, context));
}

/** The value of an expression without columns, or undefined when it has none before it runs. */
export function constantOf(expr: Expr, context: FunctionContext): LiteralExpr | undefined {
	const folded = foldConstants(expr, context);
	return folded.kind === "literal" ? folded : undefined;
}

function foldNode(node: Expr, context: FunctionContext): Expr {
	switch (node.kind) {
		case "column":
		case "outer":
		case "literal":
			return node;
		case "case":
			return foldCase(node);
		case "call":
			if (node.function === "AND" || node.function === "OR") return foldLogic(node, node.function === "OR");
			if (isSelfComparison(node)) return foldSelfComparison(node);
			return isPure(node) ? evaluated(node, context) : node;
		default:
			return evaluated(node, context);
	}
}

const SELF_COMPARISONS: Readonly<Record<string, boolean>> = {
	"=": true,
	"<=": true,
	">=": true,
	"<>": false,
	"<": false,
	">": false,
};

function isSelfComparison({ function: name, args }: CallExpr): boolean {
	const [left, right] = args;
	return args.length === 2 && name in SELF_COMPARISONS && sameExpr(left!, right!) && isRepeatable(left!);
}

/** x = x holds unless x is NULL: for NaN, too, as in Flink, which does not compute such comparisons. */
function foldSelfComparison(node: CallExpr): Expr {
	const [operand] = node.args;
	const holds = SELF_COMPARISONS[node.function]!;
	if (!node.type.nullable) return literal(holds, node.type);
	const test = call(holds ? "IS NOT NULL" : "IS NULL", [operand!], notNull(BOOLEAN));
	return call(holds ? "OR" : "AND", [test, literal(null, BOOLEAN)], node.type);
}

/** Whether computing it twice gives the same value twice. */
function isRepeatable(expr: Expr): boolean {
	return (expr.kind !== "call" || isPure(expr)) && childrenOf(expr).every(isRepeatable);
}

/** Only built-in functions that always answer the same. */
function isPure(node: CallExpr): boolean {
	return node.user === undefined && (scalarFunction(node.function)?.determinism ?? "pure") === "pure";
}

function evaluated(node: Expr, context: FunctionContext): Expr {
	if (!childrenOf(node).every((child) => child.kind === "literal")) return node;
	if (isZeroDivision(node)) {
		throw new EngineError("DIVISION_BY_ZERO", "Division of a constant by zero", {
			remedy: "Write CAST('Infinity' AS DOUBLE) for infinity, or divide by NULLIF(divisor, 0) to get NULL instead",
		});
	}
	try {
		const value = compileRow(node, context)([]);
		return literal(asConstant(value, node), node.type);
	} catch {
		return node;
	}
}

/** Flink refuses to plan a constant divided by a constant zero, of DOUBLE too; a column divided by zero is Infinity or NaN. */
function isZeroDivision(node: Expr): boolean {
	if (node.kind !== "call" || node.function !== "/") return false;
	const [dividend, divisor] = node.args as readonly LiteralExpr[];
	return dividend?.value !== null && divisor?.value === 0;
}

/** Flink keeps computed numbers as decimals, which have no negative zero, and FLOATs that are no number written out with 7 digits. */
function asConstant(value: Value, node: Expr): Value {
	if (value === 0) return 0;
	if (node.type.kind !== "FLOAT" || typeof value !== "number") return value;
	const isWritten = node.kind === "cast" && isNumeric(node.input.type);
	return isWritten ? value : Math.fround(Number(value.toPrecision(7)));
}

/** Branches that are never taken go; the first that is always taken is the last. */
function foldCase(node: CaseExpr): Expr {
	const branches: { readonly when: Expr; readonly then: Expr }[] = [];
	for (const branch of node.branches) {
		if (branch.when.kind === "literal") {
			if (branch.when.value !== true) continue;
			return branches.length === 0 ? typed(branch.then, node) : { ...node, branches, otherwise: branch.then };
		}
		branches.push(branch);
	}
	if (branches.length === 0) return typed(node.otherwise, node);
	return branches.length === node.branches.length ? node : { ...node, branches };
}

/** A branch in place of the whole: it keeps the type that the plan has promised. */
const typed = (branch: Expr, whole: Expr): Expr => ({ ...branch, type: whole.type }) as Expr;

/** TRUE goes from AND and FALSE decides it; the other way round in OR. Operands before a deciding one might fail and stay. */
function foldLogic(node: CallExpr, decisive: boolean): Expr {
	const args = node.args.filter((arg) => !(arg.kind === "literal" && arg.value === !decisive));
	const [first] = args;
	if (first === undefined) return literal(!decisive, node.type);
	if (first.kind === "literal" && first.value === decisive) return literal(decisive, node.type);
	if (args.length === 1) return typed(first, node);
	return args.length === node.args.length ? node : { ...node, args };
}
