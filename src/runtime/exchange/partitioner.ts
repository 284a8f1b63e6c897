// The sending side of an edge: each batch is split over the subtasks of the consumer and cut into messages of about MESSAGE_BYTES.
// Rows for the own slot stay whole and go on directly, after those for other slots have left.
import type { Batch, Column } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import type { ExchangeSpec } from "../../job/job-graph.js";
import { PHYSICAL_WIDTH } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import type { Receiver } from "../dataflow-node.js";
import { messageBytes } from "./batch-message.js";

/** Size that messages between slots aim at. */
export const MESSAGE_BYTES = 64 * 1024;
/** A slice of a batch begins where its validity has a word of its own. */
const SLICE_ROWS = 64;

/** A subtask of the consumer: over a ring, or in this very slot. */
export interface Target {
	readonly receiver: Receiver;
	readonly local: boolean;
}

export class Partitioner implements Receiver {
	readonly #region: Region;
	readonly #exchange: ExchangeSpec;
	readonly #targets: readonly Target[];
	readonly #maxParallelism: number;
	readonly #messageBytes: number;
	#next: number;

	/** `first`: the target that a rebalancing sender starts with. */
	constructor(
		region: Region,
		exchange: ExchangeSpec,
		targets: readonly Target[],
		options: { readonly maxParallelism: number; readonly maxPayload: number; readonly first: number },
	) {
		this.#region = region;
		this.#exchange = exchange;
		this.#targets = targets;
		this.#maxParallelism = options.maxParallelism;
		this.#messageBytes = Math.min(MESSAGE_BYTES, options.maxPayload);
		this.#next = options.first % targets.length;
	}

	batch(batch: Batch): void {
		if (batch.length === 0) return;
		const mark = this.#region.arena.mark();
		switch (this.#exchange.kind) {
			case "hash":
				this.#split(batch, this.#exchange.keys);
				break;
			case "rebalance":
				this.#whole(this.#targets[this.#next]!, batch);
				this.#next = (this.#next + 1) % this.#targets.length;
				break;
			default:
				for (const target of localLast(this.#targets)) this.#whole(target, batch);
		}
		this.#region.arena.release(mark);
	}

	watermark(time: number): void {
		for (const { receiver } of this.#targets) receiver.watermark(time);
	}

	idle(idle: boolean): void {
		for (const { receiver } of this.#targets) receiver.idle(idle);
	}

	end(): void {
		for (const { receiver } of this.#targets) receiver.end();
	}

	#split(batch: Batch, keys: readonly number[]): void {
		const { arena, kernels } = this.#region;
		const n = batch.length;
		const parallelism = this.#targets.length;
		const hashes = arena.allocate(n * 8);
		kernels.fillBytes(hashes, 0, n * 8);
		for (const key of keys) hashKeys(this.#region, batch.columns[key]!, n, hashes);
		const counts = arena.allocate(parallelism * 4);
		kernels.fillBytes(counts, 0, parallelism * 4);
		const lists = arena.allocate(parallelism * n * 4);
		kernels.partitionRows(hashes, n, this.#maxParallelism, parallelism, counts, lists);
		const rowsPerMessage = this.#rowsPerMessage(batch);
		const parts = this.#targets.map((target, index) => ({
			...target,
			rows: this.#region.u32[(counts >>> 2) + index]!,
			list: lists + index * n * 4,
		}));
		for (const { receiver, local, rows, list } of localLast(parts)) {
			this.#chunks(receiver, batch, list, rows, local ? n : rowsPerMessage);
		}
	}

	#whole({ receiver, local }: Target, batch: Batch): void {
		const rowsPerMessage = local ? batch.length : this.#rowsPerMessage(batch);
		if (rowsPerMessage >= batch.length) receiver.batch(batch);
		else if (rowsPerMessage >= SLICE_ROWS) sendSlices(receiver, batch, rowsPerMessage);
		else {
			const list = this.#region.arena.allocate(batch.length * 4);
			this.#region.kernels.rowsIota(0, 1, batch.length, list);
			this.#chunks(receiver, batch, list, batch.length, rowsPerMessage);
		}
	}

	/** Sends the listed rows in batches of at most `rowsPerBatch`. */
	#chunks(receiver: Receiver, batch: Batch, list: number, rows: number, rowsPerBatch: number): void {
		const { arena } = this.#region;
		for (let from = 0; from < rows; from += rowsPerBatch) {
			const mark = arena.mark();
			receiver.batch(takeBatch(this.#region, batch, list + from * 4, Math.min(rowsPerBatch, rows - from)));
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
			columns: batch.columns.map((column) => ({
				...column,
				data: column.data + from * PHYSICAL_WIDTH[column.physical],
				validity: column.validity === 0 ? 0 : column.validity + (from >> 3),
			})),
			kinds: batch.kinds === 0 ? 0 : batch.kinds + from,
		});
	}
}

const localLast = <T extends { readonly local: boolean }>(targets: readonly T[]): readonly T[] => [
	...targets.filter((target) => !target.local),
	...targets.filter((target) => target.local),
];

/** Chains the hashes of one key column onto those of the columns before it. */
function hashKeys({ kernels }: Region, { physical, data, validity }: Column, n: number, hashes: number): void {
	switch (physical) {
		case "f32":
			kernels.keyHashFloat(data, validity, n, hashes, 4);
			break;
		case "f64":
			kernels.keyHashFloat(data, validity, n, hashes, 8);
			break;
		case "view":
			kernels.keyHashView(data, validity, n, hashes);
			break;
		default:
			kernels[`keyHash${PHYSICAL_WIDTH[physical] as 1 | 2 | 4 | 8 | 16}`](data, validity, n, hashes);
	}
}
