// What the expressions of one SELECT ask for that is not a row expression: aggregates, OVER calls, group window bounds, subqueries.
// Each request stands in the bound expressions as a placeholder column until the plan below provides it.
import { EngineError, type SourcePosition } from "../../errors.js";
import { exprKey } from "../../expr/same.js";
import type { OverFrame } from "../../job/specs.js";
import { type ColumnExpr, column, type Expr, visit } from "../../types/expr.js";
import type { SqlType } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import type { PlanNode } from "../nodes.js";
import { type Environment, isPlaceholder } from "./environment.js";
import type { GroupWindow } from "./group-window.js";

export interface SortItem {
	readonly expr: Expr;
	readonly ascending: boolean;
	readonly nullsFirst: boolean;
}

export interface AggregateRequest {
	readonly kind: "aggregate";
	readonly function: string;
	readonly user?: string | undefined;
	readonly args: readonly Expr[];
	readonly literals?: readonly (Value | undefined)[] | undefined;
	readonly distinct: boolean;
	readonly filter?: Expr | undefined;
	readonly orderBy: readonly SortItem[];
	readonly type: SqlType;
}

export interface OverRequest {
	readonly kind: "over";
	readonly call: AggregateRequest;
	readonly partition: readonly Expr[];
	readonly order: readonly SortItem[];
	readonly frame: OverFrame;
}

export interface WindowPropertyRequest {
	readonly kind: "property";
	readonly property: "start" | "end" | "time";
	/** The window it is of, which must be the one in GROUP BY. */
	readonly window: GroupWindow;
	readonly type: SqlType;
}

export interface SubqueryRequest {
	readonly kind: "subquery";
	readonly type: SqlType;
	readonly apply: number;
	readonly plan: PlanNode;
	/** `single`: the value of a scalar subquery. `mark`: whether EXISTS or a comparison holds for some row. */
	readonly mode: "single" | "mark";
	/** Compared with the subquery's columns, in order. */
	readonly operands: readonly Expr[];
	/** Over `operands` (as given) and the subquery's columns; makes the condition of the Apply. */
	readonly compare?: ((left: readonly Expr[], right: readonly Expr[]) => Expr) | undefined;
	readonly nullAware: boolean;
}

export type CollectedRequest = AggregateRequest | OverRequest | WindowPropertyRequest | SubqueryRequest;

export interface CollectorRules {
	/** Named in errors: "WHERE". */
	readonly clause: string;
	readonly aggregates: boolean;
	readonly windows: boolean;
}

export class Collector {
	readonly requests = new Map<number, CollectedRequest>();
	readonly #keys = new Map<string, ColumnExpr>();
	readonly #placeholders = new Map<number, ColumnExpr>();
	readonly #environment: Environment;

	constructor(environment: Environment) {
		this.#environment = environment;
	}

	/** The placeholder of a request; equal aggregates and OVER calls share one. */
	add(request: CollectedRequest, position: SourcePosition): ColumnExpr {
		const key = request.kind === "subquery" ? undefined : requestKey(request);
		const known = key === undefined ? undefined : this.#keys.get(key);
		if (known !== undefined) return known;
		const type = request.kind === "over" ? request.call.type : request.type;
		const placeholder = column(this.#environment.nextPlaceholder(), type);
		this.requests.set(placeholder.index, request);
		if (key !== undefined) this.#keys.set(key, placeholder);
		this.#placeholders.set(placeholder.index, placeholder);
		return this.#environment.placed(placeholder, position);
	}

	placeholder(index: number): ColumnExpr {
		return this.#placeholders.get(index) as ColumnExpr;
	}

	of<K extends CollectedRequest["kind"]>(kind: K): [number, Extract<CollectedRequest, { kind: K }>][] {
		return [...this.requests].filter(([, request]) => request.kind === kind) as never;
	}

	/** Placeholders in the expressions, those inside other requests' arguments included only when they are used directly. */
	usedIn(exprs: readonly Expr[]): Set<number> {
		const used = new Set<number>();
		for (const expr of exprs) {
			visit(expr, (node) => {
				if (node.kind === "column" && isPlaceholder(node)) used.add(node.index);
			});
		}
		return used;
	}

	/** Whether an expression uses a request of a kind, directly. */
	has(expr: Expr, kind: CollectedRequest["kind"]): boolean {
		return [...this.usedIn([expr])].some((index) => this.requests.get(index)?.kind === kind);
	}
}

function requestKey(request: AggregateRequest | OverRequest | WindowPropertyRequest): string {
	if (request.kind === "property") {
		const { kind, time, intervals } = request.window;
		return JSON.stringify([request.property, kind, exprKey(time), intervals]);
	}
	if (request.kind === "aggregate") return aggregateKey(request);
	const order = request.order.map((item) => [exprKey(item.expr), item.ascending, item.nullsFirst]);
	return JSON.stringify([aggregateKey(request.call), request.partition.map(exprKey), order, request.frame]);
}

function aggregateKey(call: AggregateRequest): string {
	const literals = call.literals?.map((value) => String(value));
	const order = call.orderBy.map((item) => [exprKey(item.expr), item.ascending, item.nullsFirst]);
	const filter = call.filter && exprKey(call.filter);
	return JSON.stringify([call.function, call.user, call.args.map(exprKey), literals, call.distinct, filter, order]);
}

export function refuse(what: string, rules: CollectorRules, position: SourcePosition): EngineError {
	return new EngineError("INVALID_QUERY", `${what} cannot stand in ${rules.clause}`, { position });
}
