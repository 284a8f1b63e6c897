// The pages of a column chunk as the file has them: read a window at a time, headers taken apart, data still compressed.
import type { ColumnMetaData, CompressionCodec, DataReader, Encoding, PageHeader } from "hyparquet";
import { EngineError } from "../../errors.js";
import type { RandomAccessFile } from "../format.js";

export interface RawPage {
	/** A dictionary has no levels. */
	readonly isDictionary: boolean;
	readonly values: number;
	readonly encoding: Encoding | undefined;
	/** Definition levels before the data, not compressed; undefined: they are in the data, after their length. */
	readonly levels: Uint8Array | undefined;
	readonly data: Uint8Array;
	/** NONE: `data` is as it is meant. */
	readonly codec: "NONE" | "SNAPPY";
	/** Of the data. */
	readonly uncompressedBytes: number;
	/** Where its header begins in the file. */
	readonly offset: number;
}

/** Codecs that pages are decompressed from; gzip here, snappy by a kernel. */
export const CODECS: readonly CompressionCodec[] = ["UNCOMPRESSED", "SNAPPY", "GZIP"];

const WINDOW_BYTES = 1 << 20;
const HEADER_BYTES = 1 << 12;
const MAX_PAGE_BYTES = 1 << 30;
const MAX_RATIO = 1032;

export class ColumnChunk {
	readonly #file: RandomAccessFile;
	readonly #codec: CompressionCodec;
	readonly #readHeader: (reader: DataReader) => PageHeader;
	readonly #what: string;
	readonly #end: number;
	readonly #pages: RawPage[] = [];
	/** Bytes of the file from `#windowStart` on, and the place of the next header. */
	#window = new Uint8Array();
	#windowStart: number;
	#next: number;
	/** Rows of the pages that wait. */
	#rows = 0;

	/** `what`: the column and file, for messages. */
	constructor(
		file: RandomAccessFile,
		metadata: ColumnMetaData,
		readHeader: (reader: DataReader) => PageHeader,
		what: string,
	) {
		const dictionary = Number(metadata.dictionary_page_offset ?? 0);
		const data = Number(metadata.data_page_offset);
		this.#file = file;
		this.#codec = metadata.codec;
		this.#readHeader = readHeader;
		this.#what = what;
		this.#next = dictionary > 0 && dictionary < data ? dictionary : data;
		this.#windowStart = this.#next;
		this.#end = this.#next + Number(metadata.total_compressed_size);
		// NaN where the file has no number.
		if (!(this.#next >= 0 && this.#end >= this.#next && this.#end <= file.byteLength)) {
			throw this.malformed(this.#next, `it ends at ${this.#end}, the file at ${file.byteLength}`);
		}
	}

	/** Rows of the data pages that wait. */
	get rows(): number {
		return this.#rows;
	}

	get ended(): boolean {
		return this.#next >= this.#end;
	}

	take(): RawPage | undefined {
		const page = this.#pages.shift();
		if (page && !page.isDictionary) this.#rows -= page.values;
		return page;
	}

	/** Reads at least one more page. */
	async load(): Promise<void> {
		let page = await this.#readPage(true);
		while (page) {
			this.#pages.push(page);
			if (!page.isDictionary) this.#rows += page.values;
			page = this.ended ? undefined : await this.#readPage(false);
		}
	}

	malformed(offset: number, problem: string, cause?: unknown): EngineError {
		return new EngineError("CONNECTOR", `${this.#what} is malformed at byte ${offset}: ${problem}`, { cause });
	}

	/** Undefined when it would have to be read first and that is not wanted. */
	async #readPage(mayRead: boolean): Promise<RawPage | undefined> {
		const offset = this.#next;
		const found = await this.#header(mayRead);
		if (!found) return undefined;
		const { header, bytes: headerBytes } = found;
		const size = this.#count(header.compressed_page_size, this.#end - offset - headerBytes, offset, "bytes");
		if (this.#held() < headerBytes + size) {
			if (!mayRead) return undefined;
			await this.#fill(headerBytes + size);
		}
		const start = offset - this.#windowStart + headerBytes;
		this.#next = offset + headerBytes + size;
		return this.#page(header, this.#window.subarray(start, start + size), offset);
	}

	/** Bytes in the window from the next header on. */
	#held(): number {
		return this.#windowStart + this.#window.length - this.#next;
	}

