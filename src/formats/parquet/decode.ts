// Parquet → batches, a row group at a time: only the columns that are read, and the row groups that the filters leave.
import type { FileMetaData, RowGroup, SchemaElement, Statistics } from "hyparquet";
import type { Batch } from "../../arrow/batch.js";
import { writeColumn } from "../../arrow/values.js";
import { EngineError } from "../../errors.js";
import type { Schema } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import type { DecodeContext, FileDecoder, RandomAccessFile } from "../format.js";
import { mayPassAll } from "./row-groups.js";
import { parquetReader } from "./schema.js";

/** Keeps what the file holds, which the library would turn into Dates. */
const RAW_PARSERS = {
	timestampFromMilliseconds: (value: bigint) => value,
	timestampFromMicroseconds: (value: bigint) => value,
	timestampFromNanoseconds: (value: bigint) => value,
	dateFromDays: (value: number) => value,
};

export class ParquetDecoder implements FileDecoder {
	readonly #context: DecodeContext;
	readonly #file: RandomAccessFile;
	#metadata: FileMetaData | undefined;
	#readers: ReadonlyMap<string, (value: unknown) => Value> = new Map();
	#rowGroup = 0;
	#firstRow = 0;
	/** Values of the current row group by column, and how many rows are taken. */
	#columns: readonly (readonly Value[])[] = [];
	#length = 0;
	#offset = 0;

	constructor(context: DecodeContext, file: RandomAccessFile) {
		this.#context = context;
		this.#file = file;
	}

	async load(): Promise<boolean> {
		const { parquetRead } = await import("hyparquet");
		this.#metadata ??= await this.#open();
		const group = this.#nextGroup(this.#metadata.row_groups);
		if (!group) return false;
		const rows = Number(group.num_rows);
		const names = [...this.#readers.keys()];
		const values = new Map(names.map((name) => [name, new Array<Value>(rows).fill(null)]));
		if (names.length > 0) {
			await parquetRead({
				file: this.#file,
				metadata: this.#metadata,
				columns: names,
				rowStart: this.#firstRow,
				rowEnd: this.#firstRow + rows,
				parsers: RAW_PARSERS,
				utf8: false,
				onChunk: ({ columnName, columnData, rowStart }) => {
					const column = values.get(columnName) as Value[];
					const read = this.#readers.get(columnName) as (value: unknown) => Value;
					for (let i = 0; i < columnData.length; i++) column[rowStart - this.#firstRow + i] = read(columnData[i]);
				},
			});
		}
		this.#columns = this.#project(values);
		this.#firstRow += rows;
		this.#length = rows;
		this.#offset = 0;
		return true;
	}

	take(region: Region, maxRows: number): Batch | null {
		const length = Math.min(maxRows, this.#length - this.#offset);
		if (length <= 0) return null;
		const end = this.#offset + length;
		const columns = this.#context.output.map(({ type }, i) =>
			writeColumn(region, type, (this.#columns[i] as readonly Value[]).slice(this.#offset, end)),
		);
		this.#offset = end;
		return { length, columns, kinds: 0 };
	}

	/** Groups in which no row can pass the filters are not read at all. */
	#nextGroup(groups: readonly RowGroup[]): RowGroup | undefined {
		for (let group = groups[this.#rowGroup++]; group; group = groups[this.#rowGroup++]) {
			if (mayPassAll(this.#context.filters, (column) => this.#statistics(group, column))) return group;
			this.#firstRow += Number(group.num_rows);
		}
		return undefined;
	}

	#statistics({ columns }: RowGroup, column: number): Statistics | undefined {
		const { projection, schema } = this.#context;
		const [index, ...rest] = projection[column] as readonly number[];
		if (rest.length > 0) return undefined;
		const { name } = schema[index as number] as Schema[number];
		const found = columns.find(({ meta_data }) => meta_data?.path_in_schema.join() === name);
		return found?.meta_data?.statistics;
	}

	async #open(): Promise<FileMetaData> {
		const { parquetMetadataAsync, parquetSchema } = await import("hyparquet");
		const metadata = await this.#readable(() => parquetMetadataAsync(this.#file, { parsers: RAW_PARSERS }));
		const tree = parquetSchema(metadata);
		const { schema, projection, source } = this.#context;
		this.#readers = new Map(
			projection.map(([index]) => {
				const { name, type } = schema[index as number] as Schema[number];
				const node = tree.children.find(({ element }) => element.name === name);
				if (node) return [name, parquetReader(node, type, source)];
				throw new EngineError("INVALID_SCHEMA", `${source} has no column '${name}'`, {
					expected: `one of ${tree.children.map(({ element }) => element.name).join(", ")}`,
				});
			}),
		);
		return { ...metadata, schema: metadata.schema.map(withoutDecimal) };
	}

	async #readable<T>(read: () => Promise<T>): Promise<T> {
		try {
			return await read();
		} catch (cause) {
			const text = cause instanceof Error ? cause.message : String(cause);
			throw new EngineError("CONNECTOR", `${this.#context.source} is no Parquet file: ${text}`, { cause });
		}
	}

	#project(values: ReadonlyMap<string, readonly Value[]>): Value[][] {
		const { projection, schema } = this.#context;
		return projection.map(([index, ...rest]) => {
			const column = values.get((schema[index as number] as Schema[number]).name) as Value[];
			if (rest.length === 0) return column;
			return column.map((value) =>
				rest.reduce<Value>((outer, at) => (outer as readonly Value[] | null)?.[at] ?? null, value),
			);
		});
	}
}

/** The library would turn DECIMALs into doubles; without the mark it gives their bytes. */
function withoutDecimal(element: SchemaElement): SchemaElement {
	if (element.converted_type !== "DECIMAL" && element.logical_type?.type !== "DECIMAL") return element;
	const { converted_type: _, logical_type: __, ...plain } = element;
	return plain;
}
