// Jobs on workers that fail: once, with operator, subtask and cause, soon, and without harm to the session's other jobs.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type EngineError, type Job, Millrace, type Session } from "../../src/index.js";

const folder = mkdtempSync(join(tmpdir(), "millrace-failure-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A module with one scalar function over BIGINT. */
function moduleOf(name: string, body: string): string {
	const file = join(folder, `${name}.mjs`);
	writeFileSync(
		file,
		`export default { kind: "scalar", name: "${name}", parameters: ["BIGINT"], returns: "BIGINT", strict: true, doc: "",
			calls: { eval(x) { ${body} } } };`,
	);
	return file;
}

/** A second, and two on a machine that is busy with other things. */
const soonMs = () => (loadavg()[0]! > cpus().length * 2 ? 2000 : 1000);

const threads = () => process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length;

let session: Session;
let threadsBefore: number;

beforeEach(async () => {
	threadsBefore = threads();
	session = await Millrace.open({ options: { "parallelism.default": "2" } });
	await session.execute(`
		CREATE TABLE events (event_type INT, bid ROW<auction BIGINT, price BIGINT>) WITH ('connector' = 'nexmark', 'events.num' = '0');
		CREATE VIEW bid AS SELECT bid.auction, bid.price FROM events WHERE event_type = 2;
		CREATE TABLE nowhere (a BIGINT, b BIGINT) WITH ('connector' = 'blackhole');
		CREATE TABLE elsewhere (a BIGINT, b BIGINT) WITH ('connector' = 'blackhole')`);
	return async () => {
		await session.close();
		await expect.poll(threads, { timeout: 10_000 }).toBe(threadsBefore);
	};
});

/** A job that goes on for ever, once it runs. */
async function bystander(): Promise<Job> {
	const [job] = await session.submit("INSERT INTO elsewhere SELECT auction, COUNT(*) FROM bid GROUP BY auction");
	await expect.poll(() => job!.status, { timeout: 30_000 }).toBe("RUNNING");
	return job!;
}

const rowsOut = (job: Job) => job.metrics()[0]!.metrics.numRecordsOut;

/** The failure of a job whose function does `body` at the first row for which `when`, and how long after it began to run that came. */
async function failureOf(body: string): Promise<{ error: EngineError; sinceMs: number }> {
	const other = await bystander();
	const file = moduleOf("trap", `if (x % 997n === 1n) { ${body} } return x;`);
	await session.execute(`CREATE FUNCTION trap AS '${file}'`);
	const [job] = await session.submit("INSERT INTO nowhere SELECT trap(auction), price FROM bid");
	await expect.poll(() => job!.status, { timeout: 30_000, interval: 1 }).not.toBe("CREATED");
	const start = performance.now();
	const error = await job!.done.then(
		() => expect.unreachable(),
		(failure: EngineError) => failure,
	);
	const sinceMs = performance.now() - start;
	expect(job!.status).toBe("FAILED");
	const before = rowsOut(other);
	await expect.poll(() => rowsOut(other), { timeout: 10_000 }).toBeGreaterThan(before);
	expect(other.status).toBe("RUNNING");
	await other.cancel();
	expect(other.status).toBe("CANCELED");
	return { error, sinceMs };
}

test("an error thrown by a user function", async () => {
	const { error, sinceMs } = await failureOf(`throw new Error("no more " + x)`);
	expect(error).toMatchObject({ code: "USER_FUNCTION", operator: "Calc" });
	expect(error.message).toMatch(/trap\(\d+\) failed: no more \d+/);
	expect([0, 1]).toContain(error.subtask);
	expect(sinceMs).toBeLessThan(soonMs());
});

test("process.exit in a user function", async () => {
	const { error, sinceMs } = await failureOf("process.exit(7)");
	expect(error).toMatchObject({ code: "WORKER_DIED", operator: "Calc" });
	expect(error.message).toMatch(/code: 7/);
	expect([0, 1]).toContain(error.subtask);
	expect(sinceMs).toBeLessThan(soonMs());
});

test("an uncaught error outside of the job's own calls", async () => {
	const { error } = await failureOf(`setTimeout(() => { throw new Error("later") }, 0)`);
	expect(error.code).toBe("WORKER_DIED");
	expect(error.message).toMatch(/later/);
});

test("the limit of a task's memory", async () => {
	await session.execute("SET 'taskmanager.memory.task.size' = '24 mb'");
	const [job] = await session.submit(
		"INSERT INTO nowhere SELECT auction + price, COUNT(*) FROM bid GROUP BY auction + price",
	);
	await expect(job!.done).rejects.toMatchObject({
		code: "OUT_OF_MEMORY",
		operator: "GroupAggregate",
		remedy: expect.stringContaining("taskmanager.memory.task.size"),
	});
	expect(job!.status).toBe("FAILED");
});

test("a user function that never returns does not keep a job from being cancelled", async () => {
	await session.execute(`CREATE FUNCTION trap AS '${moduleOf("trap", "for (;;);")}'`);
	const [job] = await session.submit("INSERT INTO nowhere SELECT trap(auction), price FROM bid");
	await expect.poll(() => job!.status, { timeout: 30_000 }).toBe("RUNNING");
	const start = performance.now();
	const cancelled = job!.cancel();
	expect(job!.status).toBe("CANCELLING");
	await cancelled;
	expect(performance.now() - start).toBeLessThan(3000);
	expect(job!.status).toBe("CANCELED");
});

test("an AbortSignal ends a script that waits for its job", async () => {
	const stop = new AbortController();
	const script = session.execute("INSERT INTO nowhere SELECT auction, price FROM bid", { signal: stop.signal });
	await expect.poll(() => session.jobs[0]?.status, { timeout: 30_000 }).toBe("RUNNING");
	stop.abort();
	await expect(script).rejects.toMatchObject({ code: "CANCELLED" });
});
