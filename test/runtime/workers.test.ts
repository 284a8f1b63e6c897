// Jobs on worker threads: they end with their job, whatever ends it, and a failure is reported once, with what is known of it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { expect, test } from "vitest";
import { type EngineError, Millrace } from "../../src/index.js";
import type { JobGraph } from "../../src/job/job-graph.js";
import { WorkerPool } from "../../src/runtime/pool.js";

const SOURCE = (events: number) => `CREATE TABLE events (
	event_type INT,
	bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel VARCHAR, url VARCHAR, \`dateTime\` TIMESTAMP(3), extra VARCHAR>
) WITH ('connector' = 'nexmark', 'events.num' = '${events}')`;

const open = () => Millrace.open({ options: { "parallelism.default": "2" } });
const threads = () => process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length;

test("a job counts what all its slots do", async () => {
	await using session = await open();
	await session.execute(SOURCE(20_000));
	await session.execute("CREATE TABLE nowhere (auction BIGINT, n BIGINT) WITH ('connector' = 'blackhole')");
	const [job] = await session.submit(
		"INSERT INTO nowhere SELECT bid.auction, COUNT(*) FROM events WHERE event_type = 2 GROUP BY bid.auction",
	);
	await job!.done;
	expect(job!.status).toBe("FINISHED");
	// 46 of every 50 events are bids.
	const aggregate = job!.metrics().find(({ operator }) => operator === "LocalGroupAggregate");
	expect(aggregate!.metrics.numRecordsIn).toBe(18_400);
});

test.each([
	["unset, one subtask", { "parallelism.default": "1" }, []],
	["false, one subtask", { "parallelism.default": "1", "table.exec.inline": "false" }, ["worker"]],
	["unset, two subtasks", { "parallelism.default": "2" }, ["worker"]],
	["true, two subtasks", { "parallelism.default": "2", "table.exec.inline": "true" }, []],
])("table.exec.inline %s", async (_, options, expected) => {
	await using session = await Millrace.open({ options });
	const folder = mkdtempSync(join(tmpdir(), "millrace-inline-"));
	const file = join(folder, "place.mjs");
	writeFileSync(
		file,
		`import { isMainThread, threadId } from "node:worker_threads";
		export default { kind: "scalar", name: "place", parameters: ["BIGINT"], returns: "BIGINT", strict: true, doc: "",
			calls: { eval: () => BigInt(threadId) } };`,
	);
	await session.execute(SOURCE(200));
	await session.execute(`CREATE FUNCTION place AS '${file}'`);
	const rows = await session.query("SELECT DISTINCT place(bid.price) AS t FROM events WHERE event_type = 2").toArray();
	const here = BigInt(threadId);
	expect([...new Set(rows.filter(({ t }) => t !== here).map(() => "worker"))]).toEqual(expected);
	expect(rows.length).toBeGreaterThan(0);
	rmSync(folder, { recursive: true });
});

test("cancelling ends the workers", async () => {
	await using session = await open();
	const before = threads();
	await session.execute(SOURCE(0));
	await session.execute("CREATE TABLE nowhere (auction BIGINT, n BIGINT) WITH ('connector' = 'blackhole')");
	const [job] = await session.submit(
		"INSERT INTO nowhere SELECT bid.auction, COUNT(*) FROM events WHERE event_type = 2 GROUP BY bid.auction",
	);
	await expect.poll(() => job!.metrics()[0]!.metrics.numRecordsOut, { timeout: 20_000 }).toBeGreaterThan(0);
	await job!.cancel();
	expect(job!.status).toBe("CANCELED");
	await expect.poll(threads).toBe(before);
});

test("an iteration that stops early ends the workers", async () => {
	await using session = await open();
	const before = threads();
	await session.execute(SOURCE(0));
	for await (const { kind } of session.query("SELECT bid.price FROM events WHERE event_type = 2").changes()) {
		expect(kind).toBe("+I");
		break;
	}
	await expect.poll(threads).toBe(before);
});

