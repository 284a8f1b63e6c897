// An operator that takes RecordBatches and gives RecordBatches: push, advance, finish, iterate, snapshot, dispose. Every misuse is a typed
// error; a batch that is refused leaves the operator as it was, one that fails half way leaves it unusable.
import type * as arrow from "apache-arrow";
import { EngineError } from "../errors.js";
import { MAX_WATERMARK } from "../operators/operator.js";
import type { Schema } from "../types/sql-type.js";
import { BatchReader } from "./batch-reader.js";
import { OutputQueue } from "./output-queue.js";
import { type MemoryUse, Pipeline, type PipelinePlan } from "./pipeline.js";
import { shown } from "./shown.js";

/** Batches that may wait in the output before `push` is held, unless told. */
export const MAX_BUFFERED_BATCHES = 16;

export interface StreamPlan extends PipelinePlan {
	/** Of the RecordBatches of each input. */
	readonly inputs: readonly { readonly name: string; readonly schema: Schema; readonly isChangelog: boolean }[];
	readonly maxBufferedBatches?: number | undefined;
}

type Source = Iterable<arrow.RecordBatch> | AsyncIterable<arrow.RecordBatch>;

interface Progress {
	readonly watermark: number | null;
	readonly ended: readonly boolean[];
}

/** What operators of one and of two inputs share. */
export abstract class OperatorBase implements Disposable, AsyncIterable<arrow.RecordBatch> {
	readonly #plan: StreamPlan;
	readonly #pipeline: Pipeline;
	readonly #queue: OutputQueue;
	readonly #readers: readonly BatchReader[];
	#ended: boolean[];
	#watermark = Number.NEGATIVE_INFINITY;
	/** Calls that wait for their turn, and the last of them. */
	#waiting = 0;
	#turn: Promise<void> = Promise.resolve();
	#isTouched = false;
	#isDisposed = false;
	#failure: EngineError | undefined;

	/** For builders. */
	protected constructor(plan: StreamPlan, pipeline: Pipeline, queue: OutputQueue) {
		this.#plan = plan;
		this.#pipeline = pipeline;
		this.#queue = queue;
		this.#readers = plan.inputs.map(({ schema, isChangelog }) => new BatchReader(pipeline.region, schema, isChangelog));
		this.#ended = plan.inputs.map(() => false);
	}

	/** The operator's name, as EXPLAIN and errors have it. */
	get name(): string {
		return this.#pipeline.name;
	}

	/** Of the batches that come out. */
	get schema(): arrow.Schema {
		return this.#pipeline.schema;
	}

	get memory(): MemoryUse {
		return this.#pipeline.memory;
	}

	/** Rows that came when all their windows had been sent. */
	get lateRecordsDropped(): number {
		return this.#pipeline.lateRecordsDropped;
	}

	/** Batches as they come, until the operator is finished. One loop at a time; leaving it early loses nothing. */
	[Symbol.asyncIterator](): AsyncGenerator<arrow.RecordBatch, void, undefined> {
		this.#checkAlive();
		return this.#queue.iterate();
	}

	/** The batches that are there now. */
	take(): arrow.RecordBatch[] {
		this.#checkAlive();
		return this.#queue.take();
	}

