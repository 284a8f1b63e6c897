// `millrace sql` as a process: what it prints and how it ends.
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "..", "..", "dist", "lib", "node", "cli.js");

interface Ended {
	readonly code: number | null;
	readonly out: Buffer;
	readonly error: string;
}

interface Spawned {
	/** Written to standard input, which is then closed. */
	readonly input?: string;
	/** Called once the process has said something on standard output. */
	readonly onOutput?: (kill: (signal: NodeJS.Signals) => void, close: () => void) => void;
}

function millrace(args: readonly string[], { input = "", onOutput }: Spawned = {}): Promise<Ended> {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, [MAIN, ...args]);
		const out: Buffer[] = [];
		let error = "";
		child.stdout.on("data", (data: Buffer) => {
			if (out.length === 0)
				onOutput?.(
					(signal) => child.kill(signal),
					() => child.stdout.destroy(),
				);
			out.push(data);
		});
		child.stderr.on("data", (data: Buffer) => {
			error += data.toString();
		});
		child.on("close", (code) => resolve({ code, out: Buffer.concat(out), error }));
		child.stdin.end(input);
	});
}

const text = async (...args: string[]) => (await millrace(args)).out.toString();

const GROUPS = "SELECT k, SUM(v) AS s FROM (VALUES ('a', 2), ('a', 3), ('b', 5)) AS t(k, v) GROUP BY k";

describe("results", () => {
	test("a table by default, one after the other", async () => {
		const out = await text("sql", "-e", "SELECT 1 AS a, 'x' AS b, CAST(NULL AS INT) AS n; SELECT TRUE AS yes");
		expect(out).toBe(`+---+---+--------+
| a | b |      n |
+---+---+--------+
| 1 | x | <NULL> |
+---+---+--------+
1 row in set
+------+
| yes  |
+------+
| TRUE |
+------+
1 row in set
`);
	});

	test("the changes of an updating query, or its final table", async () => {
		const changes = (await text("sql", "-o", "csv", "-e", GROUPS)).trimEnd().split("\n");
		expect(changes[0]).toBe("op,k,s");
		expect(changes.slice(1).every((line) => /^"?(\+I|-U|\+U)"?,[ab],\d$/.test(line))).toBe(true);
		const final = (await text("sql", "--final", "-o", "csv", "-e", GROUPS)).trimEnd().split("\n");
		expect(final.sort()).toEqual(["a,5", "b,5", "k,s"]);
	});

	test("in tableau mode a stream has the kind of each row, a batch has not", async () => {
		const inMode = (mode: string) =>
			text(
				"sql",
				"-o",
				"csv",
				"-s",
				"sql-client.execution.result-mode=tableau",
				"-s",
				`execution.runtime-mode=${mode}`,
				"-e",
				"SELECT 1 AS a",
			);
		expect(await inMode("streaming")).toBe('op,a\n"+I",1\n');
		expect(await inMode("batch")).toBe("a\n1\n");
	});

	test("JSON lines", async () => {
		const out = await text(
			"sql",
			"-o",
			"json",
			"-e",
			`SELECT 9007199254740993 AS big, 'a"b' AS t, ARRAY[1, 2] AS list`,
		);
		expect(out).toBe('{"big":9007199254740993,"t":"a\\"b","list":[1,2]}\n');
	});

	test("an Arrow stream", async () => {
		const { out } = await millrace([
			"sql",
			"-o",
			"arrow",
			"-e",
			"SELECT * FROM (VALUES (1, 'x'), (2, 'y')) AS t(a, b)",
		]);
		const table = tableFromIPC(out);
		expect(table.toArray().map((row) => ({ ...row }))).toEqual([
			{ a: 1, b: "x" },
			{ a: 2, b: "y" },
		]);
	});

	test("a script from a file, DDL and SHOW included", async () => {
		const file = join(mkdtempSync(join(tmpdir(), "millrace-")), "script.sql");
		writeFileSync(
			file,
			`CREATE TABLE p (a INT, b STRING) WITH ('connector' = 'print'); -- a comment
			SHOW TABLES;
			INSERT INTO p VALUES (1, 'one;'), (2, CAST(NULL AS STRING));`,
		);
		const { code, out } = await millrace(["sql", "-f", file]);
		expect(out.toString()).toContain("| p          |");
		expect(out.toString()).toContain("+I[1, one;]\n+I[2, null]\n");
		expect(code).toBe(0);
	});

	test("a script from standard input, with options set", async () => {
		const { code, out } = await millrace(["sql", "-o", "csv", "-s", "execution.runtime-mode=batch"], { input: GROUPS });
		expect(out.toString().split("\n")[0]).toBe("k,s");
		expect(code).toBe(0);
	});
});

