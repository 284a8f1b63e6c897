// Expressions of MEASURES and DEFINE: `A.x` is the last row mapped to A, FIRST and LAST pick others, aggregates run over all of them.
import { EngineError, type SourcePosition } from "../../errors.js";
import { constantOf } from "../../expr/fold.js";
import { exprKey } from "../../expr/same.js";
import type { MatchExpr, MatchRef } from "../../job/match.js";
import type { ColumnReference, Expression, FunctionCall } from "../../sql/ast.js";
import { column, type Expr } from "../../types/expr.js";
import { isInteger, notNull, timestamp, timestampLtz, withoutAttribute } from "../../types/sql-type.js";
import { aggregateRequest } from "./aggregate-call.js";
import type { Environment, QueryContext } from "./environment.js";
import { bindExpression, type ExpressionContext, requireBoolean, unsupported } from "./expression.js";
import type { Source } from "./from.js";
import { findFunction, functionName } from "./function-call.js";
import { expressionContext } from "./join.js";
import { resolveReference } from "./scope.js";

export interface MatchScope {
	readonly source: Source;
	readonly query: QueryContext;
	readonly environment: Environment;
	readonly variables: ReadonlySet<string>;
}

export function bindMatchExpression(ast: Expression, clause: string, scope: MatchScope): MatchExpr {
	return new MatchBinder(scope).bind(ast, clause);
}

export function bindMatchCondition(ast: Expression, scope: MatchScope): MatchExpr {
	const bound = bindMatchExpression(ast, "DEFINE", scope);
	return { ...bound, expr: requireBoolean(bound.expr, "DEFINE", ast.position) };
}

class MatchBinder {
	readonly #scope: MatchScope;
	readonly #refs: MatchRef[] = [];
	readonly #known = new Map<string, number>();

	constructor(scope: MatchScope) {
		this.#scope = scope;
	}

	bind(ast: Expression, clause: string): MatchExpr {
		const { source, query, environment } = this.#scope;
		const context: ExpressionContext = {
			...expressionContext(source.scope, clause, query, environment),
			reference: (reference) => this.#lastRow(reference),
			call: (call) => this.#call(call, context),
		};
		const expr = bindExpression(ast, context);
		if (context.collector.requests.size > 0) throw unsupported(`a subquery in ${clause}`, ast.position);
		return { expr, refs: this.#refs };
	}

	/** References with the same meaning are one. */
	#ref(ref: MatchRef): Expr {
		const key = keyOf(ref);
		const index = this.#known.get(key) ?? this.#refs.push(ref) - 1;
		this.#known.set(key, index);
		return column(index, ref.type);
	}

