// EXPLAIN of CREATE TABLE … AS SELECT: the plan of its INSERT, and no table left behind.
import { expect, test } from "vitest";
import { Millrace } from "../../src/index.js";

test("EXPLAIN CREATE TABLE … AS SELECT shows the plan and creates nothing", async () => {
	await using session = await Millrace.open();
	session.registerTable("orders", [{ id: 1, customer: "Ada" }]);
	const create = "CREATE TABLE copied WITH ('connector' = 'blackhole') AS SELECT customer FROM orders";
	const [outcome] = await session.execute(`EXPLAIN ${create}`);
	const text = outcome?.kind === "result" ? String(outcome.result.rows[0]?.[0]) : "";
	expect(text).toContain("Sink(table=[default_catalog.default_database.copied], fields=[customer])");
	await expect(session.execute("DESCRIBE copied")).rejects.toMatchObject({ code: "UNKNOWN_TABLE" });
	await expect(session.execute(`EXPLAIN ${create.replace("customer FROM", "nobody FROM")}`)).rejects.toMatchObject({
		code: "UNKNOWN_COLUMN",
	});
	await session.execute(create);
});
