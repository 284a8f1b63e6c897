// A condition as a chain of filters: each conjunct narrows the selection that the next one sees. Conjuncts that cannot fail go first,
// cheapest first; those that can fail keep their places, so that they see only rows that the ones before let through.
import type { Column } from "../../arrow/batch.js";
import type { Expr } from "../../types/expr.js";
import { denseData } from "./gather.js";
import { solvedComparison } from "./linear-comparison.js";
import { evaluate, isConstant } from "./node.js";
import { type ColumnBound, columnBound, rangeFilter } from "./range-filter.js";
import type { Scope } from "./scope.js";

/** Rows of a batch, ascending. */
export interface Selection {
	/** Address of u32 row numbers; 0: the first `rows` rows. */
	readonly rowIds: number;
	readonly rows: number;
}

interface Filter {
	readonly cost: number;
	readonly canFail: boolean;
	/** Writes the selected rows (`rowIds` 0: the first `rows`) that pass to `out`. Returns how many. */
	readonly narrow: (columns: readonly Column[], rowIds: number, rows: number, out: number) => number;
}

export interface FilterChain {
	/** The rows for which the condition is TRUE. */
	select(columns: readonly Column[], selection: Selection): Selection;
	/** Whether it may throw for some row. */
	readonly canFail: boolean;
}

/** `newScope` makes a scope over batches. */
export function compileFilters(condition: Expr, newScope: () => Scope): FilterChain {
	const filters = filtersOf(condition, newScope);
	const safe = filters.filter(({ canFail }) => !canFail).sort((a, b) => a.cost - b.cost);
	const ordered = [...safe, ...filters.filter(({ canFail }) => canFail)];
	const { arena } = newScope().program.region;
	const select = (columns: readonly Column[], selection: Selection): Selection => {
		let current = selection;
		for (const { narrow } of ordered) {
			const { rowIds, rows } = current;
			if (rows === 0) return current;
			const out = arena.allocate(rows * 4 + 32);
			const count = narrow(columns, rowIds, rows, out);
			if (count < rows) current = { rowIds: out, rows: count };
		}
		return current;
	};
	return { select, canFail: safe.length < filters.length };
}

/** Conjuncts that bound columns become one filter, in the place of the first. */
function filtersOf(condition: Expr, newScope: () => Scope): Filter[] {
	const scope = newScope();
	const ranges = new Map<string, [ColumnBound, ...ColumnBound[]]>();
	const made: (() => Filter)[] = [];
	for (const conjunct of conjunctsOf(condition).map(solvedComparison)) {
		const bound = columnBound(scope, conjunct);
		if (!bound) {
			made.push(() => maskFilter(conjunct, newScope()));
			continue;
		}
		if (ranges.size === 0) {
			made.push(() => ({ cost: 1, canFail: false, narrow: rangeFilter(scope, [...ranges.values()]) }));
		}
		const range = ranges.get(`${bound.column} ${bound.kind}`);
		if (range) range.push(bound);
		else ranges.set(`${bound.column} ${bound.kind}`, [bound]);
	}
	return made.map((make) => make());
}

const conjunctsOf = (expr: Expr): readonly Expr[] =>
	expr.kind === "call" && expr.function === "AND" ? expr.args.flatMap(conjunctsOf) : [expr];

/** Any condition, computed for all rows of a selection. */
function maskFilter(conjunct: Expr, scope: Scope): Filter {
	const node = scope.compile(conjunct);
	const { frame } = scope;
	const { kernels } = scope.program.region;
	const narrow = (columns: readonly Column[], rowIds: number, rows: number, out: number) => {
		scope.open(columns, rowIds, rows);
		evaluate(node, frame);
		const mask = isConstant(node) ? denseData(frame, node) : node.data;
		if (rowIds === 0) return kernels.maskToSelection(mask, node.validity, rows, out);
		return kernels.maskSelection(mask, node.validity, rowIds, rows, out);
	};
	return { cost: node.cost, canFail: node.canFail, narrow };
}
