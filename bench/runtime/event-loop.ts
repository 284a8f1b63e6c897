// How long the main thread's event loop is kept waiting while a job loads every core.
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
	"two workers, results read row by row": async (session, signal) => {
		const result = session.query("SELECT auction, price FROM bid", { signal });
		for await (const { row } of result.changes()) if (row.price === undefined || signal.aborted) break;
	},
	"two workers, changes read into a table": async (session, signal) => {
		const perAuction = "SELECT MOD(auction, 10000) AS a, COUNT(*) AS n FROM bid GROUP BY MOD(auction, 10000)";
		await session.query(perAuction, { signal }).toArray();
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

/** How long something would have waited for the loop, had it come at any ms: a long stretch delays all that comes meanwhile, not one timer. */
async function delays(seconds: number): Promise<{ p50: number; p99: number; max: number }> {
	const waits: number[] = [];
	const end = performance.now() + seconds * 1000;
	for (let due = performance.now() + 1; due < end; due = performance.now() + 1) {
		await sleep(1);
		for (let wait = Math.max(0, performance.now() - due); wait >= 0; wait--) waits.push(wait);
	}
	waits.sort((left, right) => left - right);
	const percentile = (share: number) => waits[Math.floor(share * (waits.length - 1))]!;
	return { p50: percentile(0.5), p99: percentile(0.99), max: percentile(1) };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