	async #header(mayRead: boolean): Promise<{ header: PageHeader; bytes: number } | undefined> {
		const left = this.#end - this.#next;
		for (let wanted = Math.min(HEADER_BYTES, left); ; wanted = Math.min(left, wanted * 16)) {
			if (this.#held() < wanted) {
				if (!mayRead) return undefined;
				await this.#fill(wanted);
			}
			const at = this.#next - this.#windowStart;
			const view = new DataView(this.#window.buffer, this.#window.byteOffset + at, this.#window.length - at);
			const reader = { view, offset: 0 };
			try {
				return { header: this.#readHeader(reader), bytes: reader.offset };
			} catch (cause) {
				if (wanted >= left) throw this.malformed(this.#next, "there is no page header", cause);
				wanted = Math.max(wanted, this.#held());
			}
		}
	}

	/** Reads until `bytes` bytes from the next header on are in the window, and mostly more. */
	async #fill(bytes: number): Promise<void> {
		const kept = this.#window.subarray(this.#next - this.#windowStart);
		const from = this.#next + kept.length;
		const to = Math.min(this.#end, this.#next + Math.max(bytes, WINDOW_BYTES));
		const more = new Uint8Array(await this.#file.slice(from, to));
		if (more.length < to - from) throw this.malformed(from + more.length, "the file ends there");
		if (kept.length === 0) this.#window = more;
		else {
			this.#window = new Uint8Array(kept.length + more.length);
			this.#window.set(kept);
			this.#window.set(more, kept.length);
		}
		this.#windowStart = this.#next;
	}

	async #page(header: PageHeader, bytes: Uint8Array, offset: number): Promise<RawPage | undefined> {
		// No codec makes more of a byte: a page that says so is not given the memory.
		const most = Math.min(MAX_PAGE_BYTES, bytes.length * MAX_RATIO);
		const uncompressed = this.#count(header.uncompressed_page_size, most, offset, "bytes uncompressed");
		const { dictionary_page_header: dictionary, data_page_header: v1, data_page_header_v2: v2 } = header;
		const whole = { levels: undefined, offset };
		if (header.type === "DICTIONARY_PAGE" && dictionary) {
			const values = this.#count(dictionary.num_values, MAX_PAGE_BYTES, offset, "values");
			const data = await this.#data(bytes, uncompressed, true, offset);
			return { ...whole, ...data, isDictionary: true, values, encoding: dictionary.encoding };
		}
		if (header.type === "DATA_PAGE" && v1) {
			const values = this.#count(v1.num_values, MAX_PAGE_BYTES, offset, "values");
			const data = await this.#data(bytes, uncompressed, true, offset);
			return { ...whole, ...data, isDictionary: false, values, encoding: v1.encoding };
		}
		if (header.type === "DATA_PAGE_V2" && v2) {
			const values = this.#count(v2.num_values, MAX_PAGE_BYTES, offset, "values");
			const least = Math.min(bytes.length, uncompressed);
			const levelBytes = this.#count(v2.definition_levels_byte_length, least, offset, "bytes of levels");
			this.#count(v2.repetition_levels_byte_length, 0, offset, "bytes of repetition levels");
			const isCompressed = v2.is_compressed !== false;
			const data = await this.#data(bytes.subarray(levelBytes), uncompressed - levelBytes, isCompressed, offset);
			return {
				...data,
				levels: bytes.subarray(0, levelBytes),
				isDictionary: false,
				values,
				encoding: v2.encoding,
				offset,
			};
		}
		if (header.type === "INDEX_PAGE") return this.ended ? undefined : this.#readPage(true);
		throw this.malformed(offset, `there is no page of a known kind, but ${header.type}`);
	}

	async #data(bytes: Uint8Array, uncompressedBytes: number, isCompressed: boolean, offset: number) {
		if (isCompressed && this.#codec === "SNAPPY") return { data: bytes, codec: "SNAPPY" as const, uncompressedBytes };
		let data = bytes;
		if (isCompressed && this.#codec === "GZIP") {
			data = await gunzip(bytes, uncompressedBytes).catch((cause) => {
				throw this.malformed(offset, "its data cannot be decompressed", cause);
			});
		}
		if (data.length === uncompressedBytes) return { data, codec: "NONE" as const, uncompressedBytes };
		throw this.malformed(offset, `its page has ${data.length} bytes, not ${uncompressedBytes}`);
	}

	#count(value: unknown, most: number, offset: number, what: string): number {
		if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most) return value;
		throw this.malformed(offset, `${String(value)} ${what}`);
	}
}

/** At most `most` + 1 bytes: a few bytes can stand for very many. */
async function gunzip(bytes: Uint8Array, most: number): Promise<Uint8Array> {
	const stream = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream("gzip"));
	const out = new Uint8Array(most + 1);
	let length = 0;
	for await (const chunk of stream) {
		const part = chunk.subarray(0, out.length - length);
		out.set(part, length);
		length += part.length;
		if (length > most) break;
	}
	return out.subarray(0, length);
}