test("an error in a worker fails the job with its code, operator and subtask", async () => {
	await using session = await open();
	const before = threads();
	await session.execute(SOURCE(0));
	const result = session.query("SELECT bid.price / (bid.price - bid.price) FROM events WHERE event_type = 2");
	const failure: EngineError = await result.toArray().then(
		() => expect.unreachable(),
		(error) => error,
	);
	expect(failure.code).toBe("DIVISION_BY_ZERO");
	expect(failure.operator).toBe("Calc");
	expect([0, 1]).toContain(failure.subtask);
	await expect.poll(threads).toBe(before);
});

test.each([
	["process.exit(3)", /code: 3/],
	["{ const hoard = []; for (;;) hoard.push(new Array(1e6).fill(hoard)) }", /memory/],
	["setTimeout(() => { throw new Error('later') }, 0), new Promise(() => {})", /later/],
])("the death of a worker fails the job: %s", async (deed, reason) => {
	const context = { timeZone: "UTC", queryStartMs: 0, batch: false, currentCatalog: "c", currentDatabase: "d" };
	const graph: JobGraph = { name: "test", vertices: [], batch: false, context, options: {}, maxParallelism: 128 };
	const operators = new URL(
		`data:text/javascript,export function createOperators() { return (${deed.startsWith("{") ? `(() => ${deed})()` : deed}) }`,
	);
	const signal = new AbortController().signal;
	const pool = new WorkerPool({ heapMegabytes: 32 });
	const failure: EngineError = await pool.run(graph, { operators, signal }).then(
		() => expect.unreachable(),
		(error) => error,
	);
	expect(failure).toMatchObject({ code: "WORKER_DIED", subtask: 0 });
	expect(failure.message).toMatch(reason);
	await pool.close();
});

test("a worker that cannot be started fails the job at once", async () => {
	const context = { timeZone: "UTC", queryStartMs: 0, batch: false, currentCatalog: "c", currentDatabase: "d" };
	const graph: JobGraph = { name: "test", vertices: [], batch: false, context, options: {}, maxParallelism: 128 };
	const pool = new WorkerPool({ file: "/nowhere/worker.cjs" });
	const operators = new URL("data:text/javascript,");
	const failure: EngineError = await pool.run(graph, { operators, signal: new AbortController().signal }).then(
		() => expect.unreachable(),
		(error) => error,
	);
	expect(failure).toMatchObject({ code: "WORKER_DIED", subtask: 0 });
	expect(failure.message).toMatch(/no worker could be started .*worker\.cjs/);
	await pool.close();
}, 5000);

test("timers get their turns while results come in, and a cancellation need not wait for them", async () => {
	await using session = await open();
	await session.execute(SOURCE(0));
	const result = session.query("SELECT bid.auction AS a, bid.price AS p FROM events WHERE event_type = 2");
	let rows = 0;
	let turns = 0;
	const timer = setInterval(() => {
		// A port alone hands over a thousand batches before this is called again.
		if (rows > 0 && ++turns === 20) result.cancel();
	}, 1);
	const failure = await (async () => {
		for await (const { kind } of result.changes()) if (kind === "+I" && ++rows > 5_000_000) break;
	})().catch((cause: EngineError) => cause);
	clearInterval(timer);
	expect(failure).toMatchObject({ code: "CANCELLED" });
	expect(rows).toBeLessThan(5_000_000);
});

test.each(["true", "false"])("batches asked for ahead, table.exec.inline %s", async (inline) => {
	await using session = await Millrace.open({ options: { "table.exec.inline": inline } });
	await session.execute(SOURCE(40_000));
	const batches = session.query("SELECT bid.auction FROM events WHERE event_type = 2")[Symbol.asyncIterator]();
	let rows = 0;
	for (let done = false; !done; ) {
		const three = await Promise.all([batches.next(), batches.next(), batches.next()]);
		for (const { value } of three) rows += value?.numRows ?? 0;
		done = three.some((result) => result.done);
	}
	expect(rows).toBe(36_800);
});
