// Encodes a flat column, page by page, by kernels: a dictionary while it pays, then PLAIN. The pages of a row group are kept until all its
// columns can be written one after the other.
import type { CompressionCodec, Encoding, SchemaElement } from "hyparquet";
import type { Column } from "../../arrow/batch.js";
import { takeData } from "../../arrow/take.js";
import { EngineError } from "../../errors.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { DictionaryBuilder } from "./dictionary.js";
import { GrowingBlock } from "./growing-block.js";
import { pageHeader } from "./library-writer.js";
import { Bounds, FORM_WIDTH, type ValueBounds, type WrittenValues } from "./written-values.js";

/** When pages and row groups end. */
export interface EncoderLimits {
	readonly pageRows: number;
	readonly pageBytes: number;
	/** Larger dictionaries do not stay in the cache of who reads them. */
	readonly dictionaryValues: number;
	readonly dictionaryBytes: number;
	readonly groupRows: number;
	readonly groupBytes: number;
}

/** A dictionary pays when values come back so often. */
const LEAST_REPEATS = 3;
/** Row groups without a try after a dictionary did not pay. */
const GROUPS_WITHOUT = 15;
/** Compression that saves less than this share is left out where it may be. */
const LEAST_SAVED = 1 / 8;

interface Bytes {
	readonly address: number;
	readonly bytes: number;
}

/** A column chunk: the dictionary page, then the data pages. */
export interface EncodedChunk {
	readonly dictionary: Bytes | undefined;
	readonly pages: Bytes;
	/** Of all pages, headers included. */
	readonly uncompressedBytes: number;
	readonly rows: number;
	readonly nulls: number;
	readonly bounds: ValueBounds | undefined;
	readonly encodings: readonly Encoding[];
}

export class ColumnEncoder {
	readonly #name: string;
	readonly #values: WrittenValues;
	readonly #isNullable: boolean;
	readonly #fixedBytes: number;
	readonly #isCompressed: boolean;
	readonly #bounds: Bounds;
	readonly #dictionary: DictionaryBuilder | undefined;
	readonly #limits: EncoderLimits;
	/** Of the current page: a byte per row, the indexes or the values. */
	readonly #levels: GrowingBlock;
	readonly #indexes: GrowingBlock;
	readonly #plain: GrowingBlock;
	/** Finished pages of the row group. */
	readonly #pages: GrowingBlock;
	#usesDictionary: boolean;
	#groupsWithout = 0;
	#hasDictionaryPages = false;
	#hasPlainPages = false;
	#uncompressedBytes = 0;
	#pageRows = 0;
	#pageNulls = 0;
	#rows = 0;
	#nulls = 0;

	constructor(
		element: SchemaElement,
		values: WrittenValues,
		codec: CompressionCodec,
		limits: EncoderLimits,
		owner: MemoryOwner,
	) {
		this.#limits = limits;
		this.#name = element.name;
		this.#values = values;
		this.#isNullable = element.repetition_type !== "REQUIRED";
		this.#fixedBytes = element.type_length ?? 0;
		this.#isCompressed = codec === "SNAPPY";
		this.#bounds = new Bounds(values);
		this.#levels = new GrowingBlock(owner);
		this.#indexes = new GrowingBlock(owner);
		this.#plain = new GrowingBlock(owner);
		this.#pages = new GrowingBlock(owner);
		const form = DICTIONARY_FORM[values.form];
		this.#dictionary = form && new DictionaryBuilder(form, owner);
		this.#usesDictionary = form !== undefined;
	}

	/** Bytes of the row group so far. */
	get bytes(): number {
		return this.#pages.bytes + this.#plain.bytes + this.#indexes.bytes + (this.#dictionary?.bytes ?? 0);
	}

