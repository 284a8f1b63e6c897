// Libraries that are slow to load and that few jobs need: brought in before a job that needs them runs.
import { loadArrow } from "../arrow/library.js";
import { formatFor } from "../formats/index.js";
import type { JobGraph } from "../job/job-graph.js";
import type { ResultCollector } from "./result-collector.js";

/** Those of the formats of the job's tables, and apache-arrow when the results leave as RecordBatches. */
export async function loadLibraries(graph: JobGraph, collect?: ResultCollector): Promise<void> {
	const formats = new Set(graph.vertices.flatMap(({ spec }) => ("table" in spec && spec.table?.options.format) || []));
	await Promise.all([
		...[...formats].map((format) => formatFor(format).load?.()),
		collect?.form === "arrow" ? loadArrow() : undefined,
	]);
}
