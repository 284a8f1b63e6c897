// Time as a user sees it: late rows on their own, idle sources that hold nobody up, processing time by a clock that is moved by hand.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Millrace } from "../../src/index.js";

const folder = mkdtempSync(join(tmpdir(), "millrace-time-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The watermark is two seconds behind: 8 s after row 2, so that rows 3 and 5 come too late and row 4 does not. */
const READINGS = [
	[1, "00:00:00"],
	[2, "00:00:10"],
	[3, "00:00:07"],
	[4, "00:00:09"],
	[5, "00:00:08"],
];

const SETTINGS: readonly Readonly<Record<string, string>>[] = [
	{},
	{ "table.exec.batch-size": "1" },
	{ "table.exec.engine": "baseline" },
	{ "parallelism.default": "2" },
];

test.each(SETTINGS)("late rows as docs/runtime.md takes them: %o", async (options) => {
	const file = join(folder, "readings.csv");
	writeFileSync(file, READINGS.map(([id, time]) => `${id},2026-01-01 ${time}\n`).join(""));
	const [, script] = /```sql\n(.*?)```/s.exec(readFileSync("docs/runtime.md", "utf8"))!;
	const [table, query] = script!.replace("{READINGS}", file).split(/;\n/) as [string, string];
	await using session = await Millrace.open({ options });
	await session.execute(table);
	expect((await session.query(query).toArray()).map(({ id }) => id)).toEqual([3, 5]);
});

/** Rows up to nine seconds out of order, and how many a tumbling window of ten seconds leaves out when one row comes after the other. */
function disorder(): { lines: string; late: number[] } {
	const late: number[] = [];
	let [seed, highest] = [7, 0];
	const rows = Array.from({ length: 2000 }, (_, id) => {
		seed = (seed * 48271) % 2147483647;
		const second = id + 9 - (seed % 10 === 0 ? seed % 9 : 0);
		const windowEnd = Math.floor(second / 10) * 10 + 10;
		if (windowEnd * 1000 - 1 <= (highest - 2) * 1000) late.push(id);
		highest = Math.max(highest, second);
		return `${id},${new Date(second * 1000).toISOString().slice(0, 19).replace("T", " ")}`;
	});
	return { lines: `${rows.join("\n")}\n`, late };
}

test.each(SETTINGS)("late rows of a window as a side output, as docs/runtime.md has it: %o", async (options) => {
	const file = join(folder, "disorder.csv");
	const { lines, late } = disorder();
	writeFileSync(file, lines);
	const [[, script], [, outputs]] = [
		...readFileSync("docs/runtime.md", "utf8").matchAll(/```sql\n(.*?)```/gs),
	] as string[][];
	const [table] = script!.replace("{READINGS}", file).split(/;\n/);
	await using session = await Millrace.open({ options });
	const sink = (name: string, columns: string) => {
		const path = join(folder, `${name}-${SETTINGS.indexOf(options)}`);
		return `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'csv')`;
	};
	await session.execute(`${table}; ${sink("counts", "window_end TIMESTAMP(3), n BIGINT")};
		${sink("late", "id INT, ts TIMESTAMP(3), window_end TIMESTAMP(3)")}`);
	const [job] = await session.submit(outputs!);
	await job!.done;
	const ids = (await session.query("SELECT id FROM late").toArray())
		.map(({ id }) => id as number)
		.sort((a, b) => a - b);
	const [total] = await session.query("SELECT SUM(n) AS n FROM counts").toArray();
	expect(late.length).toBeGreaterThan(20);
	if (options["parallelism.default"] === undefined) {
		expect(ids).toEqual(late);
		expect(Number(total!.n)).toBe(2000 - late.length);
	} else expect(2000 - Number(total!.n)).toBeLessThanOrEqual(ids.length);
	const dropped = job!.metrics().reduce((sum, { metrics }) => sum + metrics.numLateRecordsDropped, 0);
	if (options["table.exec.engine"] !== "baseline") expect(dropped).toBe(2000 - Number(total!.n));
});

const DATAGEN = (name: string, rowsPerSecond: number, further = "") => `
	CREATE TABLE ${name} (id BIGINT, ts AS TO_TIMESTAMP_LTZ(id * 1000, 3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen',
		'rows-per-second' = '${rowsPerSecond}', 'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '1000000'${further});`;

/** Whether a window of the second minute comes while the other source gives a row a second. */
async function seesSecondMinute(further: string, withinMs: number): Promise<boolean> {
	await using session = await Millrace.open();
	await session.execute(`${DATAGEN("busy", 100_000)} ${DATAGEN("quiet", 1, further)}
		CREATE VIEW readings AS SELECT id, ts FROM busy UNION ALL SELECT id, ts FROM quiet`);
	const query = `SELECT window_start > TIMESTAMP '1970-01-01 00:01:00' AS later, COUNT(*) AS n
		FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end`;
	const signal = AbortSignal.timeout(withinMs);
	try {
		for await (const { row } of session.query(query, { signal }).changes()) if (row.later === true) return true;
	} catch (failure) {
		expect(failure).toMatchObject({ code: "CANCELLED" });
	}
	return false;
}

test("a source that falls idle does not hold back the others' windows", async () => {
	expect(await seesSecondMinute(", 'scan.watermark.idle-timeout' = '100 ms'", 60_000)).toBe(true);
	expect(await seesSecondMinute("", 2000)).toBe(false);
});

test("processing-time windows end by the session's clock", async () => {
	let nowMs = Date.UTC(2026, 0, 1);
	await using session = await Millrace.open({ now: () => nowMs });
	await session.execute(`CREATE TABLE events (event_type INT, pt AS PROCTIME())
		WITH ('connector' = 'nexmark', 'events.num' = '500', 'keep-alive' = 'true')`);
	const changes = session
		.query(
			`SELECT COUNT(*) AS n FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(pt), INTERVAL '10' SECOND))
			GROUP BY window_start, window_end`,
		)
		.changes();
	let taken = false;
	const first = changes.next().then((result) => {
		taken = true;
		return result;
	});
	await new Promise((resolve) => setTimeout(resolve, 1500));
	expect(taken).toBe(false);
	nowMs += 10_000;
	expect((await first).value).toMatchObject({ row: { n: 500n } });
	await changes.return(undefined);
});

test.each(SETTINGS)("one row, one moment, by a clock that moves on whenever it is read: %o", async (options) => {
	let nowMs = Date.UTC(2026, 0, 1);
	await using session = await Millrace.open({ options, now: () => nowMs++ });
	const clocks = ["CURRENT_TIMESTAMP", "CURRENT_ROW_TIMESTAMP()", "LOCALTIMESTAMP", "PROCTIME()"];
	const readings = clocks.map((clock, i) => `CAST(${clock} AS TIMESTAMP(3)) AS c${i}`);
	const rows = await session
		.query(
			`SELECT ${readings}, UNIX_TIMESTAMP() AS seconds FROM (VALUES (1), (2), (3)) AS t (id)
			WHERE CURRENT_TIMESTAMP = NOW() AND id < 3`,
		)
		.toArray();
	expect(rows).toHaveLength(2);
	for (const { seconds, ...moments } of rows) {
		expect(new Set(Object.values(moments)).size).toBe(1);
		expect(moments.c0).toMatch(/^2026-01-01 00:00:00\.\d/);
		expect(Number(seconds)).toBe(Date.UTC(2026, 0, 1) / 1000);
	}
});

test.each(["streaming", "batch"])("a clock that stands still, in %s mode", async (mode) => {
	const nowMs = Date.UTC(2026, 0, 1, 12, 30, 15, 250);
	const options = { "execution.runtime-mode": mode };
	await using session = await Millrace.open({ options, now: () => nowMs });
	const clocks = ["NOW()", "CURRENT_ROW_TIMESTAMP()", "LOCALTIMESTAMP", "PROCTIME()"];
	const readings = clocks.map((clock, i) => `CAST(${clock} AS TIMESTAMP(3)) AS c${i}`);
	const [row] = await session
		.query(`SELECT ${readings}, UNIX_TIMESTAMP() AS seconds FROM (VALUES (1)) AS t (id)`)
		.toArray();
	const { seconds, ...moments } = row!;
	expect(Object.values(moments)).toEqual(clocks.map(() => "2026-01-01 12:30:15.250"));
	expect(Number(seconds)).toBe(Math.floor(nowMs / 1000));
});

test.each(["wasm", "baseline"])("windows of processing time are over when they come: %s", async (engine) => {
	let nowMs = Date.UTC(2026, 0, 1);
	await using session = await Millrace.open({ options: { "table.exec.engine": engine }, now: () => nowMs });
	await session.execute(`CREATE TABLE events (event_type INT, pt AS PROCTIME())
		WITH ('connector' = 'nexmark', 'events.num' = '500', 'keep-alive' = 'true')`);
	const changes = session
		.query(
			`SELECT CAST(NOW() AS STRING) AS n FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(pt), INTERVAL '10' SECOND))
			GROUP BY window_start, window_end`,
		)
		.changes();
	const first = changes.next();
	await new Promise((resolve) => setTimeout(resolve, 500));
	nowMs += 60_000;
	expect((await first).value).toMatchObject({ row: { n: expect.stringMatching(/^2026-01-01 00:01:00/) } });
	await changes.return(undefined);
});

test("on workers time goes on from row to row, and stands still within one", async () => {
	await using session = await Millrace.open({ options: { "parallelism.default": "2", "table.exec.inline": "false" } });
	await session.execute(`CREATE TABLE t (id BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '2000000',
		'rows-per-second' = '1000000000', 'fields.id.kind' = 'random')`);
	const [row] = await session
		.query(`SELECT COUNT(*) FILTER (WHERE a <> b) AS different, COUNT(DISTINCT a) AS moments, CAST(MIN(a) AS STRING) AS least
			FROM (SELECT NOW() AS a, CURRENT_ROW_TIMESTAMP() AS b FROM t)`)
		.toArray();
	expect(Number(row!.different)).toBe(0);
	expect(Number(row!.moments)).toBeGreaterThan(1);
	expect(Math.abs(Date.parse(`${row!.least}Z`) - Date.now())).toBeLessThan(600_000);
});
