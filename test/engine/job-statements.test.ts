// SHOW JOBS, DESCRIBE JOB and STOP JOB over the jobs that a session has started.
import { expect, test } from "vitest";
import { Millrace } from "../../src/index.js";

async function rowsOf(session: Awaited<ReturnType<typeof Millrace.open>>, sql: string) {
	const [outcome] = await session.execute(sql);
	if (outcome?.kind !== "result") throw new Error("no result");
	return { columns: outcome.result.schema.map(({ name }) => name), rows: outcome.result.rows };
}

test("a running job is shown, described and stopped by its id", async () => {
	await using session = await Millrace.open();
	await session.execute(`
		CREATE TABLE endless (a INT) WITH ('connector' = 'datagen', 'rows-per-second' = '10');
		CREATE TABLE nowhere (a INT) WITH ('connector' = 'blackhole')`);
	expect((await rowsOf(session, "SHOW JOBS")).rows).toEqual([]);
	const before = Date.now();
	const [job] = await session.submit("INSERT INTO nowhere SELECT a FROM endless");
	const shown = await rowsOf(session, "SHOW JOBS");
	expect(shown.columns).toEqual(["job id", "job name", "status", "start time"]);
	expect(shown.rows).toHaveLength(1);
	expect(shown.rows[0]?.slice(0, 2)).toEqual([job?.id, job?.name]);
	expect(Number(shown.rows[0]?.[3])).toBeGreaterThanOrEqual(before);
	expect((await rowsOf(session, `DESCRIBE JOB '${job?.id}'`)).rows[0]?.[0]).toBe(job?.id);
	await session.execute(`STOP JOB '${job?.id}'`);
	expect(job?.status).toBe("CANCELED");
	expect((await rowsOf(session, "SHOW JOBS")).rows).toEqual([]);
});

test("an unknown job, and a savepoint, are refused", async () => {
	await using session = await Millrace.open();
	await expect(session.execute("STOP JOB 'x'")).rejects.toMatchObject({
		code: "UNKNOWN_OBJECT",
		position: { column: 10 },
	});
	await expect(session.execute("STOP JOB 'x' WITH SAVEPOINT")).rejects.toMatchObject({ code: "UNSUPPORTED" });
});
