// What SET accepts and refuses, and what options do.
import { describe, expect, test } from "vitest";
import { Millrace } from "../../src/index.js";

const refusal = async (script: string) => {
	await using session = await Millrace.open();
	return session.execute(script).then(
		() => undefined,
		(error) => ({ code: error.code, line: error.position?.line, message: error.message }),
	);
};

describe("SET", () => {
	test.each([
		["parallelism.default", "two", "an integer from 1 to 1024"],
		["parallelism.default", "0", "an integer from 1 to 1024"],
		["execution.runtime-mode", "stream", "one of streaming, batch"],
		["pipeline.auto-watermark-interval", "5 parsecs", "a duration"],
		["taskmanager.memory.task.size", "much", "a size"],
		["table.exec.inline", "yes", "true or false"],
		["table.exec.engine", "native", "one of wasm, baseline"],
	])("refuses '%s' = '%s'", async (key, value, expected) => {
		const refused = await refusal(`SELECT 1;\nSET '${key}' = '${value}'`);
		expect(refused).toMatchObject({ code: "INVALID_OPTION", line: 2 });
		expect(refused!.message).toContain(key);
		expect(refused!.message).toContain(expected);
	});

	test("refuses a time zone that does not exist", async () => {
		expect(await refusal("SET 'table.local-time-zone' = 'Europe/Atlantis'")).toMatchObject({ line: 1 });
		expect(await refusal("SET 'table.local-time-zone' = 'Europe/Berlin'")).toBeUndefined();
		expect(await refusal("SET 'table.local-time-zone' = 'default'")).toBeUndefined();
	});

	test("takes a key with a letter wrong for a slip", async () => {
		const refused = await refusal("SET 'paralelism.default' = '2'");
		expect(refused).toMatchObject({ code: "UNKNOWN_OPTION" });
		expect(refused!.message).toContain("Did you mean 'parallelism.default'?");
	});

	test("keeps Flink's other options, and keys that nobody knows", async () => {
		const script =
			"SET 'table.exec.mini-batch.enabled' = 'true'; SET 'state.backend.type' = 'rocksdb'; SET 'my.own' = 'x'";
		expect(await refusal(script)).toBeUndefined();
	});

	test("values are checked where a session is opened, too", async () => {
		await expect(Millrace.open({ options: { "parallelism.default": "-1" } })).rejects.toMatchObject({
			code: "INVALID_OPTION",
		});
	});
});

describe.each(["wasm", "baseline"])("a NOT NULL column of a sink, engine %s", (engine) => {
	const insert = async (enforcer: string) => {
		await using session = await Millrace.open({ options: { "table.exec.engine": engine } });
		const rows: (number | null)[] = Array.from({ length: 20 }, (_, i) => (i % 7 === 3 ? null : i));
		session.registerTable(
			"t",
			rows.map((a) => ({ a, b: 1 })),
			{ schema: "a INT, b INT" },
		);
		await session.execute(`
			CREATE TABLE sink (a INT NOT NULL, b INT) WITH ('connector' = 'print');
			SET 'table.exec.sink.not-null-enforcer' = '${enforcer}'`);
		const printed: string[] = [];
		const write = process.stdout.write;
		process.stdout.write = ((text: string) => printed.push(text) > 0) as typeof process.stdout.write;
		try {
			await session.execute("INSERT INTO sink SELECT a, b FROM t");
		} finally {
			process.stdout.write = write;
		}
		return printed.join("").match(/\+I\[\d+, 1\]/g);
	};

	test("refuses NULL", async () => {
		await expect(insert("error")).rejects.toMatchObject({
			code: "NULL_CONSTRAINT",
			message: expect.stringContaining("'a'"),
		});
	});

	test("leaves out rows with NULL when told to", async () => {
		expect(await insert("DROP")).toHaveLength(17);
	});
});
