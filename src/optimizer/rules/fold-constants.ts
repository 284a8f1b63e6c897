// What does not depend on a row is computed while planning; NOT moves inwards, operands that decide or repeat go away.
import { foldConstants as fold } from "../../expr/fold.js";
import { exprKey, sameExpr } from "../../expr/same.js";
import type { AggregateNode, PlanNode } from "../../plan/nodes.js";
import { mapNodeExprs } from "../../plan/plan-exprs.js";
import { call, type Expr, rewrite } from "../../types/expr.js";
import { isApproximate } from "../../types/sql-type.js";
import { canHashAlike } from "../join-condition.js";
import type { OptimizerContext, Rule } from "../optimizer.js";
import { conjunction, conjunctsOf, disjunction, disjunctsOf, isTrue, rejectsAll } from "../predicate.js";
import { rewriteUp } from "../rewrite-plan.js";

export const foldConstants: Rule = {
	name: "fold-constants",
	apply: (roots, context) =>
		rewriteUp(roots, (node) =>
			simplified(
				mapNodeExprs(node, (expr) => simplify(expr, context)),
				context.batch,
			),
		),
};

/** The expression, of the same type, with constant and redundant parts gone. */
export function simplify(expr: Expr, { context }: OptimizerContext): Expr {
	const folded = fold(expr, context);
	const simple = rewrite(folded, (node) => simplifyLogic(node));
	return simple === folded ? folded : fold(simple, context);
}

const COMPLEMENTS: Readonly<Record<string, string>> = {
	"=": "<>",
	"<>": "=",
	"<": ">=",
	">=": "<",
	">": "<=",
	"<=": ">",
	"IS NULL": "IS NOT NULL",
	"IS NOT NULL": "IS NULL",
	"IS TRUE": "IS NOT TRUE",
	"IS NOT TRUE": "IS TRUE",
	"IS FALSE": "IS NOT FALSE",
	"IS NOT FALSE": "IS FALSE",
};

function simplifyLogic(node: Expr): Expr {
	if (node.kind !== "call" || node.user !== undefined) return node;
	switch (node.function) {
		case "NOT":
			return negated(node.args[0]!) ?? node;
		case "AND": {
			const result = conjunction(node.args);
			return result === undefined || sameExpr(result, node) ? node : result;
		}
		case "OR": {
			const result = asMembership(factored(node));
			return sameExpr(result, node) ? node : result;
		}
		default:
			return node;
	}
}

function negated(operand: Expr): Expr | undefined {
	if (operand.kind !== "call") return undefined;
	if (operand.function === "NOT") return operand.args[0];
	const complement = COMPLEMENTS[operand.function];
	// NaN is neither below nor above.
	const ordered = operand.function.startsWith("<") || operand.function.startsWith(">");
	if (ordered && operand.function !== "<>" && operand.args.some((arg) => isApproximate(arg.type))) return undefined;
	// Of rows = is NULL where a field is, <> is not.
	if (complement === undefined || operand.args[0]?.type.kind === "ROW") return undefined;
	return call(complement, operand.args, operand.type);
}

/** (a AND b) OR (a AND c) → a AND (b OR c). */
function factored(node: Expr): Expr {
	const branches = disjunctsOf(node).map(conjunctsOf);
	const [first, ...others] = branches as [Expr[], ...Expr[][]];
	const shared = first.filter((part) => others.every((branch) => branch.some((other) => sameExpr(other, part))));
	if (shared.length === 0) return disjunction(disjunctsOf(node));
	const keys = new Set(shared.map(exprKey));
	const rest = branches.map((branch) => conjunction(branch.filter((part) => !keys.has(exprKey(part)))));
	if (rest.some((part) => part === undefined)) return conjunction(shared)!;
	return conjunction([...shared, disjunction(rest as Expr[])])!;
}

/** x = 1 OR x = 2 OR x = 3 → x IN (1, 2, 3). */
function asMembership(node: Expr): Expr {
	const branches = disjunctsOf(node);
	const [first] = branches;
	if (branches.length < 3 || first?.kind !== "call") return node;
	const value = first.args[0]!;
	const literals = branches.map((branch) => {
		if (branch.kind !== "call" || branch.function !== "=" || !sameExpr(branch.args[0]!, value)) return undefined;
		const other = branch.args[1]!;
		return other.kind === "literal" && canHashAlike(value.type, other.type) ? other : undefined;
	});
	if (literals.some((literal) => literal === undefined)) return node;
	return call("IN", [value, ...(literals as Expr[])], node.type);
}

/** A filter that lets everything through goes away; one that lets nothing through makes a bounded input empty. */
function simplified(node: PlanNode, batch: boolean): PlanNode {
	if (node.kind === "Aggregate") return isOfNothing(node) ? resultOfNothing(node) : node;
	if (node.kind !== "Filter") return node;
	if (isTrue(node.condition)) return node.input;
	return batch && rejectsAll(node.condition) ? { kind: "Values", rows: [], schema: node.schema } : node;
}

const KNOWN_OF_NOTHING = /^(COUNT|SUM|MIN|MAX|AVG|STDDEV_POP|STDDEV_SAMP|VAR_POP|VAR_SAMP)$/;

/** A global aggregate whose input is empty for certain has its result at once, in a stream too. */
const isOfNothing = ({ keys, groupingSets, window, calls, input }: AggregateNode) =>
	keys.length === 0 &&
	groupingSets === undefined &&
	window === undefined &&
	calls.every((one) => one.user === undefined && KNOWN_OF_NOTHING.test(one.function)) &&
	isEmpty(input);

function isEmpty(node: PlanNode): boolean {
	if (node.kind === "Project") return isEmpty(node.input);
	if (node.kind === "Values") return node.rows.length === 0;
	return node.kind === "Filter" && rejectsAll(node.condition);
}

const resultOfNothing = ({ calls, schema }: AggregateNode): PlanNode => ({
	kind: "Values",
	schema,
	rows: [calls.map((one) => (one.function === "COUNT" ? 0n : null))],
});
