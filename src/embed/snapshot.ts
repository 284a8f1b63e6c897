// An operator's state as bytes: a manifest in JSON, then one Arrow IPC stream per table.
//
//   | "MLRS" | version u32 | length of the manifest u32 | checksum u32 of what follows | manifest | table | table | …
import type * as arrow from "apache-arrow";
import type { Batch } from "../arrow/batch.js";
import { BatchExporter } from "../arrow/export.js";
import { columnOf, importColumn } from "../arrow/import.js";
import { arrowLibrary } from "../arrow/library.js";
import { EngineError } from "../errors.js";
import type { StateReader, StateWriter } from "../operators/operator.js";
import type { Schema } from "../types/sql-type.js";
import type { Region } from "../wasm/region.js";

const MAGIC = 0x53524c4d;
const VERSION = 2;
const HEAD_BYTES = 16;

interface TableEntry {
	readonly stage: number;
	readonly name: string;
	readonly schema: Schema;
	readonly bytes: number;
}

interface Manifest {
	/** What the snapshot belongs to: only an operator built alike may be restored from it. */
	readonly of: string;
	/** By stage and name. */
	readonly values: readonly Readonly<Record<string, unknown>>[];
	readonly tables: readonly TableEntry[];
}

/** Collects the state of the stages of an operator. */
export class SnapshotWriter {
	readonly #region: Region;
	readonly #of: string;
	readonly #values: Record<string, unknown>[] = [];
	readonly #tables: TableEntry[] = [];
	readonly #contents: Uint8Array[] = [];

	constructor(region: Region, of: string) {
		this.#region = region;
		this.#of = of;
	}

	stage(stage: number): StateWriter {
		const values: Record<string, unknown> = {};
		this.#values[stage] = values;
		return {
			table: (name, schema, batches) => this.#table(stage, name, schema, batches),
			value: (name, value) => {
				values[name] = value;
			},
		};
	}

	bytes(): Uint8Array {
		const manifest: Manifest = { of: this.#of, values: this.#values, tables: this.#tables };
		const text = new TextEncoder().encode(JSON.stringify(manifest));
		const total = this.#contents.reduce((sum, table) => sum + table.length, HEAD_BYTES + text.length);
		const bytes = new Uint8Array(total);
		const head = new DataView(bytes.buffer);
		let at = HEAD_BYTES;
		for (const part of [text, ...this.#contents]) {
			bytes.set(part, at);
			at += part.length;
		}
		const words = [MAGIC, VERSION, text.length, checksum(bytes)];
		for (const [i, word] of words.entries()) head.setUint32(i * 4, word, true);
		return bytes;
	}

	#table(stage: number, name: string, schema: Schema, batches: Iterable<Batch>): void {
		const exporter = new BatchExporter(schema);
		const exported: arrow.RecordBatch[] = [];
		for (const batch of batches) exported.push(exporter.export(this.#region, batch));
		const { Table, tableToIPC } = arrowLibrary();
		const contents = tableToIPC(new Table(exporter.schema, exported));
		this.#tables.push({ stage, name, schema, bytes: contents.length });
		this.#contents.push(contents);
	}
}

/** Reads what SnapshotWriter wrote. */
export class Snapshot {
	readonly #region: Region;
	readonly #manifest: Manifest;
	readonly #bytes: Uint8Array;
	readonly #firstTable: number;

	/** Throws INVALID_ARGUMENT when the bytes are no snapshot, INVALID_STATE when they are one of something else. */
	constructor(region: Region, bytes: Uint8Array, of: string) {
		this.#region = region;
		this.#bytes = bytes;
		const length = manifestLength(bytes);
		this.#firstTable = HEAD_BYTES + length;
		this.#manifest = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD_BYTES, this.#firstTable))) as Manifest;
		if (this.#manifest.of === of) return;
		throw new EngineError("INVALID_STATE", "The snapshot is of an operator that was built with other options", {
			expected: of,
			remedy: "Restore it into an operator of the same builder and options",
		});
	}

	stage(stage: number): StateReader {
		return {
			table: (name) => this.#table(stage, name),
			value: (name) => this.#manifest.values[stage]?.[name],
		};
	}

	*#table(stage: number, name: string): Generator<Batch> {
		let at = this.#firstTable;
		for (const table of this.#manifest.tables) {
			if (table.stage === stage && table.name === name) {
				yield* this.#batches(this.#bytes.subarray(at, at + table.bytes), table.schema);
			}
			at += table.bytes;
		}
	}

	*#batches(contents: Uint8Array, schema: Schema): Generator<Batch> {
		const { arena } = this.#region;
		for (const batch of arrowLibrary().tableFromIPC(contents).batches) {
			if (batch.numRows === 0) continue;
			const mark = arena.mark();
			const columns = schema.map(({ name, type }, i) => {
				const place = { column: name, firstRow: 0 };
				return importColumn(this.#region, columnOf(batch.data, i, batch.numRows, place), type, place);
			});
			yield { length: batch.numRows, columns, kinds: 0 };
			arena.release(mark);
		}
	}
}

function manifestLength(bytes: unknown): number {
	if (bytes instanceof Uint8Array && bytes.length > HEAD_BYTES) {
		const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const length = head.getUint32(8, true);
		const isOurs = head.getUint32(0, true) === MAGIC && head.getUint32(4, true) === VERSION;
		if (isOurs && HEAD_BYTES + length <= bytes.length && head.getUint32(12, true) === checksum(bytes)) return length;
	}
	throw new EngineError("INVALID_ARGUMENT", "The value is no snapshot, or not all of one", {
		expected: "the bytes that snapshot() returned",
		remedy: "Store the bytes unchanged",
	});
}

/** Of what is behind the head. Tells bytes that were lost, added or changed on the way, not a forger. */
function checksum(bytes: Uint8Array): number {
	const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let hash = bytes.length;
	let at = HEAD_BYTES;
	for (; at + 4 <= bytes.length; at += 4) {
		hash = Math.imul(hash ^ data.getUint32(at, true), 0x85ebca6b);
		hash ^= hash >>> 15;
	}
	for (; at < bytes.length; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x85ebca6b);
	return (hash ^ (hash >>> 13)) >>> 0;
}
