// OVER calls: aggregates and window functions over a frame of rows around the current one.
import { EngineError, type SourcePosition } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import { constantOf } from "../../expr/fold.js";
import { windowFunction } from "../../functions/registry.js";
import type { WindowFunction } from "../../functions/window/window-functions.js";
import type { FrameBound, OverFrame } from "../../job/specs.js";
import type { FrameBound as AstBound, FunctionCall, Name, WindowFrame, WindowSpecification } from "../../sql/ast.js";
import type { Expr } from "../../types/expr.js";
import { asNullable, type SqlType } from "../../types/sql-type.js";
import { aggregateRequest, sortItems } from "./aggregate-call.js";
import { resolved } from "./call.js";
import { type AggregateRequest, type OverRequest, refuse, type SortItem } from "./collector.js";
import { bindExpression, type ExpressionContext } from "./expression.js";
import { findFunction, functionName } from "./function-call.js";

/** Functions of the row's position, to which the frame does not matter. */
export const isWindowFunction = (name: string): boolean => windowFunction(name) !== undefined;

export function bindOver(ast: FunctionCall, over: WindowSpecification | Name, context: ExpressionContext): Expr {
	if (!context.rules.windows) {
		if (context.rules.clause === "OVER") {
			throw new EngineError("INVALID_QUERY", "OVER calls cannot be nested", { position: ast.position });
		}
		throw refuse("an OVER call", context.rules, ast.position);
	}
	const inner: ExpressionContext = { ...context, rules: { clause: "OVER", aggregates: true, windows: false } };
	const window = windowOf(over, context);
	const partition = window.partitionBy.map((item) => bindExpression(item, inner));
	const order = sortItems(window.orderBy, inner);
	const name = functionName(ast);
	const positional = windowFunction(name);
	if (window.frame !== undefined && ["ROW_NUMBER", "RANK", "DENSE_RANK"].includes(name)) {
		throw new EngineError("INVALID_QUERY", `${name} takes no ROWS or RANGE`, { position: window.frame.position });
	}
	const frame = positional ? wholePast(name) : frameOf(window.frame, order, inner);
	const call = positional ? positionalCall(ast, positional, inner) : overAggregate(ast, frame, inner, context);
	// Flink says NOT NULL of LAG and LEAD with a default that is, though the value may be NULL: operators must know that it may.
	const type = positional && call.args[0]?.type.nullable ? asNullable(call.type) : call.type;
	const request: OverRequest = { kind: "over", call: { ...call, type }, partition, order, frame };
	checkOver(request, ast.position, context);
	const result = context.collector.add(request, ast.position);
	return type === call.type ? result : { kind: "cast", input: result, type: call.type, safe: false };
}

function windowOf(over: WindowSpecification | Name, context: ExpressionContext): WindowSpecification {
	const name = over.kind === "Name" ? over : over.base;
	const own = over.kind === "Name" ? undefined : over;
	if (name === undefined) return own as WindowSpecification;
	const base = context.namedWindows?.get(name.text);
	if (base === undefined) {
		throw new EngineError("UNKNOWN_OBJECT", `window '${name.text}' is not in the WINDOW clause`, {
			position: name.position,
		});
	}
	const whole = windowOf(base, context);
	if (own === undefined) return whole;
	return {
		...own,
		partitionBy: own.partitionBy.length > 0 ? own.partitionBy : whole.partitionBy,
		orderBy: own.orderBy.length > 0 ? own.orderBy : whole.orderBy,
		...((own.frame ?? whole.frame) && { frame: (own.frame ?? whole.frame) as WindowFrame }),
	};
}

/** In a stream LAG counts back from the last of the rows of one time, as the other aggregates over a range do. */
const wholePast = (name: string): OverFrame => ({
	unit: name === "LAG" || name === "LEAD" ? "range" : "rows",
	start: { kind: "unboundedPreceding" },
	end: { kind: "currentRow" },
});

/** Without a frame: the whole partition, or with an order up to the current row and its peers. */
function frameOf(frame: WindowFrame | undefined, order: readonly SortItem[], context: ExpressionContext): OverFrame {
	if (frame === undefined) {
		const end: FrameBound = order.length === 0 ? { kind: "unboundedFollowing" } : { kind: "currentRow" };
		return { unit: "range", start: { kind: "unboundedPreceding" }, end };
	}
	const unit = frame.unit === "ROWS" ? "rows" : "range";
	const start = boundOf(frame.start, unit, order, context);
	const end: FrameBound = frame.end ? boundOf(frame.end, unit, order, context) : { kind: "currentRow" };
	if (RANKS[start.kind] > RANKS[end.kind] || start.kind === "unboundedFollowing" || end.kind === "unboundedPreceding") {
		throw new EngineError("INVALID_QUERY", "the frame ends before it starts", { position: frame.position });
	}
	return { unit, start, end };
}

const RANKS: Readonly<Record<FrameBound["kind"], number>> = {
	unboundedPreceding: 0,
	preceding: 1,
	currentRow: 2,
	following: 3,
	unboundedFollowing: 4,
};

