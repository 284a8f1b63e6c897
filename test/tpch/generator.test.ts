// The generated tables are those of the official dbgen, byte for byte, whichever subtask makes which block.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Millrace } from "../../src/index.js";
import { Region } from "../../src/wasm/region.js";
import { createTable, generatedTables, TABLE_NAMES } from "../../tpch/schema.js";
import { tblText } from "../../tpch/tbl.js";

interface TableFile {
	readonly rows: number;
	readonly bytes: number;
	readonly sha256: string;
}

/** Of files written by TPC's dbgen 2.14.0. */
const official = JSON.parse(readFileSync("test/golden/tpch/tables.json", "utf8"))["0.01"] as Record<string, TableFile>;

test("every table at SF 0.01 has the official checksum", async () => {
	const region = await Region.create();
	for (const name of TABLE_NAMES) {
		const hash = createHash("sha256");
		let bytes = 0;
		for await (const piece of tblText(name, 0.01, { region })) {
			hash.update(piece);
			bytes += piece.length;
		}
		expect([name, bytes, hash.digest("hex")]).toEqual([name, official[name]!.bytes, official[name]!.sha256]);
	}
	expect(region.heap.usedBytes - region.arena.heldBytes).toBeLessThan(1 << 20);
});

async function rowsOf(options: Record<string, string>, columns = "*"): Promise<string[]> {
	const session = await Millrace.open({
		options: { "parallelism.default": options.parallelism ?? "1", "table.exec.inline": "true" },
	});
	const { parallelism: _, ...table } = options;
	await session.execute(createTable("lineitem", { connector: "tpch", "scale-factor": "0.01", ...table }));
	const rows = await session.query(`SELECT ${columns} FROM lineitem WHERE l_orderkey < 20000`).finalRows();
	await session.close();
	return rows.map((row) => row.join("|")).sort();
}

test("any number of subtasks makes the same rows, kept in memory or not, in any choice of columns", async () => {
	const whole = await rowsOf({});
	expect(whole.length).toBeGreaterThan(19_000);
	expect(await rowsOf({ parallelism: "3" })).toEqual(whole);
	expect(await rowsOf({ "in-memory": "true" })).toEqual(whole);
	const some = "l_returnflag, l_shipdate, l_orderkey, l_linenumber";
	expect(await rowsOf({ "in-memory": "true" }, some)).toEqual(await rowsOf({}, some));
});

test("tables say what is wrong with their declaration", async () => {
	const session = await Millrace.open();
	const declare = (columns: string, options: string) =>
		session.execute(`CREATE TABLE t (${columns}) WITH ('connector' = 'tpch', ${options}); SELECT * FROM t;`);
	await expect(declare("l_tax INT", "'table' = 'lineitem'")).rejects.toThrow("cannot be INT");
	await session.execute("DROP TABLE IF EXISTS t");
	await expect(declare("l_taxes INT", "'table' = 'lineitem'")).rejects.toThrow("no column 'l_taxes'");
	await session.execute("DROP TABLE IF EXISTS t");
	await expect(declare("l_tax DECIMAL(15, 2)", "'table' = 'lineitems'")).rejects.toThrow("no table 'lineitems'");
	await session.close();
});

test("the planner knows how many rows there are", async () => {
	const session = await Millrace.open({ options: { "execution.runtime-mode": "batch" } });
	await session.execute(generatedTables(1));
	const plan = session.explain("SELECT COUNT(*) FROM lineitem, region WHERE l_suppkey = r_regionkey", "ESTIMATED_COST");
	expect(plan).toContain("6000000");
	await session.close();
});
