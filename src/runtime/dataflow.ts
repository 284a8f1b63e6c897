// The operators of one slot, wired and driven: sources are polled in turn, each batch is pushed through the whole chain at once.
import type { SinkWriter, SourceReader } from "../connectors/connector.js";
import { EngineError } from "../errors.js";
import type { JobEdge, JobGraph, JobVertex } from "../job/job-graph.js";
import { sessionOption } from "../job/session-options.js";
import type { OperatorSpec, SinkSpec, SourceSpec } from "../job/specs.js";
import type { Operator, OperatorContext } from "../operators/operator.js";
import { memoryOwner } from "../wasm/heap.js";
import type { Region } from "../wasm/region.js";
import { Activity } from "./activity.js";
import { sourceBlockers } from "./build-order.js";
import { DataflowNode, type Receiver, type Stopwatch } from "./dataflow-node.js";
import { DataflowSource } from "./dataflow-source.js";
import { type PendingWrite, SinkOperator } from "./sink-operator.js";
import { TimerQueue } from "./timer-queue.js";
import { atWorkIn, METRIC_INDEX, metricsOf } from "./vertex-metrics.js";

/** Which of the parallel copies of the job this is. */
export interface Slot {
	readonly subtask: number;
	readonly parallelism: number;
}

/** How a dataflow reaches the outside: connectors, operators, the clock. */
export interface DataflowEnvironment {
	/** `claim`: see SourceContext. */
	openSource(vertex: JobVertex, spec: SourceSpec, slot: Slot, region: Region, claim?: () => number): SourceReader;
	openSink(vertex: JobVertex, spec: SinkSpec, slot: Slot, region: Region): SinkWriter;
	createOperator(spec: OperatorSpec, context: OperatorContext): Operator;
	now(): number;
	/** Longest stretch of work before other work of the thread gets a turn. */
	readonly turnMs: number;
	/** Gives other work of this thread a turn. */
	yieldTurn(subtask: number): Promise<void>;
	/** Settles after `delayMs` by `now`, or when `cancel` fires. */
	sleep(delayMs: number, cancel: AbortSignal): Promise<void>;
}

/** The way to and from other slots; absent when the job runs in one slot. */
export interface ExchangePort {
	/** What a vertex of this slot sends into for the edge to input `input` of `target`. */
	outgoing(edge: JobEdge, target: JobVertex, input: number, region: Region): Receiver;
	/** The receivers that messages for this slot's vertices are delivered to: one per sending slot. */
	incoming(edge: JobEdge, target: JobVertex, input: number, receivers: readonly Receiver[]): void;
	/** The numbers that subtasks of a source share, see SourceContext. */
	claims(source: JobVertex): () => number;
	/** Delivers waiting messages; whether there were any. */
	poll(): boolean;
	/** Sends rows that have been gathered to be sent together; whether there were any. */
	flush(): boolean;
	dispose(): void;
	/** Whether what this slot has sent is stuck for want of credits: sources must pause. */
	readonly congested: boolean;
	/** The vertices, in other slots, that what is stuck is for. */
	readonly stuckTargets: readonly number[];
	/** Whether every incoming channel has ended. */
	readonly ended: boolean;
	/** Whether another thread has told this slot to stop. */
	readonly cancelled: boolean;
	/** Holds the thread until something may have arrived or room has been made, at most `maxMs`; false where that is not allowed. */
	park(maxMs: number): boolean;
	/** Settles when something may have arrived or room has been made. */
	wait(): Promise<void>;
	/** How full the fullest channel into and out of a vertex is, 0 to 1. */
	inputFill(vertex: number): number;
	outputFill(vertex: number): number;
}

/** Rounds of incoming messages before a source is read: what waits here holds up others, and would only be added to. */
const MOST_POLLS = 64;
/** Longest time that a slot without work holds its thread, before it lets other work of the thread happen. */
const PARK_MS = 5;
/** How old metrics that are copied for others may be; a slot that parks looks after them again when it wakes. */
const SAMPLE_MS = 20;
/** What connectors may take to close after a failure. */
const CLOSE_MS = 5000;

