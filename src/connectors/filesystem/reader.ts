// Reads the files of a table one after the other. Columns that are not in the files (partitions, metadata) are added here.
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import type { Batch, Column } from "../../arrow/batch.js";
import { writeColumn } from "../../arrow/values.js";
import { EngineError } from "../../errors.js";
import type { BatchSource, DecodeContext, FileDecoder, Format, StreamDecoder } from "../../formats/format.js";
import type { ColumnPath } from "../../job/specs.js";
import { timestampOf } from "../../types/datetime.js";
import { columnsOf, type Expr, mapColumns } from "../../types/expr.js";
import type { Schema, SqlType } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import type { SourceContext, SourceReader } from "../connector.js";
import { formatOf, formatOptions } from "../format-options.js";
import { sleep } from "../pacing.js";
import { projectedSchema } from "../projection.js";
import { type DataFile, dataFiles, localPath } from "./files.js";
import { type FilesystemOptions, filesystemOptions } from "./options.js";
import { partitionColumns, partitionOf, partitionValue } from "./partitions.js";

const CHUNK_BYTES = 1 << 20;

/** Rows taken from each file; Infinity: all of it. */
type Progress = ReadonlyMap<string, number>;

/** A file being read. */
interface OpenFile {
	readonly file: DataFile;
	readonly rows: BatchSource;
	/** Decodes more; false at the end of the file. */
	load(): Promise<boolean>;
	close(): Promise<void>;
}

export class FilesystemReader implements SourceReader {
	readonly #context: SourceContext;
	readonly #options: FilesystemOptions;
	readonly #format: Format;
	readonly #schema: Schema;
	readonly #layout: FileLayout;
	readonly #progress: Map<string, number>;
	#queue: DataFile[] = [];
	#listed = false;
	#current: OpenFile | undefined;
	/** Opening or loading, which `close` lets come to its end: memory and handle are in use until then. */
	#work: Promise<void> | undefined;
	#rowsLeft: number;

	constructor(context: SourceContext) {
		this.#context = context;
		this.#options = filesystemOptions(context.table);
		this.#format = formatOf(context.table);
		this.#schema = projectedSchema(context.table, context.projection);
		this.#layout = new FileLayout(context, this.#options, this.#schema);
		this.#rowsLeft = context.limit ?? Number.POSITIVE_INFINITY;
		this.#progress = mergedProgress((context.startPosition ?? []) as readonly Progress[]);
	}

	next(): Batch | null | Promise<void> {
		if (this.#rowsLeft <= 0) return null;
		if (!this.#current) return this.#openNext();
		const { file, rows } = this.#current;
		const batch = rows.take(this.#context.region, Math.min(this.#context.batchRows, this.#rowsLeft));
		if (!batch) return this.#working(this.#loadMore(this.#current));
		this.#progress.set(file.path, (this.#progress.get(file.path) ?? 0) + batch.length);
		this.#rowsLeft -= batch.length;
		return this.#layout.complete(batch, file);
	}

	position(): Progress {
		return new Map(this.#progress);
	}

	async close(): Promise<void> {
		await this.#work?.catch(() => {});
		await this.#closeFile();
	}

	async #closeFile(): Promise<void> {
		const current = this.#current;
		this.#current = undefined;
		await current?.close();
	}

	#working(work: Promise<void>): Promise<void> {
		this.#work = work;
		return work;
	}

	#openNext(): null | Promise<void> {
		if (!this.#listed) this.#list();
		const file = this.#queue.shift();
		if (file) return this.#working(this.#open(file));
		const interval = this.#options["source.monitor-interval"];
		if (interval === undefined || this.#context.signal.aborted) return null;
		this.#listed = false;
		return sleep(interval, this.#context.signal);
	}

	/** Files of this subtask that are not read yet: every `parallelism`-th by path. */
	#list(): void {
		const { subtask, parallelism } = this.#context;
		const files = dataFiles(this.#options.path, this.#options["source.path.regex-pattern"]);
		this.#queue = files.filter(
			({ path }, index) => index % parallelism === subtask && this.#progress.get(path) !== Number.POSITIVE_INFINITY,
		);
		this.#listed = true;
	}

	async #open(file: DataFile): Promise<void> {
		const context = this.#layout.decodeContext(this.#format, file);
		const handle = await open(file.path, "r");
		try {
			this.#current = this.#decoded(file, handle, context);
		} catch (error) {
			await handle.close();
			throw error;
		}
		await this.#skip(this.#current, this.#progress.get(file.path) ?? 0);
	}

	#decoded(file: DataFile, handle: FileHandle, context: DecodeContext): OpenFile {
		const { decoder, fileDecoder, name } = this.#format;
		if (decoder) return streamFile(file, handle, decoder(context));
		if (fileDecoder) return randomAccessFile(file, handle, (source) => fileDecoder(context, source));
		throw new EngineError("UNSUPPORTED", `format '${name}' cannot be read`);
	}

	/** Passes over rows that were read before a restore. */
	async #skip({ rows, load }: OpenFile, count: number): Promise<void> {
		const { region, batchRows } = this.#context;
		for (let left = count; left > 0; ) {
			const mark = region.arena.mark();
			const batch = rows.take(region, Math.min(left, batchRows));
			region.arena.release(mark);
			if (batch) left -= batch.length;
			else if (!(await load())) return;
		}
	}