describe("failures", () => {
	test("wrong SQL: exit code 2, every syntax error underlined, nothing run", async () => {
		const { code, out, error } = await millrace(["sql", "-e", "SELECT 1;\nSELECT FROM;\nSELEC 2"]);
		expect(code).toBe(2);
		expect(out.toString()).toBe("");
		expect(error).toContain("line 2, column 8");
		expect(error).toContain("2 | SELECT FROM;\n  |        ^^^^");
		expect(error).toContain("line 3, column 1");
	});

	test("an unknown name: exit code 2, line and column in the script, the near miss", async () => {
		const script = "CREATE TABLE bids (a INT) WITH ('connector' = 'blackhole');\nINSERT INTO bid SELECT 1";
		const { code, error } = await millrace(["sql", "-e", script]);
		expect(code).toBe(2);
		expect(error).toContain("(at line 2, column 13)");
		expect(error).toContain("Did you mean `bids`?");
		expect(error).toContain("2 | INSERT INTO bid SELECT 1\n  |             ^^^");
	});

	test("a file that is not there: exit code 1", async () => {
		const { code, error } = await millrace(["sql", "-f", "/no/such/script.sql"]);
		expect(code).toBe(1);
		expect(error).toContain("/no/such/script.sql");
	});

	test("statements before the failing one have run", async () => {
		const { code, out } = await millrace(["sql", "-o", "csv", "-e", "SELECT 1 AS a; SELECT 1 / 0 AS b"]);
		expect(out.toString().startsWith("a\n1\n")).toBe(true);
		expect(code).not.toBe(0);
	});

	test("an interrupt ends a running job cleanly", async () => {
		const script = `SELECT 1 AS started;
			CREATE TABLE bids (bid ROW<auction BIGINT>) WITH ('connector' = 'nexmark', 'events.num' = '10000000000');
			CREATE TABLE gone (auction BIGINT) WITH ('connector' = 'blackhole');
			INSERT INTO gone SELECT bid.auction FROM bids`;
		const { code } = await millrace(["sql", "-e", script], {
			onOutput: (kill) => setTimeout(() => kill("SIGINT"), 500),
		});
		expect(code).toBe(130);
	});
});

test("a reader that has enough of an endless result ends it", async () => {
	const script = "CREATE TABLE g (a INT) WITH ('connector' = 'datagen'); SELECT * FROM g";
	const ended = await millrace(["sql", "-e", script, "-o", "csv"], { onOutput: (_, close) => close() });
	expect(ended).toMatchObject({ code: 0, error: "" });
});

test("--version", async () => {
	expect(await text("--version")).toBe(`${createRequire(import.meta.url)("../../package.json").version}\n`);
});

describe("the prompt", () => {
	test("statements of several lines, errors that do not end it, quit", async () => {
		const input =
			"SELECT 1\n  AS uno;\nSELECT nope;\nCREATE VIEW v AS SELECT 'a;b' AS t;\nSELECT t FROM v;\nquit\nSELECT 9;\n";
		const { code, out } = await millrace(["sql", "-i", "-o", "csv"], { input });
		const said = out.toString();
		expect(said).toContain("uno\n1\n");
		expect(said).toContain("UNKNOWN_COLUMN");
		expect(said).toContain("[OK]");
		expect(said).toContain("t\na;b\n");
		expect(said).not.toContain("9");
		expect(code).toBe(0);
	});
});

test("--metrics shows what each operator did", async () => {
	const { code, out, error } = await millrace([
		"sql",
		"--metrics",
		"-e",
		"SELECT COUNT(*) AS n FROM (VALUES (1), (2), (3)) AS t(a)",
	]);
	expect(code).toBe(0);
	expect(out.toString()).toContain("| +I | 3 |");
	expect(error.toString()).toMatch(/^operator +rows in +rows out/m);
	expect(error.toString()).toMatch(/^GroupAggregate\(.* 3 /m);
});
