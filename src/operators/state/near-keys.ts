// The keys of an index that have a place in an array over the range of an integer among them, while its values lie close together.
// See assembly/hash/near.ts.
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { IndexHeader } from "./index-header.js";
import type { PackedFields, RowField } from "./row-layout.js";

const NEAR_HEADER_BYTES = 24;
const RANGE_BYTES = 16;
/** As in the kernels. The array may have so many cells, and so many more for each key. */
const FREE_SPAN = 1024n;
const SPAN_PER_KEY = 8n;
const MAX_SPAN = 1n << 27n;
/** Of the keys one in so many may have to share its integer with another. */
const KEYS_PER_SHARED = 4;
/** Cells beyond the range for keys to come: of its cells one in so many, and at least so many. */
const CELLS_PER_SPARE = 2n;
const MIN_SPARE = 64n;
/** Cells that are made room for because there were as many before. */
const MOST_EXPECTED = 1n << 18n;
/** Rows looked at together. */
const ROWS = 4096;

type Scan = (n: number) => Iterable<{ readonly rows: number; readonly count: number }>;

const unsigned = (value: bigint) => BigInt.asUintN(64, value);
const signed = (value: bigint) => BigInt.asIntN(64, value);
const least = (a: bigint, b: bigint) => (a < b ? a : b);
const greatest = (a: bigint, b: bigint) => (a > b ? a : b);

export class NearKeys {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #header: IndexHeader;
	/** The integers of a key. */
	readonly #fields: readonly RowField[];
	/** The only field, whose NULL has a cell of its own. */
	readonly #only: RowField | undefined;
	#bytes = 0;
	/** Values that the range held when the index was cleared: as many may come again. */
	#expected = 0n;

	private constructor(region: Region, owner: MemoryOwner, header: IndexHeader, key: PackedFields) {
		this.#region = region;
		this.#owner = owner;
		this.#header = header;
		this.#fields = key.fields.filter(isInteger);
		this.#only = key.fields.length === 1 ? key.fields[0] : undefined;
	}

	/** Undefined: keys have no integers. */
	static of(region: Region, owner: MemoryOwner, header: IndexHeader, key: PackedFields): NearKeys | undefined {
		return !key.isOwned && key.fields.some(isInteger) ? new NearKeys(region, owner, header, key) : undefined;
	}