	async #loadMore(current: OpenFile): Promise<void> {
		if (await current.load()) return;
		this.#progress.set(current.file.path, Number.POSITIVE_INFINITY);
		await this.#closeFile();
	}
}

function mergedProgress(positions: readonly Progress[]): Map<string, number> {
	const merged = new Map<string, number>();
	for (const position of positions) {
		for (const [path, rows] of position) merged.set(path, Math.max(rows, merged.get(path) ?? 0));
	}
	return merged;
}

function streamFile(file: DataFile, handle: FileHandle, decoder: StreamDecoder): OpenFile {
	const buffer = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(file.bytes, 1)));
	let ended = false;
	return {
		file,
		rows: decoder,
		async load() {
			if (ended) return false;
			const { bytesRead } = await handle.read(buffer, 0, buffer.length);
			if (bytesRead > 0) decoder.push(buffer.subarray(0, bytesRead));
			else {
				decoder.end();
				ended = true;
			}
			return true;
		},
		close: () => handle.close(),
	};
}

function randomAccessFile(
	file: DataFile,
	handle: FileHandle,
	decode: (source: Parameters<NonNullable<Format["fileDecoder"]>>[1]) => FileDecoder,
): OpenFile {
	const decoder = decode({
		byteLength: file.bytes,
		async slice(start, end = file.bytes) {
			const bytes = new Uint8Array(end - start);
			let length = 0;
			while (length < bytes.length) {
				const { bytesRead } = await handle.read(bytes, length, bytes.length - length, start + length);
				if (bytesRead === 0) return bytes.buffer.slice(0, length);
				length += bytesRead;
			}
			return bytes.buffer;
		},
	});
	const close = () => {
		decoder.dispose?.();
		return handle.close();
	};
	return { file, rows: decoder, load: () => decoder.load(), close };
}

/** Which output columns come from the file, and what the others are. */
class FileLayout {
	readonly #context: SourceContext;
	readonly #root: string;
	readonly #defaultName: string;
	readonly #output: Schema;
	/** Columns of the files. */
	readonly #data: Schema;
	/** Per output column its path in the file, or what makes its value. */
	readonly #sources: readonly (ColumnPath | ((file: DataFile) => Value))[];

	constructor(context: SourceContext, options: FilesystemOptions, output: Schema) {
		const { columns } = context.table;
		const partitions = partitionColumns(context.table);
		const partitionAt = new Map(partitions.map((column) => [column.index, column]));
		const isData = columns.map((column, index) => column.metadata === undefined && !partitionAt.has(index));
		const dataIndexes = columns.flatMap((_, index) => (isData[index] ? [index] : []));
		this.#context = context;
		this.#root = localPath(options.path);
		this.#defaultName = options["partition.default-name"];
		this.#output = output;
		this.#data = dataIndexes.map((index) => columns[index]!);
		this.#sources = context.projection.map(([index, ...rest]) => {
			const partition = partitionAt.get(index!);
			if (partition) return (file) => partitionValue(partition, this.#partitionOf(file));
			const { metadata, type } = columns[index!]!;
			return metadata === undefined ? [dataIndexes.indexOf(index!), ...rest] : metadataReader(metadata, type);
		});
	}

	#partitionOf(file: DataFile) {
		return partitionOf(file.path, this.#root, this.#defaultName);
	}

	decodeContext(format: Format, file: DataFile): DecodeContext {
		const { table, timeZone, filters } = this.#context;
		const fromFile = this.#sources.flatMap((source, i) => (typeof source === "function" ? [] : [{ source, i }]));
		return {
			schema: this.#data,
			projection: fromFile.map(({ source }) => source),
			output: fromFile.map(({ i }) => this.#output[i]!),
			filters: filtersOver(
				filters,
				fromFile.map(({ i }) => i),
			),
			options: formatOptions(table, format),
			timeZone,
			source: file.path,
		};
	}

	/** Puts the columns of the file and the others in their order. */
	complete(batch: Batch, file: DataFile): Batch {
		if (batch.columns.length === this.#sources.length) return batch;
		let next = 0;
		const columns = this.#sources.map((source, i): Column => {
			if (typeof source !== "function") return batch.columns[next++]!;
			const values = new Array<Value>(batch.length).fill(source(file));
			return writeColumn(this.#context.region, this.#output[i]!.type, values);
		});
		return { ...batch, columns };
	}
}

/** The filters over some of the columns alone, which are numbered anew. */
const filtersOver = (filters: readonly Expr[], columns: readonly number[]): readonly Expr[] =>
	filters
		.filter((filter) => columnsOf(filter).every((index) => columns.includes(index)))
		.map((filter) => mapColumns(filter, (index) => columns.indexOf(index)));

function metadataReader(key: string, type: SqlType): (file: DataFile) => Value {
	switch (key) {
		case "file.path":
			return ({ path }) => path;
		case "file.name":
			return ({ path }) => basename(path);
		case "file.size":
			return ({ bytes }) => BigInt(bytes);
		default: {
			const precision = "precision" in type ? type.precision : 3;
			return ({ modifiedMs }) => timestampOf(Math.floor(modifiedMs), 0, precision);
		}
	}
}
