// The ways in which every SQL logic test runs. The answer is the same in all of them.
import { ENGINE_OPTION } from "../src/engine/session.js";

export interface Mode {
	readonly name: string;
	/** What `onlyif` in a test file names. */
	readonly runtime: "streaming" | "batch";
	readonly options: Readonly<Record<string, string>>;
	/** Before each batch the operators' state goes through a snapshot into fresh instances. */
	readonly restores?: boolean;
	/** Kernels in which every hash is 0. */
	readonly collides?: boolean;
	/** `npm test` runs a part of the files in it, `npm run fuzz` all of them. */
	readonly sampled?: boolean;
}

const mode = (
	runtime: Mode["runtime"],
	name: string,
	options: Mode["options"] = {},
	more: Pick<Mode, "restores" | "collides" | "sampled"> = {},
): Mode => ({
	name: name === "" ? runtime : `${runtime}, ${name}`,
	runtime,
	options: {
		"execution.runtime-mode": runtime,
		"table.local-time-zone": "UTC",
		"parallelism.default": "1",
		...options,
	},
	...more,
});

const batchSize = (rows: number) => ({ "table.exec.batch-size": String(rows) });
const parallel = (subtasks: number) => ({ "parallelism.default": String(subtasks), "table.exec.inline": "true" });
const BASELINE = { [ENGINE_OPTION]: "baseline" };
const UNOPTIMIZED = { "table.optimizer.rules": "required" };

export const MODES: readonly Mode[] = [
	mode("streaming", ""),
	mode("batch", ""),
	mode("streaming", "batches of 1 row", batchSize(1)),
	mode("batch", "batches of 3 rows", batchSize(3)),
	mode("streaming", "parallelism 2, batches of 2 rows", { ...parallel(2), ...batchSize(2) }),
	mode("batch", "parallelism 2", parallel(2)),
	mode("streaming", "baseline", BASELINE),
	mode("batch", "baseline", BASELINE),
	mode("streaming", "parallelism 4, batches of 1 row", { ...parallel(4), ...batchSize(1) }, { sampled: true }),
	mode("batch", "parallelism 4", parallel(4), { sampled: true }),
	mode("streaming", "restored before every batch of 2 rows", batchSize(2), { restores: true, sampled: true }),
	mode("batch", "restored before every batch of 2 rows", batchSize(2), { restores: true, sampled: true }),
	mode("streaming", "all hashes equal", batchSize(3), { collides: true, sampled: true }),
	mode("batch", "all hashes equal", {}, { collides: true, sampled: true }),
	mode("streaming", "without optimizer", UNOPTIMIZED, { sampled: true }),
	mode("batch", "without optimizer", UNOPTIMIZED, { sampled: true }),
];
