// Expressions and aggregate calls over a schema, typed by the SQL binder. Errors name what the caller wrote: no positions but in SQL text.
import { Catalog } from "../catalog/catalog.js";
import { EngineError, type ErrorCode, nearestName } from "../errors.js";
import type { AggregateCall, SortKey } from "../job/specs.js";
import { type AggregateImplementation, aggregateRequest } from "../plan/binder/aggregate-call.js";
import { type AggregateRequest, Collector } from "../plan/binder/collector.js";
import { Environment } from "../plan/binder/environment.js";
import { bindCondition, bindExpression, type ExpressionContext } from "../plan/binder/expression.js";
import { findFunction, functionName } from "../plan/binder/function-call.js";
import { relationScope } from "../plan/binder/scope.js";
import type { Expression as Ast, ColumnReference, FunctionCall } from "../sql/ast.js";
import { column, type Expr } from "../types/expr.js";
import type { FunctionContext } from "../types/function-context.js";
import type { Schema } from "../types/sql-type.js";
import type { Aggregate } from "./aggregate-functions.js";
import { type ColumnLike, columnAst, NOWHERE } from "./expression.js";

/** The index of a column by name. */
export function columnIndex(schema: Schema, name: string, what: string): number {
	const index = schema.findIndex((field) => field.name === name);
	if (index >= 0) return index;
	throw unknownColumn(schema, name, what);
}

function unknownColumn(schema: Schema, name: string, what: string): EngineError {
	const names = schema.map((field) => field.name);
	const near = nearestName(String(name), names);
	return new EngineError("UNKNOWN_COLUMN", `${what}: column '${name}' not found`, {
		expected: `one of ${names.join(", ")}`,
		remedy: near === undefined ? "Name a column of the input schema" : `Did you mean '${near}'?`,
	});
}

/** What operators read: the input's columns, and behind them computed ones. */
export class Projection {
	readonly #input: Schema;
	readonly #functions: FunctionContext;
	readonly #computed: Expr[] = [];

	constructor(input: Schema, functions: FunctionContext) {
		this.#input = input;
		this.#functions = functions;
	}

