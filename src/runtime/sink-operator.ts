// The end of a chain: hands batches to a connector's writer and keeps the promises that are its backpressure.
import type { Batch, Column } from "../arrow/batch.js";
import { takeBatch } from "../arrow/take.js";
import type { SinkWriter } from "../connectors/connector.js";
import { EngineError } from "../errors.js";
import type { SinkSpec } from "../job/specs.js";
import type { Operator, OperatorContext } from "../operators/operator.js";

/** An unfinished write; `sink` is the vertex that writes. */
export interface PendingWrite {
	readonly sink: number;
	readonly done: Promise<unknown>;
}

export class SinkOperator implements Operator {
	readonly #writer: SinkWriter;
	readonly #spec: SinkSpec;
	readonly #context: OperatorContext;
	readonly #pending: PendingWrite[];
	readonly #committables: unknown[];

	/**
	 * Unfinished writes are pushed to `pending`; the task awaits them before it reads on. What the writer wants
	 * committed when the job is done goes to `committables`.
	 */
	constructor(
		spec: SinkSpec,
		context: OperatorContext,
		writer: SinkWriter,
		pending: PendingWrite[],
		committables: unknown[],
	) {
		this.#committables = committables;
		this.#spec = spec;
		this.#context = context;
		this.#writer = writer;
		this.#pending = pending;
	}

	process(batch: Batch): void {
		const kept = this.#withoutNulls(batch);
		if (kept.length === 0) return;
		const written = this.#writer.write(kept);
		if (written) this.#hold(written);
	}

	advance(watermark: number): void {
		this.#writer.watermark?.(watermark);
	}

	finish(): void {
		const finishing = Promise.resolve(this.#writer.finish());
		this.#hold(finishing.then((committable) => this.#committables.push(committable)));
	}

	dispose(): void {}

	#hold(writing: Promise<unknown>): void {
		const done = writing.catch((cause) => {
			throw EngineError.from(cause).within({ operator: this.#spec.operator });
		});
		// The task awaits it, but maybe not before it has failed for another reason.
		done.catch(() => {});
		this.#pending.push({ sink: this.#context.vertex.id, done });
	}

	/** The rows that keep the sink's NOT NULL; the others are refused or left out. */
	#withoutNulls(batch: Batch): Batch {
		const bad = new Set<number>();
		for (const index of this.#spec.notNull) {
			for (const row of this.#nullRows(batch, index)) {
				if (!this.#spec.dropsNulls) throw this.#nullRefused(index, row);
				bad.add(row);
			}
		}
		if (bad.size === 0) return batch;
		const { region } = this.#context;
		const indices = region.arena.allocate(batch.length * 4);
		let count = 0;
		for (let row = 0; row < batch.length; row++) if (!bad.has(row)) region.u32[(indices >> 2) + count++] = row;
		return takeBatch(region, batch, indices, count);
	}

	/** Rows with NULL in a column; eight rows without one are passed over at once. */
	*#nullRows(batch: Batch, index: number): Generator<number> {
		const { validity } = batch.columns[index] as Column;
		if (validity === 0) return;
		const { u8 } = this.#context.region;
		for (let first = 0; first < batch.length; first += 8) {
			const bits = u8[validity + (first >> 3)] as number;
			if (bits === 0xff) continue;
			const end = Math.min(first + 8, batch.length);
			for (let row = first; row < end; row++) if (((bits >> (row - first)) & 1) === 0) yield row;
		}
	}

	#nullRefused(index: number, row: number): EngineError {
		const name = this.#context.vertex.schema[index]?.name ?? `#${index}`;
		return new EngineError("NULL_CONSTRAINT", `column '${name}' of the sink is NOT NULL, but a row has NULL there`, {
			row,
			remedy: "Set 'table.exec.sink.not-null-enforcer' = 'DROP' to drop such rows, or filter them in the query",
		});
	}
}
