// One operator of a running dataflow: receives batches and watermarks, drives the operator, passes on what it emits, counts.
import type { Batch } from "../arrow/batch.js";
import { EngineError } from "../errors.js";
import type { JobVertex } from "../job/job-graph.js";
import type { Operator, OperatorContext, Output } from "../operators/operator.js";
import { MAX_WATERMARK } from "../operators/operator.js";
import { NO_FILTERS, type RowFilter } from "../operators/row-filter.js";
import { setMoment } from "../types/function-context.js";
import { METRIC_INDEX, MIN_WATERMARK } from "./vertex-metrics.js";

/** Whoever takes what a node emits: another node's input, an exchange, a sink. */
export interface Receiver {
	batch(batch: Batch): void;
	/** What it will drop of the rows of the next batch, where it is known. */
	filters?(): readonly RowFilter[];
	watermark(time: number): void;
	/** While idle, this channel does not hold back the watermark. */
	idle(idle: boolean): void;
	/** No more rows; comes after watermark(MAX_WATERMARK). */
	end(): void;
}

/** Exclusive busy time: children's time is taken off the caller's. One per task, since a task is one call stack. */
export interface Stopwatch {
	childMs: number;
	/** See atWorkIn. */
	readonly atWork: Float64Array;
}

const { numRecordsIn, numRecordsOut, numBatchesIn, numBatchesOut, currentInputWatermark, accumulateBusyTimeMs } =
	METRIC_INDEX;

/**
 * Watermarks: each input may have several channels; the node's watermark is the minimum over all of them, and rises only.
 * The operator sees `advance` before the watermark is forwarded, so that its results precede it. With `inParts` it may emit them in
 * parts: until the last one the node `owes`, and whoever drives it calls `goOn`; whatever else comes to the operator makes it go on to the end.
 */
export class DataflowNode implements Output {
	readonly vertex: JobVertex;
	readonly operator: Operator;
	readonly #context: OperatorContext;
	readonly receivers: Receiver[] = [];
	readonly #metrics: Float64Array;
	readonly #stopwatch: Stopwatch;
	/** Current watermark per channel, over all inputs. */
	readonly #channelWatermarks: number[] = [];
	readonly #openChannels: number[];
	readonly #idleChannels = new Set<number>();
	#watermark = MIN_WATERMARK;
	#openInputs: number;
	#owes = false;
	/** Inputs that have ended since the node owes. */
	#owedEnds: number[] = [];

	readonly #inParts: boolean;

	constructor(
		context: OperatorContext,
		operator: Operator,
		metrics: Float64Array,
		stopwatch: Stopwatch,
		inParts = false,
	) {
		const { vertex } = context;
		this.#context = context;
		this.#inParts = inParts && operator.advanceInParts !== undefined;
		this.vertex = vertex;
		this.operator = operator;
		this.#metrics = metrics;
		this.#stopwatch = stopwatch;
		this.#openChannels = vertex.inputs.map(() => 0);
		this.#openInputs = vertex.inputs.length;
	}

	/** A new channel into input `input`; each channel brings its own watermark and end. */
	receiver(input: number): Receiver {
		const channel = this.#channelWatermarks.push(MIN_WATERMARK) - 1;
		this.#openChannels[input]!++;
		return {
			batch: (batch) => this.#process(batch, input),
			filters: () => this.operator.filters?.(input, this) ?? NO_FILTERS,
			watermark: (time) => this.#channelWatermark(channel, time),
			idle: (idle) => this.#channelIdle(channel, idle),
			end: () => this.#channelEnd(channel, input),
		};
	}

	emit(batch: Batch): void {
		if (batch.length === 0) return;
		this.#metrics[numRecordsOut]! += batch.length;
		this.#metrics[numBatchesOut]!++;
		for (const receiver of this.receivers) receiver.batch(batch);
	}

	filters(): readonly RowFilter[] {
		return (this.receivers.length === 1 && this.receivers[0]!.filters?.()) || NO_FILTERS;
	}

	watermark(time: number): void {
		for (const receiver of this.receivers) receiver.watermark(time);
	}

