// A connector's batches as rows, for the row-at-a-time engine and for tables that are read whole.
import { batchKinds, batchToRows } from "../arrow/rows.js";
import type { RowBatch } from "../baseline/run.js";
import type { SourceReader } from "../connectors/connector.js";
import type { Region } from "../wasm/region.js";

/** All rows of a reader, batch by batch, until `signal` is aborted. */
export async function* readRows(region: Region, reader: SourceReader, signal?: AbortSignal): AsyncGenerator<RowBatch> {
	const mark = region.arena.mark();
	for (let next = reader.next(); next !== null; next = reader.next()) {
		if (next instanceof Promise) {
			await next;
			if (signal?.aborted) return;
			continue;
		}
		const rows = batchToRows(region, next);
		const kinds = next.kinds ? batchKinds(region, next) : undefined;
		region.arena.release(mark);
		yield { rows, kinds };
	}
}
