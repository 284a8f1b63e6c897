// The rows of one side of a WindowJoin that wait for their window to close: window by window, columns as they come. What all rows of a
// window have alike is not kept with each: the end of the window, and its start where that follows from the end.
import { type Batch, type Column, withValidity } from "../../arrow/batch.js";
import type { Schema } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { ColumnSegments } from "../state/column-segments.js";
import { PendingEnds } from "../window/pending-ends.js";
import { sliceParts } from "../window/slice-parts.js";

/** Columns of the window's bounds, in ms. */
export interface WindowBounds {
	readonly end: number;
	/** Absent: windows that end together may have started apart. */
	readonly start?: number | undefined;
}

interface OpenWindow {
	/** Of its first row; 0 where starts are kept row by row. */
	readonly start: bigint;
	readonly segments: ColumnSegments;
}

export class WindowRows {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #schema: Schema;
	readonly #bounds: WindowBounds;
	/** The columns that are kept row by row. */
	readonly #kept: readonly number[];
	readonly #all: ReadonlySet<number>;
	/** By end. */
	readonly #windows = new Map<number, OpenWindow>();
	readonly #ends = new PendingEnds();

	constructor(region: Region, owner: MemoryOwner, schema: Schema, bounds: WindowBounds) {
		this.#region = region;
		this.#owner = owner;
		this.#schema = schema;
		this.#bounds = bounds;
		this.#kept = [...schema.keys()].filter((column) => column !== bounds.end && column !== bounds.start);
		this.#all = new Set(schema.keys());
	}

	/** The earliest end of a window with rows; infinite when there is none. */
	get earliest(): number {
		return this.#ends.first ?? Number.POSITIVE_INFINITY;
	}

	add(batch: Batch): void {
		const ends = withValidity(batch.columns[this.#bounds.end]!, 0);
		for (const { slice: end, batch: part } of sliceParts(this.#region, batch, ends, 1, 0, this.#all)) {
			const { segments } = this.#windows.get(end) ?? this.#open(end, part);
			segments.append(this.#keptOf(part), part.length);
		}
	}

	/** The rows of windows that end by `limit`, the earliest first, which are gone afterwards. Batches are valid until the next. */
	*take(limit: number): Generator<Batch> {
		for (let end = this.#ends.next(limit); end !== undefined; end = this.#ends.next(limit)) {
			const window = this.#windows.get(end)!;
			yield* this.#batches(end, window);
			this.#windows.delete(end);
			window.segments.dispose();
		}
	}

	/** What waits. */
	*saved(): Generator<Batch> {
		for (const [end, window] of this.#windows) yield* this.#batches(end, window);
	}

	dispose(): void {
		for (const { segments } of this.#windows.values()) segments.dispose();
	}

	#open(end: number, { columns }: Batch): OpenWindow {
		const { start } = this.#bounds;
		const types = this.#kept.map((column) => this.#schema[column]!.type);
		const window = {
			start: start === undefined ? 0n : this.#region.i64[columns[start]!.data >>> 3]!,
			segments: new ColumnSegments(this.#region, this.#owner, types, [], true),
		};
		this.#windows.set(end, window);
		this.#ends.add(end);
		return window;
	}

	#keptOf({ columns }: Batch): Column[] {
		return this.#kept.map((column) => columns[column]!);
	}

	*#batches(end: number, { start, segments }: OpenWindow): Generator<Batch> {
		const { arena } = this.#region;
		for (const { batch } of segments.batches()) {
			const mark = arena.mark();
			const columns: Column[] = [];
			for (const [i, column] of this.#kept.entries()) columns[column] = batch.columns[i]!;
			columns[this.#bounds.end] = this.#bound(this.#bounds.end, end, batch.length);
			if (this.#bounds.start !== undefined) {
				columns[this.#bounds.start] = this.#bound(this.#bounds.start, Number(start), batch.length);
			}
			yield { length: batch.length, columns, kinds: 0 };
			arena.release(mark);
		}
	}

	#bound(column: number, ms: number, n: number): Column {
		const data = this.#region.arena.allocate(n * 8);
		this.#region.kernels.sliceFill(data, n, ms);
		return { type: this.#schema[column]!.type, physical: "i64", data, validity: 0 };
	}
}