	/** A plain name means the row itself: the last one so far. */
	#lastRow(reference: ColumnReference): Expr {
		const { variable, value } = this.#ofRow(reference);
		return this.#ref({ kind: "last", variable, offset: 0, value, type: withoutAttribute(value.type) });
	}

	#ofRow(reference: ColumnReference): { readonly variable: string | undefined; readonly value: Expr } {
		const [first, ...rest] = reference.names;
		const qualified = rest.length > 0 && this.#scope.variables.has(first?.text as string);
		const names = qualified ? rest : reference.names;
		const value = resolveReference(this.#scope.source.scope, { ...reference, names });
		return { variable: qualified ? first?.text : undefined, value };
	}

	#call(ast: FunctionCall, context: ExpressionContext): Expr | undefined {
		const name = functionName(ast);
		switch (name) {
			case "FIRST":
			case "LAST":
				return this.#navigate(ast, name === "FIRST" ? "first" : "last", context);
			case "PREV":
			case "NEXT":
				throw unsupported(`${name} in MATCH_RECOGNIZE`, ast.position);
			case "MATCH_ROWTIME":
				return this.#ref({ kind: "matchRowtime", type: { ...this.#rowtimeType(ast), attribute: "rowtime" } });
			case "MATCH_PROCTIME":
				return this.#ref({ kind: "matchProctime", type: { ...notNull(timestampLtz(3)), attribute: "proctime" } });
		}
		const { environment, query } = this.#scope;
		const known = environment.catalog.functions.resolve([name], environment.catalog.pathOf(ast.name, query.namespace));
		if (known === undefined || ("kind" in known && known.kind !== "aggregate")) return undefined;
		return this.#aggregate(ast, context);
	}

	#rowtimeType(ast: FunctionCall) {
		const [arg] = ast.args;
		const zoned = arg?.kind === "ColumnReference" && this.#ofRow(arg).value.type.kind === "TIMESTAMP_LTZ";
		const inputs = this.#scope.source.plan.schema.map((field) => field.type);
		const only = inputs.find((type) => "attribute" in type && type.attribute === "rowtime");
		return notNull(zoned || (arg === undefined && only?.kind === "TIMESTAMP_LTZ") ? timestampLtz(3) : timestamp(3));
	}

	/** FIRST(A.x, n), LAST(A.x, n). */
	#navigate(ast: FunctionCall, kind: "first" | "last", context: ExpressionContext): Expr {
		const [operand, shift, ...rest] = ast.args;
		if (operand === undefined || rest.length > 0) {
			throw new EngineError("INVALID_ARGUMENT", `${functionName(ast)} takes an expression and an offset`, {
				position: ast.position,
			});
		}
		const rows = new RowVariable();
		const value = bindExpression(operand, this.#rowContext(rows, context));
		const offset = shift === undefined ? 0 : this.#offset(shift, context);
		return this.#ref({ kind, variable: rows.variable, offset, value, type: withoutAttribute(value.type) });
	}

	#offset(ast: Expression, context: ExpressionContext): number {
		const bound = constantOf(bindExpression(ast, context), context.environment.options.context);
		const value = bound && isInteger(bound.type) ? Number(bound.value) : -1;
		if (value >= 0) return value;
		throw new EngineError("INVALID_ARGUMENT", "the offset must be a constant that is not negative", {
			position: ast.position,
		});
	}

	/** Names mean the columns of one row, and all must be of the same variable. */
	#rowContext(rows: RowVariable, context: ExpressionContext): ExpressionContext {
		const { call: _, ...rest } = context;
		return {
			...rest,
			rules: { clause: "an aggregate's argument", aggregates: false, windows: false },
			reference: (reference) => {
				const { variable, value } = this.#ofRow(reference);
				rows.use(variable, reference.position);
				return value;
			},
		};
	}

	#aggregate(ast: FunctionCall, context: ExpressionContext): Expr {
		if (ast.quantifier === "DISTINCT") {
			throw new EngineError("INVALID_QUERY", "DISTINCT is not possible in MATCH_RECOGNIZE", { position: ast.position });
		}
		const found = findFunction(ast, this.#scope.environment, this.#scope.query);
		if (found.kind !== "aggregate") throw unsupported(`${functionName(ast)} in MATCH_RECOGNIZE`, ast.position);
		const rows = new RowVariable();
		const [star] = ast.args;
		const counted = star?.kind === "Star" && star.qualifier !== undefined;
		if (counted) rows.use(star.qualifier?.names[0]?.text, ast.position);
		const plain = counted ? { ...ast, args: [{ kind: "Star", position: ast.position } as const] } : ast;
		const request = aggregateRequest(plain, found, context, true, this.#rowContext(rows, context));
		const { function: name, args, type } = request;
		return this.#ref({ kind: "aggregate", variable: rows.variable, function: name, args, type });
	}
}

/** The one pattern variable whose rows a call looks at. */
class RowVariable {
	variable: string | undefined;
	#seen = false;

	use(variable: string | undefined, position: SourcePosition): void {
		if (this.#seen && this.variable !== variable) {
			throw new EngineError("INVALID_QUERY", "a call in MATCH_RECOGNIZE can look at the rows of one variable only", {
				position,
			});
		}
		this.#seen = true;
		this.variable = variable;
	}
}

function keyOf(ref: MatchRef): string {
	switch (ref.kind) {
		case "aggregate":
			return JSON.stringify([ref.kind, ref.variable, ref.function, ref.args.map(exprKey)]);
		case "first":
		case "last":
			return JSON.stringify([ref.kind, ref.variable, ref.offset, exprKey(ref.value)]);
		default:
			return ref.kind;
	}
}
