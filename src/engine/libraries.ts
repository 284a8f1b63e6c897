// Code and libraries that few jobs need: brought in before a job that needs them runs.
import { loadArrow } from "../arrow/library.js";
import { connectorFor } from "../connectors/index.js";
import { formatFor } from "../formats/index.js";
import type { JobGraph } from "../job/job-graph.js";
import type { ResultCollector } from "./result-collector.js";

/** Those of the connectors and formats of the job's tables, and apache-arrow when the results leave as RecordBatches. */
export async function loadLibraries(graph: JobGraph, collect?: ResultCollector): Promise<void> {
	const tables = graph.vertices.flatMap(({ spec }) => ("table" in spec && spec.table) || []);
	const connectors = new Set(tables.map(({ connector }) => connector));
	const formats = new Set(tables.flatMap(({ options }) => options.format ?? []));
	await Promise.all([
		...[...connectors].map((connector) => connectorFor(connector).load?.()),
		...[...formats].map((format) => formatFor(format).load()),
		collect?.form === "arrow" ? loadArrow() : undefined,
	]);
}
