// The package carries apache-arrow in one file: its values and those of the program's own copy are each other's instances.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as arrow from "apache-arrow";
import { expect, test } from "vitest";

const { Millrace } = (await import("millrace" as string)) as typeof import("../../src/index.js");

test("batches of the package are batches of the program's Arrow", async () => {
	const session = await Millrace.open();
	const batches: arrow.RecordBatch[] = [];
	for await (const batch of session.query("SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(k, v)")) batches.push(batch);
	expect(batches.every((batch) => batch instanceof arrow.RecordBatch)).toBe(true);
	const written = arrow.tableFromIPC(arrow.tableToIPC(new arrow.Table(batches)));
	expect(written.toArray().map((row) => row?.toJSON())).toEqual([
		{ k: 1, v: "a" },
		{ k: 2, v: "b" },
	]);
	await session.close();
});

const TAKE = `const session = await Millrace.open();
	const table = await session.query("SELECT 1 AS n, ARRAY['a'] AS s").toTable();`;
const WRITE = `console.log(tableFromIPC(tableToIPC(table)).toString()); await session.close();`;
test.each([
	["before", `import { tableFromIPC, tableToIPC } from "apache-arrow"; ${TAKE} ${WRITE}`],
	["after", `${TAKE} const { tableFromIPC, tableToIPC } = await import("apache-arrow"); ${WRITE}`],
])("a program that imports apache-arrow %s its first batch writes it", (_, program) => {
	const source = `import { Millrace } from "millrace"; ${program}`;
	const written = execFileSync(process.execPath, ["--input-type=module", "-e", source], { encoding: "utf8" });
	expect(written.trim()).toBe('[\n  {"n": 1, "s": ["a"]}\n]');
});

test("tables of the program's Arrow are tables of the package", async () => {
	const session = await Millrace.open();
	session.registerTable("numbers", arrow.tableFromArrays({ n: Int32Array.of(1, 2, 3), s: ["x", null, "z"] }));
	const table = await session.query("SELECT n * 2 AS d, s FROM numbers WHERE n > 1").toTable();
	expect(table).toBeInstanceOf(arrow.Table);
	expect(table.toArray().map((row) => row.toJSON())).toEqual([
		{ d: 4, s: null },
		{ d: 6, s: "z" },
	]);
	await session.close();
});

test("Arrow IPC of the program is read and written by the package", async () => {
	const folder = mkdtempSync(join(tmpdir(), "millrace-arrow-"));
	const file = join(folder, "numbers.arrow");
	writeFileSync(file, arrow.tableToIPC(arrow.tableFromArrays({ n: Int32Array.of(1, 2, 3) }), "file"));
	const session = await Millrace.open();
	await session.execute(
		`CREATE TABLE numbers (n INT) WITH ('connector' = 'filesystem', 'format' = 'arrow', 'path' = '${file}')`,
	);
	expect(await session.query("SELECT SUM(n) AS s FROM numbers").toArray()).toEqual([{ s: 6 }]);
	await session.close();
	rmSync(folder, { recursive: true });
});
