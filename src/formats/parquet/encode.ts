// Batches → Parquet: flat columns by kernels (ColumnEncoder), nested ones by the library; a row group is written when it is full.
import type { ColumnChunk, ColumnMetaData, RowGroup, SchemaElement } from "hyparquet";
import type { Batch, Column } from "../../arrow/batch.js";
import { readColumn } from "../../arrow/values.js";
import type { Field } from "../../types/sql-type.js";
import { memoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { type EncodeContext, type Encoder, writtenFields } from "../format.js";
import { ColumnEncoder, type EncoderLimits } from "./column-encoder.js";
import { footer, libraryChunks, MAGIC } from "./library-writer.js";
import { elementsOf, parquetValue, schemaElements } from "./schema.js";
import { writtenValues } from "./written-values.js";

const LIMITS: EncoderLimits = {
	pageRows: 1 << 15,
	pageBytes: 1 << 20,
	dictionaryValues: 1 << 14,
	dictionaryBytes: 1 << 19,
	groupRows: 1 << 17,
	groupBytes: 64 << 20,
};

export type ParquetCodec = "SNAPPY" | "UNCOMPRESSED";

/** Bytes of a chunk at their place in the file. */
interface PlacedChunk {
	readonly chunks: readonly ColumnChunk[];
	copyTo(region: Region, address: number): void;
	readonly bytes: number;
}

interface GroupColumn {
	readonly bytes: number;
	append(region: Region, column: Column, rows: number): void;
	/** The chunk of the row group, to stand at `offset`. */
	place(region: Region, offset: number): PlacedChunk;
	reset(region: Region): void;
	dispose(region: Region): void;
}

export class ParquetEncoder implements Encoder {
	readonly #indexes: readonly number[];
	readonly #schema: SchemaElement[];
	readonly #columns: readonly GroupColumn[];
	readonly #groups: RowGroup[] = [];
	readonly #limits: EncoderLimits;
	#region: Region | undefined;
	/** Bytes written, and rows of the row group. */
	#offset = 0;
	#rows = 0;

	constructor(context: EncodeContext, codec: ParquetCodec, limits: Partial<EncoderLimits> = {}) {
		this.#limits = { ...LIMITS, ...limits };
		const fields = writtenFields(context);
		const owner = memoryOwner("Parquet row group");
		this.#indexes = context.columns;
		this.#schema = schemaElements(fields);
		this.#columns = fields.map((field): GroupColumn => {
			const values = writtenValues(field.type);
			const [element] = elementsOf(field) as [SchemaElement, ...SchemaElement[]];
			return values
				? new FlatColumn(new ColumnEncoder(element, values, codec, this.#limits, owner), element, codec)
				: new NestedColumn(field, codec);
		});
	}

	encode(region: Region, batch: Batch): Uint8Array {
		this.#region = region;
		for (const [i, column] of this.#columns.entries()) {
			column.append(region, batch.columns[this.#indexes[i] as number] as Column, batch.length);
		}
		this.#rows += batch.length;
		const bytes = this.#columns.reduce((sum, column) => sum + column.bytes, 0);
		return this.#rows >= this.#limits.groupRows || bytes >= this.#limits.groupBytes
			? this.#writeGroup(region)
			: new Uint8Array();
	}

	finish(): Uint8Array {
		const region = this.#region;
		const parts: Uint8Array[] = [];
		if (region && this.#rows > 0) {
			const mark = region.arena.mark();
			parts.push(this.#writeGroup(region).slice());
			region.arena.release(mark);
		}
		if (this.#offset === 0) parts.push(MAGIC);
		const num_rows = this.#groups.reduce((sum, group) => sum + group.num_rows, 0n);
		parts.push(footer({ schema: this.#schema, num_rows, row_groups: this.#groups }));
		this.dispose();
		return joined(parts);
	}

	dispose(): void {
		if (this.#region) for (const column of this.#columns) column.dispose(this.#region);
		this.#region = undefined;
	}

	/** The row group's bytes, in the arena. */
	#writeGroup(region: Region): Uint8Array {
		const head = this.#offset === 0 ? MAGIC.length : 0;
		const start = this.#offset + head;
		let offset = start;
		const placed = this.#columns.map((column) => {
			const chunk = column.place(region, offset);
			offset += chunk.bytes;
			return chunk;
		});
		const out = region.arena.allocate(offset - this.#offset);
		if (head > 0) region.u8.set(MAGIC, out);
		let at = out + head;
		for (const chunk of placed) {
			chunk.copyTo(region, at);
			at += chunk.bytes;
		}
		this.#groups.push(
			rowGroup(
				placed.flatMap(({ chunks }) => chunks),
				this.#rows,
				offset - start,
			),
		);
		for (const column of this.#columns) column.reset(region);
		this.#offset = offset;
		this.#rows = 0;
		return region.u8.subarray(out, at);
	}
}

function rowGroup(columns: ColumnChunk[], rows: number, bytes: number): RowGroup {
	const total = columns.reduce((sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n), 0n);
	return { columns, total_byte_size: total, num_rows: BigInt(rows), total_compressed_size: BigInt(bytes) };
}

class FlatColumn implements GroupColumn {
	readonly #encoder: ColumnEncoder;
	readonly #element: SchemaElement;
	readonly #codec: ParquetCodec;

	constructor(encoder: ColumnEncoder, element: SchemaElement, codec: ParquetCodec) {
		this.#encoder = encoder;
		this.#element = element;
		this.#codec = codec;
	}

	get bytes(): number {
		return this.#encoder.bytes;
	}

	append(region: Region, column: Column, rows: number): void {
		this.#encoder.append(region, column, rows);
	}

	place(region: Region, offset: number): PlacedChunk {
		const { dictionary, pages, ...chunk } = this.#encoder.finish(region);
		const dictionaryBytes = dictionary?.bytes ?? 0;
		const bytes = dictionaryBytes + pages.bytes;
		const meta_data: ColumnMetaData = {
			type: this.#element.type as ColumnMetaData["type"],
			encodings: [...chunk.encodings],
			path_in_schema: [this.#element.name],
			codec: this.#codec,
			num_values: BigInt(chunk.rows),
			total_uncompressed_size: BigInt(chunk.uncompressedBytes),
			total_compressed_size: BigInt(bytes),
			data_page_offset: BigInt(offset + dictionaryBytes),
			...(dictionary && { dictionary_page_offset: BigInt(offset) }),
			statistics: {
				null_count: BigInt(chunk.nulls),
				...(chunk.bounds && { min_value: chunk.bounds.min, max_value: chunk.bounds.max }),
			},
		};
		return {
			chunks: [{ meta_data, file_offset: BigInt(offset) }],
			bytes,
			copyTo({ kernels }, address) {
				if (dictionary) kernels.copyBytes(address, dictionary.address, dictionary.bytes);
				kernels.copyBytes(address + dictionaryBytes, pages.address, pages.bytes);
			},
		};
	}

	reset(region: Region): void {
		this.#encoder.reset(region);
	}

	dispose(region: Region): void {
		this.#encoder.dispose(region);
	}
}

class NestedColumn implements GroupColumn {
	readonly #elements: readonly SchemaElement[];
	readonly #codec: ParquetCodec;
	readonly #convert: ReturnType<typeof parquetValue>;
	readonly bytes = 0;
	#values: unknown[] = [];

	constructor(field: Field, codec: ParquetCodec) {
		this.#elements = elementsOf(field);
		this.#codec = codec;
		this.#convert = parquetValue(field.type);
	}

	append(region: Region, column: Column, rows: number): void {
		for (const value of readColumn(region, column, rows)) this.#values.push(this.#convert(value));
	}

	place(_region: Region, offset: number): PlacedChunk {
		const { bytes, chunks } = libraryChunks(this.#elements, this.#values, this.#codec, offset);
		return { chunks, bytes: bytes.length, copyTo: (region, address) => region.u8.set(bytes, address) };
	}

	reset(): void {
		this.#values = [];
	}

	dispose(): void {
		this.#values = [];
	}
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
	const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}
