// Runs a whole JobGraph in one thread, a row at a time. Sources are read in small chunks: all in turn in a stream, one after the other,
// a join's build side first, in batch.
import { EngineError } from "../errors.js";
import { consumersOf, type JobGraph, type JobVertex } from "../job/job-graph.js";
import { setMoment } from "../types/function-context.js";
import { RowKind } from "../types/row-kind.js";
import type { Row } from "../types/value.js";
import type { LookupFunction } from "./context.js";
import { createOperator } from "./create.js";
import { type FunctionLibrary, operatorContext } from "./library.js";
import { MAX_WATERMARK } from "./operator.js";
import { type RowSink, SinkInput } from "./sink.js";
import { type RowInput, Vertex, type VertexCounters } from "./vertex.js";

/** Rows with their kinds; without kinds all are inserts. */
export interface RowBatch {
	readonly rows: readonly Row[];
	readonly kinds?: ArrayLike<RowKind> | undefined;
}

/** The outside of a graph. */
export interface BaselineIo {
	/** The rows of a Source vertex, projected as its spec says. */
	source(vertex: JobVertex): Iterable<RowBatch> | AsyncIterable<RowBatch>;
	sink(vertex: JobVertex): RowSink;
	lookup?(vertex: JobVertex): LookupFunction;
}

export interface BaselineOptions {
	readonly signal?: AbortSignal | undefined;
	/** Processing time; the wall clock unless given. */
	readonly now?: (() => number) | undefined;
	/** User functions. */
	readonly library?: FunctionLibrary | undefined;
}

const CHUNK_ROWS = 128;
/** How long to run before other tasks of the process get their turn, and how often processing time is looked at. */
const TURN_MS = 10;

/** Resolves with the counters by vertex id when all sources have ended and the sinks have taken everything. */
export async function runBaseline(
	graph: JobGraph,
	io: BaselineIo,
	options: BaselineOptions = {},
): Promise<readonly VertexCounters[]> {
	const run = new Run(graph, io, options);
	await run.execute();
	return run.counters();
}

class Run {
	readonly #graph: JobGraph;
	readonly #io: BaselineIo;
	/** Aborted by the caller's signal, and when one source has failed. */
	readonly #stop = new AbortController();
	readonly #now: () => number;
	readonly #vertices: (Vertex | SinkInput)[] = [];
	#lastTurn = performance.now();

