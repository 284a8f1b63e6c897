// Comparisons of a column with literals, joined by AND, as one range of values: each column is read once, and no mask is made.
import type { Column } from "../../arrow/batch.js";
import type { Expr } from "../../types/expr.js";
import type { Region } from "../../wasm/region.js";
import { COMPARISON, comparisonOf } from "./comparison.js";
import { Mode } from "./node.js";
import type { Scope } from "./scope.js";

type RangeKind = "i32" | "i64" | "f64";
type Bound = number | bigint;

/** Comparison of a column with a value. */
export interface ColumnBound {
	readonly column: number;
	readonly kind: RangeKind;
	readonly operator: number;
	readonly value: Bound;
}

interface Kind {
	readonly suffix: "I32" | "I64" | "F64";
	readonly least: Bound;
	readonly greatest: Bound;
	/** The neighbours of a value; undefined beyond the last one. */
	readonly above: (value: never) => Bound | undefined;
	readonly below: (value: never) => Bound | undefined;
	readonly values: (region: Region) => { [index: number]: Bound };
	readonly width: number;
}

const [LESS, LESS_EQUAL, GREATER, GREATER_EQUAL] = ["<", "<=", ">", ">="].map((name) => COMPARISON[name]);

const integers = <T extends Bound>(least: T, greatest: T, one: T) => ({
	least,
	greatest,
	above: (value: T) => (value === greatest ? undefined : (((value as number) + (one as number)) as T)),
	below: (value: T) => (value === least ? undefined : (((value as number) - (one as number)) as T)),
});

const KINDS: Readonly<Record<RangeKind, Kind>> = {
	i32: { suffix: "I32", ...integers(-(2 ** 31), 2 ** 31 - 1, 1), values: ({ i32 }) => i32, width: 4 },
	i64: { suffix: "I64", ...integers(-(2n ** 63n), 2n ** 63n - 1n, 1n), values: ({ i64 }) => i64, width: 8 },
	f64: {
		suffix: "F64",
		least: Number.NEGATIVE_INFINITY,
		greatest: Number.POSITIVE_INFINITY,
		above: (value: number) => (value === Number.POSITIVE_INFINITY ? undefined : nextFloat(value)),
		below: (value: number) => (value === Number.NEGATIVE_INFINITY ? undefined : -nextFloat(-value)),
		values: ({ f64 }) => f64,
		width: 8,
	},
};

/** Undefined unless the expression compares a column of 32 or 64 bits with a literal, by another operator than <>. */
export function columnBound(scope: Scope, expr: Expr): ColumnBound | undefined {
	if (expr.kind !== "call" || !(expr.function in COMPARISON) || expr.function === "<>") return undefined;
	const column = expr.args.find(({ kind }) => kind === "column");
	if (column?.kind !== "column" || !expr.args.some(isLiteral)) return undefined;
	const comparison = comparisonOf(scope, expr, COMPARISON[expr.function] as number);
	if (comparison?.mode !== Mode.RIGHT_CONSTANT || !(comparison.physical in KINDS)) return undefined;
	const kind = comparison.physical as RangeKind;
	const { values, width } = KINDS[kind];
	const value = values(scope.program.region)[comparison.right.data / width] as Bound;
	return { column: column.index, kind, operator: comparison.operator, value };
}

const isLiteral = (expr: Expr): boolean =>
	expr.kind === "literal" || (expr.kind === "cast" && expr.input.kind === "literal");

/** Narrows a selection (`rowIds` 0: all rows) to the rows that all bounds, of one column, let through. Returns how many. */
export function rangeFilter(scope: Scope, bounds: readonly [ColumnBound, ...ColumnBound[]]) {
	const { region, constants } = scope.program;
	const [{ column, kind }] = bounds;
	const { suffix, values, width } = KINDS[kind];
	const range = constants.allocate(16);
	const [least, greatest] = rangeOf(bounds);
	const at = range / width;
	values(region)[at] = least;
	values(region)[at + 1] = greatest;
	const select = region.kernels[`rangeSelect${suffix}`];
	const narrow = region.kernels[`rangeNarrow${suffix}`];
	return (columns: readonly Column[], rowIds: number, rows: number, out: number): number => {
		const { data, validity } = columns[column] as Column;
		return rowIds === 0 ? select(range, data, validity, rows, out) : narrow(range, data, validity, rowIds, rows, out);
	};
}

function rangeOf(bounds: readonly [ColumnBound, ...ColumnBound[]]): readonly [Bound, Bound] {
	const { above, below, ...kind } = KINDS[bounds[0].kind];
	let { least, greatest } = kind;
	const nothing = [kind.greatest, kind.least] as const;
	for (const { operator, value } of bounds) {
		if (Number.isNaN(value)) return nothing;
		const from = operator === GREATER ? above(value as never) : value;
		const to = operator === LESS ? below(value as never) : value;
		if (from === undefined || to === undefined) return nothing;
		if (operator !== LESS && operator !== LESS_EQUAL && from > least) least = from;
		if (operator !== GREATER && operator !== GREATER_EQUAL && to < greatest) greatest = to;
	}
	return [least, greatest];
}

/** The next greater float. */
function nextFloat(value: number): number {
	if (value === 0) return Number.MIN_VALUE;
	const float = new Float64Array([value]);
	const bits = new BigInt64Array(float.buffer);
	bits[0] = (bits[0] as bigint) + (value > 0 ? 1n : -1n);
	return float[0] as number;
}
