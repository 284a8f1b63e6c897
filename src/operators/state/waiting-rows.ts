// Rows that wait until their time has come: kept in column segments, taken out by a time limit.
import type { Batch, Column } from "../../arrow/batch.js";
import { notNull, type Schema, TINYINT } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { ColumnSegments, SEGMENT_ROWS } from "./column-segments.js";

export class WaitingRows {
	readonly #region: Region;
	readonly #segments: ColumnSegments;
	readonly #width: number;
	readonly #hasKinds: boolean;
	readonly #time: number;
	readonly #taken: number;
	/** The earliest time of each segment's rows that still wait; infinite when none does. */
	readonly #earliest: number[] = [];

	/** `time`: the column, in ms. `hasKinds`: rows may be other than +I. */
	constructor(region: Region, owner: MemoryOwner, schema: Schema, time: number, hasKinds: boolean) {
		this.#region = region;
		this.#width = schema.length;
		this.#hasKinds = hasKinds;
		this.#time = time;
		const types = schema.map(({ type }) => type);
		if (hasKinds) types.push(notNull(TINYINT));
		this.#taken = types.length;
		this.#segments = new ColumnSegments(region, owner, types, [4], false);
	}

	/** The earliest time that a row waits for; infinite when none waits. */
	get earliest(): number {
		let earliest = Number.POSITIVE_INFINITY;
		for (let segment = this.#firstSegment; segment < this.#earliest.length; segment++) {
			earliest = Math.min(earliest, this.#earliest[segment]!);
		}
		return earliest;
	}

	add({ columns, length, kinds }: Batch): void {
		const { kernels } = this.#region;
		const all = this.#hasKinds ? [...columns.slice(0, this.#width), this.#kindColumn(kinds, length)] : columns;
		for (const { id, count } of this.#segments.append(all, length)) {
			const segment = Math.floor(id / SEGMENT_ROWS);
			const taken = this.#segments.address(this.#taken, id);
			kernels.fillBytes(taken, 0, count * 4);
			const earliest = kernels.waitingEarliest(this.#segments.address(this.#time, id), taken, count);
			this.#earliest[segment] = Math.min(this.#earliest[segment] ?? Number.POSITIVE_INFINITY, earliest);
		}
	}

	/** The rows whose time is at most `limit`, in order of arrival, which are gone afterwards. Batches are valid until the next. */
	*take(limit: number): Generator<Batch> {
		const { arena, kernels } = this.#region;
		for (const { id, batch, times, taken } of this.#parts()) {
			const n = batch.length;
			const segment = Math.floor(id / SEGMENT_ROWS);
			if (this.#earliest[segment]! > limit) continue;
			const mark = arena.mark();
			const ids = arena.allocate(n * 4);
			const count = kernels.waitingTake(times, taken, n, id, limit, ids);
			this.#earliest[segment] = kernels.waitingEarliest(times, taken, n);
			yield count === n ? this.#whole(batch) : this.#gather(ids, count);
			arena.release(mark);
		}
		let first = this.#firstSegment;
		while (this.#earliest[first] === Number.POSITIVE_INFINITY) first++;
		this.#segments.freeBefore(first * SEGMENT_ROWS);
	}

	/** What waits, kinds as a last column. */
	*saved(): Generator<Batch> {
		const { arena, kernels } = this.#region;
		for (const { id, batch, taken } of this.#parts()) {
			const n = batch.length;
			const mark = arena.mark();
			const ids = arena.allocate(n * 4);
			const count = kernels.waitingRows(taken, n, id, ids);
			const { columns } = this.#gather(ids, count);
			const kinds = this.#hasKinds ? [this.#segments.gather(this.#width, ids, count, false)] : [];
			yield { length: count, columns: [...columns, ...kinds], kinds: 0 };
			arena.release(mark);
		}
	}

	/** The schema of what is saved. */
	savedSchema(schema: Schema): Schema {
		return this.#hasKinds ? [...schema, { name: "kind", type: notNull(TINYINT) }] : schema;
	}

	load({ columns, length }: Batch): void {
		const kinds = this.#hasKinds ? columns[this.#width]!.data : 0;
		this.add({ columns: columns.slice(0, this.#width), length, kinds });
	}

	dispose(): void {
		this.#segments.dispose();
	}

	get #firstSegment(): number {
		return Math.floor(this.#segments.first / SEGMENT_ROWS);
	}

	*#parts() {
		for (const { id, batch } of this.#segments.batches()) {
			const times = this.#segments.address(this.#time, id);
			yield { id, batch, times, taken: this.#segments.address(this.#taken, id) };
		}
	}

	/** A segment as it lies. */
	#whole({ columns, length }: Batch): Batch {
		const kinds = this.#hasKinds ? columns[this.#width]!.data : 0;
		return { length, columns: columns.slice(0, this.#width), kinds };
	}

	#gather(ids: number, n: number): Batch {
		const columns = Array.from({ length: this.#width }, (_, i) => this.#segments.gather(i, ids, n, false));
		const kinds = this.#hasKinds ? this.#segments.gather(this.#width, ids, n, false).data : 0;
		return { length: n, columns, kinds };
	}

	#kindColumn(kinds: number, n: number): Column {
		let data = kinds;
		if (data === 0) {
			data = this.#region.arena.allocate(n);
			this.#region.kernels.fillBytes(data, 0, n);
		}
		return { type: notNull(TINYINT), physical: "i8", data, validity: 0 };
	}
}
