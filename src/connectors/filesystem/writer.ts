// Writes rows to part files, one open file per partition. A file is invisible (hidden name) until the committer renames it.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Batch } from "../../arrow/batch.js";
import { takeBatch, takeColumn } from "../../arrow/take.js";
import { readColumn } from "../../arrow/values.js";
import { EngineError } from "../../errors.js";
import type { Encoder, Format } from "../../formats/format.js";
import { PHYSICAL_WIDTH, type Value } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import type { SinkContext, SinkWriter } from "../connector.js";
import { formatOf, formatOptions } from "../format-options.js";
import { AppendedFile } from "./appended-file.js";
import { localPath } from "./files.js";
import { type FilesystemOptions, filesystemOptions } from "./options.js";
import { PartBuffer } from "./part-buffer.js";
import { partitionColumns, partitionFolder } from "./partitions.js";

/** So much at once goes to the file without being kept back: another copy costs more than another write. */
const DIRECT_BYTES = 256 << 10;
/** What a part keeps back at most, and what all parts do. */
const PART_BUFFER_BYTES = 4 << 20;
const BUFFER_BYTES = 32 << 20;

/** A finished part file, to be renamed by the committer. */
export interface PartFile {
	readonly hidden: string;
	readonly visible: string;
	/** Folder of its partition, relative to the table's path; empty without partitions. */
	readonly partition: string;
	/** When the part was begun, wall-clock ms. */
	readonly begunMs: number;
}

interface OpenPart extends PartFile {
	readonly encoder: Encoder;
	/** Bytes that are not in the file yet. */
	readonly buffer: PartBuffer;
	bytes: number;
}

export class FilesystemWriter implements SinkWriter {
	readonly #context: SinkContext;
	readonly #options: FilesystemOptions;
	readonly #format: Format;
	readonly #root: string;
	readonly #keys: readonly number[];
	readonly #columns: readonly number[];
	readonly #folderOf: (values: readonly Value[]) => string;
	readonly #run = crypto.randomUUID();
	readonly #parts = new Map<string, OpenPart>();
	readonly #spare: Uint8Array<ArrayBuffer>[] = [];
	readonly #file = new AppendedFile();
	#finished: PartFile[] = [];
	#count = 0;
	#ended = false;

	constructor(context: SinkContext) {
		const { table, schema } = context;
		this.#context = context;
		this.#options = filesystemOptions(table);
		this.#format = formatOf(table);
		this.#root = localPath(this.#options.path);
		const partitions = partitionColumns(table);
		this.#keys = partitions.map(({ index }) => index);
		this.#columns = schema.map((_, index) => index).filter((index) => !this.#keys.includes(index));
		this.#folderOf = partitionFolder(partitions, this.#options["partition.default-name"]);
	}