	/** The least and the greatest key, when keys are nothing but an integer and all in the array, none of them NULL. */
	get range(): readonly [least: bigint, greatest: bigint] | undefined {
		const array = this.#header.get("near");
		if (!this.#only || array === 0 || this.#header.get("count") > 0) return undefined;
		const nullRow = this.#region.u32[(array + NEAR_HEADER_BYTES) / 4 + cellsOf(this.#region, array) - 1];
		const places = nullRow === 0 ? this.#bounds(array) : undefined;
		const start = this.#region.i64[array / 8]!;
		if (!places || start + places[1] !== signed(start + places[1])) return undefined;
		return [start + places[0], start + places[1]];
	}

	/**
	 * Puts as many of the rows as have a place into a new array, if that is most of them, and the old array away. Returns how many have
	 * none; undefined when nothing was done. `scan` reads the index, which must not change until `place` is called with the array.
	 */
	plan(scan: Scan): { readonly array: number; readonly bytes: number; readonly left: number } | undefined {
		const size = this.#header.get("size");
		for (const field of this.#fields) {
			const range = this.#rangeOf(field, size, scan);
			if (!range) continue;
			const spare = (range.span >> 2n) + MIN_SPARE;
			const above = greatest(spare, this.#expected - range.span);
			const { array, bytes } = this.#allocate(field, signed(range.from - spare), spare + range.span + above);
			let left = 0;
			for (const { rows, count } of scan(ROWS)) left += this.#enterInto(array, rows, count);
			if (left * KEYS_PER_SHARED <= size) return { array, bytes, left };
			this.#region.heap.free(array, bytes, this.#owner);
		}
		return undefined;
	}

	/** Gives rows that have no place one, where it is free. Returns how many still have none. */
	enter(rows: number, count: number): number {
		return this.#enterInto(this.#header.get("near"), rows, count);
	}

	#enterInto(array: number, rows: number, count: number): number {
		const { nullOffset, nullMask } = this.#only ?? { nullOffset: 0, nullMask: 0 };
		return this.#region.kernels.nearEnter(array, rows, count, nullOffset, nullMask);
	}

	/** Replaces the array; 0: by none. */
	place(array: number, bytes: number): void {
		this.dispose();
		this.#header.set("near", array);
		this.#bytes = bytes;
	}

	/** Makes room for the value that wants a place, and gives up that of values below or above all that have a row. */
	extend(): void {
		const { kernels } = this.#region;
		const old = this.#header.get("near");
		const start = this.#region.i64[old / 8]!;
		const span = this.#region.i64[old / 8 + 1]!;
		const wanted = this.#header.wanted;
		const places = this.#bounds(old);
		// Places count from the old start, so that no sum runs over the end of the type.
		const isBelow = unsigned(start - wanted) < unsigned(wanted - start);
		const place = isBelow ? -unsigned(start - wanted) : unsigned(wanted - start);
		const [first, last] = places ?? [place, place];
		const from = least(first, place);
		const to = greatest(last, place);
		const spare = (to - from) / CELLS_PER_SPARE + MIN_SPARE;
		const begin = isBelow ? from - spare : greatest(from - spare, 0n);
		const end = isBelow ? least(to + spare, greatest(span - 1n, to)) : to + spare;
		const field = this.#fields.find(({ offset }) => offset === this.#region.u32[old / 4 + 4])!;
		const { array, bytes } = this.#allocate(field, signed(start + begin), end - begin + 1n);
		const cell = (base: number, at: bigint) => base + NEAR_HEADER_BYTES + Number(at) * 4;
		if (places) kernels.copyBytes(cell(array, first - begin), cell(old, first), Number(last - first + 1n) * 4);
		kernels.copyBytes(cell(array, end - begin + 2n), cell(old, span + 1n), 4);
		this.place(array, bytes);
	}

	/** All keys are gone. The next array has room for as many values. */
	clear(): void {
		const array = this.#header.get("near");
		const [first, last] = (array === 0 ? undefined : this.#bounds(array)) ?? [0n, 0n];
		this.#expected = least(last - first + 1n, MOST_EXPECTED);
		this.dispose();
	}

	/** Gives the array back. */
	dispose(): void {
		const array = this.#header.get("near");
		if (array !== 0) this.#region.heap.free(array, this.#bytes, this.#owner);
		this.#header.set("near", 0);
	}

	/** The places of the first and the last value with a row. */
	#bounds(array: number): [first: bigint, last: bigint] | undefined {
		const { arena, kernels } = this.#region;
		const mark = arena.mark();
		const bounds = arena.allocate(8);
		const hasRows = kernels.nearBounds(array, bounds);
		const [first, last] = this.#region.u32.subarray(bounds / 4, bounds / 4 + 2);
		arena.release(mark);
		return hasRows ? [BigInt(first!), BigInt(last!)] : undefined;
	}

	#rangeOf(field: RowField, size: number, scan: Scan): { readonly from: bigint; readonly span: bigint } | undefined {
		const { heap, kernels } = this.#region;
		const most = least(FREE_SPAN + SPAN_PER_KEY * BigInt(size), MAX_SPAN);
		const range = heap.allocate(RANGE_BYTES, this.#owner);
		const { offset, nullOffset, nullMask } = field;
		let total = 0;
		let from = 0n;
		let span = 0n;
		for (const { rows, count } of scan(ROWS)) {
			const bytes = bytesOf(field, this.#only);
			total += kernels.nearRange(rows, count, offset, bytes, nullOffset, nullMask, range, total === 0);
			if (total === 0) continue;
			from = this.#region.i64[range / 8]!;
			span = this.#region.i64[range / 8 + 1]! - from + 1n;
			if (span > most) break;
		}
		heap.free(range, RANGE_BYTES, this.#owner);
		return total > 0 && span <= most ? { from, span } : undefined;
	}

	#allocate(field: RowField, start: bigint, span: bigint): { readonly array: number; readonly bytes: number } {
		const bytes = NEAR_HEADER_BYTES + (Number(span) + 2) * 4;
		const array = this.#region.heap.allocateZeroed(bytes, this.#owner);
		this.#region.i64[array / 8] = start;
		this.#region.i64[array / 8 + 1] = span;
		this.#region.u32[array / 4 + 4] = field.offset;
		this.#region.u32[array / 4 + 5] = bytesOf(field, this.#only);
		return { array, bytes };
	}
}

const isInteger = ({ physical }: RowField) => physical === "i32" || physical === "i64";

/** An integer alone is widened. */
const bytesOf = (field: RowField, only: RowField | undefined) => (only || field.physical === "i64" ? 8 : 4);

/** Cells of an array: of the values in its range, of those without a place, and of NULL. */
export const cellsOf = (region: Region, array: number) => Number(region.i64[array / 8 + 1]) + 2;