function boundOf(
	bound: AstBound,
	unit: OverFrame["unit"],
	order: readonly SortItem[],
	context: ExpressionContext,
): FrameBound {
	switch (bound.bound) {
		case "UNBOUNDED PRECEDING":
			return { kind: "unboundedPreceding" };
		case "UNBOUNDED FOLLOWING":
			return { kind: "unboundedFollowing" };
		case "CURRENT ROW":
			return { kind: "currentRow" };
	}
	const offset = bound.offset && constantOf(bindExpression(bound.offset, context), context.environment.options.context);
	const value = offset?.value;
	if (offset === undefined || (typeof value !== "number" && typeof value !== "bigint") || value < 0) {
		throw new EngineError("INVALID_QUERY", "a frame's offset must be a constant that is not negative", {
			position: bound.position,
		});
	}
	if (unit === "range") checkRange(offset, order, bound.position);
	const scale = offset.type.kind === "DECIMAL" ? 10 ** offset.type.scale : 1;
	return { kind: bound.bound === "PRECEDING" ? "preceding" : "following", offset: Number(value) / scale };
}

function checkRange(offset: Expr, order: readonly SortItem[], position: SourcePosition): void {
	if (order.length !== 1) {
		throw new EngineError("INVALID_QUERY", "RANGE with an offset needs exactly one ORDER BY column", { position });
	}
	const key = (order[0] as SortItem).expr.type;
	const isTime = key.kind === "DATE" || key.kind === "TIME" || key.kind.startsWith("TIMESTAMP");
	if (isTime !== offset.type.kind.startsWith("INTERVAL")) {
		throw new EngineError("TYPE_MISMATCH", `RANGE offset does not fit the type of the ORDER BY column`, {
			position,
			expected: isTime ? "an INTERVAL" : "a number",
		});
	}
}

function overAggregate(
	ast: FunctionCall,
	frame: OverFrame,
	inner: ExpressionContext,
	context: ExpressionContext,
): AggregateRequest {
	const found = findFunction(ast, context.environment, context.query);
	if (found.kind !== "aggregate") {
		throw new EngineError("INVALID_QUERY", `${functionName(ast)} is no aggregate: it cannot have OVER`, {
			position: ast.position,
		});
	}
	if (ast.quantifier === "DISTINCT" && context.environment.options.batch) {
		throw new EngineError("UNSUPPORTED", "DISTINCT in an OVER call is not supported in batch mode", {
			position: ast.position,
			remedy: "SET 'execution.runtime-mode' = 'streaming'",
		});
	}
	// As in Flink a bound with an offset, whatever it is, is not looked at.
	const neverEmpty =
		(frame.start.kind === "unboundedPreceding" || frame.start.kind === "currentRow") &&
		(frame.end.kind === "currentRow" || frame.end.kind === "unboundedFollowing") &&
		ast.filter === undefined;
	return aggregateRequest(ast, found, context, neverEmpty, inner);
}

function positionalCall(ast: FunctionCall, definition: WindowFunction, context: ExpressionContext): AggregateRequest {
	const given = ast.args.map((arg) => bindExpression(arg, context));
	const resolution = resolved(definition, given, ast.position, (types) => definition.resolve(types));
	const args = given.map((arg, i) => coerce(arg, resolution.parameters[i] as SqlType));
	// The buckets of NTILE, and the offset and default of LAG and LEAD.
	const first = definition.name === "NTILE" ? 0 : 1;
	const constants = args.map((arg, i) =>
		i < first ? undefined : constantOf(arg, context.environment.options.context),
	);
	return {
		kind: "aggregate",
		function: definition.name,
		args,
		literals: args.length === 0 ? undefined : constants.map((constant) => constant?.value),
		distinct: false,
		orderBy: [],
		type: resolution.result,
	};
}

/** What Flink refuses when a query with OVER runs as a stream, and ranks without an order in either mode. */
function checkOver(request: OverRequest, position: SourcePosition, context: ExpressionContext): void {
	const name = request.call.function;
	const refused = (problem: string) => new EngineError("INVALID_QUERY", problem, { position });
	const ranks = name === "ROW_NUMBER" || name === "RANK" || name === "DENSE_RANK";
	if (ranks && request.order.every((item) => item.expr.kind === "literal")) {
		throw refused(`${name} needs an ORDER BY that is not constant in its OVER clause`);
	}
	if (context.environment.options.batch || name === "ROW_NUMBER") return;
	if (name !== "LAG" && !ranks && isWindowFunction(name)) {
		throw refused(`${name} over a stream is not supported; in batch mode it is`);
	}
	if (request.frame.start.kind === "following" || request.frame.end.kind.endsWith("ollowing")) {
		throw refused("an OVER frame that ends after the current row is not supported over a stream; in batch mode it is");
	}
	if (request.order.length !== 1 || request.order[0]?.ascending !== true) {
		throw refused("over a stream, OVER needs exactly one ORDER BY column, ascending");
	}
}
