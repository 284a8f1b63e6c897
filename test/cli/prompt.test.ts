// What the prompt of `millrace sql` shows: colours, completions, and tables drawn over themselves.
import { PassThrough } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import { complete } from "../../src/cli/sql/completion.js";
import { highlight } from "../../src/cli/sql/highlight.js";
import { LiveTable } from "../../src/cli/sql/live-table.js";
import { Prompt } from "../../src/cli/sql/prompt.js";
import { type OutputStream, ScriptRunner } from "../../src/cli/sql/script-runner.js";
import { Session } from "../../src/engine/session.js";
import { INTEGER } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";

/** Without escape sequences for colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const plain = (text: string) => text.replace(/\u001b\[[0-9;]*m/g, "");

describe("colours", () => {
	test("keywords, texts, numbers and comments differ; nothing else changes", () => {
		const sql = "SELECT a, 'it''s' AS `from`, 12 /* b */ FROM t -- end";
		const shown = highlight(sql);
		expect(plain(shown)).toBe(sql);
		const style = (part: string) => shown.slice(0, shown.indexOf(part)).split("\u001b").at(-1);
		expect(new Set(["SELECT", "'it''s'", "12", "/* b */"].map((part) => style(part))).size).toBe(4);
		expect(style("FROM")).toBe(style("SELECT"));
		expect(style("`from`")).not.toBe(style("SELECT"));
	});

	test("a text that is still open is a text, and may have begun on a line before", () => {
		expect(highlight("SELECT 'a FROM")).toBe(highlight("SELECT ") + highlight("'x FROM").replace("x", "a"));
		const before = "SELECT 'a\n";
		expect(highlight(`${before}FROM`, before.length)).toBe(highlight("'FROM").replace("'", ""));
		expect(plain(highlight("SELECT /* open"))).toBe("SELECT /* open");
	});
});

test("Tab completes words of the language, functions, tables and columns", async () => {
	await using session = new Session();
	await session.execute("CREATE TABLE orders (order_id INT, `order by` STRING) WITH ('connector' = 'datagen')");
	const candidates = (line: string) => complete(line, session.catalog)[0];
	expect(candidates("SEL")).toContain("SELECT");
	expect(candidates("sel")).toContain("select");
	expect(candidates("SELECT REGEXP_EXT")).toEqual(["REGEXP_EXTRACT", "REGEXP_EXTRACT_ALL"]);
	expect(candidates("SELECT * FROM ord")).toEqual(expect.arrayContaining(["orders", "order_id"]));
	expect(candidates("SELECT `ord")).toEqual(["`order by`"]);
	expect(candidates("SELECT ")).toEqual([]);
});

test("Ctrl-C drops what is typed; a history that cannot be kept is none", async () => {
	vi.stubEnv("MILLRACE_HISTORY", "/dev/null/history");
	await using session = new Session();
	let shown = "";
	const out = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 20 });
	out.on("data", (data: Buffer) => {
		shown += data.toString();
	});
	const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
	const screen = out as unknown as NodeJS.WriteStream;
	const runner = new ScriptRunner(session, screen, screen, { format: "csv", final: false, verbose: false });
	const ended = new Prompt(runner, session.catalog, input as unknown as NodeJS.ReadStream, screen).run();
	for (const typed of ["SELECT 'dropped'", "\u0003", "SELECT 'kept' AS k;\r"]) {
		input.write(typed);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	await vi.waitFor(() => expect(shown).toMatch(/k\r?\nkept\r?\n/), 10_000);
	expect(shown).not.toMatch(/^dropped/m);
	input.write("quit\r");
	await ended;
	vi.unstubAllEnvs();
});

describe("an updating query at the prompt", () => {
	const run = async (script: string) => {
		let text = "";
		const out = {
			isTTY: true,
			columns: 40,
			rows: 20,
			write: (data: string) => {
				text += data;
				return true;
			},
		} as unknown as OutputStream & { readonly columns: number; readonly rows: number };
		await using session = new Session();
		const runner = new ScriptRunner(session, out, out, { format: "table", final: false, verbose: true, screen: out });
		await runner.run(script, new AbortController().signal);
		return text;
	};
	const VALUES = "(VALUES ('x', 1), ('y', 2), ('x', 3)) AS t(k, v)";

	test("leaves its final table", async () => {
		const text = await run(`SELECT k, SUM(v) AS s FROM ${VALUES} GROUP BY k`);
		expect(text.slice(text.lastIndexOf("\u001b[J") + 1)).toContain(
			"+---+---+\n| k | s |\n+---+---+\n| x | 4 |\n| y | 2 |\n+---+---+\n2 rows in set\n",
		);
		expect(text).not.toContain("-U");
	});

	test("draws over what it drew, with no more rows than there is room for", () => {
		vi.useFakeTimers();
		try {
			const drawn: string[] = [];
			const screen = { columns: 40, rows: 12, write: (text: string) => drawn.push(text) > 0 };
			const rows: Row[] = [];
			const live = new LiveTable(screen, [{ name: "a", type: INTEGER }], "UTC", () => rows);
			for (let a = 1; a <= 50; a++) {
				rows.push([a]);
				live.changed(1);
				vi.advanceTimersByTime(20);
			}
			live.end();
			expect(drawn.length).toBeGreaterThan(4);
			expect(drawn.length).toBeLessThan(10);
			for (const text of drawn) expect(text.split("\n").length).toBeLessThanOrEqual(12);
			expect(drawn[0]).toContain("1 row, 1 change,");
			// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
			expect(drawn[1]).toMatch(/^\u001b\[6A\u001b\[J/);
			expect(drawn.at(-2)).toMatch(/first 6 of (\d+) rows, \1 changes/);
		} finally {
			vi.useRealTimers();
		}
	});

	test("prints its changes when told to", async () => {
		const text = await run(`SET 'sql-client.execution.result-mode' = 'changelog';
			SELECT k, SUM(v) AS s FROM ${VALUES} GROUP BY k`);
		expect(text).toContain("| op | k | s |");
	});
});
