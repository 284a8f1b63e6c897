// What every part of the binder shares while one statement is bound: the catalog, the session's settings, and how subqueries are bound.
import type { Catalog } from "../../catalog/catalog.js";
import type { SourcePosition } from "../../errors.js";
import type { ConnectorTable } from "../../job/specs.js";
import type { Query } from "../../sql/ast.js";
import type { Expr, LiteralExpr } from "../../types/expr.js";
import type { FunctionContext } from "../../types/function-context.js";
import type { ChangelogMode } from "../../types/row-kind.js";
import type { PlanNode, TableStatistics } from "../nodes.js";
import type { Outer } from "./scope.js";

/** What a connector says about a table before it is read. */
export interface SourceDescription {
	readonly changelog: ChangelogMode;
	readonly bounded: boolean;
	readonly statistics?: TableStatistics | undefined;
}

export interface BinderOptions {
	/** Batch mode: every input ends. Some queries are valid in one mode only. */
	readonly batch: boolean;
	readonly context: FunctionContext;
	readonly describeSource: (table: ConnectorTable) => SourceDescription;
	/** Values of `?`, in order. */
	readonly parameters?: readonly LiteralExpr[] | undefined;
}

/** A WITH item: bound at its first use, once, so that several uses share one plan. */
export interface CommonTable {
	readonly bind: () => PlanNode;
}

/** Where a query stands: what it may refer to beyond its own FROM. */
export interface QueryContext {
	/** The scope around a subquery or to the left of LATERAL. */
	readonly outer?: Outer | undefined;
	readonly commonTables: ReadonlyMap<string, CommonTable>;
	readonly namespace: readonly [catalog: string, database: string];
	/** Sorting without a limit means something only at the top. */
	readonly top: boolean;
}

export class Environment {
	readonly catalog: Catalog;
	readonly options: BinderOptions;
	/** Set by the binder that owns this environment. */
	readonly bindQuery: (query: Query, context: QueryContext) => PlanNode;
	/** Views being bound, innermost last: a view that reads itself would never end. */
	readonly viewsOpen: string[] = [];
	readonly #positions = new WeakMap<Expr, SourcePosition>();
	/** Column names as written, where a plan's schema had to make them distinct: in a query around it they are ambiguous. */
	readonly writtenNames = new WeakMap<PlanNode, readonly string[]>();
	#applies = 0;
	#placeholders = FIRST_PLACEHOLDER;

	constructor(catalog: Catalog, options: BinderOptions, bindQuery: Environment["bindQuery"]) {
		this.catalog = catalog;
		this.options = options;
		this.bindQuery = bindQuery;
	}

	nextApply(): number {
		return this.#applies++;
	}

	nextPlaceholder(): number {
		return this.#placeholders++;
	}

	/** Remembers where an expression was written, for errors found after it was bound. */
	placed<E extends Expr>(expr: E, position: SourcePosition): E {
		this.#positions.set(expr, position);
		return expr;
	}

	positionOf(expr: Expr): SourcePosition | undefined {
		return this.#positions.get(expr);
	}
}

/** Column indexes from here on stand for results that are not in the plan yet: aggregates, OVER calls, subqueries. */
export const FIRST_PLACEHOLDER = 1_000_000;

export const isPlaceholder = (expr: Expr): boolean => expr.kind === "column" && expr.index >= FIRST_PLACEHOLDER;
