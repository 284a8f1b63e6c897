// Rows as an Arrow IPC stream: schema first, then a RecordBatch per chunk.
import { BatchExporter } from "../../arrow/export.js";
import { loadArrow } from "../../arrow/library.js";
import { rowsToBatch } from "../../arrow/rows.js";
import type { Schema } from "../../types/sql-type.js";
import { Region } from "../../wasm/region.js";
import type { ResultWriter, WriteOut } from "./result-format.js";

export async function arrowWriter(schema: Schema, out: WriteOut): Promise<ResultWriter> {
	const [{ RecordBatchStreamWriter }, region] = await Promise.all([loadArrow(), Region.create()]);
	const exporter = new BatchExporter(schema);
	const writer = new RecordBatchStreamWriter();
	writer.reset(undefined, exporter.schema);
	const written = (async () => {
		for await (const bytes of writer) await out(bytes);
	})();
	return {
		write(rows) {
			const mark = region.arena.mark();
			writer.write(exporter.export(region, rowsToBatch(region, schema, rows)));
			region.arena.release(mark);
		},
		flush: () => {},
		finish: () => {
			writer.finish();
			return written;
		},
	};
}
