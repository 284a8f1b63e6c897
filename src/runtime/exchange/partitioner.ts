// The sending side of an edge: each batch is split over the subtasks of the consumer. Few rows are gathered until there are enough
// for a message of about MESSAGE_BYTES, many are cut into such messages. Rows for other slots go before those for the own one,
// whose gate takes them from where they lie; watermarks and the end come after all rows before them.
import type { Batch, Column } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import type { ExchangeSpec } from "../../job/job-graph.js";
import type { Schema } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH } from "../../types/value.js";
import { type MemoryOwner, memoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { Receiver } from "../dataflow-node.js";
import { messageBytes } from "./batch-message.js";
import { RowBuffer, rowBytes } from "./row-buffer.js";
import { withSameTold } from "./same-values.js";

/** Size that messages between slots aim at. */
export const MESSAGE_BYTES = 64 * 1024;
/** Rows that need not be gathered: more of them make nothing cheaper. */
const ENOUGH_ROWS = 1024;
/** A slice of a batch begins where its validity has a word of its own. */
const SLICE_ROWS = 64;

/** A subtask of the consumer: over a ring, or in this very slot. */
export interface Target {
	readonly receiver: Receiver;
	/** In this very slot: takes the rows of a batch at `n` u32 indexes. */
	readonly rows?: (batch: Batch, list: number, n: number) => void;
	/** Whether rows sent now would wait for credit. */
	readonly congested: boolean;
}

interface Outlet {
	readonly target: Target;
	/** Rows on their way to another slot; that of the own one stays empty. */
	readonly buffer: RowBuffer;
}

export class Partitioner implements Receiver {
	readonly #region: Region;
	readonly #exchange: ExchangeSpec;
	/** By subtask. */
	readonly #outlets: readonly Outlet[];
	/** The own slot comes last. */
	readonly #ordered: readonly Outlet[];
	readonly #owner: MemoryOwner = memoryOwner("Exchange");
	readonly #maxParallelism: number;
	readonly #messageBytes: number;
	/** Rows that go alone, as large a message as is worth it. */
	readonly #enough: number;
	#next: number;

	/** `first`: the target that a rebalancing sender starts with. */
	constructor(
		region: Region,
		exchange: ExchangeSpec,
		targets: readonly Target[],
		options: {
			readonly schema: Schema;
			readonly maxParallelism: number;
			readonly maxPayload: number;
			readonly first: number;
		},
	) {
		const { schema, maxPayload } = options;
		this.#region = region;
		this.#exchange = exchange;
		this.#maxParallelism = options.maxParallelism;
		this.#messageBytes = Math.min(MESSAGE_BYTES, maxPayload);
		this.#next = options.first % targets.length;
		this.#enough = Math.min(ENOUGH_ROWS, Math.ceil(this.#messageBytes / rowBytes(schema) / 2));
		this.#outlets = targets.map((target) => ({
			target,
			buffer: new RowBuffer(region, this.#owner, schema, this.#messageBytes),
		}));
		const isLocal = ({ target }: Outlet) => Number(target.rows !== undefined);
		this.#ordered = [...this.#outlets].sort((a, b) => isLocal(a) - isLocal(b));
	}

	batch(batch: Batch): void {
		if (batch.length === 0) return;
		const mark = this.#region.arena.mark();
		switch (this.#exchange.kind) {
			case "hash":
				this.#split(batch, this.#exchange.keys);
				break;
			case "rebalance":
				this.#whole(this.#outlets[this.#next]!, batch);
				this.#next = (this.#next + 1) % this.#outlets.length;
				break;
			default:
				for (const outlet of this.#ordered) this.#whole(outlet, batch);
		}
		this.#region.arena.release(mark);
	}

	watermark(time: number): void {
		this.#sendGathered(this.#ordered);
		for (const { target } of this.#ordered) target.receiver.watermark(time);
	}

	idle(idle: boolean): void {
		this.#sendGathered(this.#ordered);
		for (const { target } of this.#ordered) target.receiver.idle(idle);
	}

	end(): void {
		this.#sendGathered(this.#ordered);
		for (const { target } of this.#ordered) target.receiver.end();
	}

	/** Sends what has been gathered and has credit; whether there was any. */
	flush(): boolean {
		return this.#sendGathered(this.#ordered.filter(({ target }) => !target.congested));
	}

	dispose(): void {
		for (const { buffer } of this.#outlets) buffer.dispose();
	}

	#sendGathered(outlets: readonly Outlet[]): boolean {
		let sent = false;
		for (const outlet of outlets) {
			if (outlet.buffer.rows === 0) continue;
			this.#empty(outlet);
			sent = true;
		}
		return sent;
	}

	#empty({ target, buffer }: Outlet): void {
		target.receiver.batch(buffer.batch());
		buffer.clear();
	}

	#split(whole: Batch, keys: readonly number[]): void {
		const { arena, kernels } = this.#region;
		const batch = withSameTold(this.#region, whole);
		const n = batch.length;
		const parallelism = this.#outlets.length;
		const counts = arena.allocate(parallelism * 4);
		kernels.fillBytes(counts, 0, parallelism * 4);
		const lists = arena.allocate(parallelism * n * 4);
		const keyColumns = keys.map((key) => batch.columns[key]!);
		this.#deal(keyColumns, n, counts, lists);
		const rows = this.#outlets.map((_, index) => this.#region.u32[(counts >>> 2) + index]!);
		for (const outlet of this.#ordered) {
			const index = this.#outlets.indexOf(outlet);
			this.#listed(outlet, batch, lists + index * n * 4, rows[index]!);
		}
	}

	/** Row indexes by subtask, see partitionRows. */
	#deal(keys: readonly Column[], n: number, counts: number, lists: number): void {
		const { arena, kernels } = this.#region;
		const parallelism = this.#outlets.length;
		const [first] = keys;
		if (keys.length === 1 && first!.validity === 0 && (first!.physical === "i64" || first!.physical === "i32")) {
			const deal = first!.physical === "i64" ? kernels.partitionKeys8 : kernels.partitionKeys4;
			deal(first!.data, n, this.#maxParallelism, parallelism, counts, lists);
			return;
		}
		const hashes = arena.allocate(n * 8);
		for (const [i, key] of keys.entries()) hashKeys(this.#region, key, n, hashes, i === 0);
		kernels.partitionRows(hashes, n, this.#maxParallelism, parallelism, counts, lists);
	}

	#whole(outlet: Outlet, batch: Batch): void {
		const { target, buffer } = outlet;
		const { arena, kernels } = this.#region;
		if (target.rows) {
			target.receiver.batch(batch);
			return;
		}
		if (batch.length >= this.#enough) {
			if (buffer.rows > 0) this.#empty(outlet);
			const rowsPerMessage = this.#rowsPerMessage(batch);
			if (rowsPerMessage >= batch.length) target.receiver.batch(batch);
			else if (rowsPerMessage >= SLICE_ROWS) sendSlices(target.receiver, batch, rowsPerMessage);
			if (rowsPerMessage >= SLICE_ROWS || rowsPerMessage >= batch.length) return;
		}
		const list = arena.allocate(batch.length * 4);
		kernels.rowsIota(0, 1, batch.length, list);
		this.#listed(outlet, batch, list, batch.length);
	}

	/** Sends the listed rows, or keeps them until there are enough. */
	#listed(outlet: Outlet, batch: Batch, list: number, rows: number): void {
		const { target, buffer } = outlet;
		if (target.rows) {
			target.rows(batch, list, rows);
			return;
		}
		const { arena } = this.#region;
		let perMessage = 0;
		for (let from = 0; from < rows; ) {
			const mark = arena.mark();
			if (buffer.rows === 0 && rows - from >= this.#enough) {
				perMessage ||= this.#rowsPerMessage(batch);
				const count = Math.min(perMessage, rows - from);
				target.receiver.batch(takeBatch(this.#region, batch, list + from * 4, count));
				from += count;
			} else {
				const count = Math.min(buffer.room, rows - from);
				buffer.append(batch, list + from * 4, count);
				from += count;
				if (buffer.isFull) this.#empty(outlet);
			}
			arena.release(mark);
		}
	}

	#rowsPerMessage(batch: Batch): number {
		const bytesPerRow = messageBytes(this.#region, batch) / batch.length;
		return Math.max(1, Math.floor(this.#messageBytes / bytesPerRow));
	}
}

/** Sends stretches of the batch as they lie there, of equal size and about `rowsPerMessage` each. */
function sendSlices(receiver: Receiver, batch: Batch, rowsPerMessage: number): void {
	const slices = Math.ceil(batch.length / rowsPerMessage);
	const rows = Math.ceil(batch.length / slices / SLICE_ROWS) * SLICE_ROWS;
	for (let from = 0; from < batch.length; from += rows) {
		receiver.batch({
			length: Math.min(rows, batch.length - from),
			columns: batch.columns.map(({ type, physical, data, validity }) => ({
				type,
				physical,
				data: data + from * PHYSICAL_WIDTH[physical],
				validity: validity === 0 ? 0 : validity + (from >> 3),
			})),
			kinds: batch.kinds === 0 ? 0 : batch.kinds + from,
		});
	}
}

/** Chains the hashes of one key column onto those of the columns before it, of which the first has none. */
function hashKeys(
	region: Region,
	{ physical, data, validity }: Column,
	n: number,
	hashes: number,
	isFirst: boolean,
): void {
	const { kernels, byWidth } = region;
	switch (physical) {
		case "f32":
			kernels.keyHashFloat(data, validity, n, hashes, isFirst, 4);
			break;
		case "f64":
			kernels.keyHashFloat(data, validity, n, hashes, isFirst, 8);
			break;
		case "view":
			kernels.keyHashView(data, validity, n, hashes, isFirst);
			break;
		default:
			byWidth.keyHash[PHYSICAL_WIDTH[physical]](data, validity, n, hashes, isFirst);
	}
}
