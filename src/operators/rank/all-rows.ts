// All rows of bounded input, sorted at the end. Equal rows keep the order of arrival.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { Schema } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { OrderWords, Texts } from "./order-words.js";
import { WordRows } from "./word-rows.js";

const FIRST_ADDRESSES = 4096;
/** Fewer rows lie in the cache, where merging does as well. */
const MANY = 2048;
const ENTRY_BYTES = 16;
const COUNTS_BYTES = 1024;

export class AllRows {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #words: OrderWords;
	readonly #rows: WordRows;
	/** How the rows' words are compared where these are texts. */
	readonly texts: Texts;
	/** u32 addresses in order of arrival: state memory, room for so many, so many there. */
	#addresses: number;
	#room = FIRST_ADDRESSES;
	#count = 0;

	constructor(region: Region, owner: MemoryOwner, input: Schema, words: OrderWords) {
		this.#region = region;
		this.#owner = owner;
		this.#words = words;
		this.#rows = new WordRows(region, owner, input, words.count);
		this.texts = words.textsIn(region, owner, (column) => this.#rows.offsetOf(column));
		this.#addresses = region.heap.allocate(this.#room * 4, owner);
	}

	get count(): number {
		return this.#count;
	}

	add(batch: Batch): void {
		const n = batch.length;
		const rows = this.#rows.store.take(n);
		this.#words.write(this.#region, batch, rows, this.#rows.wordAt(0));
		this.#rows.write(batch.columns, 0, rows, n);
		this.#reserve(n);
		this.#region.kernels.copyBytes(this.#addresses + this.#count * 4, rows, n * 4);
		this.#count += n;
	}

	/** Sorts the rows and lends their addresses. */
	sorted(use: (rows: number) => void): void {
		const { heap, kernels } = this.#region;
		if (this.texts.bytes === 0 && this.#count >= MANY) {
			this.#sortByBytes();
			use(this.#addresses);
			return;
		}
		const bytes = this.#room * 4;
		const spare = heap.allocate(bytes, this.#owner);
		const { address } = this.texts;
		const rows =
			address === 0
				? kernels.sortRows(this.#addresses, spare, this.#count, this.#words.count)
				: kernels.sortRowsWithTexts(this.#addresses, spare, this.#count, this.#words.count, address);
		use(rows >>> 0);
		heap.free(spare, bytes, this.#owner);
	}

	/** Rows in the order of their addresses. */
	*batches(rows: number, from: number, to: number): Generator<Batch> {
		const { arena } = this.#region;
		for (let at = from; at < to; at += BATCH_ROWS) {
			const mark = arena.mark();
			const length = Math.min(BATCH_ROWS, to - at);
			yield { length, columns: this.gather(rows + at * 4, length), kinds: 0 };
			arena.release(mark);
		}
	}

	/** What came, in order of arrival. */
	saved(): Generator<Batch> {
		return this.batches(this.#addresses, 0, this.#count);
	}

	gather(rows: number, n: number): Column[] {
		return this.#rows.gather(rows, n);
	}

	column(index: number, rows: number, n: number): Column {
		return this.#rows.column(index, rows, n);
	}

	dispose(): void {
		const { heap } = this.#region;
		this.#rows.dispose();
		heap.free(this.#addresses, this.#room * 4, this.#owner);
		if (this.texts.bytes > 0) heap.free(this.texts.address, this.texts.bytes, this.#owner);
	}

	#sortByBytes(): void {
		const { heap, kernels, arena } = this.#region;
		const bytes = this.#count * ENTRY_BYTES;
		const [entries, spare] = [heap.allocate(bytes, this.#owner), heap.allocate(bytes, this.#owner)];
		const counts = arena.allocate(COUNTS_BYTES);
		kernels.radixRows(this.#addresses, this.#count, this.#words.count, entries, spare, counts);
		heap.free(entries, bytes, this.#owner);
		heap.free(spare, bytes, this.#owner);
	}

	#reserve(n: number): void {
		if (this.#count + n <= this.#room) return;
		const room = Math.max(this.#room * 2, this.#count + n);
		this.#addresses = this.#region.heap.reallocate(this.#addresses, this.#room * 4, room * 4, this.#owner);
		this.#room = room;
	}
}
