// Comparisons as masks. Both operands have one layout; text compares by bytes. IS [NOT] DISTINCT FROM is equality that knows NULL.
import type { CallExpr } from "../../types/expr.js";
import { isTimestamp, type SqlType } from "../../types/sql-type.js";
import { type PhysicalType, timestampUnit } from "../../types/value.js";
import type { Kernels } from "../../wasm/kernels.js";
import { operands } from "./arithmetic.js";
import { castNode } from "./cast.js";
import { narrowData } from "./decimal.js";
import { solvedComparison } from "./linear-comparison.js";
import { allocateMask, bothValid, type Frame, Mode, makeNode, type Node } from "./node.js";
import type { Scope } from "./scope.js";

export const COMPARISON: Readonly<Record<string, number>> = { "=": 0, "<>": 1, "<": 2, "<=": 3, ">": 4, ">=": 5 };
/** The operator with its operands exchanged. */
export const MIRRORED = [0, 1, 4, 5, 2, 3] as const;

const COMPARE = {
	bool: "compareI8",
	i8: "compareI8",
	i16: "compareI16",
	i32: "compareI32",
	i64: "compareI64",
	i128: "compareI128",
	f32: "compareF32",
	f64: "compareF64",
	view: "compareViews",
} as const satisfies Record<PhysicalType, keyof Kernels>;

const OPAQUE: readonly string[] = ["ARRAY", "MAP", "MULTISET", "ROW", "NULL", "RAW", "VARIANT", "DECIMAL"];

/** Whether comparing values of the two types is comparing them as their layout says. */
export function isComparable(left: SqlType, right: SqlType): boolean {
	if (left.kind === "DECIMAL") return right.kind === "DECIMAL" && left.scale === right.scale;
	if (isTimestamp(left)) return isTimestamp(right) && unitOf(left) === unitOf(right);
	return !OPAQUE.includes(left.kind) && !OPAQUE.includes(right.kind);
}

const unitOf = (type: SqlType) => timestampUnit((type as { precision: number }).precision);

export interface Comparison {
	readonly left: Node;
	readonly right: Node;
	readonly mode: number;
	readonly operator: number;
	readonly physical: PhysicalType;
}

/** The operands with a constant, if any, on the right. */
export function comparisonOf(scope: Scope, expr: CallExpr, operator: number): Comparison | undefined {
	const [first, second] = expr.args;
	if (first === undefined || second === undefined || !isComparable(first.type, second.type)) return undefined;
	const [left, right, mode] = sameWidth(scope, operands(scope, expr));
	if (left.physical !== right.physical) return undefined;
	const { physical } = left;
	if (mode !== Mode.LEFT_CONSTANT) return { left, right, mode, operator, physical };
	return { left: right, right: left, mode: Mode.RIGHT_CONSTANT, operator: MIRRORED[operator] as number, physical };
}

/** DECIMALs of one scale may be of 64 and 128 bits. */
function sameWidth(scope: Scope, [left, right, mode]: readonly [Node, Node, number]): readonly [Node, Node, number] {
	if (left.type.kind !== "DECIMAL" || left.physical === right.physical) return [left, right, mode];
	const wide = { ...left.type, precision: 38 };
	return [castNode(scope, left, wide), castNode(scope, right, wide), mode];
}

export function compileComparison(scope: Scope, expr: CallExpr): Node | undefined {
	const solved = solvedComparison(expr);
	if (solved !== expr) return scope.compile(solved);
	const comparison = comparisonOf(scope, expr, COMPARISON[expr.function] as number);
	if (comparison === undefined) return undefined;
	const { left, right, physical } = comparison;
	const compare = maskOf(scope, comparison);
	const cost = physical === "view" ? 4 : 1;
	return makeNode(
		expr.type,
		[left, right],
		(frame, self) => {
			self.data = compare(frame);
			self.validity = bothValid(frame, left.validity, right.validity);
		},
		{ cost },
	);
}

function maskOf(scope: Scope, { left, right, mode, operator, physical }: Comparison): (frame: Frame) => number {
	const { kernels } = scope.program.region;
	const kernel = kernels[COMPARE[physical]];
	return (frame) => {
		const mask = allocateMask(frame);
		const [from, to] = physical === "i128" ? [narrowData(left), narrowData(right)] : [0, 0];
		if (from !== 0 && to !== 0) kernels.compareI64(operator, mode, from, to, frame.rows, mask);
		else kernel(operator, mode, left.data, right.data, frame.rows, mask);
		return mask;
	};
}

export function compileDistinct(scope: Scope, expr: CallExpr): Node | undefined {
	const comparison = comparisonOf(scope, expr, COMPARISON["<>"] as number);
	if (comparison === undefined) return undefined;
	const { left, right } = comparison;
	const differ = maskOf(scope, comparison);
	const negated = expr.function === "IS NOT DISTINCT FROM";
	const { distinctMask } = scope.program.region.kernels;
	return makeNode(expr.type, [left, right], (frame, self) => {
		const mask = differ(frame);
		self.data = allocateMask(frame);
		distinctMask(mask, left.validity, right.validity, negated ? 1 : 0, frame.rows, self.data);
		self.validity = 0;
	});
}