	/** The state after all calls that have settled, as bytes to restore an operator of the same builder and options from. Output is not part of it. */
	snapshot(): Uint8Array {
		this.#checkUsable();
		const progress: Progress = {
			watermark: Number.isFinite(this.#watermark) ? this.#watermark : null,
			ended: this.#ended,
		};
		return this.#guarded(() => this.#pipeline.snapshot(progress));
	}

	/** Takes up the state of a snapshot; before anything is pushed. */
	restore(snapshot: Uint8Array): void {
		this.#checkUsable();
		if (this.#isTouched) {
			throw new EngineError("INVALID_STATE", `${this.name} has begun already`, {
				expected: "restore before push, advance and finish",
				remedy: "Build a new operator and restore that",
			});
		}
		const { watermark, ended } = this.#pipeline.restore(snapshot) as Progress;
		this.#isTouched = true;
		this.#watermark = watermark ?? Number.NEGATIVE_INFINITY;
		this.#ended = [...ended];
		if (this.#ended.every((isEnded) => isEnded)) this.#queue.end();
		else this.#guarded(() => this.#finishAgain());
	}

	/** What has ended before the snapshot has ended for the restored operator, too. */
	#finishAgain(): void {
		for (const [input, isEnded] of this.#ended.entries()) if (isEnded) this.#pipeline.finish(input, false);
	}

	/** Frees the operator's memory. What waits in its output is dropped; a second call is an error. */
	dispose(): void {
		this.#checkAlive();
		this.#isDisposed = true;
		this.#queue.discard(disposed(this.name));
		this.#pipeline.dispose(this.#failure !== undefined);
	}

	/** For `using`: like dispose, but does nothing when that was called before. */
	[Symbol.dispose](): void {
		if (!this.#isDisposed) this.dispose();
	}

	protected pushTo(input: number, batch: arrow.RecordBatch): Promise<void> {
		return this.#inTurn(true, input, () => this.#pushing(input, batch));
	}

	/** Whether or not there is room. */
	protected pushNow(input: number, batch: arrow.RecordBatch): void {
		this.#checkOpen(input);
		const work = this.#pushing(input, batch);
		this.#isTouched = true;
		this.#guarded(work);
	}

	protected advanceTo(watermark: number | Date): Promise<void> {
		return this.#inTurn(true, undefined, () => {
			const time = watermark instanceof Date ? watermark.getTime() : watermark;
			if (typeof time !== "number" || Number.isNaN(time)) {
				throw new EngineError("INVALID_ARGUMENT", `${shown(watermark)} is no watermark`, {
					expected: "milliseconds since the epoch, or a Date",
					remedy: "Pass the time up to which the input is complete",
				});
			}
			return () => {
				if (time <= this.#watermark) return;
				this.#watermark = time;
				this.#pipeline.advance(Math.min(Math.floor(time), MAX_WATERMARK));
			};
		});
	}

	/** Nothing comes behind it that the output would have to hold back. */
	protected finishInput(input: number): Promise<void> {
		return this.#inTurn(false, input, () => () => {
			this.#ended[input] = true;
			const isLast = this.#ended.every((isEnded) => isEnded);
			if (isLast) this.#pipeline.advance(MAX_WATERMARK);
			this.#pipeline.finish(input, isLast);
			if (isLast) this.#queue.end();
		});
	}

	/** Checks the batch; the work is to be done when there is room. */
	#pushing(input: number, batch: arrow.RecordBatch): () => void {
		const reader: BatchReader = this.#readers[input]!;
		reader.check(batch);
		return () => reader.read(batch, (part) => this.#pipeline.process(part, input));
	}

	/** Checks at once, works when all calls before have and, if asked for, the output has room. */
	async #inTurn(needsRoom: boolean, input: number | undefined, prepare: () => () => void): Promise<void> {
		this.#checkOpen(input);
		const work = prepare();
		if (this.#waiting > 0 || (needsRoom && !this.#queue.hasRoom)) {
			this.#waiting++;
			this.#turn = this.#turn.then(() => (needsRoom ? this.#queue.room() : undefined));
			await this.#turn;
			this.#waiting--;
			this.#checkOpen(input);
		}
		this.#isTouched = true;
		this.#guarded(work);
	}

	/** `input`: the one called; undefined: all of them. */
	#checkOpen(input: number | undefined): void {
		this.#checkUsable();
		const hasEnded = input === undefined ? this.#ended.every((isEnded) => isEnded) : this.#ended[input];
		if (!hasEnded) return;
		const of = input === undefined || this.#ended.length === 1 ? "" : ` of input '${this.#plan.inputs[input]?.name}'`;
		throw new EngineError("INVALID_STATE", `${this.name} was called after finish${of}`, {
			expected: "nothing after finish but reading the output",
			remedy: "Build a new operator for more rows",
		});
	}

	#guarded<T>(work: () => T): T {
		try {
			return work();
		} catch (cause) {
			this.#failure = EngineError.from(cause).within({ operator: this.name });
			this.#queue.end(this.#failure);
			throw this.#failure;
		}
	}

	#checkAlive(): void {
		if (this.#isDisposed) throw disposed(this.name);
	}

	#checkUsable(): void {
		this.#checkAlive();
		if (!this.#failure) return;
		throw new EngineError("INVALID_STATE", `${this.name} has failed before: ${this.#failure.problem}`, {
			expected: "no use after a failure but dispose",
			remedy: "Dispose it and restore a new one from the last snapshot",
			cause: this.#failure,
		});
	}
}

