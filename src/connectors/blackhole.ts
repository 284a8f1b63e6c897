// The `blackhole` sink: takes rows whose columns are all computed, and forgets them; as slowly as asked, to see what that does upstream.
import { option, readOptions } from "../types/option.js";
import type { Connector, SinkContext } from "./connector.js";
import { sleep } from "./pacing.js";

const BLACKHOLE_OPTIONS = {
	"rows-per-second": option.integer({
		min: 1,
		doc: "Takes no more rows than this, all subtasks together. Absent: as they come.",
	}),
} as const;

const owner = { subject: "the 'blackhole' connector" };

export const blackhole: Connector = {
	name: "blackhole",
	doc: "Takes any changes and forgets them: for benchmarks and tests.",
	options: BLACKHOLE_OPTIONS,
	describe: () => ({ changelog: "insert", bounded: true }),
	sink: {
		accepts: () => "upsert",
		open: (context) => {
			const takesMs = msPerRow(context);
			let rows = 0;
			/** When all rows taken so far are through. */
			let through = 0;
			return {
				write(batch) {
					rows += batch.length;
					if (takesMs === 0) return undefined;
					const now = performance.now();
					through = Math.max(now, through) + batch.length * takesMs;
					return sleep(through - now, context.signal);
				},
				writeRows({ length }) {
					rows += length;
				},
				flush: () => rows,
				finish: () => rows,
				close: () => undefined,
			};
		},
	},
};

function msPerRow({ table, parallelism }: SinkContext): number {
	const rate = readOptions(table.options, BLACKHOLE_OPTIONS, owner)["rows-per-second"];
	return rate === undefined ? 0 : (1000 * parallelism) / rate;
}
