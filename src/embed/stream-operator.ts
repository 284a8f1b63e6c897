// An operator that takes RecordBatches and gives RecordBatches: push, advance, finish, iterate, snapshot, dispose. Every misuse is a typed
// error; a batch that is refused leaves the operator as it was, one that fails half way leaves it unusable.
import type * as arrow from "apache-arrow";
import { EngineError } from "../errors.js";
import { MAX_WATERMARK } from "../operators/operator.js";
import { BatchReader } from "./batch-reader.js";
import { checkRead, isHeldByReader, LateData } from "./late-data.js";
import type { OutputQueue } from "./output-queue.js";
import { built, type Parts, parts, type StreamPlan } from "./parts.js";
import type { MemoryUse, Pipeline } from "./pipeline.js";
import { shown } from "./shown.js";

type Source = Iterable<arrow.RecordBatch> | AsyncIterable<arrow.RecordBatch>;

interface Progress {
	readonly watermark: number | null;
	readonly ended: readonly boolean[];
}

/** What a call may bring: results, late rows too, or the end, behind which nothing comes that would have to be held back. */
type Made = "results" | "rows" | "end";

/** What a call does when it is its turn. Returns why it has changed nothing, if it has not; throws when it has broken off half way. */
type Work = () => EngineError | undefined;

/** What operators of one and of two inputs share. */
export abstract class OperatorBase implements Disposable, AsyncIterable<arrow.RecordBatch> {
	readonly #plan: StreamPlan;
	readonly #pipeline: Pipeline;
	readonly #queue: OutputQueue;
	readonly #late: OutputQueue | undefined;
	readonly #readers: readonly BatchReader[];
	#ended: boolean[];
	#watermark = Number.NEGATIVE_INFINITY;
	/** Calls that wait for their turn, and the last of them. */
	#waiting = 0;
	#turn: Promise<void> = Promise.resolve();
	#isTouched = false;
	/** Kernels run: whoever calls meanwhile is `onBatch`. */
	#isWorking = false;
	#isDisposed = false;
	#failure: EngineError | undefined;

