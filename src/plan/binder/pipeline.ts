// The plan of one SELECT as it grows clause by clause, and where the placeholders of its expressions have come to stand.
import { EngineError } from "../../errors.js";
import { exprKey } from "../../expr/same.js";
import { column, type Expr, rewrite, visit } from "../../types/expr.js";
import type { PlanNode } from "../nodes.js";
import { mapPlanExprs } from "../plan-exprs.js";
import { apply, filter } from "./build.js";
import type { Collector, SubqueryRequest } from "./collector.js";
import { type Environment, FIRST_PLACEHOLDER } from "./environment.js";

export class Pipeline {
	plan: PlanNode;
	readonly collector: Collector;
	readonly #environment: Environment;
	/** Placeholder → column of the plan. */
	readonly #columns = new Map<number, Expr>();
	/** After grouping: key expressions over the input → columns of the aggregate. */
	#groups: ReadonlyMap<string, Expr> | undefined;

	constructor(plan: PlanNode, collector: Collector, environment: Environment) {
		this.plan = plan;
		this.collector = collector;
		this.#environment = environment;
	}

	/** From now on expressions are over groups. */
	grouped(plan: PlanNode, keys: readonly (readonly [key: Expr, output: Expr])[]): void {
		this.plan = plan;
		this.#groups = new Map(keys.map(([key, output]) => [exprKey(key), output]));
	}

	/** A placeholder's request is now this column. */
	provide(placeholder: number, output: Expr): void {
		this.#columns.set(placeholder, output);
	}

	/** The expressions over the plan as it is; subqueries that they use are joined to it first. */
	resolve(exprs: readonly Expr[]): Expr[] {
		this.#attachSubqueries(exprs);
		return exprs.map((expr) => this.#translate(expr));
	}

	filter(condition: Expr | undefined): void {
		if (condition === undefined) return;
		const [resolved] = this.resolve([condition]);
		this.plan = filter(this.plan, resolved);
	}

	/** A conjunct that is nothing but a subquery: keeps the rows that have (`semi`) or have not (`anti`) a match. */
	semiJoin(request: SubqueryRequest, type: "semi" | "anti"): void {
		const operands = this.resolve(request.operands);
		this.plan = apply(this.plan, request, operands, type);
	}

	#attachSubqueries(exprs: readonly Expr[]): void {
		for (const index of this.collector.usedIn(exprs)) {
			const request = this.collector.requests.get(index);
			if (request?.kind !== "subquery" || this.#columns.has(index)) continue;
			const operands = this.resolve(request.operands);
			const over = this.#groups === undefined ? request : { ...request, plan: this.#overGroups(request) };
			const node = apply(this.plan, over, operands, request.mode);
			this.#columns.set(index, column(this.plan.schema.length, request.type));
			this.plan = node;
		}
	}

	#translate(expr: Expr): Expr {
		if (expr.kind === "column") {
			const provided = this.#columns.get(expr.index);
			if (provided !== undefined) return provided;
		}
		const group = this.#groups?.get(exprKey(expr));
		if (group !== undefined) return group;
		if (expr.kind === "column") return this.#plainColumn(expr);
		return shallow(expr, (child) => this.#translate(child));
	}

	#plainColumn(expr: Extract<Expr, { kind: "column" }>): Expr {
		if (expr.index >= FIRST_PLACEHOLDER) {
			throw new EngineError("INVALID_QUERY", "this call is not possible here", place(this.#environment, expr));
		}
		if (this.#groups === undefined) return expr;
		throw new EngineError("INVALID_QUERY", "a column is neither grouped nor in an aggregate", {
			...place(this.#environment, expr),
			remedy: "Add it to GROUP BY, or aggregate it",
		});
	}

	/** A correlated subquery's references to the outer row, as references to the group. */
	#overGroups(request: SubqueryRequest): PlanNode {
		const id = request.apply;
		const translate = (expr: Expr): Expr => {
			if (!refersTo(expr, id)) return expr;
			const inner = rewrite(expr, (node) =>
				node.kind === "outer" && node.apply === id ? column(node.index, node.type) : node,
			);
			const group = this.#groups?.get(exprKey(inner));
			if (group?.kind === "column") return { kind: "outer", apply: id, index: group.index, type: group.type };
			if (expr.kind === "outer") {
				throw new EngineError("INVALID_QUERY", "a subquery refers to a column that is not grouped");
			}
			return shallow(expr, translate);
		};
		return mapPlanExprs(request.plan, translate);
	}
}

function refersTo(expr: Expr, id: number): boolean {
	let found = false;
	visit(expr, (node) => {
		if (node.kind === "outer" && node.apply === id) found = true;
	});
	return found;
}

const place = (environment: Environment, expr: Expr) => {
	const position = environment.positionOf(expr);
	return position === undefined ? {} : { position };
};

/** One level of a rewrite: the node with its direct children changed. */
function shallow(expr: Expr, change: (child: Expr) => Expr): Expr {
	switch (expr.kind) {
		case "column":
		case "outer":
		case "literal":
			return expr;
		case "call":
			return { ...expr, args: expr.args.map(change) };
		case "cast":
		case "field":
			return { ...expr, input: change(expr.input) };
		case "case":
			return {
				...expr,
				branches: expr.branches.map(({ when, then }) => ({ when: change(when), then: change(then) })),
				otherwise: change(expr.otherwise),
			};
	}
}
