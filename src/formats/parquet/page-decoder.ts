// Decodes the pages of a column chunk by kernels, straight into the columns of batches. Texts are views into the page, which therefore
// stays where it is until the batch is done with; everything else is copied out.
import { type Column, VIEW_BYTES, validityBytes } from "../../arrow/batch.js";
import type { EngineError } from "../../errors.js";
import type { SqlType } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { ValueWidth } from "../../wasm/width-kernels.js";
import type { ColumnChunk, RawPage } from "./column-chunk.js";
import type { StoredValues } from "./page-values.js";

/** What kernels may read behind a page, or write behind it while decompressing. */
const PADDING_BYTES = 32;
/** A reader of runs: see assembly/format/parquet/runs.ts. */
const RUNS_BYTES = 24;

interface Block {
	readonly address: number;
	readonly bytes: number;
}

const NO_BLOCK: Block = { address: 0, bytes: 0 };

interface Page {
	readonly block: Block;
	readonly offset: number;
	/** Rows not taken yet. */
	rows: number;
	/** Address of the next value; of bits, the address of the first. */
	next: number;
	readonly end: number;
	readonly encoding: "plain" | "dictionary" | "runs";
	/** Bits taken. */
	bits: number;
	readonly hasLevels: boolean;
}

/** A dictionary's values as the column has them. */
interface Dictionary {
	readonly block: Block;
	readonly values: number;
	readonly valuesBlock: Block;
	readonly count: number;
}

/** A column that kernels decode. */
export interface PagedColumn {
	readonly type: SqlType;
	readonly stored: StoredValues;
	/** In the file. */
	readonly isNullable: boolean;
}

export class PageDecoder {
	readonly #chunk: ColumnChunk;
	readonly #type: SqlType;
	readonly #stored: StoredValues;
	readonly #isNullable: boolean;
	readonly #width: ValueWidth;
	readonly #owner: MemoryOwner;
	/** Pages and dictionaries that the last batch's texts may lie in. */
	readonly #retired: Block[] = [];
	#readers: Block = NO_BLOCK;
	/** Levels that came before the data of the current page. */
	#levels: Block = NO_BLOCK;
	#page: Page | undefined;
	#dictionary: Dictionary | undefined;

	constructor(chunk: ColumnChunk, { type, stored, isNullable }: PagedColumn, owner: MemoryOwner) {
		this.#chunk = chunk;
		this.#owner = owner;
		this.#type = type;
		this.#stored = stored;
		this.#isNullable = isNullable;
		this.#width = PHYSICAL_WIDTH[physicalType(type)];
	}

