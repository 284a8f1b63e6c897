// Expand: each row becomes one row per projection. A batch becomes one batch per projection.
import type { Batch } from "../arrow/batch.js";
import { type CompiledExpressions, compileExpressions } from "../expr/compile.js";
import type { ExpandSpec } from "../job/specs.js";
import type { Operator, OperatorContext, OperatorDefinition, Output } from "./operator.js";

class Expand implements Operator {
	readonly #projections: readonly CompiledExpressions[];

	constructor({ projections }: ExpandSpec, { inputs, region, functions, owner }: OperatorContext) {
		this.#projections = projections.map((exprs) =>
			compileExpressions(exprs, inputs[0] ?? [], region, functions, { owner }),
		);
	}

	process(batch: Batch, _input: number, out: Output): void {
		const { length, kinds } = batch;
		if (length === 0) return;
		for (const projection of this.#projections) out.emit({ length, columns: projection.evaluate(batch), kinds });
	}

	dispose(): void {
		for (const projection of this.#projections) projection.dispose();
	}
}

export const expand: OperatorDefinition<"Expand"> = {
	name: "Expand",
	create: (spec, context) => new Expand(spec, context),
};
