// Sort of bounded input: keeps all rows, sends them in order at the end.
import type { Batch } from "../../arrow/batch.js";
import type { SortSpec } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import type { Operator, OperatorContext, Output, StateReader, StateWriter } from "../operator.js";
import { AllRows } from "./all-rows.js";
import type { OrderWords } from "./order-words.js";

const TABLE = "rows";

export class SortAll implements Operator {
	readonly #spec: SortSpec;
	readonly #input: Schema;
	readonly #rows: AllRows;

	constructor(spec: SortSpec, words: OrderWords, { region, owner, inputs }: OperatorContext) {
		this.#spec = spec;
		this.#input = inputs[0] as Schema;
		this.#rows = new AllRows(region, owner, this.#input, words);
	}

	process(batch: Batch): void {
		this.#rows.add(batch);
	}

	finish(_input: number, out: Output): void {
		const { count } = this.#rows;
		const { offset, fetch = count } = this.#spec;
		this.#rows.sorted((rows) => {
			for (const batch of this.#rows.batches(rows, offset, Math.min(offset + fetch, count))) out.emit(batch);
		});
	}

	snapshot(writer: StateWriter): void {
		writer.table(TABLE, this.#input, this.#rows.saved());
	}

	restore(reader: StateReader): void {
		for (const batch of reader.table(TABLE)) this.#rows.add(batch);
	}

	dispose(): void {
		this.#rows.dispose();
	}
}
