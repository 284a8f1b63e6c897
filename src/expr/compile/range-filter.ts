// Comparisons of a column with literals, joined by AND, as one range of values: each column is read once, and no mask is made. What several columns let through is kept as bits.
import type { Column } from "../../arrow/batch.js";
import type { Expr } from "../../types/expr.js";
import type { Kernels } from "../../wasm/kernels.js";
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

/** What a column is compared with. */
export type Bounds = readonly [ColumnBound, ...ColumnBound[]];

interface Range {
	readonly column: number;
	/** Address of its least and its greatest value. */
	readonly values: number;
	readonly keep: Kernels["rangeBitsI32"];
	readonly select: Kernels["rangeSelectI32"];
	readonly narrow: Kernels["rangeNarrowI32"];
}

/**
 * Of a column all values are compared, sixteen rows at a time, as long as one row in so many is left; of fewer only their own. What counts is
 * the way to memory: a column that is not in the cache is read at its full speed only as a whole.
 */
const SPARSE = 48;

/** Narrows a selection (`rowIds` 0: all rows) to the rows that all bounds let through, each of one column. Returns how many. */
export function rangeFilter(scope: Scope, bounds: readonly Bounds[]) {
	const { kernels, arena } = scope.program.region;
	const ranges = bounds.map((some) => range(scope, some));
	const last = ranges.length - 1;
	const narrow = (from: number, columns: readonly Column[], rowIds: number, rows: number, out: number): number => {
		let selection = rowIds;
		let count = rows;
		for (let i = from; i <= last; i++) {
			const { column, values, narrow } = ranges[i] as Range;
			const { data, validity } = columns[column] as Column;
			count = narrow(values, data, validity, selection, count, out);
			selection = out;
		}
		return count;
	};
	return (columns: readonly Column[], rowIds: number, rows: number, out: number): number => {
		if (rowIds !== 0) return narrow(0, columns, rowIds, rows, out);
		const bits = last > 0 ? arena.allocate((rows >> 3) + 2) : 0;
		for (let i = 0; i < last; i++) {
			const { column, values, keep } = ranges[i] as Range;
			const { data, validity } = columns[column] as Column;
			const count = keep(values, data, validity, i === 0 ? 0 : bits, rows, bits);
			if (count * SPARSE < rows) return narrow(i + 1, columns, out, kernels.bitsToSelection(bits, rows, out), out);
		}
		const { column, values, select } = ranges[last] as Range;
		const { data, validity } = columns[column] as Column;
		return select(values, data, validity, bits, rows, out);
	};
}

function range(scope: Scope, bounds: Bounds): Range {
	const { region, constants } = scope.program;
	const [{ column, kind }] = bounds;
	const { suffix, width, ...typed } = KINDS[kind];
	const values = constants.allocate(16);
	const [least, greatest] = rangeOf(bounds);
	const view = typed.values(region);
	view[values / width] = least;
	view[values / width + 1] = greatest;
	const { kernels } = region;
	return {
		column,
		values,
		keep: kernels[`rangeBits${suffix}`],
		select: kernels[`rangeSelect${suffix}`],
		narrow: kernels[`rangeNarrow${suffix}`],
	};
}

function rangeOf(bounds: Bounds): readonly [Bound, Bound] {
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
