// Rows that wait for the watermark, in the order of their sort words (time first); equal ones in the order of arrival.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import type { SortKey } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { OrderWords } from "../rank/order-words.js";
import { WordRows } from "../rank/word-rows.js";

const FIRST_ADDRESSES = 4096;

export class WaitingRows {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #words: OrderWords;
	readonly #rows: WordRows;
	/** Offset of the time's word: a word that tells NULLs may come before it. */
	readonly #timeWord: number;
	/** u32 addresses in state memory: room for so many, those from `#first` to `#end` are there, sorted up to `#sorted`. */
	#addresses: number;
	#room = FIRST_ADDRESSES;
	#first = 0;
	#sorted = 0;
	#end = 0;

	constructor(region: Region, owner: MemoryOwner, schema: Schema, words: OrderWords, time: SortKey) {
		this.#region = region;
		this.#owner = owner;
		this.#words = words;
		this.#rows = new WordRows(region, owner, schema, words.count);
		this.#timeWord = this.#rows.wordAt(schema[time.column]!.type.nullable ? 1 : 0);
		this.#addresses = region.heap.allocate(this.#room * 4, owner);
	}

	/** Copies rows of a batch. `indices`: which; 0: all. */
	add(batch: Batch, indices: number, n: number): void {
		if (n === 0) return;
		const { kernels } = this.#region;
		const added = indices === 0 ? batch : takeBatch(this.#region, batch, indices, n);
		const rows = this.#rows.store.take(n);
		this.#words.write(this.#region, added, rows, this.#rows.wordAt(0));
		this.#rows.write(added.columns, 0, rows, n);
		this.#reserve(n);
		kernels.copyBytes(this.#addresses + this.#end * 4, rows, n * 4);
		this.#end += n;
	}

	/** The rows whose time is not after the watermark, in order, and forgets them; batches are valid until the next is asked for. */
	*due(watermark: number): Generator<{ readonly columns: Column[]; readonly length: number }> {
		this.#sort();
		const { kernels, arena } = this.#region;
		const start = this.#addresses + this.#first * 4;
		const count = kernels.matchDue(start, this.#end - this.#first, this.#timeWord, watermark);
		for (let at = 0; at < count; at += BATCH_ROWS) {
			const mark = arena.mark();
			const length = Math.min(BATCH_ROWS, count - at);
			const rows = this.#addresses + this.#first * 4;
			yield { length, columns: this.#rows.gather(rows, length) };
			this.#rows.remove(rows, length);
			this.#first += length;
			arena.release(mark);
		}
	}

	/** All rows. */
	*all(): Generator<Batch> {
		const { arena } = this.#region;
		for (let at = this.#first; at < this.#end; at += BATCH_ROWS) {
			const mark = arena.mark();
			const length = Math.min(BATCH_ROWS, this.#end - at);
			yield { length, columns: this.#rows.gather(this.#addresses + at * 4, length), kinds: 0 };
			arena.release(mark);
		}
	}

	dispose(): void {
		this.#rows.dispose();
		this.#region.heap.free(this.#addresses, this.#room * 4, this.#owner);
	}

	/** Rows mostly come in order: then there is nothing to do. */
	#sort(): void {
		const { kernels, heap } = this.#region;
		const start = this.#addresses + this.#first * 4;
		const n = this.#end - this.#first;
		const from = Math.max(0, this.#sorted - this.#first);
		if (kernels.sortedRows(start, from, n, this.#words.count) < n) {
			const spare = heap.allocate(n * 4, this.#owner);
			const sorted = kernels.sortRows(start, spare, n, this.#words.count) >>> 0;
			if (sorted !== start) kernels.copyBytes(start, sorted, n * 4);
			heap.free(spare, n * 4, this.#owner);
		}
		this.#sorted = this.#end;
	}

	/** Room for `n` more addresses: those that are left move to the front, of a larger array if need be. */
	#reserve(n: number): void {
		if (this.#end + n <= this.#room) return;
		const { heap, kernels } = this.#region;
		const count = this.#end - this.#first;
		const start = this.#addresses + this.#first * 4;
		if (count + n <= this.#room / 2) kernels.copyBytes(this.#addresses, start, count * 4);
		else {
			const room = Math.max(this.#room * 2, count + n);
			const addresses = heap.allocate(room * 4, this.#owner);
			kernels.copyBytes(addresses, start, count * 4);
			heap.free(this.#addresses, this.#room * 4, this.#owner);
			this.#addresses = addresses;
			this.#room = room;
		}
		this.#sorted -= this.#first;
		this.#first = 0;
		this.#end = count;
	}
}
