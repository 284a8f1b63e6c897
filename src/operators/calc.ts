// Calc: filter, then projection. The condition makes a selection; projections are computed on selected rows only. Columns that are
// merely passed on are not copied while no row is filtered out.
import type { Batch } from "../arrow/batch.js";
import { compileCondition, compileExpressions, type Selection } from "../expr/compile.js";
import type { CalcSpec } from "../job/specs.js";
import { type CallExpr, visit } from "../types/expr.js";
import type { Region } from "../wasm/region.js";
import type { Operator, OperatorContext, OperatorDefinition, Output } from "./operator.js";
import { MappedFilters, NO_FILTERS, type RowFilter, RowFilters } from "./row-filter.js";

export const calc: OperatorDefinition<"Calc"> = {
	name: "Calc",
	create: (spec, context) =>
		context.user || !calls(spec, ({ user }) => user !== undefined) ? new Calc(spec, context) : undefined,
};

/** Whether an expression has such a call in it. */
function calls({ condition, projection }: CalcSpec, isSuch: (call: CallExpr) => boolean): boolean {
	let found = false;
	for (const expr of condition ? [condition, ...projection] : projection) {
		visit(expr, (node) => {
			if (node.kind === "call" && isSuch(node)) found = true;
		});
	}
	return found;
}

class Calc implements Operator {
	readonly #region: Region;
	readonly #condition: ReturnType<typeof compileCondition> | undefined;
	readonly #projection: ReturnType<typeof compileExpressions>;

	/** Filters of the output as filters of the input. */
	readonly #passedOn: MappedFilters;
	/** Undefined when rows are merely passed on: leaving some out would copy the others. */
	readonly #early: RowFilters | undefined;
	/** What CURRENT_WATERMARK reads, when it is called. */
	readonly #arrived: { watermark: number | null } | undefined;

	constructor(spec: CalcSpec, context: OperatorContext) {
		const { condition, projection } = spec;
		const { region, owner, user } = context;
		if (calls(spec, (call) => call.function === "CURRENT_WATERMARK")) this.#arrived = { watermark: null };
		const functions = this.#arrived ? { ...context.functions, arrived: this.#arrived } : context.functions;
		const schema = context.inputs[0] ?? [];
		this.#region = region;
		this.#condition = condition && compileCondition(condition, schema, region, functions, { owner, user });
		this.#passedOn = new MappedFilters((column) => {
			const expr = projection[column];
			return expr?.kind === "column" ? expr.index : undefined;
		});
		if (condition || projection.some((expr) => expr.kind !== "column")) this.#early = new RowFilters();
		this.#projection = compileExpressions(projection, schema, region, functions, { owner, user });
	}

	process(batch: Batch, _input: number, out: Output): void {
		if (batch.length === 0) return;
		const selection = this.#select(batch, out);
		if (selection.rowIds === 0) this.#emit(batch, selection.rows, out);
		else if (selection.rows > 0) this.#emitSelected(batch, selection, out);
	}

	filters(_input: number, out: Output): readonly RowFilter[] {
		return this.#passedOn.of(out.filters?.() ?? NO_FILTERS);
	}

	#select(batch: Batch, out: Output): Selection {
		const selection = this.#condition?.select(batch) ?? { rowIds: 0, rows: batch.length };
		return this.#early?.narrow(this.filters(0, out), batch, selection) ?? selection;
	}

	advance(watermark: number): void {
		if (this.#arrived) this.#arrived.watermark = watermark;
	}

	#emit(batch: Batch, length: number, out: Output): void {
		if (length > 0) out.emit({ length, columns: this.#projection.evaluate(batch), kinds: batch.kinds });
	}

	#emitSelected(batch: Batch, selection: Selection, out: Output): void {
		const { arena, kernels } = this.#region;
		const { rowIds, rows } = selection;
		let kinds = 0;
		if (batch.kinds !== 0) {
			kinds = arena.allocate(rows);
			kernels.take1(batch.kinds, rowIds, rows, kinds);
		}
		out.emit({ length: rows, columns: this.#projection.evaluate(batch, selection), kinds });
	}

	dispose(): void {
		this.#condition?.dispose();
		this.#projection.dispose();
	}
}
