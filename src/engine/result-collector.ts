// What a query's sink does with its batches: rows for JavaScript, or RecordBatches that leave without becoming rows.
import type { Schema as ArrowSchema, RecordBatch } from "apache-arrow";
import type { Batch } from "../arrow/batch.js";
import { BatchExporter } from "../arrow/export.js";
import { batchKinds, batchToRows } from "../arrow/rows.js";
import { writeColumn } from "../arrow/values.js";
import type { SinkWriter } from "../connectors/connector.js";
import type { JobVertex } from "../job/job-graph.js";
import { ROW_KIND_TEXT, type RowKind } from "../types/row-kind.js";
import { notNull, type Schema, STRING } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import type { Region } from "../wasm/region.js";

/** Rows of a query's result, in order of arrival. */
export interface ResultChunk {
	readonly rows: readonly Row[];
	/** Absent: all +I. */
	readonly kinds?: readonly RowKind[] | undefined;
}

/** A promise holds the job back. */
export type ResultCollector =
	| { readonly form: "rows"; push(chunk: ResultChunk): void | Promise<void> }
	| { readonly form: "arrow"; push(batch: RecordBatch): void | Promise<void> };

/** The column with the kinds of rows, first in the RecordBatches of an updating query. */
export const KIND_COLUMN = { name: "op", type: notNull(STRING) } as const;

export function collectorWriter(vertex: JobVertex, region: Region, collector: ResultCollector): SinkWriter {
	return {
		write: collector.form === "rows" ? rowsOf(region, collector) : recordBatches(vertex, region, collector),
		flush: () => undefined,
		finish: () => undefined,
		close: () => undefined,
	};
}

type Collector<Form> = Extract<ResultCollector, { readonly form: Form }>;

function rowsOf(region: Region, collector: Collector<"rows">): SinkWriter["write"] {
	return (batch) =>
		collector.push({ rows: batchToRows(region, batch), kinds: batch.kinds ? batchKinds(region, batch) : undefined });
}

function recordBatches(vertex: JobVertex, region: Region, collector: Collector<"arrow">): SinkWriter["write"] {
	const hasKinds = vertex.changelog !== "insert";
	const exporter = new BatchExporter(exportedSchema(vertex));
	return (batch) => {
		const exported = hasKinds ? { ...batch, columns: [kindColumn(region, batch), ...batch.columns] } : batch;
		return collector.push(exporter.export(region, exported));
	};
}

const exportedSchema = ({ schema, changelog }: Pick<JobVertex, "schema" | "changelog">): Schema =>
	changelog === "insert" ? schema : [KIND_COLUMN, ...schema];

/** The Arrow schema of a result's batches. */
export const arrowSchema = (sink: Pick<JobVertex, "schema" | "changelog">): ArrowSchema =>
	new BatchExporter(exportedSchema(sink)).schema;

const kindColumn = (region: Region, batch: Batch) =>
	writeColumn(
		region,
		KIND_COLUMN.type,
		batchKinds(region, batch).map((kind) => ROW_KIND_TEXT[kind]),
	);
