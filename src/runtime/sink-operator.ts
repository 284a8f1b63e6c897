// The end of a chain: hands batches to a connector's writer and keeps the promises that are its backpressure.
import type { Batch } from "../arrow/batch.js";
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
		for (const index of this.#spec.notNull) this.#refuseNulls(batch, index);
		const written = this.#writer.write(batch);
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

	#refuseNulls(batch: Batch, index: number): void {
		const validity = batch.columns[index]!.validity;
		if (validity === 0) return;
		const { u8 } = this.#context.region;
		for (let row = 0; row < batch.length; row++) {
			if (((u8[validity + (row >> 3)]! >> (row & 7)) & 1) === 1) continue;
			const name = this.#context.vertex.schema[index]?.name ?? `#${index}`;
			throw new EngineError("NULL_CONSTRAINT", `column '${name}' of the sink is NOT NULL, but a row has NULL there`, {
				row,
				remedy: "Set 'table.exec.sink.not-null-enforcer' = 'DROP' to drop such rows, or filter them in the query",
			});
		}
	}
}