export class Dataflow {
	readonly region: Region;
	readonly #environment: DataflowEnvironment;
	readonly #slot: Slot;
	readonly #port: ExchangePort | undefined;
	readonly #sources: DataflowSource[] = [];
	readonly #nodes: DataflowNode[] = [];
	readonly #contexts: { context: OperatorContext; metrics: Float64Array }[] = [];
	readonly #timers = new TimerQueue();
	readonly #pendingWrites: PendingWrite[] = [];
	readonly #activity: Activity;
	/** What sinks want committed, by vertex id; complete once `run` has resolved. */
	readonly committables = new Map<number, unknown[]>();
	readonly #writers: SinkWriter[] = [];
	readonly #blockers: ReadonlyMap<number, ReadonlySet<number>>;
	readonly #bufferTimeoutMs: number;
	readonly #stopwatch: Stopwatch;
	#turnStart = 0;
	#sampledAt = 0;
	#flushedAt = 0;
	/** Sources that may be read now; undefined: to be found out. */
	#readable: readonly DataflowSource[] | undefined;
	#completed = false;

	constructor(
		graph: JobGraph,
		slot: Slot,
		region: Region,
		environment: DataflowEnvironment,
		metricsBlock: SharedArrayBuffer,
		port?: ExchangePort,
	) {
		this.region = region;
		this.#environment = environment;
		this.#slot = slot;
		this.#port = port;
		this.#blockers = sourceBlockers(graph);
		this.#bufferTimeoutMs = sessionOption(graph.options, "execution.buffer-timeout.interval");
		this.#activity = new Activity(graph);
		this.#stopwatch = { childMs: 0, atWork: atWorkIn(metricsBlock) };
		const senders = new Map<number, DataflowNode | DataflowSource>();
		for (const vertex of graph.vertices) {
			if (slot.subtask >= vertex.parallelism) continue;
			senders.set(vertex.id, this.#place(graph, vertex, metricsOf(metricsBlock, vertex.id)));
		}
		for (const vertex of graph.vertices) this.#wire(graph, vertex, senders);
	}

	/** Runs to the end of all inputs. Rejects with the first error; the caller then disposes. */
	async run(signal?: AbortSignal): Promise<void> {
		this.#turnStart = performance.now();
		const mark = this.region.arena.mark();
		while (!this.#ended) {
			if (signal?.aborted || this.#port?.cancelled) throw cancelled();
			let progressed = this.#step();
			if (this.#port && this.#flush(this.#port, progressed)) progressed = true;
			this.region.arena.release(mark);
			if (performance.now() - this.#sampledAt >= SAMPLE_MS) this.#sampleState();
			if (this.#pendingWrites.length > 0) await this.#drainWrites(signal);
			if (!progressed && !this.#ended) await this.#waitForWork(signal);
			if (performance.now() - this.#turnStart >= this.#environment.turnMs) await this.#yieldTurn();
		}
		this.#sampleState(true);
		this.#completed = true;
	}

	/** Frees all memory and closes connectors; safe after a failure, when a connector that does not close is given up. */
	async dispose(): Promise<void> {
		const closing = Promise.allSettled([
			...this.#sources.map((source) => source.close()),
			...this.#writers.map(async (writer) => writer.close()),
		]);
		const closed = this.#completed ? await closing : await within(CLOSE_MS, closing);
		for (const node of this.#nodes) node.operator.dispose();
		this.#port?.dispose();
		this.region.arena.dispose();
		const failed = closed?.find((result) => result.status === "rejected");
		if (failed && this.#completed) throw EngineError.from(failed.reason);
	}

	get #ended(): boolean {
		const isRead = this.#sources.every((source) => source.ended) && (this.#port?.ended ?? true);
		return isRead && !this.#nodes.some((node) => node.owes);
	}

	/** One round: incoming messages, a part of what an operator owes or else each readable source once, due timers. */
	#step(): boolean {
		let progressed = false;
		for (let i = 0; i < MOST_POLLS && this.#pendingWrites.length === 0 && this.#port?.poll(); i++) progressed = true;
		const owing = this.#nodes.find((node) => node.owes);
		if (owing && !this.#port?.congested) {
			owing.goOn();
			progressed = true;
		} else if (!this.#port?.congested) {
			this.#readable ??= this.#findReadable();
			for (const source of this.#readable) {
				const result = source.poll();
				if (result !== "waiting") progressed = true;
				if (result === "ended") this.#readable = undefined;
			}
		}
		for (const node of this.#timers.due(this.#environment.now())) {
			node.timer(this.#environment.now());
			progressed = true;
		}
		return progressed;
	}

	/** Sends what is kept to be sent together when it has waited long enough, or when there is nothing else to do. */
	#flush(port: ExchangePort, progressed: boolean): boolean {
		const now = this.#environment.now();
		if (progressed && now - this.#flushedAt < this.#bufferTimeoutMs) return false;
		this.#flushedAt = now;
		let flushed = false;
		for (const node of this.#nodes) if (node.flush()) flushed = true;
		return port.flush() || flushed;
	}

	/** Changes only when a source ends. */
	#findReadable(): DataflowSource[] {
		const open = this.#sources.filter((source) => !source.ended);
		const openIds = new Set(open.map((source) => source.vertex.id));
		const free = open.filter((source) => {
			for (const id of this.#blockers.get(source.vertex.id) ?? []) if (openIds.has(id)) return false;
			return true;
		});
		return free.length > 0 ? free : open;
	}

	async #waitForWork(signal: AbortSignal | undefined): Promise<void> {
		const start = performance.now();
		const blockedBy = this.#port?.stuckTargets ?? [];
		const waits = this.#sources.flatMap((source) => source.waiting ?? []);
		const timerMs = this.#timers.delay(this.#environment.now());
		const parked = waits.length === 0 && this.#port?.park(Math.min(PARK_MS, timerMs ?? PARK_MS));
		if (!parked) {
			this.#sampleState();
			if (this.#port) waits.push(this.#port.wait());
			await this.#firstOf(waits, signal, timerMs);
		}
		this.#activity.stoodStill(performance.now() - start, blockedBy);
	}

	async #drainWrites(signal: AbortSignal | undefined): Promise<void> {
		while (this.#pendingWrites.length > 0) {
			const start = performance.now();
			const writes = this.#pendingWrites.splice(0);
			const sinks = writes.map(({ sink }) => sink);
			await this.#firstOf([Promise.all(writes.map(({ done }) => done))], signal);
			this.#activity.wrote(performance.now() - start, sinks);
		}
	}

	/** Ends a wait also at a cancellation, and after `timerMs`. */
	async #firstOf(waits: readonly Promise<unknown>[], signal: AbortSignal | undefined, timerMs?: number): Promise<void> {
		const settled = new AbortController();
		const ways = [...waits];
		if (timerMs !== undefined) ways.push(this.#environment.sleep(timerMs, settled.signal));
		if (signal) ways.push(aborted(signal, settled.signal));
		try {
			await Promise.race(ways);
		} finally {
			settled.abort();
		}
		if (signal?.aborted) throw cancelled();
	}

	async #yieldTurn(): Promise<void> {
		await this.#environment.yieldTurn(this.#slot.subtask);
		this.#turnStart = performance.now();
	}

	#place(graph: JobGraph, vertex: JobVertex, metrics: Float64Array): DataflowNode | DataflowSource {
		const { spec } = vertex;
		if (spec.operator === "Source") {
			const reader = this.#environment.openSource(vertex, spec, this.#slot, this.region, this.#port?.claims(vertex));
			const source = new DataflowSource(vertex, reader, metrics, this.#stopwatch.atWork);
			this.#sources.push(source);
			this.#activity.watch(vertex.id, metrics);
			return source;
		}
		const context = this.#contextOf(graph, vertex);
		const operator =
			spec.operator === "Sink" ? this.#sink(vertex, spec, context) : this.#environment.createOperator(spec, context);
		// What other slots make of the first parts may be what the rows of the next ones wait for, in memory.
		const inParts = this.#port !== undefined && vertex.inputs.every(({ exchange }) => exchange.kind !== "forward");
		const node: DataflowNode = new DataflowNode(context, operator, metrics, this.#stopwatch, inParts);
		this.#timers.own(vertex.id, node);
		this.#nodes.push(node);
		this.#activity.watch(vertex.id, metrics);
		this.#contexts.push({ context, metrics });
		if (vertex.inputs.length === 0) this.#sources.push(valuesSource(vertex, node, metrics, this.#stopwatch));
		return node;
	}

	#sink(vertex: JobVertex, spec: SinkSpec, context: OperatorContext): Operator {
		const writer = this.#environment.openSink(vertex, spec, this.#slot, this.region);
		this.#writers.push(writer);
		const committables: unknown[] = [];
		this.committables.set(vertex.id, committables);
		return new SinkOperator(spec, context, writer, this.#pendingWrites, committables);
	}

	#contextOf(graph: JobGraph, vertex: JobVertex): OperatorContext {
		return {
			region: this.region,
			owner: memoryOwner(vertex.spec.operator),
			vertex,
			inputs: vertex.inputs.map((edge) => graph.vertices[edge.from]!.schema),
			functions: graph.context,
			options: graph.options,
			metrics: { lateRecordsDropped: 0 },
			subtask: this.#slot.subtask,
			parallelism: vertex.parallelism,
			now: () => this.#environment.now(),
			registerTimer: (timeMs) => this.#timers.register(vertex.id, timeMs),
		};
	}

	#wire(graph: JobGraph, target: JobVertex, senders: ReadonlyMap<number, DataflowNode | DataflowSource>): void {
		for (const [input, edge] of target.inputs.entries()) {
			const sender = senders.get(edge.from);
			const receiver = senders.get(target.id) as DataflowNode | undefined;
			if (!this.#port || edge.exchange.kind === "forward") {
				if (sender && receiver) sender.receivers.push(receiver.receiver(input));
				continue;
			}
			if (sender) sender.receivers.push(this.#port.outgoing(edge, target, input, this.region));
			if (!receiver) continue;
			const channels = graph.vertices[edge.from]!.parallelism;
			const receivers = Array.from({ length: channels }, () => receiver.receiver(input));
			this.#port.incoming(edge, target, input, receivers);
		}
	}

	/** Copies operators' own accounts, and what only the slot sees, into the metrics that others can read. */
	#sampleState(atEnd = false): void {
		this.#sampledAt = performance.now();
		this.#activity.sample(atEnd);
		for (const { context, metrics } of this.#contexts) {
			metrics[METRIC_INDEX.numLateRecordsDropped] = context.metrics.lateRecordsDropped;
			metrics[METRIC_INDEX.stateBytes] = context.owner.bytes;
			metrics[METRIC_INDEX.peakStateBytes] = context.owner.peakBytes;
			if (!this.#port) continue;
			metrics[METRIC_INDEX.inPoolUsage] = this.#port.inputFill(context.vertex.id);
			metrics[METRIC_INDEX.outPoolUsage] = this.#port.outputFill(context.vertex.id);
		}
	}
}

/** Values has no input: it is told to finish as soon as the job starts, and emits its rows then. */
function valuesSource(
	vertex: JobVertex,
	node: DataflowNode,
	metrics: Float64Array,
	{ atWork }: Stopwatch,
): DataflowSource {
	const start = { next: () => null, position: () => undefined, close: async () => {} } satisfies SourceReader;
	const source = new DataflowSource(vertex, start, metrics, atWork);
	source.receivers.push({
		batch: () => {},
		watermark: () => {},
		idle: () => {},
		end: () => node.start(),
	});
	return source;
}

function aborted(signal: AbortSignal, until: AbortSignal): Promise<void> {
	return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true, signal: until }));
}

const cancelled = () => new EngineError("CANCELLED", "the job was cancelled");

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
	let timeout: NodeJS.Timeout | undefined;
	const expired = new Promise<undefined>((resolve) => {
		timeout = setTimeout(() => resolve(undefined), ms);
	});
	const result = await Promise.race([work, expired]);
	clearTimeout(timeout);
	return result;
}
