// What the exchange between two workers carries, and how long a small batch is on its way. No operators: ports and threads alone.
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { exchangeLayout } from "../../src/runtime/exchange/layout.js";
import { type Spent, spent } from "./cpu-time.js";
import { type ExchangeOutcome, type ExchangeTask, exchangeGraph, SCHEMA, WARM_UP_SHARE } from "./exchange-graph.js";
import { median, quantile, type RuntimeBenchmark } from "./figure.js";

const BATCH_ROWS = 4096;
/**
 * How many times the rows asked for are sent: each thread compiles for itself, and with few rows that, not copying, is what takes the time
 * (2.3 GB/s for 0.3 GB, 6.5 GB/s for 6.4 GB in the same minutes).
 */
const SHARE = 20;
const ROW_BYTES = SCHEMA.length * 8;
const MOST_HOPS = 20_000;

/** Threads run from the build, also when this file runs from sources. */
const workerFile = fileURLToPath(
	import.meta.url.endsWith(".ts")
		? new URL("../../dist/bench/runtime/exchange-worker.js", import.meta.url)
		: new URL("./exchange-worker.js", import.meta.url),
);

export const throughput: RuntimeBenchmark = {
	name: "exchange",
	async run({ rows, rounds }, report) {
		const count = Math.ceil((rows * SHARE) / BATCH_ROWS);
		const gigabytes: number[] = [];
		const byCpu: number[] = [];
		for (let round = 0; round < rounds; round++) {
			const { outcomes, used } = await together(["receive", "send"], { batchRows: BATCH_ROWS, count });
			const [receiver] = outcomes;
			if (receiver!.rows !== count * BATCH_ROWS) throw new Error(`${receiver!.rows} rows arrived`);
			gigabytes.push((receiver!.timedRows! * ROW_BYTES) / receiver!.seconds! / 1e9);
			byCpu.push((count * BATCH_ROWS * ROW_BYTES) / used.busiestSeconds / 1e9);
		}
		report({
			name: "exchange between two workers",
			value: median(gigabytes),
			unit: "GB/s",
			bound: { atLeast: 2 },
			details: {
				"all, by CPU time of the busier thread": median(byCpu),
				best: Math.max(...gigabytes),
				GB: (count * BATCH_ROWS * ROW_BYTES) / 1e9,
				"share that warms up": WARM_UP_SHARE,
			},
		});
	},
};

export const hops: RuntimeBenchmark = {
	name: "hop",
	async run({ rows, rounds }, report) {
		const count = Math.min(rows, MOST_HOPS);
		const all: number[] = [];
		for (let round = 0; round < rounds; round++) {
			const { outcomes } = await together(["serve", "return"], { batchRows: 1, count });
			// What comes first, comes while code is compiled.
			all.push(...outcomes[0]!.roundTripsMs!.subarray(count / 10));
		}
		const hopsUs = Float64Array.from(all, (ms) => (ms * 1000) / 2);
		const details = { p10: quantile(hopsUs, 0.1), p90: quantile(hopsUs, 0.9), p99: quantile(hopsUs, 0.99) };
		report({
			name: "hop of a batch of one row",
			value: quantile(hopsUs, 0.5),
			unit: "µs",
			bound: { atMost: 100 },
			details: { ...details, hops: hopsUs.length },
		});
	},
};

/** Two threads with a slot each, one doing the first work, the other the second. */
async function together(
	works: readonly ExchangeTask["work"][],
	settings: Pick<ExchangeTask, "batchRows" | "count">,
): Promise<{ outcomes: ExchangeOutcome[]; used: Spent }> {
	const graph = exchangeGraph({ kind: "broadcast" });
	const memory = new SharedArrayBuffer(exchangeLayout(graph).bytes);
	const workers = works.map((work, slot) => {
		const workerData: ExchangeTask = { work, graph, slot, memory, ...settings };
		return new Worker(workerFile, { workerData });
	});
	let outcomes: ExchangeOutcome[] = [];
	const used = await spent(async () => {
		outcomes = await Promise.all(workers.map(outcomeOf));
	});
	for (const worker of workers) await worker.terminate();
	return { outcomes, used };
}

function outcomeOf(worker: Worker): Promise<ExchangeOutcome> {
	return new Promise((resolve, reject) => {
		worker.once("message", resolve);
		worker.once("error", reject);
	});
}