	append(region: Region, column: Column, rows: number): void {
		const mark = region.arena.mark();
		const { data, count } = this.#present(region, column, rows);
		this.#pageRows += rows;
		this.#pageNulls += rows - count;
		if (count > 0) this.#append(region, this.#narrowed(region, data, count), count);
		if (this.#isPageFull()) this.#endPage(region);
		region.arena.release(mark);
	}

	/** The row group's chunk, partly in the arena; `reset` must follow when it is written. */
	finish(region: Region): EncodedChunk {
		if (this.#pageRows > 0) this.#endPage(region);
		const dictionary = this.#hasDictionaryPages ? this.#dictionaryPage(region) : undefined;
		const encodings: Encoding[] = [];
		if (this.#hasPlainPages || dictionary) encodings.push("PLAIN");
		if (this.#hasDictionaryPages) encodings.push("RLE_DICTIONARY");
		if (this.#isNullable) encodings.push("RLE");
		return {
			dictionary,
			pages: this.#pages,
			uncompressedBytes: this.#uncompressedBytes,
			rows: this.#rows,
			nulls: this.#nulls,
			bounds: this.#bounds.get(),
			encodings,
		};
	}

	/** Begins the next row group. */
	reset(region: Region): void {
		const gaveUp = this.#dictionary !== undefined && !this.#hasDictionaryPages && this.#rows > this.#nulls;
		if (gaveUp) this.#groupsWithout = (this.#groupsWithout + 1) % (GROUPS_WITHOUT + 1);
		this.#usesDictionary = this.#dictionary !== undefined && this.#groupsWithout === 0;
		this.#dictionary?.clear(region);
		this.#bounds.reset();
		this.#pages.bytes = 0;
		this.#hasDictionaryPages = false;
		this.#hasPlainPages = false;
		this.#uncompressedBytes = 0;
		this.#rows = 0;
		this.#nulls = 0;
	}

	dispose(region: Region): void {
		for (const block of [this.#levels, this.#indexes, this.#plain, this.#pages]) block.free(region);
		this.#dictionary?.free(region);
	}

	/** The values of the rows that are not NULL; the levels are kept. */
	#present(region: Region, column: Column, rows: number): { data: number; count: number } {
		const { kernels, arena } = region;
		const { data, validity } = column;
		if (!this.#isNullable) {
			if (validity !== 0 && kernels.countBits(validity, rows) < rows) throw this.#nullInside();
			return { data, count: rows };
		}
		const mask = this.#levels.reserve(region, rows);
		this.#levels.bytes += rows;
		if (validity === 0) {
			kernels.fillBytes(mask, 1, rows);
			return { data, count: rows };
		}
		kernels.bitsToMask(validity, 0, rows, mask);
		const selection = arena.allocate(rows * 4 + 32);
		const count = kernels.maskToSelection(mask, 0, rows, selection);
		return { data: count === rows ? data : takeData(region, column, selection, count), count };
	}

	#nullInside(): EngineError {
		return new EngineError("NULL_CONSTRAINT", `column '${this.#name}' is NOT NULL, but a NULL is to be written`);
	}

	#narrowed({ arena, kernels }: Region, data: number, n: number): number {
		const { narrowFrom } = this.#values;
		if (narrowFrom === undefined) return data;
		const narrow = arena.allocate(n * 4);
		kernels.castToI32(narrowFrom, data, n, narrow);
		return narrow;
	}

	#append(region: Region, data: number, n: number): void {
		if (this.#usesDictionary) {
			this.#dictionary?.add(region, data, n, this.#indexes.reserve(region, n * 4));
			this.#indexes.bytes += n * 4;
			return;
		}
		const { form } = this.#values;
		this.#bounds.add(region, data, n);
		if (form === "texts") {
			const bytes = region.kernels.viewsTotalBytes(data, n) + n * 4;
			region.kernels.parquetAppendTexts(data, n, this.#plain.reserve(region, bytes));
			this.#plain.bytes += bytes;
		} else if (form === "i128") {
			const bytes = n * this.#fixedBytes;
			region.kernels.parquetAppendBigEndian(data, this.#fixedBytes, n, this.#plain.reserve(region, bytes));
			this.#plain.bytes += bytes;
		} else {
			this.#plain.append(region, data, n * FORM_WIDTH[form]);
		}
	}

	#isPageFull(): boolean {
		if (this.#pageRows >= this.#limits.pageRows || this.#plain.bytes >= this.#limits.pageBytes) return true;
		return this.#usesDictionary && this.#isDictionaryFull();
	}

	#isDictionaryFull(): boolean {
		const { count, bytes } = this.#dictionary as DictionaryBuilder;
		return count >= this.#limits.dictionaryValues || bytes >= this.#limits.dictionaryBytes;
	}

	#endPage(region: Region): void {
		const n = this.#pageRows - this.#pageNulls;
		const dictionary = this.#dictionary;
		if (this.#usesDictionary && dictionary && n > 0) {
			const pays = !this.#isDictionaryFull() && dictionary.count * LEAST_REPEATS <= n;
			if (!pays) this.#usesDictionary = false;
			// Pages before need the dictionary, and this one has added to it.
			if (pays || this.#hasDictionaryPages) this.#endIndexes(region, dictionary, n);
			else this.#giveUp(region, dictionary, n);
		} else {
			this.#endPlain(region, n);
		}
		this.#rows += this.#pageRows;
		this.#nulls += this.#pageNulls;
		this.#pageRows = 0;
		this.#pageNulls = 0;
		this.#levels.bytes = 0;
		this.#indexes.bytes = 0;
		this.#plain.bytes = 0;
	}

	/** Writes the values themselves: the dictionary does not pay. */
	#giveUp(region: Region, dictionary: DictionaryBuilder, n: number): void {
		dictionary.addBounds(region, this.#bounds);
		dictionary.takeTo(region, this.#indexes.address, n, this.#plain);
		dictionary.clear(region);
		this.#endPlain(region, n);
	}

	#endIndexes(region: Region, { count }: DictionaryBuilder, n: number): void {
		const { kernels, arena } = region;
		const bits = Math.max(1, 32 - Math.clz32(count - 1));
		const out = arena.allocate(Math.ceil((n * bits) / 8) + n + 64);
		// Zeros for the last group of eight.
		kernels.fillBytes(this.#indexes.reserve(region, 32), 0, 32);
		region.u8[out] = bits;
		const end = kernels.parquetEncodeRuns(this.#indexes.address, n, bits, out + 1) >>> 0;
		this.#hasDictionaryPages = true;
		this.#writePage(region, "RLE_DICTIONARY", out, end - out);
	}

	#endPlain(region: Region, n: number): void {
		this.#hasPlainPages = true;
		if (this.#values.form !== "bits" || n === 0) {
			this.#writePage(region, "PLAIN", this.#plain.address, this.#plain.bytes);
			return;
		}
		const { kernels, arena } = region;
		kernels.fillBytes(this.#plain.reserve(region, 16), 0, 16);
		const bits = arena.allocate(n);
		kernels.maskToBits(this.#plain.address, n, bits);
		this.#bounds.addBits(kernels.countBits(bits, n), n);
		this.#writePage(region, "PLAIN", bits, (n + 7) >>> 3);
	}

	/** Appends a data page of the second version: levels, then values that are compressed if that makes them shorter. */
	#writePage(region: Region, encoding: Encoding, from: number, bytes: number): void {
		const levels = this.#isNullable ? this.#encodedLevels(region) : { address: 0, bytes: 0 };
		const compressed = this.#isCompressed && bytes > 0 ? compress(region, from, bytes) : undefined;
		const isWorth = compressed !== undefined && compressed.bytes <= bytes * (1 - LEAST_SAVED);
		const data = isWorth ? compressed : { address: from, bytes };
		const header = pageHeader({
			type: "DATA_PAGE_V2",
			uncompressed_page_size: levels.bytes + bytes,
			compressed_page_size: levels.bytes + data.bytes,
			data_page_header_v2: {
				num_values: this.#pageRows,
				num_nulls: this.#pageNulls,
				num_rows: this.#pageRows,
				encoding,
				definition_levels_byte_length: levels.bytes,
				repetition_levels_byte_length: 0,
				is_compressed: isWorth,
			},
		});
		this.#pages.appendBytes(region, header);
		this.#pages.append(region, levels.address, levels.bytes);
		this.#pages.append(region, data.address, data.bytes);
		this.#uncompressedBytes += header.length + levels.bytes + bytes;
	}

	/** One run when all rows are alike, else one bit per row. */
	#encodedLevels(region: Region): Bytes {
		const { kernels, arena } = region;
		const rows = this.#pageRows;
		const isMixed = this.#pageNulls > 0 && this.#pageNulls < rows;
		const head = varint(isMixed ? (((rows + 7) >>> 3) << 1) | 1 : rows << 1);
		const address = arena.allocate(head.length + 1 + ((rows + 7) >>> 3));
		region.u8.set(head, address);
		const at = address + head.length;
		if (!isMixed) {
			region.u8[at] = this.#pageNulls === 0 ? 1 : 0;
			return { address, bytes: head.length + 1 };
		}
		kernels.fillBytes(this.#levels.reserve(region, 16), 0, 16);
		kernels.maskToBits(this.#levels.address, rows, at);
		return { address, bytes: head.length + ((rows + 7) >>> 3) };
	}

	#dictionaryPage(region: Region): Bytes {
		const dictionary = this.#dictionary as DictionaryBuilder;
		dictionary.addBounds(region, this.#bounds);
		const { address, bytes, count } = dictionary;
		const data = this.#isCompressed ? compress(region, address, bytes) : { address, bytes };
		const header = pageHeader({
			type: "DICTIONARY_PAGE",
			uncompressed_page_size: bytes,
			compressed_page_size: data.bytes,
			dictionary_page_header: { num_values: count, encoding: "PLAIN" },
		});
		const page = region.arena.allocate(header.length + data.bytes);
		region.u8.set(header, page);
		region.kernels.copyBytes(page + header.length, data.address, data.bytes);
		this.#uncompressedBytes += header.length + bytes;
		return { address: page, bytes: header.length + data.bytes };
	}
}

const DICTIONARY_FORM = {
	bits: undefined,
	i32: "i32",
	f32: "i32",
	i64: "i64",
	f64: "i64",
	i128: undefined,
	texts: "texts",
} as const;

function compress({ arena, kernels }: Region, from: number, bytes: number): Bytes {
	const table = arena.allocate(kernels.parquetSnapTableBytes());
	const address = arena.allocate(bytes + Math.ceil(bytes / 6) + 64);
	const end = kernels.parquetSnap(from, bytes, table, address) >>> 0;
	return { address, bytes: end - address };
}

function varint(value: number): number[] {
	const bytes: number[] = [];
	for (let left = value; ; left >>>= 7) {
		if (left < 128) return [...bytes, left];
		bytes.push((left & 127) | 128);
	}
}
