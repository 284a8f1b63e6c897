// Limit: of rows that are only added passes on those that arrive at places `offset` … `offset` + `fetch`; of others those that are first
// among the rows that are there.
import type { Batch } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import type { LimitSpec } from "../../job/specs.js";
import type { Operator, OperatorContext, OperatorDefinition, Output, StateReader, StateWriter } from "../operator.js";
import { retractableTopN } from "./retractable-top-n.js";

const SEEN = "seen";

class Limit implements Operator {
	readonly #spec: LimitSpec;
	readonly #context: OperatorContext;
	#seen = 0;

	constructor(spec: LimitSpec, context: OperatorContext) {
		this.#spec = spec;
		this.#context = context;
	}

	process(batch: Batch, _input: number, out: Output): void {
		const { offset, fetch } = this.#spec;
		const from = Math.max(offset - this.#seen, 0);
		const to = Math.min(offset + fetch - this.#seen, batch.length);
		this.#seen += batch.length;
		if (from >= to) return;
		if (to - from === batch.length) {
			out.emit(batch);
			return;
		}
		const { region } = this.#context;
		const indices = region.arena.allocate((to - from) * 4);
		region.kernels.rowsIota(from, 1, to - from, indices);
		out.emit(takeBatch(region, batch, indices, to - from));
	}

	snapshot(writer: StateWriter): void {
		writer.value(SEEN, this.#seen);
	}

	restore(reader: StateReader): void {
		this.#seen = Number(reader.value(SEEN) ?? 0);
	}

	dispose(): void {}
}

export const limit: OperatorDefinition<"Limit"> = {
	name: "Limit",
	create: (spec, context) => {
		const { offset, fetch, inputUpdates } = spec;
		if (!inputUpdates) return new Limit(spec, context);
		const ranks = { from: offset + 1, to: offset + fetch, partition: [], order: [], outputRank: false };
		return retractableTopN(
			{ ...ranks, function: "ROW_NUMBER", inputUpdates, updateBefore: true, final: false },
			context,
		);
	},
};
