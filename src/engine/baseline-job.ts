// Runs a JobGraph with the baseline: sources and sinks are the same connectors, their batches read and written as rows.
import { rowsToBatch } from "../arrow/rows.js";
import { runBaseline } from "../baseline/run.js";
import type { RowSink } from "../baseline/sink.js";
import type { SinkWriter } from "../connectors/connector.js";
import type { JobVertex } from "../job/job-graph.js";
import { ConnectorEnvironment } from "../runtime/environment.js";
import { METRIC_INDEX, metricsOf } from "../runtime/vertex-metrics.js";
import { RowKind } from "../types/row-kind.js";
import type { Row } from "../types/value.js";
import { giveBackRegion, takeRegion } from "../wasm/region-pool.js";
import type { RunRequest } from "./job-runner.js";
import type { LookupTables } from "./lookup-tables.js";
import { readRows } from "./read-rows.js";
import { collectorWriter } from "./result-collector.js";

const SLOT = { subtask: 0, parallelism: 1 };
/** The baseline runs every operator in one subtask, whatever the plan says. */
const alone = (vertex: JobVertex): JobVertex => ({ ...vertex, parallelism: 1 });

/** Resolves with what sinks want committed, by vertex id. */
export async function runWithBaseline(request: RunRequest, lookups: LookupTables): Promise<Map<number, unknown[]>> {
	const region = await takeRegion();
	const environment = new ConnectorEnvironment({
		graph: request.graph,
		handles: request.handles,
		signal: request.signal,
		output: request.output,
		now: request.now,
		createOperator: () => {
			throw new Error("the baseline makes its own operators");
		},
	});
	const committables = new Map<number, unknown[]>();
	const open: { close(): void | Promise<void> }[] = [];
	try {
		const counters = await runBaseline(
			request.graph,
			{
				source: (vertex) => {
					if (vertex.spec.operator !== "Source") throw new Error("not a source");
					const reader = environment.openSource(alone(vertex), vertex.spec, SLOT, region);
					open.push(reader);
					return readRows(region, reader, request.signal);
				},
				sink: (vertex) => rowSink(vertex, isCollector(vertex) ? collector(vertex) : tableWriter(vertex)),
				lookup: (vertex) => lookups.get(vertex.id)!.lookup,
			},
			{ signal: request.signal, now: request.now, library: request.library },
		);
		for (const [id, counter] of counters.entries()) {
			if (!request.metrics) break;
			const metrics = metricsOf(request.metrics[0]!, id);
			metrics[METRIC_INDEX.numRecordsIn] = counter.rowsIn;
			metrics[METRIC_INDEX.numRecordsOut] = counter.rowsOut;
			metrics[METRIC_INDEX.numLateRecordsDropped] = counter.lateRecordsDropped;
		}
	} finally {
		for (const resource of open) await resource.close();
	}
	region.arena.dispose();
	giveBackRegion(region);
	return committables;

	function tableWriter(vertex: JobVertex): SinkWriter {
		if (vertex.spec.operator !== "Sink") throw new Error("not a sink");
		const writer = environment.openSink(alone(vertex), vertex.spec, SLOT, region);
		open.push(writer);
		return writer;
	}

	function collector(vertex: JobVertex): SinkWriter | RowSink {
		const { collect } = request;
		if (collect?.form !== "arrow") return { write: (rows, kinds) => collect?.push({ rows, kinds }) };
		return collectorWriter(vertex, region, collect);
	}

	function rowSink(vertex: JobVertex, writer: SinkWriter | RowSink): RowSink {
		if (!("close" in writer)) return writer;
		return {
			async write(rows: readonly Row[], kinds: readonly RowKind[]) {
				if (writer.writeRows) return writer.writeRows(rows);
				const mark = region.arena.mark();
				const insertOnly = kinds.every((kind) => kind === RowKind.INSERT);
				const batch = rowsToBatch(region, vertex.schema, rows, insertOnly ? undefined : kinds);
				await writer.write(batch);
				region.arena.release(mark);
			},
			async finish() {
				committables.set(vertex.id, [await writer.finish()]);
			},
		};
	}
}

const isCollector = (vertex: JobVertex) => vertex.spec.operator === "Sink" && !vertex.spec.table;