	write(batch: Batch): void | Promise<void> {
		const waiting: Promise<void>[] = [];
		for (const [folder, rows] of this.#groups(batch)) {
			const part = this.#parts.get(folder) ?? this.#begin(folder);
			const bytes = part.encoder.encode(this.#context.region, rows);
			if (bytes instanceof Promise) waiting.push(bytes.then((encoded) => this.#keep(part, encoded)));
			else this.#keep(part, bytes);
		}
		const full = this.#fullParts();
		if (waiting.length + full.length > 0) return Promise.all(waiting).then(() => this.#flushAll(full));
	}

	/** Parts to be written to their files now. */
	#fullParts(): OpenPart[] {
		const parts = [...this.#parts.values()];
		const buffered = parts.reduce((sum, part) => sum + part.buffer.length, 0);
		if (buffered >= BUFFER_BYTES) return parts;
		return parts.filter((part) => part.buffer.length >= PART_BUFFER_BYTES || this.#isDue(part));
	}

	flush(): Promise<readonly PartFile[]> {
		return this.#finishAll();
	}

	async finish(): Promise<readonly PartFile[]> {
		const parts = await this.#finishAll();
		this.#ended = true;
		return parts;
	}

	async close(): Promise<void> {
		this.#file.close();
		if (this.#ended) return;
		for (const { encoder } of this.#parts.values()) encoder.dispose?.();
		const left = [...this.#parts.values(), ...this.#finished];
		await Promise.all(left.map(({ hidden }) => rm(hidden, { force: true })));
	}

	/** The rows of each partition folder. */
	#groups(batch: Batch): Map<string, Batch> {
		if (batch.length === 0) return new Map();
		if (this.#keys.length === 0) return new Map([["", batch]]);
		const { region } = this.#context;
		const runs = rowRuns(region, batch, this.#keys);
		const keys = this.#keys.map((key) => {
			const starts = takeColumn(region, batch.columns[key]!, runs.starts, runs.count);
			return readColumn(region, starts, runs.count);
		});
		if (runs.count === 1) return new Map([[this.#folderOf(keys.map((values) => values[0] as Value)), batch]]);
		const starts = region.u32.slice(runs.starts / 4, runs.starts / 4 + runs.count);
		const groups = new Map<string, number[]>();
		for (const [run, first] of starts.entries()) {
			const folder = this.#folderOf(keys.map((values) => values[run] as Value));
			const rows = groups.get(folder) ?? [];
			for (let row = first; row < (starts[run + 1] ?? batch.length); row++) rows.push(row);
			groups.set(folder, rows);
		}
		return new Map([...groups].map(([folder, rows]) => [folder, this.#take(batch, rows)]));
	}

	#take(batch: Batch, rows: readonly number[]): Batch {
		if (rows.length === batch.length) return batch;
		const { region } = this.#context;
		const indices = region.arena.allocate(rows.length * 4);
		region.u32.set(rows, indices / 4);
		return takeBatch(region, batch, indices, rows.length);
	}

	#begin(folder: string): OpenPart {
		const { schema, timeZone, table, subtask, now } = this.#context;
		const { encoder } = this.#format;
		if (!encoder) throw new EngineError("UNSUPPORTED", `format '${this.#format.name}' cannot be written`);
		const name = `part-${this.#run}-task-${subtask}-file-${this.#count++}`;
		const part: OpenPart = {
			hidden: join(this.#root, folder, `.${name}.inprogress`),
			visible: join(this.#root, folder, name),
			partition: folder,
			begunMs: now(),
			encoder: encoder({
				schema,
				columns: this.#columns,
				options: formatOptions(table, this.#format),
				timeZone,
			}),
			buffer: new PartBuffer(this.#spare.pop()),
			bytes: 0,
		};
		this.#parts.set(folder, part);
		return part;
	}

	async #flushAll(parts: readonly OpenPart[]): Promise<void> {
		for (const part of parts) {
			this.#flushPart(part);
			if (this.#isDue(part)) await this.#finishPart(part);
		}
	}

	#isDue({ bytes, begunMs }: OpenPart): boolean {
		const age = this.#context.now() - begunMs;
		return (
			bytes >= this.#options["sink.rolling-policy.file-size"] ||
			age >= this.#options["sink.rolling-policy.rollover-interval"]
		);
	}

	async #finishPart(part: OpenPart): Promise<void> {
		const { hidden, visible, partition, begunMs } = part;
		this.#keep(part, await part.encoder.finish());
		this.#flushPart(part);
		this.#file.close();
		this.#spare.push(part.buffer.memory);
		this.#parts.delete(partition);
		this.#finished.push({ hidden, visible, partition, begunMs });
	}

	async #finishAll(): Promise<readonly PartFile[]> {
		for (const part of [...this.#parts.values()]) await this.#finishPart(part);
		const finished = this.#finished;
		this.#finished = [];
		return finished;
	}

	#keep(part: OpenPart, bytes: Uint8Array): void {
		part.bytes += bytes.length;
		if (bytes.length < DIRECT_BYTES) {
			part.buffer.append(bytes);
		} else {
			this.#flushPart(part);
			this.#file.append(part.hidden, bytes);
		}
	}

	#flushPart({ hidden, buffer }: OpenPart): void {
		this.#file.append(hidden, buffer.take());
	}
}

/** Stretches of rows with equal values in some columns: addresses of their first rows (u32), and how many there are. */
function rowRuns(region: Region, batch: Batch, columns: readonly number[]): { starts: number; count: number } {
	const { arena, kernels } = region;
	const marks = arena.allocate(batch.length);
	const starts = arena.allocate((batch.length + 1) * 4);
	kernels.fillBytes(marks, 0, batch.length);
	for (const index of columns) {
		const { data, validity, physical } = batch.columns[index]!;
		kernels.markChanges(data, PHYSICAL_WIDTH[physical], physical === "view", validity, batch.length, marks);
	}
	return { starts, count: kernels.runStarts(marks, batch.length, starts) };
}