const disposed = (name: string) =>
	new EngineError("DISPOSED", `${name} was disposed`, {
		expected: "no use after dispose",
		remedy: "Dispose the operator once, when nobody needs it any more",
	});

/** An operator of one input. */
export class StreamOperator extends OperatorBase {
	static async create(plan: StreamPlan): Promise<StreamOperator> {
		return new StreamOperator(...(await parts(plan)));
	}

	/** Takes the rows of a batch, once there is room in the output. Settles then; the batch is not referenced afterwards. */
	push(batch: arrow.RecordBatch): Promise<void> {
		return this.pushTo(0, batch);
	}

	/** No more rows. The last results are ready when it settles. */
	finish(): Promise<void> {
		return this.finishInput(0);
	}

	/** Pushes all batches of a source and finishes, giving the output as it comes. */
	async *run(source: Source): AsyncGenerator<arrow.RecordBatch, void, undefined> {
		for await (const batch of source) {
			this.pushNow(0, batch);
			yield* this.take();
		}
		await this.finish();
		yield* this.take();
	}
}

/** An operator of one input that waits for event time. */
export class TimedOperator extends StreamOperator {
	static override async create(plan: StreamPlan): Promise<TimedOperator> {
		return new TimedOperator(...(await parts(plan)));
	}

	/** The input is complete up to this time (ms since the epoch): what closes is sent. A time not after the last one changes nothing. */
	advance(watermark: number | Date): Promise<void> {
		return this.advanceTo(watermark);
	}
}

/** Where the rows of one side go. */
export interface OperatorInput {
	push(batch: arrow.RecordBatch): Promise<void>;
	finish(): Promise<void>;
}

/** An operator of two inputs, `left` and `right`. */
export class JoinOperator extends OperatorBase {
	readonly left: OperatorInput = this.#input(0);
	readonly right: OperatorInput = this.#input(1);

	static async create(plan: StreamPlan): Promise<JoinOperator> {
		return new JoinOperator(...(await parts(plan)));
	}

	/** Both inputs are complete up to this time (ms since the epoch). */
	advance(watermark: number | Date): Promise<void> {
		return this.advanceTo(watermark);
	}

	#input(input: number): OperatorInput {
		return { push: (batch) => this.pushTo(input, batch), finish: () => this.finishInput(input) };
	}
}

async function parts(plan: StreamPlan): Promise<[StreamPlan, Pipeline, OutputQueue]> {
	const { maxBufferedBatches: capacity = MAX_BUFFERED_BATCHES } = plan;
	if (!(Number.isSafeInteger(capacity) && capacity > 0)) {
		throw new EngineError("INVALID_OPTION", `maxBufferedBatches is ${shown(capacity)}`, {
			expected: "a number of batches from 1",
			remedy: `Leave it out for ${MAX_BUFFERED_BATCHES}`,
		});
	}
	const queue = new OutputQueue(capacity);
	return [plan, await Pipeline.create(plan, (batch) => queue.add(batch)), queue];
}
