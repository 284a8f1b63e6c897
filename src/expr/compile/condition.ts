// A condition as a chain of filters: each conjunct narrows the selection that the next one sees. Conjuncts that cannot fail go first,
// cheapest first; those that can fail keep their places, so that they see only rows that the ones before let through.
import type { Column } from "../../arrow/batch.js";
import type { Expr } from "../../types/expr.js";
import type { PhysicalType } from "../../types/value.js";
import type { Kernels } from "../../wasm/kernels.js";
import { COMPARISON, comparisonOf } from "./comparison.js";
import { denseData } from "./gather.js";
import { solvedComparison } from "./linear-comparison.js";
import { allocateRowIds, evaluate, isConstant, Mode, type Node } from "./node.js";
import type { Scope } from "./scope.js";

/** Rows of a batch, ascending. */
export interface Selection {
	/** Address of u32 row numbers; 0: the first `rows` rows. */
	readonly rowIds: number;
	readonly rows: number;
}

interface Filter {
	readonly scope: Scope;
	readonly node: Node;
	/** Narrows a selection without gathering its columns first, where the predicate compares columns as they are. */
	readonly narrow: ((columns: readonly Column[], rowIds: number, rows: number, out: number) => number) | undefined;
}

export interface FilterChain {
	/** The rows for which the condition is TRUE. */
	select(columns: readonly Column[], selection: Selection): Selection;
	/** Whether it may throw for some row. */
	readonly canFail: boolean;
}

/** `newScope` makes a scope over batches. */
export function compileFilters(condition: Expr, newScope: () => Scope): FilterChain {
	const filters = conjunctsOf(condition).map((conjunct) => compileFilter(solvedComparison(conjunct), newScope()));
	const safe = filters.filter(({ node }) => !node.canFail).sort((a, b) => a.node.cost - b.node.cost);
	const ordered = [...safe, ...filters.filter(({ node }) => node.canFail)];
	const select = (columns: readonly Column[], selection: Selection): Selection => {
		let current = selection;
		for (const filter of ordered) {
			if (current.rows === 0) return current;
			current = applyFilter(filter, columns, current);
		}
		return current;
	};
	return { select, canFail: safe.length < filters.length };
}

const conjunctsOf = (expr: Expr): readonly Expr[] =>
	expr.kind === "call" && expr.function === "AND" ? expr.args.flatMap(conjunctsOf) : [expr];

function applyFilter({ scope, node, narrow }: Filter, columns: readonly Column[], selection: Selection): Selection {
	const { rowIds, rows } = selection;
	const { frame } = scope;
	const { kernels } = frame.region;
	scope.open(columns, rowIds, rows);
	const out = allocateRowIds(frame);
	let count: number;
	if (rowIds !== 0 && narrow) count = narrow(columns, rowIds, rows, out);
	else {
		evaluate(node, frame);
		const mask = isConstant(node) ? denseData(frame, node) : node.data;
		if (rowIds === 0) count = kernels.maskToSelection(mask, node.validity, rows, out);
		else count = kernels.maskSelection(mask, node.validity, rowIds, rows, out);
	}
	return count === rows ? selection : { rowIds: out, rows: count };
}

function compileFilter(conjunct: Expr, scope: Scope): Filter {
	return { scope, node: scope.compile(conjunct), narrow: compileNarrow(conjunct, scope) };
}

const FILTER = { i32: "filterI32", i64: "filterI64", f64: "filterF64" } as const satisfies Partial<
	Record<PhysicalType, keyof Kernels>
>;

/** For a comparison of a column with a literal. */
function compileNarrow(conjunct: Expr, scope: Scope): Filter["narrow"] {
	if (conjunct.kind !== "call" || !(conjunct.function in COMPARISON)) return undefined;
	const [first, second] = conjunct.args;
	if (first?.kind !== "column" || second?.kind !== "literal") return undefined;
	const comparison = comparisonOf(scope, conjunct, COMPARISON[conjunct.function] as number);
	if (comparison?.mode !== Mode.RIGHT_CONSTANT || !(comparison.physical in FILTER)) return undefined;
	const kernel = scope.program.region.kernels[FILTER[comparison.physical as keyof typeof FILTER]];
	const { mode, operator, right } = comparison;
	return (columns, rowIds, rows, out) => {
		const { data, validity } = columns[first.index] as Column;
		return kernel(operator, mode, data, right.data, validity, rowIds, rows, out);
	};
}
