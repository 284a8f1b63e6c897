// What `session.query` returns: one execution of a query, consumed in the form the caller likes.
import type { RecordBatch, Table } from "apache-arrow";
import { BatchExporter } from "../arrow/export.js";
import { loadArrow } from "../arrow/library.js";
import { rowsToBatch } from "../arrow/rows.js";
import { EngineError } from "../errors.js";
import type { JobGraph } from "../job/job-graph.js";
import { metricsBlocks } from "../runtime/vertex-metrics.js";
import { type ChangelogMode, ROW_KIND_TEXT, RowKind, type RowKindText } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import { Region } from "../wasm/region.js";
import { ChangelogTable } from "./changelog-table.js";
import { metricsReport, type OperatorMetricsReport } from "./job.js";
import { type PublicRow, rowConverter } from "./public-values.js";
import { arrowSchema, type ResultChunk, type ResultCollector } from "./result-collector.js";
import { ResultQueue } from "./result-queue.js";

/** Starts the job; resolves at its end. Called at most once per result. */
export type StartJob = (
	collect: ResultCollector,
	signal: AbortSignal,
	metrics: readonly SharedArrayBuffer[],
) => Promise<void>;

export interface Change {
	readonly kind: RowKindText;
	readonly row: PublicRow;
}

/** The query starts when it is first consumed, and can be consumed once. Abandoning an iteration cancels it. */
export class QueryResult {
	readonly schema: Schema;
	readonly changelog: ChangelogMode;
	readonly #graph: JobGraph;
	readonly #metrics: readonly SharedArrayBuffer[];
	readonly #upsertKey: readonly number[] | undefined;
	readonly #start: StartJob;
	readonly #abort = new AbortController();
	readonly #external: AbortSignal | undefined;
	#started = false;

	constructor(graph: JobGraph, start: StartJob, signal?: AbortSignal) {
		const sink = graph.vertices.find(({ spec }) => spec.operator === "Sink" && !spec.table)!;
		this.#graph = graph;
		this.#metrics = metricsBlocks(graph);
		this.schema = sink.schema;
		this.changelog = sink.changelog;
		this.#upsertKey = sink.upsertKey;
		this.#start = start;
		this.#external = signal;
	}

	/** Stops the query; a pending iteration rejects with CANCELLED. */
	cancel(): void {
		this.#abort.abort();
	}

	/** What each operator is doing now, in plan order. */
	metrics(): OperatorMetricsReport[] {
		return metricsReport(this.#graph, this.#metrics);
	}

	/** Rows as the engine holds them (types/value.ts) with their kinds, chunk by chunk. */
	chunks(): AsyncIterableIterator<ResultChunk> {
		return this.#consume<ResultChunk>((push) => ({ form: "rows", push }));
	}

	/** Arrow RecordBatches as they come; those of an updating query begin with the column `op`: +I, -U, +U or -D. */
	[Symbol.asyncIterator](): AsyncIterableIterator<RecordBatch> {
		return this.#consume<RecordBatch>((push) => ({ form: "arrow", push }));
	}

	#consume<T>(collectorOf: (push: (item: T) => void | Promise<void>) => ResultCollector): AsyncIterableIterator<T> {
		if (this.#started) {
			throw new EngineError("INVALID_STATE", "this result has been consumed already", {
				remedy: "Call session.query again for another execution",
			});
		}
		this.#started = true;
		if (this.#external?.aborted) this.cancel();
		let finished: Promise<void> = Promise.resolve();
		const queue = new ResultQueue<T>(async () => {
			this.cancel();
			await finished;
		});
		const abort = () => this.cancel();
		this.#external?.addEventListener("abort", abort, { once: true });
		finished = this.#start(
			collectorOf((item) => queue.push(item)),
			this.#abort.signal,
			this.#metrics,
		)
			.then(
				() => queue.close(),
				(failure) => queue.close(failure),
			)
			.finally(() => this.#external?.removeEventListener("abort", abort));
		return queue;
	}

	/** Each change as it comes. */
	async *changes(): AsyncGenerator<Change> {
		const convert = rowConverter(this.schema);
		for await (const { rows, kinds } of this.chunks()) {
			for (const [index, row] of rows.entries()) {
				yield { kind: ROW_KIND_TEXT[kinds?.[index] ?? RowKind.INSERT], row: convert(row) };
			}
		}
	}

	/** A table to which the changes of this result can be applied. `upsertKey` overrides what the planner found. */
	emptyTable(upsertKey = this.#upsertKey): ChangelogTable {
		return new ChangelogTable(this.schema, this.changelog, upsertKey);
	}

	/** The rows of the final table as the engine holds them, in order of arrival. `upsertKey` overrides what the planner found. */
	async finalRows(upsertKey = this.#upsertKey): Promise<Row[]> {
		const table = this.emptyTable(upsertKey);
		for await (const { rows, kinds } of this.chunks()) {
			for (const [index, row] of rows.entries()) table.apply(row, kinds?.[index] ?? RowKind.INSERT);
		}
		return table.rows();
	}

	/** The final table as plain objects. */
	async toArray(): Promise<PublicRow[]> {
		return (await this.finalRows()).map(rowConverter(this.schema));
	}

	/** The final table in Arrow's form. */
	async toTable(): Promise<Table> {
		const { schema } = this;
		const { Table } = await loadArrow();
		if (this.changelog !== "insert") return tableOfRows(schema, await this.finalRows());
		const batches: RecordBatch[] = [];
		for await (const batch of this) batches.push(batch);
		return new Table(arrowSchema(this), batches);
	}
}

async function tableOfRows(schema: Schema, rows: readonly Row[]): Promise<Table> {
	const [{ Table }, region] = await Promise.all([loadArrow(), Region.create()]);
	return new Table([new BatchExporter(schema).export(region, rowsToBatch(region, schema, rows))]);
}
