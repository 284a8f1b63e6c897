// Rows that wait until their time has come, and are then taken out in order. See assembly/order/frames.ts and assembly/order/sort.ts.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { SortKey } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { Rows } from "../state/row-store.js";
import { OrderWords, type Texts } from "./order-words.js";
import { WordRows } from "./word-rows.js";

const FIRST_ROOM = 256;

export class DueRows {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #words: OrderWords;
	readonly #texts: Texts;
	readonly rows: WordRows;
	/** Offset of the time's word in a row. */
	readonly timeAt: number;
	/** u32 addresses of those that wait, in order of arrival: state memory, room for so many, so many there. */
	#addresses: number;
	#room = FIRST_ROOM;
	#count = 0;

	private constructor(
		region: Region,
		owner: MemoryOwner,
		schema: Schema,
		order: readonly SortKey[],
		words: OrderWords,
	) {
		this.#region = region;
		this.#owner = owner;
		this.#words = words;
		this.rows = new WordRows(region, owner, schema, words.count);
		this.#texts = words.textsIn(region, owner, (column) => this.rows.offsetOf(column));
		this.timeAt = this.rows.wordAt(schema[order[0]!.column]!.type.nullable ? 1 : 0);
		this.#addresses = region.heap.allocate(FIRST_ROOM * 4, owner);
	}

	/** `order`: the time, rising, then what decides between rows of one time. Undefined: nested values have no order. */
	static of(region: Region, owner: MemoryOwner, schema: Schema, order: readonly SortKey[]): DueRows | undefined {
		const words = OrderWords.withTexts(order, schema);
		return words && new DueRows(region, owner, schema, order, words);
	}

	/** How many wait. */
	get count(): number {
		return this.#count;
	}

	add(batch: Batch): Rows {
		const added = this.keep(batch);
		this.#reserve(added.count);
		this.#region.kernels.copyBytes(this.#addresses + this.#count * 4, added.rows, added.count * 4);
		this.#count += added.count;
		return added;
	}

	/** Rows that do not wait. */
	keep(batch: Batch): Rows {
		const { length } = batch;
		const rows = this.rows.store.take(length);
		this.#words.write(this.#region, batch, rows, this.rows.wordAt(0));
		this.rows.write(batch.columns, 0, rows, length);
		return { rows, count: length };
	}

	/** Takes out the rows whose time is at most `limit`, in order, equal ones in that of their arrival. They are to be removed. */
	take(limit: number): Rows {
		const { arena, kernels } = this.#region;
		const due = arena.allocate(this.#count * 4 + 4);
		const count = kernels.dueTake(this.#addresses, this.#count, this.timeAt, limit, due);
		this.#count -= count;
		const spare = arena.allocate(count * 4 + 4);
		const { address } = this.#texts;
		const rows =
			address === 0
				? kernels.sortRows(due, spare, count, this.#words.count)
				: kernels.sortRowsWithTexts(due, spare, count, this.#words.count, address);
		return { rows: rows >>> 0, count };
	}

	/** Takes out all rows in order of arrival. */
	takeAll(): Rows {
		const { arena, kernels } = this.#region;
		const count = this.#count;
		const rows = arena.allocate(count * 4);
		kernels.copyBytes(rows, this.#addresses, count * 4);
		this.#count = 0;
		return { rows, count };
	}

	gather(rows: number, n: number): Column[] {
		return this.rows.gather(rows, n);
	}

	/** What waits, in order of arrival. */
	*saved(): Generator<Batch> {
		const { arena } = this.#region;
		for (let at = 0; at < this.#count; at += BATCH_ROWS) {
			const mark = arena.mark();
			const length = Math.min(BATCH_ROWS, this.#count - at);
			yield { length, columns: this.rows.gather(this.#addresses + at * 4, length), kinds: 0 };
			arena.release(mark);
		}
	}

	dispose(): void {
		this.rows.dispose();
		this.#region.heap.free(this.#addresses, this.#room * 4, this.#owner);
		if (this.#texts.bytes > 0) this.#region.heap.free(this.#texts.address, this.#texts.bytes, this.#owner);
	}

	#reserve(n: number): void {
		if (this.#count + n <= this.#room) return;
		const room = Math.max(this.#room * 2, this.#count + n);
		this.#addresses = this.#region.heap.reallocate(this.#addresses, this.#room * 4, room * 4, this.#owner);
		this.#room = room;
	}
}
