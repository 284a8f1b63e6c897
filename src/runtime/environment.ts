// The real environment of a dataflow: connectors by their registry, operators by theirs, the process's clock.

import type { Handles, RowFilter, SinkWriter, SourceReader } from "../connectors/connector.js";
import { connectorFor } from "../connectors/index.js";
import { EngineError } from "../errors.js";
import { compileCondition } from "../expr/compile.js";
import type { JobGraph, JobVertex } from "../job/job-graph.js";
import { sessionOption } from "../job/session-options.js";
import type { ConnectorTable, OperatorSpec, SinkSpec, SourceSpec } from "../job/specs.js";
import type { Operator, OperatorContext } from "../operators/operator.js";
import { call, columnsOf } from "../types/expr.js";
import { BOOLEAN } from "../types/sql-type.js";
import { memoryOwner } from "../wasm/heap.js";
import type { Region } from "../wasm/region.js";
import type { DataflowEnvironment, Slot } from "./dataflow.js";

const TURN_MS = 8;
/** Sleeping never lasts longer than this, so that a clock moved by hand is seen soon. */
const MAX_SLEEP_MS = 1000;

export type OperatorFactory = (spec: OperatorSpec, context: OperatorContext) => Operator;

export interface EnvironmentOptions {
	readonly graph: JobGraph;
	readonly handles: Handles;
	readonly signal: AbortSignal;
	readonly createOperator: OperatorFactory;
	/** Sources may filter with kernels; not for the baseline, which filters by itself. */
	readonly filterInSources?: boolean | undefined;
	/** Takes the results of `session.query`: sinks without a table. */
	readonly collect?: ((vertex: JobVertex, region: Region) => SinkWriter) | undefined;
	/** Where `print` writes; absent: the process's own streams. */
	readonly output?: { readonly out: (text: string) => void; readonly error: (text: string) => void } | undefined;
	readonly now?: (() => number) | undefined;
}

export class ConnectorEnvironment implements DataflowEnvironment {
	readonly #options: EnvironmentOptions;
	readonly now: () => number;

	constructor(options: EnvironmentOptions) {
		this.#options = options;
		this.now = options.now ?? Date.now;
	}

	openSource(vertex: JobVertex, spec: SourceSpec, slot: Slot, region: Region, claim?: () => number): SourceReader {
		const { source } = connectorFor(spec.table.connector);
		if (!source) throw cannot(spec.table, "be read");
		return source.open({
			...this.#common(spec.table, vertex, slot, region),
			projection: spec.projection,
			filters: spec.filters,
			rowFilter: this.#options.filterInSources ? () => this.#rowFilter(vertex, spec, region) : undefined,
			limit: spec.limit,
			batchRows: batchRows(this.#options.graph),
			claim,
		});
	}

	openSink(vertex: JobVertex, spec: SinkSpec, slot: Slot, region: Region): SinkWriter {
		if (!spec.table) {
			if (!this.#options.collect) throw new EngineError("INTERNAL", "a query's sink without a collector");
			return this.#options.collect(vertex, region);
		}
		const { sink } = connectorFor(spec.table.connector);
		if (!sink) throw cannot(spec.table, "be written to");
		return sink.open({
			...this.#common(spec.table, vertex, slot, region),
			schema: vertex.schema,
			overwrite: spec.overwrite,
			staticPartition: spec.staticPartition,
			...(this.#options.output && { output: this.#options.output }),
		});
	}

	createOperator(spec: OperatorSpec, context: OperatorContext): Operator {
		return this.#options.createOperator(spec, context);
	}

	readonly turnMs = TURN_MS;

	sleep(delayMs: number, cancel: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			const done = () => {
				clearTimeout(timeout);
				resolve();
			};
			const timeout = setTimeout(done, Math.min(delayMs, MAX_SLEEP_MS));
			cancel.addEventListener("abort", done, { once: true });
		});
	}

	yieldTurn(): Promise<void> {
		return new Promise((resolve) => setImmediate(resolve));
	}

	#rowFilter({ schema }: JobVertex, { filters }: SourceSpec, region: Region): RowFilter | undefined {
		if (filters.length === 0) return undefined;
		const condition = call("AND", filters, { ...BOOLEAN, nullable: true });
		const compiled = compileCondition(condition, schema, region, this.#options.graph.context, {
			owner: memoryOwner("Source"),
		});
		if (!compiled.canFail) return { ...compiled, columns: new Set(columnsOf(...filters)) };
		compiled.dispose();
		return undefined;
	}

	#common(table: ConnectorTable, vertex: JobVertex, slot: Slot, region: Region) {
		return {
			region,
			table,
			handles: this.#options.handles,
			subtask: slot.subtask,
			parallelism: vertex.parallelism,
			signal: this.#options.signal,
			timeZone: this.#options.graph.context.timeZone,
			now: this.now,
		};
	}
}

function batchRows(graph: JobGraph): number {
	return sessionOption(graph.options, "table.exec.batch-size");
}

function cannot(table: ConnectorTable, what: string): EngineError {
	const name = table.path.at(-1) ?? table.connector;
	return new EngineError(
		"INVALID_QUERY",
		`table '${name}' cannot ${what}: its connector '${table.connector}' does not offer it`,
	);
}