	/** Rows that can be taken without loading. */
	get rows(): number {
		return (this.#page?.rows ?? 0) + this.#chunk.rows;
	}

	async load(rows: number): Promise<void> {
		while (this.rows < rows && !this.#chunk.ended) await this.#chunk.load();
		if (this.rows === 0) throw this.#chunk.malformed(0, "its pages have fewer rows than the row group");
	}

	/** The next `rows` rows, at most `this.rows`, in the arena. */
	take(region: Region, rows: number): Column {
		const { arena, kernels } = region;
		this.release(region);
		if (this.#readers === NO_BLOCK) this.#readers = this.#allocate(region, RUNS_BYTES * 2);
		const data = arena.allocate(rows * this.#width);
		const mask = this.#isNullable ? arena.allocate(rows) : 0;
		let present = 0;
		for (let row = 0; row < rows; ) {
			const page = this.#nextPage(region);
			const n = Math.min(page.rows, rows - row);
			present += this.#decode(region, page, n, data + row * this.#width, mask === 0 ? 0 : mask + row);
			page.rows -= n;
			row += n;
		}
		let validity = 0;
		if (present < rows) {
			validity = arena.allocate(validityBytes(rows));
			kernels.maskToBits(mask, rows, validity);
		}
		return { type: this.#type, physical: physicalType(this.#type), data, validity };
	}

	/** Frees what only the last batch needed. */
	release(region: Region): void {
		for (const block of this.#retired) this.#free(region, block);
		this.#retired.length = 0;
	}

	dispose(region: Region): void {
		this.release(region);
		this.#retirePage();
		this.#retireDictionary();
		this.release(region);
		this.#free(region, this.#readers);
		this.#free(region, this.#levels);
		this.#readers = NO_BLOCK;
		this.#levels = NO_BLOCK;
	}

	#allocate({ heap }: Region, bytes: number): Block {
		return { address: heap.allocate(bytes, this.#owner), bytes };
	}

	#free({ heap }: Region, { address, bytes }: Block): void {
		if (address !== 0) heap.free(address, bytes, this.#owner);
	}

	#retirePage(): void {
		if (this.#page) this.#retired.push(this.#page.block);
		this.#page = undefined;
	}

	#retireDictionary(): void {
		if (this.#dictionary) this.#retired.push(this.#dictionary.block, this.#dictionary.valuesBlock);
		this.#dictionary = undefined;
	}

	/** The page that the next row is in. */
	#nextPage(region: Region): Page {
		for (let page = this.#page; ; page = this.#page) {
			if (page && page.rows > 0) return page;
			this.#retirePage();
			const raw = this.#chunk.take();
			if (!raw) throw this.#chunk.malformed(0, "its pages have fewer rows than the row group");
			if (raw.isDictionary) this.#openDictionary(region, raw);
			else this.#openPage(region, raw);
		}
	}

	/** The data of a page, decompressed. */
	#decompress(region: Region, { data, codec, uncompressedBytes, offset }: RawPage): Block {
		const block = this.#allocate(region, uncompressedBytes + PADDING_BYTES);
		if (codec === "NONE") {
			region.u8.set(data, block.address);
			return block;
		}
		const { arena, kernels } = region;
		const mark = arena.mark();
		const { length, bytes } = snappyLength(data);
		const from = arena.allocate(data.length);
		region.u8.set(data, from);
		const source = from + bytes;
		const isWhole =
			length === uncompressedBytes &&
			kernels.parquetUnsnap(source, data.length - bytes, block.address, uncompressedBytes);
		arena.release(mark);
		if (isWhole) return block;
		this.#free(region, block);
		throw this.#chunk.malformed(offset, "its data cannot be decompressed");
	}

	#openDictionary(region: Region, raw: RawPage): void {
		if (raw.encoding !== "PLAIN" && raw.encoding !== "PLAIN_DICTIONARY") throw this.#unsupported(raw);
		this.#retireDictionary();
		const block = this.#decompress(region, raw);
		const count = raw.values;
		const stored = this.#stored;
		const least = stored.kind === "texts" ? 4 : stored.kind === "fixed" ? stored.width : Number.POSITIVE_INFINITY;
		if (count > 0 && count * least > raw.uncompressedBytes) {
			this.#free(region, block);
			throw this.#chunk.malformed(raw.offset, `its dictionary of ${count} values has ${raw.uncompressedBytes} bytes`);
		}
		const valuesBlock = this.#allocate(region, count * this.#width + PADDING_BYTES);
		this.#dictionary = { block, values: valuesBlock.address, valuesBlock, count };
		this.#plain(region, raw.offset, block.address, block.address + raw.uncompressedBytes, count, valuesBlock.address);
	}

	#openPage(region: Region, raw: RawPage): void {
		const encoding = this.#encodingOf(raw);
		const block = this.#decompress(region, raw);
		const { address } = block;
		const end = address + raw.uncompressedBytes;
		// From here on the block is freed with the page, whatever happens.
		this.#page = { block, offset: raw.offset, rows: 0, next: 0, end, encoding, bits: 0, hasLevels: false };
		let next = address;
		if (this.#isNullable) {
			if (raw.levels) this.#openLevels(region, this.#copied(region, raw.levels), raw.levels.length);
			else {
				const bytes = raw.uncompressedBytes < 4 ? -1 : region.data.getUint32(address, true);
				if (bytes < 0 || bytes > raw.uncompressedBytes - 4) throw this.#malformedPage("its levels have no end");
				this.#openLevels(region, address + 4, bytes);
				next += 4 + bytes;
			}
		}
		if (encoding === "dictionary") {
			if (!this.#dictionary) throw this.#malformedPage("it has no dictionary before it");
			// A page of NULLs alone may have no values at all.
			const bits = next < end ? (region.u8[next] as number) : 0;
			if (bits > 32) throw this.#malformedPage(`its indexes have ${bits} bits`);
			this.#openRuns(region, this.#readers.address + RUNS_BYTES, Math.min(next + 1, end), end, bits);
		} else if (encoding === "runs") {
			const bytes = next + 4 <= end ? region.data.getUint32(next, true) : 0;
			if (bytes > Math.max(0, end - next - 4)) throw this.#malformedPage("its values have no end");
			this.#openRuns(region, this.#readers.address + RUNS_BYTES, next + 4, next + 4 + bytes, 1);
		}
		this.#page = { ...this.#page, rows: raw.values, next, hasLevels: this.#isNullable };
	}

	#encodingOf(raw: RawPage): Page["encoding"] {
		switch (raw.encoding) {
			case "PLAIN":
				return "plain";
			case "PLAIN_DICTIONARY":
			case "RLE_DICTIONARY":
				if (this.#stored.kind !== "bits") return "dictionary";
				throw this.#unsupported(raw);
			case "RLE":
				if (this.#stored.kind === "bits") return "runs";
				throw this.#unsupported(raw);
			default:
				throw this.#unsupported(raw);
		}
	}

	#unsupported({ offset, encoding }: RawPage): EngineError {
		return this.#chunk.malformed(offset, `its encoding is ${encoding}, which the chunk did not announce`);
	}

	#malformedPage(problem: string): EngineError {
		return this.#chunk.malformed(this.#page?.offset ?? 0, problem);
	}

	/** Levels before the data live as long as the page. */
	#copied(region: Region, bytes: Uint8Array): number {
		const block = this.#allocate(region, bytes.length + PADDING_BYTES);
		this.#retired.push(this.#levels);
		this.#levels = block;
		region.u8.set(bytes, block.address);
		return block.address;
	}

	#openLevels(region: Region, address: number, bytes: number): void {
		this.#openRuns(region, this.#readers.address, address, address + bytes, 1);
	}

	#openRuns(region: Region, reader: number, from: number, end: number, bits: number): void {
		region.u32.set([from, end, bits, 0, 0, 0], reader / 4);
	}