	/** The index of a column or of what is computed for an expression. `what` names the option in errors. */
	index(value: ColumnLike, what: string): number {
		if (typeof value === "string") return columnIndex(this.#input, value, what);
		return this.add(this.bind(value, what));
	}

	bind(value: ColumnLike, what: string): Expr {
		return this.#bound(what, () => columnAst(value), bindExpression);
	}

	condition(value: ColumnLike, what: string): Expr {
		return this.#bound(what, () => columnAst(value), bindCondition);
	}

	add(expr: Expr): number {
		if (expr.kind === "column") return expr.index;
		return this.#input.length + this.#computed.push(expr) - 1;
	}

	/** The call of an aggregate over the projection's columns. */
	aggregate(name: string, aggregate: Aggregate, grouped: boolean): AggregateCall {
		const what = `aggregate '${name}'`;
		const bind = (ast: FunctionCall, context: ExpressionContext) => requestOf(ast, context, grouped);
		const request = this.#bound(what, () => aggregate.ast, bind);
		const { args, filter, orderBy, literals, ...call } = request;
		// Constant arguments (LISTAGG's separator) are not columns, but hold their place.
		const columns = args.map((arg) => this.add(arg));
		const order: SortKey[] = orderBy.map(({ expr, ascending, nullsFirst }) => {
			return { column: this.add(expr), ascending, nullsFirst };
		});
		return {
			function: call.function,
			args: columns,
			argTypes: args.map((arg) => arg.type),
			...(literals && { literals }),
			distinct: call.distinct,
			...(filter && { filter: this.add(filter) }),
			...(order.length > 0 && { orderBy: order }),
			type: call.type,
			name,
		};
	}

	/** The expressions to compute first; undefined when the input's columns are all. */
	get expressions(): readonly Expr[] | undefined {
		if (this.#computed.length === 0) return undefined;
		return [...this.#input.map(({ type }, index) => column(index, type)), ...this.#computed];
	}

	get schema(): Schema {
		const first = this.#input.length;
		return [...this.#input, ...this.#computed.map(({ type }, i) => ({ name: `$f${first + i}`, type }))];
	}

	#bound<A extends Ast, T>(what: string, treeOf: () => A, bind: (ast: A, context: ExpressionContext) => T): T {
		let ast: A | undefined;
		try {
			const tree = treeOf();
			checkSize(tree, what);
			ast = tree;
			return bind(tree, contextOf(this.#input, this.#functions, what));
		} catch (error) {
			throw error instanceof EngineError ? explained(error, what, ast, this.#input) : error;
		}
	}
}

function contextOf(schema: Schema, functions: FunctionContext, clause: string): ExpressionContext {
	const catalog = new Catalog();
	const options = {
		batch: functions.batch,
		context: functions,
		describeSource: () => ({ changelog: "insert", bounded: true }) as const,
	};
	const environment = new Environment(catalog, options, () => {
		throw new EngineError("UNSUPPORTED", "subqueries need a session");
	});
	return {
		environment,
		scope: relationScope(schema),
		query: { commonTables: new Map(), namespace: catalog.namespace, top: false },
		collector: new Collector(environment),
		rules: { clause, aggregates: false, windows: false },
	};
}

function requestOf(ast: FunctionCall, context: ExpressionContext, grouped: boolean): AggregateRequest {
	const found = findFunction(ast, context.environment, context.query);
	if (found.kind !== "aggregate") {
		throw new EngineError("INVALID_ARGUMENT", `${functionName(ast)} is no aggregate function`, {
			expected: "sum, count, avg, min, max or another aggregate",
			remedy: "Compute scalar functions with project, or in an aggregate's argument",
		});
	}
	const isNeverEmpty = grouped && ast.filter === undefined;
	return aggregateRequest(ast, found as AggregateImplementation, context, isNeverEmpty);
}

/** As deep as a chain of operators in SQL may be; trees that share branches may have more nodes than there is time to bind. */
const MAX_LEVELS = 1000;
const MAX_NODES = 1_000_000;

function checkSize(ast: Ast, what: string): void {
	let nodes = 0;
	let level: object[] = [ast];
	for (let depth = 0; level.length > 0; depth++) {
		nodes += level.length;
		if (depth > MAX_LEVELS || nodes > MAX_NODES) {
			const problem = nodes > MAX_NODES ? `more than ${MAX_NODES} parts` : `more than ${MAX_LEVELS} levels`;
			throw new EngineError("INVALID_ARGUMENT", `the expression has ${problem}`, {
				expected: `${MAX_LEVELS} levels and ${MAX_NODES} parts at most`,
				remedy: `Compute parts of ${what} with project first, or use in(…)`,
			});
		}
		const below: object[] = [];
		for (const node of level) {
			for (const child of Object.values(node)) {
				if (typeof child === "object" && child !== null && child !== NOWHERE) below.push(child);
			}
			if (nodes + below.length > MAX_NODES) break;
		}
		level = below;
	}
}

/** What to say where the binder does not: expected, remedy. */
const ADVICE: Partial<Record<ErrorCode, readonly [string, string]>> = {
	UNKNOWN_COLUMN: ["a column of the input schema", "Name one of its columns"],
	TYPE_MISMATCH: ["a value of a type that fits", "Cast it: col(name).cast(type)"],
	UNKNOWN_FUNCTION: ["the name of one of Flink's system functions", "See Flink's list of them"],
	INVALID_QUERY: ["an expression over the columns of one row", "Put aggregates into 'aggregates'"],
};
const GENERAL = ["an expression that Flink's SQL allows here", "Change the expression"] as const;

function explained(error: EngineError, what: string, ast: Ast | undefined, schema: Schema): EngineError {
	const names = `one of ${schema.map((field) => field.name).join(", ")}`;
	const [expected, remedy] = ADVICE[error.code] ?? GENERAL;
	const isOfTypes = error.code === "TYPE_MISMATCH" || error.code === "INVALID_ARGUMENT";
	const untyped = isOfTypes ? columnOfNulls(ast, schema) : undefined;
	return new EngineError(error.code, `${what}: ${error.problem}`, {
		expected: error.expected ?? (error.code === "UNKNOWN_COLUMN" ? names : expected),
		remedy:
			untyped === undefined
				? (error.remedy ?? remedy)
				: `Column '${untyped}' is of Arrow's type Null. Give it a type: col("${untyped}").cast(type)`,
		...(error.position && error.position.line > 0 && { position: error.position }),
		cause: error.cause,
	});
}

/** The first column of Arrow's type Null that a syntax tree names. */
function columnOfNulls(node: unknown, schema: Schema): string | undefined {
	if (typeof node !== "object" || node === null) return undefined;
	if ((node as Ast).kind === "ColumnReference") {
		const name = (node as ColumnReference).names.at(-1)?.text;
		return schema.some((field) => field.name === name && field.type.kind === "NULL") ? name : undefined;
	}
	for (const child of Object.values(node)) {
		const found = columnOfNulls(child, schema);
		if (found !== undefined) return found;
	}
	return undefined;
}
