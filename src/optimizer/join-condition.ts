// Takes a join's condition apart: equalities between the sides, bounds on the difference of two time columns, and the rest.
import type { Expr } from "../types/expr.js";
import { columnsOf, mapColumns } from "../types/expr.js";
import { isCharacter, isTimestamp, type SqlType, timeAttributeOf } from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import { timestampUnit } from "../types/value.js";
import { conjunctsOf } from "./predicate.js";

/** `left` is a column of the left input, `right` of the right input (counted from 0). */
export interface EquiKey {
	readonly left: number;
	readonly right: number;
	/** IS NOT DISTINCT FROM. */
	readonly nullSafe: boolean;
	readonly conjunct: Expr;
}

export interface JoinCondition {
	readonly keys: readonly EquiKey[];
	readonly rest: readonly Expr[];
}

export function splitJoinCondition(condition: Expr | undefined, leftWidth: number): JoinCondition {
	const keys: EquiKey[] = [];
	const rest: Expr[] = [];
	for (const conjunct of conjunctsOf(condition)) {
		const key = equiKey(conjunct, leftWidth);
		if (key === undefined) rest.push(conjunct);
		else if (!keys.some((known) => known.left === key.left && known.right === key.right)) keys.push(key);
	}
	return { keys, rest };
}

function equiKey(conjunct: Expr, leftWidth: number): EquiKey | undefined {
	const sides = equalitySides(conjunct, leftWidth);
	if (sides === undefined || sides.left.kind !== "column" || sides.right.kind !== "column") return undefined;
	return { left: sides.left.index, right: sides.right.index, nullSafe: sides.nullSafe, conjunct };
}

/** An equality with one side over each input; the expressions count the columns of their own input. */
export function equalitySides(
	conjunct: Expr,
	leftWidth: number,
): { readonly left: Expr; readonly right: Expr; readonly nullSafe: boolean } | undefined {
	if (conjunct.kind !== "call") return undefined;
	if (conjunct.function !== "=" && conjunct.function !== "IS NOT DISTINCT FROM") return undefined;
	const [first, second] = conjunct.args as [Expr, Expr];
	if (!canHashAlike(first.type, second.type)) return undefined;
	const [one, other] = [sideOf(first, leftWidth), sideOf(second, leftWidth)];
	if (one === undefined || other === undefined || one === other) return undefined;
	const [left, right] = one === "left" ? [first, second] : [second, first];
	const nullSafe = conjunct.function !== "=";
	return { left, right: mapColumns(right, (index) => index - leftWidth), nullSafe };
}

/** The input that an expression reads; undefined for none or both. */
export function sideOf(expr: Expr, leftWidth: number): "left" | "right" | undefined {
	const columns = columnsOf(expr);
	if (columns.length === 0) return undefined;
	if (columns.every((column) => column < leftWidth)) return "left";
	return columns.every((column) => column >= leftWidth) ? "right" : undefined;
}

/** Whether equal values of the two types have equal bytes, so that they may be hashed and compared as they are. */
export function canHashAlike(left: SqlType, right: SqlType): boolean {
	if (isCharacter(left) && isCharacter(right)) return true;
	if (isTimestamp(left) && isTimestamp(right)) {
		return left.kind === right.kind && unitOf(left) === unitOf(right);
	}
	const bare = (type: SqlType) => typeText({ ...type, nullable: true });
	return bare(left) === bare(right);
}

const unitOf = (type: SqlType) => ("precision" in type ? timestampUnit(type.precision) : undefined);

/** left.time - right.time lies in [lowerMs, upperMs]. */
export interface TimeBounds {
	readonly leftTime: number;
	readonly rightTime: number;
	readonly lowerMs: number;
	readonly upperMs: number;
	readonly eventTime: boolean;
	readonly rest: readonly Expr[];
}

/** The time bounds of an interval join, if both ends are bounded. */
export function timeBounds(condition: Expr | undefined, leftWidth: number): TimeBounds | undefined {
	let found: { left: number; right: number; eventTime: boolean } | undefined;
	let lowerMs = Number.NEGATIVE_INFINITY;
	let upperMs = Number.POSITIVE_INFINITY;
	const rest: Expr[] = [];
	for (const conjunct of conjunctsOf(condition)) {
		const bound = timeComparison(conjunct, leftWidth);
		if (bound === undefined || (found !== undefined && !sameTimes(found, bound))) {
			rest.push(conjunct);
			continue;
		}
		found ??= bound;
		lowerMs = Math.max(lowerMs, bound.lowerMs);
		upperMs = Math.min(upperMs, bound.upperMs);
	}
	if (found === undefined || !Number.isFinite(lowerMs) || !Number.isFinite(upperMs)) return undefined;
	return { leftTime: found.left, rightTime: found.right, eventTime: found.eventTime, lowerMs, upperMs, rest };
}

const sameTimes = (one: { left: number; right: number }, other: { left: number; right: number }) =>
	one.left === other.left && one.right === other.right;

function timeComparison(conjunct: Expr, leftWidth: number) {
	if (conjunct.kind !== "call" || !["<", "<=", ">", ">=", "="].includes(conjunct.function)) return undefined;
	const first = shiftedTime(conjunct.args[0]!);
	const second = shiftedTime(conjunct.args[1]!);
	if (first === undefined || second === undefined || first.attribute !== second.attribute) return undefined;
	const firstIsLeft = first.column < leftWidth;
	if (firstIsLeft === second.column < leftWidth) return undefined;
	const [left, right] = firstIsLeft ? [first, second] : [second, first];
	const mirrored = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=" } as const;
	const sign = conjunct.function as keyof typeof mirrored;
	const operator = firstIsLeft ? sign : mirrored[sign];
	// left.time + a op right.time + b, so left.time - right.time op b - a.
	const difference = right.shiftMs - left.shiftMs;
	let lowerMs = Number.NEGATIVE_INFINITY;
	let upperMs = Number.POSITIVE_INFINITY;
	if (operator === "=" || operator === ">=") lowerMs = difference;
	if (operator === "=" || operator === "<=") upperMs = difference;
	if (operator === ">") lowerMs = difference + 1;
	if (operator === "<") upperMs = difference - 1;
	const eventTime = left.attribute === "rowtime";
	return { left: left.column, right: right.column - leftWidth, eventTime, lowerMs, upperMs };
}

/** A time attribute plus a constant. */
function shiftedTime(expr: Expr): { column: number; shiftMs: number; attribute: "rowtime" | "proctime" } | undefined {
	if (expr.kind === "column") {
		const attribute = timeAttributeOf(expr.type);
		return attribute === undefined ? undefined : { column: expr.index, shiftMs: 0, attribute };
	}
	if (expr.kind === "cast") {
		// The cast that takes a time attribute's mark away, TIMESTAMP(3) to TIMESTAMP(3).
		return isTimestamp(expr.type) && expr.type.kind === expr.input.type.kind ? shiftedTime(expr.input) : undefined;
	}
	if (expr.kind !== "call" || (expr.function !== "+" && expr.function !== "-")) return undefined;
	const [first, second] = expr.args as [Expr, Expr];
	const [time, interval] = first.type.kind === "INTERVAL_DAY_TIME" ? [second, first] : [first, second];
	if (interval.kind !== "literal" || interval.type.kind !== "INTERVAL_DAY_TIME") return undefined;
	if (typeof interval.value !== "number" || (expr.function === "-" && time !== first)) return undefined;
	const base = shiftedTime(time);
	if (base === undefined) return undefined;
	return { ...base, shiftMs: base.shiftMs + (expr.function === "+" ? interval.value : -interval.value) };
}
