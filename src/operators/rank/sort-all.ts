// Sort of bounded input: keeps all rows, sorts their addresses at the end. Equal rows keep the order of arrival.
import { BATCH_ROWS, type Batch } from "../../arrow/batch.js";
import type { SortSpec } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import type { Operator, OperatorContext, Output, StateReader, StateWriter } from "../operator.js";
import type { OrderWords } from "./order-words.js";
import { WordRows } from "./word-rows.js";

const TABLE = "rows";
const FIRST_ADDRESSES = 4096;

export class SortAll implements Operator {
	readonly #spec: SortSpec;
	readonly #words: OrderWords;
	readonly #context: OperatorContext;
	readonly #rows: WordRows;
	/** u32 addresses in order of arrival: state memory, room for so many, so many there. */
	#addresses: number;
	#room = FIRST_ADDRESSES;
	#count = 0;

	constructor(spec: SortSpec, words: OrderWords, context: OperatorContext) {
		const { region, owner, inputs } = context;
		this.#spec = spec;
		this.#words = words;
		this.#context = context;
		this.#rows = new WordRows(region, owner, inputs[0] as Schema, words.count);
		this.#addresses = region.heap.allocate(this.#room * 4, owner);
	}

	process(batch: Batch): void {
		const { region } = this.#context;
		const n = batch.length;
		const rows = this.#rows.store.take(n);
		this.#words.write(region, batch, rows, this.#rows.wordAt(0));
		this.#rows.write(batch.columns, 0, rows, n);
		this.#reserve(n);
		region.u32.copyWithin((this.#addresses >>> 2) + this.#count, rows >>> 2, (rows >>> 2) + n);
		this.#count += n;
	}

	finish(_input: number, out: Output): void {
		const { region, owner } = this.#context;
		const { offset, fetch = this.#count } = this.#spec;
		const bytes = this.#room * 4;
		const spare = region.heap.allocate(bytes, owner);
		const sorted = this.#sort(spare);
		for (const batch of this.#batches(sorted, offset, Math.min(offset + fetch, this.#count))) out.emit(batch);
		region.heap.free(spare, bytes, owner);
	}

	snapshot(writer: StateWriter): void {
		writer.table(TABLE, this.#context.inputs[0] as Schema, this.#batches(this.#addresses, 0, this.#count));
	}

	restore(reader: StateReader): void {
		for (const batch of reader.table(TABLE)) this.process(batch);
	}

	dispose(): void {
		const { region, owner } = this.#context;
		this.#rows.dispose();
		region.heap.free(this.#addresses, this.#room * 4, owner);
	}

	*#batches(addresses: number, from: number, to: number): Generator<Batch> {
		const { arena } = this.#context.region;
		for (let at = from; at < to; at += BATCH_ROWS) {
			const mark = arena.mark();
			const length = Math.min(BATCH_ROWS, to - at);
			yield { length, columns: this.#rows.gather(addresses + at * 4, length), kinds: 0 };
			arena.release(mark);
		}
	}

	/** The address of the sorted rows: of the array itself, or of the spare one. */
	#sort(spare: number): number {
		const { region } = this.#context;
		const { kernels } = region;
		const { count } = this.#words;
		const texts = this.#words.textsOf((column) => this.#rows.offsetOf(column));
		if (!texts) return kernels.sortRows(this.#addresses, spare, this.#count, count) >>> 0;
		const at = region.arena.allocate(texts.byteLength);
		region.u32.set(texts, at >>> 2);
		return kernels.sortRowsWithTexts(this.#addresses, spare, this.#count, count, at) >>> 0;
	}

	#reserve(n: number): void {
		if (this.#count + n <= this.#room) return;
		const { region, owner } = this.#context;
		const room = Math.max(this.#room * 2, this.#count + n);
		const addresses = region.heap.allocate(room * 4, owner);
		region.u32.copyWithin(addresses >>> 2, this.#addresses >>> 2, (this.#addresses >>> 2) + this.#count);
		region.heap.free(this.#addresses, this.#room * 4, owner);
		this.#addresses = addresses;
		this.#room = room;
	}
}
