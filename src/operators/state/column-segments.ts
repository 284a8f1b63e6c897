// Rows kept in columns, in segments of 4096 rows, in the order in which they came: each row is named by its id, a number that rises.
// Appending copies whole columns; rows never change and are freed a segment at a time. See assembly/row/segments.ts. Once no more rows come
// they may be lined up: then a column is one array, and a row is found in it without a table.
import { type Batch, type Column, validityBytes } from "../../arrow/batch.js";
import type { SqlType } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, type PhysicalType, physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { SegmentStrings } from "./segment-strings.js";

const ROWS_LOG2 = 12;
export const SEGMENT_ROWS = 1 << ROWS_LOG2;
const FIRST_CAPACITY = 256;
const FIRST_TABLE = 16;
/** Id of a row of NULLs: the only one of segment 0. */
export const NULL_ROW = 0;

interface Place {
	readonly type: SqlType | undefined;
	readonly physical: PhysicalType | undefined;
	readonly width: 1 | 2 | 4 | 8 | 12 | 16;
}

interface StoredColumn {
	readonly type: SqlType;
	readonly physical: PhysicalType;
	readonly width: 1 | 2 | 4 | 8 | 16;
}

interface Segment {
	/** 0: its rows are lined up. */
	address: number;
	bytes: number;
	capacity: number;
	rows: number;
}

interface Line {
	readonly address: number;
	readonly bytes: number;
	readonly validity: number;
}

/** Rows `from` … `from + count` of what was appended, which came into one segment. */
export interface Piece {
	readonly id: number;
	readonly from: number;
	readonly count: number;
}

export class ColumnSegments {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	/** The columns, then words of 4 or 12 bytes per row that the owner fills in. */
	readonly #places: readonly Place[];
	/** Addresses of the places' tables. */
	readonly #tables: number[];
	#tableSize = FIRST_TABLE;
	readonly #segments: (Segment | undefined)[] = [];
	readonly #strings: SegmentStrings;
	readonly #hasNulls: boolean[];
	#first = 1;
	/** Rows that are lined up: a block per place, the values and then the bitmap. */
	readonly #lines: Line[] = [];