	idle(idle: boolean): void {
		for (const receiver of this.receivers) receiver.idle(idle);
	}

	/** For a node without inputs (Values): emits everything and ends. */
	start(): void {
		this.#timed(() => this.operator.finish?.(0, this));
		this.watermark(MAX_WATERMARK);
		for (const receiver of this.receivers) receiver.end();
	}

	/** Lets the operator emit what it keeps to emit together; whether there was any. */
	flush(): boolean {
		if (!this.operator.flush) return false;
		let flushed = false;
		this.#timed(() => {
			flushed = this.operator.flush!(this);
		});
		return flushed;
	}

	/** Whether the operator has more to emit for a watermark that has come. */
	get owes(): boolean {
		return this.#owes;
	}

	/** Lets the operator emit a part of what it owes. */
	goOn(): void {
		this.#timed(() => {
			this.#owes = this.operator.advanceInParts!(this.#watermark, this);
		});
		if (!this.#owes) this.#advanced();
	}

	/** Runs the operator's processing-time callback. */
	timer(nowMs: number): void {
		this.#pay();
		this.#timed(() => this.operator.onTimer?.(nowMs, this));
	}

	#pay(): void {
		while (this.#owes) this.goOn();
	}

	#process(batch: Batch, input: number): void {
		this.#pay();
		this.#metrics[numRecordsIn]! += batch.length;
		this.#metrics[numBatchesIn]!++;
		this.#timed(() => this.operator.process(batch, input, this));
	}

	#channelWatermark(channel: number, time: number): void {
		if (time <= this.#channelWatermarks[channel]!) return;
		this.#channelWatermarks[channel] = time;
		this.#combine();
	}

	#channelIdle(channel: number, idle: boolean): void {
		this.#pay();
		if (idle) this.#idleChannels.add(channel);
		else this.#idleChannels.delete(channel);
		const allIdle = this.#idleChannels.size === this.#channelWatermarks.length;
		if (!this.operator.ownWatermarks) this.idle(allIdle);
		if (!allIdle) this.#combine();
	}

	#combine(): void {
		let lowest = MAX_WATERMARK;
		for (const [channel, time] of this.#channelWatermarks.entries()) {
			if (time < lowest && !this.#idleChannels.has(channel)) lowest = time;
		}
		if (lowest <= this.#watermark) return;
		this.#pay();
		this.#watermark = lowest;
		this.#metrics[currentInputWatermark] = lowest;
		if (this.#inParts) this.goOn();
		else {
			this.#timed(() => this.operator.advance?.(lowest, this));
			this.#advanced();
		}
	}

	/** The operator has emitted what the watermark completes. */
	#advanced(): void {
		if (!this.operator.ownWatermarks) {
			const delayMs = this.#watermark === MAX_WATERMARK ? 0 : (this.operator.watermarkDelayMs ?? 0);
			this.watermark(this.#watermark - delayMs);
		}
		for (const input of this.#owedEnds.splice(0)) this.#inputEnd(input);
	}

	#channelEnd(channel: number, input: number): void {
		this.#channelWatermark(channel, MAX_WATERMARK);
		if (--this.#openChannels[input]! > 0) return;
		if (this.#owes) this.#owedEnds.push(input);
		else this.#inputEnd(input);
	}

	#inputEnd(input: number): void {
		this.#timed(() => this.operator.finish?.(input, this));
		if (--this.#openInputs === 0) for (const receiver of this.receivers) receiver.end();
	}

	#timed(work: () => void): void {
		setMoment(this.#context.functions, this.#context.now());
		const { atWork, childMs: outerChildMs } = this.#stopwatch;
		const caller = atWork[0]!;
		atWork[0] = this.vertex.id + 1;
		this.#stopwatch.childMs = 0;
		const start = performance.now();
		try {
			work();
		} catch (cause) {
			throw EngineError.from(cause).within({ operator: this.vertex.spec.operator });
		} finally {
			const elapsed = performance.now() - start;
			this.#metrics[accumulateBusyTimeMs]! += elapsed - this.#stopwatch.childMs;
			this.#stopwatch.childMs = outerChildMs + elapsed;
			atWork[0] = caller;
		}
	}
}
