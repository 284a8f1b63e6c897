// Parquet → batches: only the columns that are read, and the row groups that the filters leave. Flat columns are decoded page by page by
// kernels (PageDecoder), the others a row group at a time by the library.
import type {
	ColumnMetaData,
	CompressionCodec,
	DataReader,
	FileMetaData,
	PageHeader,
	RowGroup,
	SchemaTree,
	Statistics,
} from "hyparquet";
import type { Batch, Column } from "../../arrow/batch.js";
import { EngineError } from "../../errors.js";
import type { Schema } from "../../types/sql-type.js";
import { memoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { DecodeContext, FileDecoder, RandomAccessFile } from "../format.js";
import { CODECS, ColumnChunk } from "./column-chunk.js";
import { LIBRARY_CODECS, LibraryColumns, RAW_PARSERS } from "./library-columns.js";
import { PageDecoder, type PagedColumn } from "./page-decoder.js";
import { storedValues } from "./page-values.js";
import { mayPassAll } from "./row-groups.js";
import { parquetReader } from "./schema.js";

/** Rows that each column has decoded pages for before a batch is made, so that batches are no smaller than they must be. */
const ROWS_AHEAD = 4096;
const ENCODINGS: readonly string[] = ["PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "RLE", "BIT_PACKED"];

/** An output column. */
interface ReadColumn {
	readonly name: string;
	/** ROW field indexes. */
	readonly path: readonly number[];
	/** Undefined: kernels cannot decode it. */
	readonly paged: PagedColumn | undefined;
}

interface OpenFile {
	readonly metadata: FileMetaData;
	readonly columns: readonly ReadColumn[];
	readonly library: LibraryColumns;
	readonly readHeader: (reader: DataReader) => PageHeader;
}

/** A row group whose first pages are read. */
interface AheadGroup {
	readonly firstRow: number;
	readonly rows: number;
	/** By output column; undefined: the library's. */
	readonly pages: readonly (PageDecoder | undefined)[];
	/** Columns that the library reads. */
	readonly others: readonly string[];
}

export class ParquetDecoder implements FileDecoder {
	readonly #context: DecodeContext;
	readonly #file: RandomAccessFile;
	readonly #owner = memoryOwner("Parquet pages");
	#open: OpenFile | undefined;
	#rowGroup = 0;
	/** The next row group's first row. */
	#firstRow = 0;
	#ahead: Promise<AheadGroup | undefined> | undefined;
	/** By output column; undefined: the library's. */
	#pages: readonly (PageDecoder | undefined)[] = [];
	/** Rows of the row group, and how many are taken. */
	#length = 0;
	#offset = 0;
	#region: Region | undefined;

	constructor(context: DecodeContext, file: RandomAccessFile) {
		this.#context = context;
		this.#file = file;
	}

	async load(): Promise<boolean> {
		this.#open ??= await this.#openFile();
		if (this.#offset >= this.#length && !(await this.#nextGroup(this.#open))) return false;
		const wanted = Math.min(ROWS_AHEAD, this.#length - this.#offset);
		await loadAll(this.#pages, wanted);
		return true;
	}

	take(region: Region, maxRows: number): Batch | null {
		this.#region = region;
		const pages = this.#pages.map((decoder) => decoder?.rows ?? Number.POSITIVE_INFINITY);
		const length = Math.min(maxRows, this.#length - this.#offset, ...pages);
		if (length <= 0) return null;
		const { columns, library } = this.#open as OpenFile;
		const from = this.#offset;
		this.#offset += length;
		const taken = columns.map(({ name, path }, i): Column => {
			const { type } = this.#context.output[i] as Schema[number];
			return this.#pages[i]?.take(region, length) ?? library.take(region, name, path, type, from, from + length);
		});
		return { length, columns: taken, kinds: 0 };
	}

	dispose(): void {
		if (this.#region) for (const pages of this.#pages) pages?.dispose(this.#region);
		this.#pages = [];
	}

	/** Opens the next row group; its first pages have been read meanwhile, as those of the group after it are from now on. */
	async #nextGroup(file: OpenFile): Promise<boolean> {
		this.dispose();
		const group = await (this.#ahead ?? this.#readAhead(file));
		if (!group) return false;
		await file.library.load(group.others, group.firstRow, group.rows);
		this.#pages = group.pages;
		this.#length = group.rows;
		this.#offset = 0;
		this.#ahead = this.#readAhead(file);
		// A failure is one when the group is asked for.
		this.#ahead.catch(() => {});
		return true;
	}

	/** Groups in which no row can pass the filters are not read at all. */
	async #readAhead(file: OpenFile): Promise<AheadGroup | undefined> {
		const { metadata, columns } = file;
		for (let group = metadata.row_groups[this.#rowGroup++]; group; group = metadata.row_groups[this.#rowGroup++]) {
			const firstRow = this.#firstRow;
			const rows = Number(group.num_rows);
			if (!(Number.isSafeInteger(rows) && rows >= 0)) {
				throw new EngineError("CONNECTOR", `row group ${this.#rowGroup} of ${this.#context.source} has ${rows} rows`);
			}
			this.#firstRow += rows;
			const passes = mayPassAll(this.#context.filters, (column) => this.#statistics(group, column));
			if (!passes) continue;
			const pages = columns.map((column) => this.#pagesOf(file, group, column));
			const others = columns.filter((_, i) => !pages[i]).map(({ name }) => name);
			await loadAll(pages, Math.min(ROWS_AHEAD, rows));
			return { firstRow, rows, pages, others: [...new Set(others)] };
		}
		return undefined;
	}

	/** Undefined: the column is left to the library. */
	#pagesOf({ readHeader }: OpenFile, group: RowGroup, { name, paged }: ReadColumn): PageDecoder | undefined {
		const chunk = chunkOf(group, name);
		if (paged && chunk?.encodings.every((encoding) => ENCODINGS.includes(encoding))) {
			this.#checkCodec(name, chunk, CODECS);
			const what = `column '${name}' of ${this.#context.source}`;
			return new PageDecoder(new ColumnChunk(this.#file, chunk, readHeader, what), paged, this.#owner);
		}
		for (const { meta_data } of group.columns) {
			if (meta_data?.path_in_schema[0] === name) this.#checkCodec(name, meta_data, LIBRARY_CODECS);
		}
		return undefined;
	}

	#checkCodec(name: string, { codec }: ColumnMetaData, known: readonly CompressionCodec[]): void {
		if (known.includes(codec)) return;
		throw new EngineError("UNSUPPORTED", `column '${name}' of ${this.#context.source} is compressed as ${codec}`, {
			expected: known.join(", "),
		});
	}

	#statistics(group: RowGroup, column: number): Statistics | undefined {
		const { projection, schema } = this.#context;
		const [index, ...rest] = projection[column] as readonly number[];
		return rest.length > 0 ? undefined : chunkOf(group, (schema[index as number] as Schema[number]).name)?.statistics;
	}

	async #openFile(): Promise<OpenFile> {
		const { source, projection } = this.#context;
		const { metadata, tree, readHeader } = await this.#metadata();
		const columns = projection.map((path) => this.#column(tree, path));
		const readers = projection.map(([index]) => {
			const { name, type } = this.#context.schema[index as number] as Schema[number];
			return { name, read: parquetReader(this.#node(tree, name), type, source) };
		});
		return { metadata, columns, readHeader, library: new LibraryColumns(this.#file, metadata, readers, source) };
	}

	async #metadata() {
		const [library, { parquetHeader }] = await Promise.all([import("hyparquet"), import("hyparquet/src/column.js")]);
		try {
			const metadata = await library.parquetMetadataAsync(this.#file, { parsers: RAW_PARSERS });
			return { metadata, tree: library.parquetSchema(metadata), readHeader: parquetHeader };
		} catch (cause) {
			const text = cause instanceof Error ? cause.message : String(cause);
			throw new EngineError("CONNECTOR", `${this.#context.source} is no Parquet file: ${text}`, { cause });
		}
	}

	#column(tree: SchemaTree, [index, ...path]: readonly number[]): ReadColumn {
		const { name, type } = this.#context.schema[index as number] as Schema[number];
		const { element } = this.#node(tree, name);
		const stored = path.length > 0 || element.repetition_type === "REPEATED" ? undefined : storedValues(element, type);
		const isNullable = element.repetition_type === "OPTIONAL";
		return { name, path, paged: stored && { type, stored, isNullable } };
	}

	#node(tree: SchemaTree, name: string): SchemaTree {
		const node = tree.children.find(({ element }) => element.name === name);
		if (node) return node;
		throw new EngineError("INVALID_SCHEMA", `${this.#context.source} has no column '${name}'`, {
			expected: `one of ${tree.children.map(({ element }) => element.name).join(", ")}`,
		});
	}
}

/** Reads until each column has `rows` rows, all columns at the same time. */
const loadAll = (pages: readonly (PageDecoder | undefined)[], rows: number): Promise<unknown> =>
	Promise.all(pages.map((column) => column && column.rows < rows && column.load(rows)));

const chunkOf = ({ columns }: RowGroup, name: string): ColumnMetaData | undefined =>
	columns.find(({ meta_data }) => meta_data?.path_in_schema.length === 1 && meta_data.path_in_schema[0] === name)
		?.meta_data;