	/** Decodes `n` rows of the page to `out`; how many are not NULL. `mask`: a byte per row, where rows may be NULL. */
	#decode(region: Region, page: Page, n: number, out: number, mask: number): number {
		const { kernels } = region;
		let present = n;
		if (page.hasLevels) {
			present = kernels.parquetLevels(this.#readers.address, n, mask);
			if (present < 0) throw this.#malformedPage("its levels are no levels");
		}
		if (present > 0) this.#values(region, page, present, out);
		if (present < n) kernels[SPREAD[this.#width]](out, mask, n, present);
		return present;
	}

	#values(region: Region, page: Page, n: number, out: number): void {
		const { kernels, arena } = region;
		const runs = this.#readers.address + RUNS_BYTES;
		if (page.encoding === "dictionary") {
			const { values, count } = this.#dictionary as Dictionary;
			const mark = arena.mark();
			const indexes = arena.allocate(n * 4);
			const areBelow = kernels.parquetIndexes(runs, n, count, indexes);
			if (areBelow) region.byWidth.take[this.#width](values, indexes, n, out);
			arena.release(mark);
			if (!areBelow) throw this.#malformedPage("it has fewer values than rows, or some that the dictionary has not");
		} else if (page.encoding === "runs") {
			if (kernels.parquetLevels(runs, n, out) < 0) throw this.#malformedPage("it has fewer values than rows");
		} else if (this.#stored.kind === "bits") {
			if ((page.bits + n + 7) >>> 3 > page.end - page.next) throw this.#malformedPage("it has fewer values than rows");
			kernels.parquetBooleans(page.next, page.bits, n, out);
			page.bits += n;
		} else {
			page.next = this.#plain(region, page.offset, page.next, page.end, n, out);
		}
	}

	/** Decodes `n` values that stand in a row; gives where they end. */
	#plain(region: Region, offset: number, from: number, end: number, n: number, out: number): number {
		const stored = this.#stored;
		if (stored.kind === "texts") {
			const next = region.kernels.parquetTexts(from, end, n, out) >>> 0;
			if (next === 0) throw this.#chunk.malformed(offset, "its texts are longer than the page");
			return next;
		}
		if (stored.kind === "bits" || stored.width * n > end - from) {
			throw this.#chunk.malformed(offset, "it has fewer values than rows");
		}
		if (!stored.convert(region, from, n, out)) throw this.#chunk.malformed(offset, "a value is out of range");
		return from + stored.width * n;
	}
}

const SPREAD = {
	1: "parquetSpread1",
	2: "parquetSpread2",
	4: "parquetSpread4",
	8: "parquetSpread8",
	[VIEW_BYTES]: "parquetSpread16",
} as const;

/** The varint that Snappy's data begins with; length -1 when there is none. */
function snappyLength(data: Uint8Array): { length: number; bytes: number } {
	let length = 0;
	for (let bytes = 0; bytes < Math.min(5, data.length); bytes++) {
		const byte = data[bytes] as number;
		length += (byte & 127) * 2 ** (7 * bytes);
		if (byte < 128) return { length, bytes: bytes + 1 };
	}
	return { length: -1, bytes: 0 };
}
