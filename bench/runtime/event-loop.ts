// How long the main thread's event loop is kept waiting while a job loads every core.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Millrace, type Session } from "../../src/index.js";
import type { Figure, RuntimeBenchmark } from "./figure.js";

const AT_MOST_MS = 20;

/** The job, and who keeps it running for so long. */
const LOADS: Readonly<Record<string, (session: Session, signal: AbortSignal) => Promise<void>>> = {
	"two workers": async (session, signal) => {
		const [job] = await session.submit("INSERT INTO nowhere SELECT auction, COUNT(*) FROM bid GROUP BY auction");
		signal.addEventListener("abort", () => void job!.cancel());
		await job!.done.catch(() => {});
	},
	"two workers, results read as Arrow": async (session, signal) => {
		const result = session.query("SELECT auction, price FROM bid", { signal });
		for await (const { numRows } of result) if (numRows === 0 || signal.aborted) break;
	},
};

export const eventLoop: RuntimeBenchmark = {
	name: "event loop",
	async run({ watchSeconds }, report) {
		const session = await Millrace.open({ options: { "parallelism.default": "2" } });
		try {
			await session.execute(`
				CREATE TABLE events (event_type INT, bid ROW<auction BIGINT, price BIGINT>)
					WITH ('connector' = 'nexmark', 'events.num' = '0');
				CREATE VIEW bid AS SELECT bid.auction, bid.price FROM events WHERE event_type = 2;
				CREATE TABLE nowhere (auction BIGINT, n BIGINT) WITH ('connector' = 'blackhole')`);
			for (const [name, load] of Object.entries(LOADS))
				report(await delayUnder(name, (signal) => load(session, signal), watchSeconds));
		} finally {
			await session.close();
		}
	},
};

async function delayUnder(
	name: string,
	load: (signal: AbortSignal) => Promise<void>,
	seconds: number,
): Promise<Figure> {
	const idle = await delays(seconds / 5);
	const stop = new AbortController();
	const done = load(stop.signal).catch(() => {});
	// Workers start in this time.
	await sleep(seconds * 200);
	const busy = await delays(seconds);
	stop.abort();
	await done;
	return {
		name: `main thread's event-loop delay, p99: ${name}`,
		value: busy.p99,
		unit: "ms",
		bound: { atMost: AT_MOST_MS },
		details: { p50: busy.p50, max: busy.max, "p99 before the job": idle.p99 },
	};
}

async function delays(seconds: number): Promise<{ p50: number; p99: number; max: number }> {
	const histogram = monitorEventLoopDelay({ resolution: 1 });
	histogram.enable();
	await sleep(seconds * 1000);
	histogram.disable();
	const ms = (nanoseconds: number) => nanoseconds / 1e6;
	return { p50: ms(histogram.percentile(50)), p99: ms(histogram.percentile(99)), max: ms(histogram.max) };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