	constructor(graph: JobGraph, io: BaselineIo, options: BaselineOptions) {
		this.#graph = graph;
		this.#io = io;
		this.#now = options.now ?? Date.now;
		const { signal } = options;
		if (signal?.aborted) this.#fail(cancelled());
		else signal?.addEventListener("abort", () => this.#fail(cancelled()), { once: true });
		for (const vertex of graph.vertices) this.#vertices.push(this.#create(vertex, options.library));
		for (const [id, consumers] of consumersOf(graph).entries()) {
			const vertex = this.#vertices[id]!;
			if (vertex instanceof Vertex)
				for (const [to, input] of consumers) vertex.connect(this.#vertices[to]!.input(input));
		}
	}

	#create(vertex: JobVertex, library: FunctionLibrary | undefined): Vertex | SinkInput {
		const { spec, schema, description } = vertex;
		if (spec.operator === "Sink") return new SinkInput(spec, vertex, this.#io.sink(vertex));
		const inputs = vertex.inputs.map((edge) => this.#graph.vertices[edge.from]!.schema);
		if (spec.operator === "Source" || spec.operator === "Values") {
			return new Vertex(spec.operator, description, { process: passOn, snapshot() {}, restore() {} }, 1);
		}
		const lookup = spec.operator === "LookupJoin" ? this.#io.lookup?.(vertex) : undefined;
		const context = operatorContext(this.#graph, this.#now, lookup, library);
		return new Vertex(spec.operator, description, createOperator(spec, inputs, schema, context), inputs.length);
	}

	counters(): readonly VertexCounters[] {
		return this.#vertices.map(({ counters }) => counters);
	}

	async execute(): Promise<void> {
		const sources = sourcesInOrder(this.#graph);
		const timer = this.#startTimer();
		try {
			if (this.#graph.batch) for (const source of sources) await this.#pump(source);
			else await Promise.all(sources.map((source) => this.#pump(source)));
			for (const vertex of this.#vertices) if (vertex instanceof SinkInput) await vertex.finish();
		} finally {
			if (timer !== undefined) clearInterval(timer);
		}
	}

	#fail(error: unknown): void {
		this.#stop.abort(error);
	}

	/** Processing time goes on while sources have nothing to give. */
	#startTimer() {
		const needed =
			!this.#graph.batch && this.#vertices.some((vertex) => vertex instanceof Vertex && vertex.operator.tick);
		if (!needed) return undefined;
		return setInterval(() => {
			this.#tick().catch((error) => this.#fail(error));
		}, TURN_MS);
	}

	async #tick(): Promise<void> {
		this.#setMoment();
		const now = this.#now();
		for (const vertex of this.#vertices) {
			if (vertex instanceof Vertex) vertex.guard(() => vertex.operator.tick?.(now, vertex));
		}
		for (const vertex of this.#vertices) if (vertex instanceof SinkInput) await vertex.flush();
	}

	async #pump(source: JobVertex): Promise<void> {
		const input = this.#vertices[source.id]!.input(0);
		const batches = this.#batchesOf(source);
		try {
			for (let next = await this.#next(batches); next !== undefined; next = await this.#next(batches)) {
				await this.#push(next, input);
			}
		} catch (error) {
			this.#fail(error);
			// A generator that waits for its next rows returns only then; nobody waits for it.
			void Promise.resolve(batches.return?.()).catch(() => {});
			throw error;
		}
		this.#setMoment();
		input.watermark(MAX_WATERMARK);
		await this.#settle();
		input.end();
		await this.#settle();
	}

	/** What comes now has this moment in all operators. */
	#setMoment(): void {
		setMoment(this.#graph.context, this.#now());
	}

	#batchesOf({ id, spec }: JobVertex): Iterator<RowBatch> | AsyncIterator<RowBatch> {
		if (spec.operator === "Values") return [{ rows: spec.rows }].values();
		const batches = this.#io.source(this.#graph.vertices[id]!);
		return Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
	}

	async #next(batches: Iterator<RowBatch> | AsyncIterator<RowBatch>): Promise<RowBatch | undefined> {
		const { signal } = this.#stop;
		signal.throwIfAborted();
		const result = await unlessAborted(batches.next(), signal);
		return result.done ? undefined : result.value;
	}

	async #push({ rows, kinds }: RowBatch, input: RowInput): Promise<void> {
		for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
			this.#stop.signal.throwIfAborted();
			const end = Math.min(rows.length, start + CHUNK_ROWS);
			for (let i = start; i < end; i++) {
				this.#setMoment();
				input.process(rows[i]!, kinds?.[i] ?? RowKind.INSERT);
			}
			await this.#settle();
		}
	}

	/** Waits for lookups and sinks, and now and then for everybody else. */
	async #settle(): Promise<void> {
		for (const vertex of this.#vertices) {
			if (vertex instanceof SinkInput) await vertex.flush();
			else {
				const pending = vertex.operator.pending?.();
				if (pending !== undefined) await pending;
			}
		}
		if (performance.now() - this.#lastTurn < TURN_MS) return;
		await new Promise((resolve) => setTimeout(resolve, 0));
		this.#lastTurn = performance.now();
	}
}

const passOn: Vertex["operator"]["process"] = (row, kind, _input, out) => out.emit(row, kind);

const cancelled = () => new EngineError("CANCELLED", "The job was cancelled");

async function unlessAborted<T>(result: T | Promise<T>, signal: AbortSignal): Promise<T> {
	if (!(result instanceof Promise)) return result;
	return new Promise<T>((resolve, reject) => {
		const abort = () => reject(signal.reason);
		signal.addEventListener("abort", abort, { once: true });
		result.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
	});
}

/** Sources and literal rows, those that a join reads whole before the ones that stream past it. */
function sourcesInOrder(graph: JobGraph): JobVertex[] {
	const found = new Set<JobVertex>();
	const visit = (id: number) => {
		const vertex = graph.vertices[id]!;
		if (vertex.inputs.length === 0) found.add(vertex);
		const { spec } = vertex;
		const inputs = spec.operator === "Join" && spec.build === "right" ? vertex.inputs.toReversed() : vertex.inputs;
		for (const { from } of inputs) visit(from);
	};
	for (const { id, spec } of graph.vertices) if (spec.operator === "Sink") visit(id);
	return [...found];
}
