// The `blackhole` sink: takes rows whose columns are all computed, and forgets them.
import type { Connector } from "./connector.js";

export const blackhole: Connector = {
	name: "blackhole",
	doc: "Takes any changes and forgets them: for benchmarks and tests.",
	options: {},
	describe: () => ({ changelog: "insert", bounded: true }),
	sink: {
		accepts: () => "upsert",
		open: () => {
			let rows = 0;
			return {
				write(batch) {
					rows += batch.length;
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
