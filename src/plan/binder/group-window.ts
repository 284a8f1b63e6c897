// Legacy group windows: GROUP BY TUMBLE(ts, …), HOP, SESSION, and the functions that name their bounds in the select list.
import { EngineError } from "../../errors.js";
import { constantOf } from "../../expr/fold.js";
import { sameExpr } from "../../expr/same.js";
import type { WindowSpec } from "../../job/window.js";
import type { Expression, FunctionCall } from "../../sql/ast.js";
import type { Expr } from "../../types/expr.js";
import { notNull, type SqlType, timeAttributeOf, timestamp, timestampLtz } from "../../types/sql-type.js";
import { refuse } from "./collector.js";
import type { ExpressionContext } from "./expression.js";
import { bindExpression } from "./expression.js";
import { functionName } from "./function-call.js";

const PROPERTIES: Readonly<Record<string, "start" | "end" | "time">> = {
	START: "start",
	END: "end",
	ROWTIME: "time",
	PROCTIME: "time",
};
const PROPERTY = /^(TUMBLE|HOP|SESSION)_(START|END|ROWTIME|PROCTIME)$/;

export const isGroupWindowProperty = (name: string): boolean => PROPERTY.test(name);

const ARGUMENTS: Readonly<Record<string, number>> = { TUMBLE: 2, HOP: 3, SESSION: 2 };

/** Whether a GROUP BY expression is a group window. */
export function groupWindowCall(ast: Expression): FunctionCall | undefined {
	if (ast.kind !== "FunctionCall" || ast.name.names.length !== 1) return undefined;
	return functionName(ast) in ARGUMENTS ? ast : undefined;
}

/** A window of a GROUP BY over the expressions of its time column. */
export interface GroupWindow {
	readonly kind: "TUMBLE" | "HOP" | "SESSION";
	readonly time: Expr;
	readonly intervals: readonly number[];
}

/** Checks the call and computes its intervals. */
export function bindGroupWindow(ast: FunctionCall, context: ExpressionContext): GroupWindow {
	return windowOf(ast, functionName(ast) as GroupWindow["kind"], context);
}

function windowOf(ast: FunctionCall, name: GroupWindow["kind"], context: ExpressionContext): GroupWindow {
	const [time, ...intervals] = ast.args.map((arg) => bindExpression(arg, context));
	const wanted = ARGUMENTS[name] as number;
	if (time === undefined || intervals.length < wanted - 1 || intervals.length > wanted) {
		throw new EngineError("INVALID_ARGUMENT", `${name} cannot be called with ${ast.args.length} arguments`, {
			position: ast.position,
			expected: name === "HOP" ? "HOP(time, slide, size)" : `${name}(time, ${name === "SESSION" ? "gap" : "size"})`,
		});
	}
	if (timeAttributeOf(time.type) === undefined && !isBatchTime(time.type, context)) {
		throw new EngineError("INVALID_QUERY", `${name} needs a time attribute`, {
			position: ast.args[0]?.position ?? ast.position,
			remedy: "Declare a WATERMARK on the column, or use a PROCTIME() column",
		});
	}
	return { kind: name, time, intervals: intervals.map((interval, i) => milliseconds(interval, ast, i + 1, context)) };
}

/** In batch mode any timestamp will do. */
const isBatchTime = (type: SqlType, context: ExpressionContext) =>
	context.environment.options.batch && (type.kind === "TIMESTAMP" || type.kind === "TIMESTAMP_LTZ");

function milliseconds(interval: Expr, ast: FunctionCall, index: number, context: ExpressionContext): number {
	const value = constantOf(interval, context.environment.options.context)?.value;
	if (interval.type.kind !== "INTERVAL_DAY_TIME" || typeof value !== "number" || (value <= 0 && index < 3)) {
		throw new EngineError("INVALID_ARGUMENT", `${functionName(ast)} needs constant intervals of time greater than 0`, {
			position: ast.args[index]?.position ?? ast.position,
		});
	}
	return value;
}

/** The specification over an input whose time is column `time`. */
export function groupWindowSpec(window: GroupWindow, time: number, zone: string): WindowSpec {
	const [first = 0, second = 0, third = 0] = window.intervals;
	const common = {
		time,
		eventTime: timeAttributeOf(window.time.type) !== "proctime",
		...(window.time.type.kind === "TIMESTAMP_LTZ" && { timeZone: zone }),
		groupWindow: true,
	};
	switch (window.kind) {
		case "TUMBLE":
			return { ...common, kind: "tumble", size: first, offset: second };
		case "HOP":
			return { ...common, kind: "hop", slide: first, size: second, offset: third };
		case "SESSION":
			return { ...common, kind: "session", gap: first, partition: [] };
	}
}

/** TUMBLE_START(ts, …) and the like: the bound of the group's window. */
export function bindGroupWindowProperty(ast: FunctionCall, name: string, context: ExpressionContext): Expr {
	if (!context.rules.aggregates) throw refuse(name, context.rules, ast.position);
	const [, kind = "", suffix = ""] = PROPERTY.exec(name) ?? [];
	const property = PROPERTIES[suffix] as "start" | "end" | "time";
	const inner: ExpressionContext = { ...context, rules: { clause: name, aggregates: false, windows: false } };
	const window = windowOf(ast, kind as GroupWindow["kind"], inner);
	const type = propertyType(suffix, window.time.type);
	return context.collector.add({ kind: "property", property, window, type }, ast.position);
}

/** Whether a bound is of the window that rows are grouped by. */
export const sameWindow = (left: GroupWindow, right: GroupWindow): boolean =>
	left.kind === right.kind && sameExpr(left.time, right.time) && left.intervals.join() === right.intervals.join();

function propertyType(suffix: string, time: SqlType): SqlType {
	if (suffix === "PROCTIME") return { ...notNull(timestampLtz(3)), attribute: "proctime" };
	if (suffix !== "ROWTIME") return notNull(timestamp(3));
	const plain = time.kind === "TIMESTAMP_LTZ" ? timestampLtz(3) : timestamp(3);
	return { ...plain, nullable: time.nullable, attribute: "rowtime" };
}
