// The ways in which every SQL logic test runs. The answer is the same in all of them.
import { ENGINE_OPTION } from "../src/engine/session.js";

export interface Mode {
	readonly name: string;
	/** What `onlyif` in a test file names. */
	readonly runtime: "streaming" | "batch";
	readonly options: Readonly<Record<string, string>>;
}

const mode = (runtime: Mode["runtime"], name: string, options: Mode["options"] = {}): Mode => ({
	name: name === "" ? runtime : `${runtime}, ${name}`,
	runtime,
	options: {
		"execution.runtime-mode": runtime,
		"table.local-time-zone": "UTC",
		"parallelism.default": "1",
		...options,
	},
});

const batchSize = (rows: number) => ({ "table.exec.batch-size": String(rows) });
const PARALLEL = { "parallelism.default": "2", "table.exec.inline": "true" };
const BASELINE = { [ENGINE_OPTION]: "baseline" };

export const MODES: readonly Mode[] = [
	mode("streaming", ""),
	mode("batch", ""),
	mode("streaming", "batches of 1 row", batchSize(1)),
	mode("batch", "batches of 3 rows", batchSize(3)),
	mode("streaming", "parallelism 2, batches of 2 rows", { ...PARALLEL, ...batchSize(2) }),
	mode("batch", "parallelism 2", PARALLEL),
	mode("streaming", "baseline", BASELINE),
	mode("batch", "baseline", BASELINE),
];