	/** `extras`: widths of further values per row. `shares`: equal strings may be kept once, which forbids `freeBefore`. */
	constructor(
		region: Region,
		owner: MemoryOwner,
		types: readonly SqlType[],
		extras: readonly (4 | 12)[],
		shares: boolean,
	) {
		this.#region = region;
		this.#owner = owner;
		this.#places = [
			...types.map((type): Place => {
				const physical = physicalType(type);
				return { type, physical, width: PHYSICAL_WIDTH[physical] as Place["width"] };
			}),
			...extras.map((width): Place => ({ type: undefined, physical: undefined, width })),
		];
		this.#hasNulls = types.map(() => false);
		this.#strings = new SegmentStrings(region, owner, shares);
		this.#tables = this.#places.map(() => region.heap.allocateZeroed(FIRST_TABLE * 8, owner));
		this.#open(1);
		const { address, bytes } = this.#segments[0]!;
		region.kernels.fillBytes(address, 0, bytes);
		for (const [i, place] of this.#places.entries()) {
			if (place.type) this.#setValidity(i, 0, this.#validityAddress(i, 0));
		}
		this.#segments[0]!.rows = 1;
	}

	/** The id that the next row gets. */
	get next(): number {
		const last = this.#segments.length - 1;
		const open = last === 0 ? undefined : this.#segments[last];
		return open ? last * SEGMENT_ROWS + open.rows : (last + 1) * SEGMENT_ROWS;
	}

	/** The id of the oldest row, or where it would be. */
	get first(): number {
		return this.#first << ROWS_LOG2;
	}

	/** The table of a column, or behind the columns of an extra, for kernels. */
	table(place: number): number {
		return this.#tables[place]!;
	}

	/** Address of a row's value. */
	address(place: number, id: number): number {
		const data = this.#region.u32[(this.#tables[place]! >>> 2) + (id >>> ROWS_LOG2) * 2]!;
		return data + (id & (SEGMENT_ROWS - 1)) * this.#places[place]!.width;
	}

	/** Keeps `n` rows. The extras of the new rows are undefined. */
	append(columns: readonly Column[], n: number): Piece[] {
		const pieces: Piece[] = [];
		for (let from = 0; from < n; ) {
			const segment = this.#segmentWithRoom(n - from);
			const number = this.#segments.length - 1;
			const count = Math.min(n - from, segment.capacity - segment.rows);
			for (let i = 0; i < this.#hasNulls.length; i++) this.#appendColumn(columns[i]!, i, number, from, count);
			pieces.push({ id: number * SEGMENT_ROWS + segment.rows, from, count });
			segment.rows += count;
			from += count;
		}
		return pieces;
	}

	/** A column of rows, in the arena. `padded`: NULL_ROW may be among them. */
	gather(column: number, ids: number, n: number, padded: boolean): Column {
		const { arena, kernels, byWidth } = this.#region;
		const { type, physical, width } = this.#places[column] as StoredColumn;
		const data = arena.allocate(n * width);
		const table = this.#tables[column]!;
		if (padded || this.#lines.length === 0) byWidth.segmentsRead[width](table, ids, n, data);
		else byWidth.take[width](this.#lines[column]!.address - this.first * width, ids, n, data);
		if (!padded && !this.#hasNulls[column]) return { type, physical, data, validity: 0 };
		const validity = arena.allocate(validityBytes(n));
		const nulls = kernels.segmentsReadValidity(table, ids, n, validity);
		return { type, physical, data, validity: nulls === 0 ? 0 : validity };
	}

	/** A column that is lined up, where its values can be read without more ado: it has no NULLs and words of 4 bytes or more. */
	lined(column: number): (Column & { readonly width: 4 | 8 | 16 }) | undefined {
		const { type, physical, width } = this.#places[column] as StoredColumn;
		const line = this.#lines[column];
		if (line === undefined || this.#hasNulls[column] || width < 4) return undefined;
		return { type, physical, width: width as 4 | 8 | 16, data: line.address, validity: 0 };
	}

	/** What all rows take, but for the bytes of long strings. */
	get bytes(): number {
		return this.#places.reduce((sum, { width }) => sum + width, 0) * (this.next - this.first);
	}

	/**
	 * Lines up the rows; none may be appended any more. `placesOf`: u32 per row of a segment, its place among all rows from then on. What
	 * the owner keeps per row stays in place only without it.
	 */
	lineUp(placesOf?: (batch: Batch) => number): void {
		const { arena, heap } = this.#region;
		const rows = this.next - this.first;
		for (const place of this.#places) {
			const bytes = placeBytes(place, rows);
			const address = heap.allocate(bytes, this.#owner);
			this.#lines.push({ address, bytes, validity: address + dataBytes(place, rows) });
		}
		for (const { id, batch } of this.batches()) {
			const mark = arena.mark();
			const places = placesOf?.(batch) ?? 0;
			for (const i of this.#places.keys()) this.#lineUpPlace(i, id, batch, places);
			arena.release(mark);
		}
		this.#leaveSegments();
	}

	/** The rows of each segment, oldest first: ids from `id` on, as columns that lie in the segment. */
	*batches(): Generator<{ readonly id: number; readonly batch: Batch }> {
		for (let number = this.#first; number < this.#segments.length; number++) {
			const { rows } = this.#segments[number]!;
			const columns = this.#hasNulls.map((_, i): Column => {
				const at = (this.#tables[i]! >>> 2) + number * 2;
				const { type, physical } = this.#places[i] as StoredColumn;
				return { type, physical, data: this.#region.u32[at]!, validity: this.#region.u32[at + 1]! };
			});
			yield { id: number * SEGMENT_ROWS, batch: { length: rows, columns, kinds: 0 } };
		}
	}

	/** Frees the segments that hold only rows before `id`, which may be beyond the last. */
	freeBefore(id: number): void {
		for (; (this.#first + 1) << ROWS_LOG2 <= id; this.#first++) {
			const { address, bytes } = this.#segments[this.#first]!;
			this.#region.heap.free(address, bytes, this.#owner);
			this.#strings.free(this.#first);
			this.#segments[this.#first] = undefined;
		}
	}

	dispose(): void {
		const { heap } = this.#region;
		for (const segment of this.#segments) {
			if (segment?.address) heap.free(segment.address, segment.bytes, this.#owner);
		}
		for (const { address, bytes } of this.#lines) heap.free(address, bytes, this.#owner);
		for (const table of this.#tables) heap.free(table, this.#tableSize * 8, this.#owner);
		this.#strings.dispose();
	}

	#lineUpPlace(index: number, id: number, { columns, length }: Batch, places: number): void {
		const { kernels, byWidth } = this.#region;
		const { width } = this.#places[index]!;
		const from = id - this.first;
		const target = this.#lines[index]!.address;
		const values = this.address(index, id);
		if (places === 0) kernels.copyBytes(target + from * width, values, length * width);
		else if (width !== 12) byWidth.scatter[width](values, 0, places, length, target);
		if (!this.#hasNulls[index]) return;
		const { validity } = this.#lines[index]!;
		const source = columns[index]!.validity;
		if (places === 0) kernels.bitsAppend(source, 0, length, validity, from);
		else kernels.scatterBits(source, places, length, validity);
	}

	/** Points the tables to the lines. */
	#leaveSegments(): void {
		const { heap, u32 } = this.#region;
		for (let number = this.#first; number < this.#segments.length; number++) {
			const segment = this.#segments[number]!;
			heap.free(segment.address, segment.bytes, this.#owner);
			segment.address = 0;
			const from = (number - this.#first) * SEGMENT_ROWS;
			for (const [i, { width }] of this.#places.entries()) {
				const entry = (this.#tables[i]! >>> 2) + number * 2;
				u32[entry] = this.#lines[i]!.address + from * width;
				if (this.#hasNulls[i]) u32[entry + 1] = this.#lines[i]!.validity + from / 8;
			}
		}
	}

	#appendColumn(column: Column, index: number, number: number, from: number, count: number): void {
		const { kernels, u32 } = this.#region;
		const { rows } = this.#segments[number]!;
		const { physical, width } = this.#places[index]!;
		const entry = (this.#tables[index]! >>> 2) + number * 2;
		const target = u32[entry]! + rows * width;
		kernels.copyBytes(target, column.data + from * width, count * width);
		if (physical === "view") this.#strings.keep(number, target, count);
		let validity = this.#region.u32[entry + 1]!;
		if (validity === 0 && column.validity !== 0) {
			validity = this.#validityAddress(index, number);
			kernels.bitsAppend(0, 0, rows, validity, 0);
			this.#setValidity(index, number, validity);
			this.#hasNulls[index] = true;
		}
		if (validity !== 0) kernels.bitsAppend(column.validity, from, count, validity, rows);
	}

	/** The open segment, which holds a part of its rows at first while there are few. */
	#segmentWithRoom(wanted: number): Segment {
		const last = this.#segments.length - 1;
		const open = this.#segments[last];
		if (last === 0 || open === undefined) return this.#open(capacityFor(wanted));
		if (open.rows < open.capacity) return open;
		if (open.capacity === SEGMENT_ROWS) return this.#open(SEGMENT_ROWS);
		return this.#widen(open, capacityFor(open.rows + Math.max(wanted, open.rows)));
	}

	#open(capacity: number): Segment {
		const number = this.#segments.length;
		if (number === this.#tableSize) this.#growTables();
		const segment = this.#allocate(capacity);
		this.#segments.push(segment);
		for (const [i, address] of this.#placeAddresses(segment).entries()) {
			const entry = (this.#tables[i]! >>> 2) + number * 2;
			this.#region.u32[entry] = address;
			this.#region.u32[entry + 1] = 0;
		}
		return segment;
	}

	#allocate(capacity: number): Segment {
		// At least one, also without places: 0 is for segments that have left.
		const bytes = Math.max(
			1,
			this.#places.reduce((sum, place) => sum + placeBytes(place, capacity), 0),
		);
		return { address: this.#region.heap.allocate(bytes, this.#owner), bytes, capacity, rows: 0 };
	}

	/** Moves the last segment to a larger block. */
	#widen(segment: Segment, capacity: number): Segment {
		const { heap, kernels, u32 } = this.#region;
		const { address, bytes, rows } = segment;
		const number = this.#segments.length - 1;
		const sources = this.#placeAddresses(segment);
		const validities = this.#tables.map((table) => u32[(table >>> 2) + number * 2 + 1]!);
		Object.assign(segment, this.#allocate(capacity), { rows });
		for (const [i, target] of this.#placeAddresses(segment).entries()) {
			kernels.copyBytes(target, sources[i]!, rows * this.#places[i]!.width);
			this.#region.u32[(this.#tables[i]! >>> 2) + number * 2] = target;
			if (validities[i] === 0) continue;
			const validity = this.#validityAddress(i, number);
			kernels.copyBytes(validity, validities[i]!, validityBytes(rows));
			this.#setValidity(i, number, validity);
		}
		heap.free(address, bytes, this.#owner);
		return segment;
	}

	#placeAddresses({ address, capacity }: Segment): number[] {
		let at = address;
		return this.#places.map((place) => {
			const start = at;
			at += placeBytes(place, capacity);
			return start;
		});
	}

	#validityAddress(index: number, number: number): number {
		const segment = this.#segments[number]!;
		const place = this.#places[index]!;
		return this.#placeAddresses(segment)[index]! + dataBytes(place, segment.capacity);
	}

	#setValidity(index: number, number: number, address: number): void {
		this.#region.u32[(this.#tables[index]! >>> 2) + number * 2 + 1] = address;
	}

	#growTables(): void {
		const { heap } = this.#region;
		const bytes = this.#tableSize * 8;
		for (const [i, table] of this.#tables.entries()) {
			this.#tables[i] = heap.reallocate(table, bytes, bytes * 2, this.#owner);
		}
		this.#tableSize *= 2;
	}
}

const dataBytes = ({ width }: Place, capacity: number) => (width * capacity + 15 + 16) & ~15;

/** Values with room for a read of 16 bytes past the last, then the bitmap with room for one of 8. */
const placeBytes = (place: Place, capacity: number) =>
	dataBytes(place, capacity) + (place.type ? (validityBytes(capacity) + 15 + 8) & ~15 : 0);

const capacityFor = (rows: number) => Math.min(SEGMENT_ROWS, Math.max(FIRST_CAPACITY, 2 ** Math.ceil(Math.log2(rows))));
