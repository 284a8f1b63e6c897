// Columns that the kernels do not decode (nested, of rare types, encodings or codecs): a row group's values by the library hyparquet.
import type { CompressionCodec, FileMetaData, SchemaElement } from "hyparquet";
import type { Column } from "../../arrow/batch.js";
import { writeColumn } from "../../arrow/values.js";
import { EngineError } from "../../errors.js";
import type { SqlType } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import type { RandomAccessFile } from "../format.js";

/** Keeps what the file holds, which the library would turn into Dates. */
export const RAW_PARSERS = {
	timestampFromMilliseconds: (value: bigint) => value,
	timestampFromMicroseconds: (value: bigint) => value,
	timestampFromNanoseconds: (value: bigint) => value,
	dateFromDays: (value: number) => value,
};

export const LIBRARY_CODECS: readonly CompressionCodec[] = ["UNCOMPRESSED", "SNAPPY"];

export interface LibraryColumn {
	readonly name: string;
	readonly read: (value: unknown) => Value;
}

export class LibraryColumns {
	readonly #file: RandomAccessFile;
	readonly #metadata: FileMetaData;
	readonly #columns: ReadonlyMap<string, LibraryColumn>;
	readonly #source: string;
	/** Of the current row group. */
	#values: ReadonlyMap<string, readonly Value[]> = new Map();

	constructor(file: RandomAccessFile, metadata: FileMetaData, columns: readonly LibraryColumn[], source: string) {
		this.#file = file;
		this.#metadata = { ...metadata, schema: metadata.schema.map(withoutDecimal) };
		this.#columns = new Map(columns.map((column) => [column.name, column]));
		this.#source = source;
	}

	/** Reads these columns of `rows` rows from row `first` of the file on. */
	async load(names: readonly string[], first: number, rows: number): Promise<void> {
		const values = new Map(names.map((name) => [name, new Array<Value>(rows).fill(null)]));
		this.#values = values;
		if (names.length === 0) return;
		const { parquetRead } = await import("hyparquet");
		try {
			await parquetRead({
				file: this.#file,
				metadata: this.#metadata,
				columns: [...names],
				rowStart: first,
				rowEnd: first + rows,
				parsers: RAW_PARSERS,
				utf8: false,
				onChunk: ({ columnName, columnData, rowStart }) => {
					const column = values.get(columnName) as Value[];
					const { read } = this.#columns.get(columnName) as LibraryColumn;
					for (let i = 0; i < columnData.length; i++) column[rowStart - first + i] = read(columnData[i]);
				},
			});
		} catch (cause) {
			throw this.#unreadable(names, first, cause);
		}
	}

	/** Rows `from` to `to` of the row group. `path`: what is wanted of each value, as ROW field indexes. */
	take(region: Region, name: string, path: readonly number[], type: SqlType, from: number, to: number): Column {
		const values = (this.#values.get(name) as readonly Value[]).slice(from, to);
		if (path.length === 0) return writeColumn(region, type, values);
		const inner = values.map((value) =>
			path.reduce<Value>((outer, at) => (outer as readonly Value[] | null)?.[at] ?? null, value),
		);
		return writeColumn(region, type, inner);
	}

	#unreadable(names: readonly string[], first: number, cause: unknown): EngineError {
		if (cause instanceof EngineError) return cause;
		const text = cause instanceof Error ? cause.message : String(cause);
		const what = `column ${names.map((name) => `'${name}'`).join(", ")} of ${this.#source} from row ${first} on`;
		return new EngineError("CONNECTOR", `${what} cannot be read: ${text}`, { cause });
	}
}

/** The library would turn DECIMALs into doubles; without the mark it gives their bytes. */
function withoutDecimal(element: SchemaElement): SchemaElement {
	if (element.converted_type !== "DECIMAL" && element.logical_type?.type !== "DECIMAL") return element;
	const { converted_type: _, logical_type: __, ...plain } = element;
	return plain;
}