	/** For builders. */
	protected constructor(of: Parts) {
		const { plan, pipeline, queue, late } = built(of);
		this.#plan = plan;
		this.#pipeline = pipeline;
		this.#queue = queue;
		this.#late = late;
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

	/** How many rows came when all their windows had been sent. */
	get lateRecordsDropped(): number {
		return this.#pipeline.lateRecordsDropped;
	}

	/** Batches as they come, until the operator is finished. One loop at a time; leaving it early loses nothing. */
	[Symbol.asyncIterator](): AsyncGenerator<arrow.RecordBatch, void, undefined> {
		this.checkReadable();
		return this.#queue.iterate();
	}

	/** The batches that are there now. */
	take(): arrow.RecordBatch[] {
		this.checkReadable();
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
		const opened = this.#pipeline.opened(snapshot);
		this.#isTouched = true;
		const { watermark, ended } = this.#guarded(() => this.#pipeline.restore(opened)) as Progress;
		this.#watermark = watermark ?? Number.NEGATIVE_INFINITY;
		this.#ended = [...ended];
		if (this.#ended.every((isEnded) => isEnded)) this.#end();
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
		for (const queue of [this.#queue, this.#late]) queue?.discard(disposed(this.name));
		this.#pipeline.dispose(this.#failure !== undefined);
	}

	/** For `using`: like dispose, but does nothing when that was called before. */
	[Symbol.dispose](): void {
		if (!this.#isDisposed) this.dispose();
	}

	protected lateDataOf(): LateData | undefined {
		const { lateSchema } = this.#pipeline;
		return lateSchema && this.#late && new LateData(lateSchema, this.#late, () => this.#checkAlive());
	}

	protected pushTo(input: number, batch: arrow.RecordBatch): Promise<void> {
		return this.#inTurn("rows", input, () => this.#pushing(input, batch));
	}

	/** Whether or not there is room in the output; late rows wait for theirs. */
	protected async pushNow(input: number, batch: arrow.RecordBatch): Promise<void> {
		while (isHeldByReader(this.#late)) await this.#late.room();
		checkRead(this.#late, this.name);
		this.#checkOpen(input);
		this.#do(this.#pushing(input, batch));
	}

	protected advanceTo(watermark: number | Date): Promise<void> {
		return this.#inTurn("results", undefined, () => {
			const time = watermark instanceof Date ? watermark.getTime() : watermark;
			if (typeof time !== "number" || Number.isNaN(time)) {
				throw new EngineError("INVALID_ARGUMENT", `${shown(watermark)} is no watermark`, {
					expected: "milliseconds since the epoch, or a Date",
					remedy: "Pass the time up to which the input is complete",
				});
			}
			return () => {
				if (time <= this.#watermark) return undefined;
				this.#watermark = time;
				this.#pipeline.advance(Math.min(Math.floor(time), MAX_WATERMARK));
				return undefined;
			};
		});
	}

	protected finishInput(input: number): Promise<void> {
		return this.#inTurn("end", input, () => () => {
			this.#ended[input] = true;
			const isLast = this.#ended.every((isEnded) => isEnded);
			if (isLast) this.#pipeline.advance(MAX_WATERMARK);
			this.#pipeline.finish(input, isLast);
			if (isLast) this.#end();
			return undefined;
		});
	}

	#end(failure?: EngineError): void {
		for (const queue of [this.#queue, this.#late]) queue?.end(failure);
	}

	/** Checks the batch; the work is to be done when there is room. */
	#pushing(input: number, batch: arrow.RecordBatch): Work {
		const reader: BatchReader = this.#readers[input]!;
		reader.check(batch);
		return () => reader.read(batch, (part) => this.#pipeline.process(part, input));
	}

	/** Checks at once, works when all calls before have and there is room for what it makes. */
	async #inTurn(makes: Made, input: number | undefined, prepare: () => Work): Promise<void> {
		this.#checkOpen(input);
		const work = prepare();
		if (this.#waiting > 0 || this.#fullFor(makes)) {
			this.#waiting++;
			this.#turn = this.#turn.then(() => this.#roomFor(makes));
			await this.#turn;
			this.#waiting--;
			this.#checkOpen(input);
		}
		if (makes === "rows") checkRead(this.#late, this.name);
		this.#do(work);
	}

	#do(work: Work): void {
		const refusal = this.#guarded(work);
		if (refusal) throw refusal.within({ operator: this.name });
		this.#isTouched = true;
	}

	/** The queue that has to be read first. */
	#fullFor(makes: Made): OutputQueue | undefined {
		if (makes === "end") return undefined;
		if (!this.#queue.hasRoom) return this.#queue;
		return makes === "rows" && isHeldByReader(this.#late) ? this.#late : undefined;
	}

	async #roomFor(makes: Made): Promise<void> {
		for (let full = this.#fullFor(makes); full; full = this.#fullFor(makes)) await full.room();
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
		this.#isWorking = true;
		try {
			return work();
		} catch (cause) {
			this.#failure = EngineError.from(cause).within({ operator: this.name });
			this.#end(this.#failure);
			throw this.#failure;
		} finally {
			this.#isWorking = false;
		}
	}

	/** Fails when the output goes to `onBatch`. */
	protected checkReadable(): void {
		this.#checkAlive();
		if (this.#plan.onBatch === undefined) return;
		throw new EngineError("INVALID_STATE", `The output of ${this.name} goes to onBatch`, {
			expected: "push, advance and finish, which call it",
			remedy: "Leave out onBatch to iterate, take or run",
		});
	}

	#checkAlive(): void {
		if (this.#isDisposed) throw disposed(this.name);
		if (!this.#isWorking) return;
		throw new EngineError("INVALID_STATE", `${this.name} was called by its own onBatch`, {
			expected: "no use of the operator until onBatch has returned",
			remedy: "Call it when push, advance or finish has settled",
		});
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

function checkSource(source: unknown): asserts source is Source {
	const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = (source ?? {}) as AsyncIterable<unknown> &
		Iterable<unknown>;
	if (typeof later === "function" || typeof now === "function") return;
	throw new EngineError("INVALID_ARGUMENT", `${shown(source)} gives no batches`, {
		expected: "an iterable or async iterable of RecordBatches",
		remedy: "Pass table.batches, or call the function that makes them",
	});
}

/** An operator of one input. */
export class StreamOperator extends OperatorBase {
	static async create(plan: StreamPlan): Promise<StreamOperator> {
		return new StreamOperator(await parts(plan));
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
		this.checkReadable();
		checkSource(source);
		for await (const batch of source) {
			await this.pushNow(0, batch);
			yield* this.take();
		}
		await this.finish();
		yield* this.take();
	}
}

/** An operator of one input that waits for event time. */
export class TimedOperator extends StreamOperator {
	static override async create(plan: StreamPlan): Promise<TimedOperator> {
		return new TimedOperator(await parts(plan));
	}

	/** The input is complete up to this time (ms since the epoch): what closes is sent. A time not after the last one changes nothing. */
	advance(watermark: number | Date): Promise<void> {
		return this.advanceTo(watermark);
	}
}

/** An operator of windows of event time. */
export class WindowOperator extends TimedOperator {
	static override async create(plan: StreamPlan): Promise<WindowOperator> {
		return new WindowOperator(await parts(plan));
	}

	/**
	 * The rows that `lateRecordsDropped` counts, each once, in the order in which they came. When `maxBufferedBatches` of their batches wait,
	 * `push` and `run` wait for the loop that reads them; without such a loop they throw INVALID_STATE, and the batch has not been taken.
	 * Throws INVALID_STATE unless the operator was built with `sideOutputLateData`.
	 */
	get lateData(): LateData {
		const lateData = this.lateDataOf();
		if (lateData) return lateData;
		throw new EngineError("INVALID_STATE", `${this.name} does not give out late rows`, {
			expected: "an operator that was built with sideOutputLateData: true",
			remedy: "Pass this option, or read lateRecordsDropped, which counts them in any case",
		});
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
		return new JoinOperator(await parts(plan));
	}

	/** Both inputs are complete up to this time (ms since the epoch). */
	advance(watermark: number | Date): Promise<void> {
		return this.advanceTo(watermark);
	}

	#input(input: number): OperatorInput {
		return { push: (batch) => this.pushTo(input, batch), finish: () => this.finishInput(input) };
	}
}
