// The filesystem connector against real files.
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkTable, describeTable } from "../../src/connectors/index.js";
import { EngineError } from "../../src/errors.js";
import type { Row } from "../../src/types/value.js";
import { openReader, read, table, take, write } from "./tables.js";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "millrace-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): string {
	const path = join(folder, name);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
	return path;
}

const files = (path = folder): string[] =>
	(
		readdirSync(path, { recursive: true, withFileTypes: true }) as {
			name: string;
			isFile(): boolean;
			parentPath: string;
		}[]
	)
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
		.sort();

const csv = (columns: string, options: Record<string, string> = {}, more = {}) =>
	table(columns, { connector: "filesystem", path: folder, format: "csv", ...options }, more);

async function failure(act: () => unknown): Promise<EngineError> {
	try {
		await act();
	} catch (error) {
		if (error instanceof EngineError) return error;
		throw error;
	}
	throw new Error("nothing was thrown");
}

describe("reading", () => {
	test.runIf(existsSync("/proc/self/fd"))("a file that is being opened when the reader closes is closed", async () => {
		const path = put("a.csv", "1,one\n");
		const { reader } = await openReader(csv("n INT, s STRING"));
		const opening = reader.next();
		await reader.close();
		await opening;
		const openFiles = readdirSync("/proc/self/fd").map((name) => {
			try {
				return readlinkSync(`/proc/self/fd/${name}`);
			} catch {
				return undefined; // the listing itself, closed by now
			}
		});
		expect(openFiles).not.toContain(path);
	});

	test("a golden file, by path and by URL", async () => {
		const path = join(process.cwd(), "test/golden/sql/data/t3.jsonl");
		const columns = "a INT, b STRING, c INT";
		for (const spelled of [path, `file://${path}`, `file:${path}`, "test/golden/sql/data/t3.jsonl"]) {
			const { rows } = await read(table(columns, { connector: "filesystem", path: spelled, format: "json" }));
			expect(rows).toHaveLength(16);
			expect(rows.slice(0, 3)).toEqual([
				[10, "x", 0],
				[1, "y", null],
				[1, null, 9],
			]);
		}
	});

	test("a changelog", async () => {
		const path = "test/golden/sql/data/rates_dbz.jsonl";
		const of = table("cur STRING, rate DECIMAL(6,2), ts TIMESTAMP(3)", {
			connector: "filesystem",
			path,
			format: "debezium-json",
		});
		expect(describeTable(of).changelog).toBe("retract");
		const { rows, kinds } = await read(of, { select: ["rate", "cur"] });
		expect(kinds.slice(0, 6)).toEqual(["+I", "+I", "-U", "+U", "+I", "-U"]);
		expect(rows.slice(0, 4)).toEqual([
			[108n, "USD"],
			[114n, "EUR"],
			[114n, "EUR"],
			[170n, "EUR"],
		]);
	});

	test("nested fields are read flat", async () => {
		const path = put("a.json", '{"r":{"x":1,"s":{"y":"deep"}}}\n{"r":null}\n{}\n{"r":{"s":null}}\n');
		const of = table("r ROW<x INT, s ROW<y STRING>>", { connector: "filesystem", path, format: "json" });
		const { rows } = await read(of, { projection: [[0, 1, 0], [0, 0], [0]] });
		expect(rows).toEqual([
			["deep", 1, [1, ["deep"]]],
			[null, null, null],
			[null, null, null],
			[null, null, [null, null]],
		]);
	});

	test("a folder and its folders, without hidden files", async () => {
		put("b.csv", "2\n");
		put("a/a.csv", "1\n");
		put("c/_SUCCESS", "");
		put("c/.x.inprogress", "9\n");
		put("_old/d.csv", "9\n");
		expect((await read(csv("a INT"))).rows).toEqual([[1], [2]]);
		expect(describeTable(csv("a INT"))).toMatchObject({ maxParallelism: 2, bounded: true });
		expect((await read(csv("a INT", { "source.path.regex-pattern": ".*/b\\.csv" }))).rows).toEqual([[2]]);
	});

	test("subtasks share the files", async () => {
		for (let i = 0; i < 7; i++) put(`f${i}`, `${i}\n`);
		const found: unknown[] = [];
		for (let subtask = 0; subtask < 3; subtask++)
			found.push(...(await read(csv("a INT"), { subtask, parallelism: 3 })).rows.flat());
		expect(found.sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
	});

	test("no columns are still rows", async () => {
		put("f", "1,a\n2,b\n3,c\n");
		expect((await read(csv("a INT, b STRING"), { select: [] })).rows).toHaveLength(3);
	});

	test("partitions and metadata are columns", async () => {
		put("p=x/q=1/f", "1,a\n");
		put("p=__DEFAULT_PARTITION__/q=2/g", "2,b\n");
		const path = put("p=y%3Az/q=7/h", "3,c\n");
		const of = csv(
			"p STRING, a INT, q INT, b STRING, n STRING, s BIGINT, m TIMESTAMP_LTZ(3)",
			{},
			{ partitionKeys: ["p", "q"], metadata: { n: "file.name", s: "file.size", m: "file.modification-time" } },
		);
		const { rows } = await read(of, { select: ["a", "b", "p", "q", "n", "s"] });
		expect(rows.sort()).toEqual([
			[1, "a", "x", 1, "f", 4n],
			[2, "b", null, 2, "g", 4n],
			[3, "c", "y:z", 7, "h", 4n],
		]);
		const [[modified]] = (await read(of, { select: ["m"] })).rows as [[number]];
		expect(Math.abs((modified as number) - Date.now())).toBeLessThan(60_000);
		expect(path).toContain("%3A");
	});

	test("a row that does not fit names file and line", async () => {
		const path = put("bad.json", '{"a":1}\n{"a":"one"}\n');
		const of = table("a INT", { connector: "filesystem", path, format: "json" });
		const error = await failure(() => read(of));
		expect(error.code).toBe("MALFORMED_ROW");
		expect(error.message).toContain(`line 2 of ${path}`);
		expect(error.message).toContain('"one" is no INT');
		const quoted = await failure(() => read(csv("a INT, b STRING", { path: put("b.csv", '1,"x\ny"\nz,"w"\n') })));
		expect(quoted.message).toContain("line 3 of");
	});

	test("a missing file", async () => {
		const error = await failure(() => read(csv("a INT", { path: join(folder, "nowhere") })));
		expect(error.code).toBe("FILE_NOT_FOUND");
		expect(error.message).toContain("nowhere");
	});

	test("a limit and large files", async () => {
		put("f", Array.from({ length: 300_000 }, (_, i) => `${i},text ${i}\n`).join(""));
		expect((await read(csv("a INT, b STRING"), { limit: 10 })).rows).toHaveLength(10);
		const { rows } = await read(csv("a INT, b STRING"));
		expect(rows).toHaveLength(300_000);
		expect(rows[299_999]).toEqual([299_999, "text 299999"]);
	});

	test("a reader goes on from its position", async () => {
		for (let i = 0; i < 4; i++) put(`f${i}`, `${Array.from({ length: 50 }, (_, k) => i * 50 + k).join("\n")}\n`);
		const found: Row[] = [];
		const positions: unknown[] = [];
		for (let subtask = 0; subtask < 2; subtask++) {
			const { region, reader } = await openReader(csv("a INT"), { subtask, parallelism: 2, batchRows: 20 });
			found.push(...(await take(region, reader, 2 + 2 * subtask)).rows);
			positions.push(structuredClone(reader.position()));
			await reader.close();
		}
		for (let subtask = 0; subtask < 3; subtask++) {
			found.push(...(await read(csv("a INT"), { subtask, parallelism: 3, startPosition: positions })).rows);
		}
		expect(found.map(([a]) => a as number).sort((l, r) => l - r)).toEqual(Array.from({ length: 200 }, (_, i) => i));
	});

	test("new files are found while monitoring", async () => {
		put("f1", "1\n");
		const of = csv("a INT", { "source.monitor-interval": "20 ms" });
		expect(describeTable(of).bounded).toBe(false);
		const controller = new AbortController();
		const { region, reader } = await openReader(of, { signal: controller.signal });
		expect((await take(region, reader, 1)).rows).toEqual([[1]]);
		put("f2", "2\n");
		expect((await take(region, reader, 1)).rows).toEqual([[2]]);
		controller.abort();
		expect((await take(region, reader)).rows).toEqual([]);
		await reader.close();
	});
});

describe("writing", () => {
	test("rows come back", async () => {
		const rows: Row[] = [
			[1, "a"],
			[2, null],
			[3, 'q"uote, and comma'],
		];
		for (const format of ["json", "csv"]) {
			const of = csv("a INT, b STRING", {
				format,
				path: join(folder, format),
				...(format === "csv" ? { "csv.null-literal": "-" } : {}),
			});
			await write(of, [rows.slice(0, 2), rows.slice(2)]);
			expect((await read(of)).rows).toEqual(rows);
			expect(files(join(folder, format))).toEqual([expect.stringMatching(/^part-[-0-9a-f]+-task-0-file-0$/)]);
		}
	});

	test("nothing is visible before the commit, nor after a failure", async () => {
		await write(csv("a INT"), [[[1]]], { fails: true });
		expect(files()).toEqual([]);
	});

	test("partitions as Flink names them, marked complete", async () => {
		const rows: Row[] = [
			[1, "a", "x", 1],
			[2, "c", "y:z", 2],
			[3, "e", null, 3],
			[4, "f", "", 4],
			[5, "g", "a b/c=d%", 5],
			[6, "h", "x", 1],
		];
		const of = csv(
			"a INT, b STRING, p STRING, q INT",
			{ "sink.partition-commit.policy.kind": "success-file" },
			{ partitionKeys: ["p", "q"] },
		);
		await write(of, [rows.slice(0, 3), rows.slice(3)]);
		const folders = files().map((name) => dirname(name));
		expect(new Set(folders)).toEqual(
			new Set([
				"p=__DEFAULT_PARTITION__/q=3",
				"p=__DEFAULT_PARTITION__/q=4",
				"p=x/q=1",
				"p=a b%2Fc%3Dd%25/q=5",
				"p=y%3Az/q=2",
			]),
		);
		expect(files().filter((name) => name.endsWith("_SUCCESS"))).toHaveLength(5);
		const read1 = (await read(of)).rows as Row[];
		expect(read1.sort()).toEqual(rows.map((row) => (row[2] === "" ? [row[0], row[1], null, row[3]] : row)) as Row[]);
	});

	test("a partition is complete when the watermark has passed its time", async () => {
		const of = csv(
			"a INT, dt STRING, hm STRING",
			{
				"partition.time-extractor.timestamp-pattern": "$dt $hm:00",
				"sink.partition-commit.trigger": "partition-time",
				"sink.partition-commit.delay": "1 min",
				"sink.partition-commit.policy.kind": "success-file",
			},
			{ partitionKeys: ["dt", "hm"] },
		);
		await write(
			of,
			[
				[
					[1, "2024-01-02", "10:00"],
					[2, "2024-01-02", "10:01"],
				],
			],
			{ watermark: Date.UTC(2024, 0, 2, 10, 1) },
		);
		expect(existsSync(join(folder, "dt=2024-01-02/hm=10%3A00/_SUCCESS"))).toBe(true);
		expect(existsSync(join(folder, "dt=2024-01-02/hm=10%3A01/_SUCCESS"))).toBe(false);
	});

	test("overwrite replaces the table, or the partitions written", async () => {
		const plain = csv("a INT");
		await write(plain, [[[1]]]);
		await write(plain, [[[2]]]);
		expect((await read(plain)).rows.sort()).toEqual([[1], [2]]);
		await write(plain, [[[3]]], { overwrite: true });
		expect((await read(plain)).rows).toEqual([[3]]);
		const partitioned = csv("a INT, p INT", { path: join(folder, "parts") }, { partitionKeys: ["p"] });
		await write(partitioned, [
			[
				[1, 1],
				[2, 2],
			],
		]);
		await write(partitioned, [[[9, 1]]], { overwrite: true });
		expect((await read(partitioned)).rows.sort()).toEqual([
			[2, 2],
			[9, 1],
		]);
	});

	test("files roll by size and age", async () => {
		let clock = 0;
		const of = csv("b STRING", {
			"sink.rolling-policy.file-size": "1 mb",
			"sink.rolling-policy.rollover-interval": "10 s",
		});
		const rows = Array.from({ length: 20_000 }, (_, i): Row => [String(i).padStart(99, "x")]);
		await write(of, [rows, rows, rows], {
			now: () => {
				clock += 1;
				return clock;
			},
		});
		expect(files().length).toBeGreaterThan(1);
		expect((await read(of)).rows).toHaveLength(60_000);
	});

	test("changes need a format that can hold them", () => {
		expect(checkTable(csv("a INT")).sink!.accepts(csv("a INT"))).toBe("insert");
		const debezium = csv("a INT", { format: "debezium-json" });
		expect(checkTable(debezium).sink!.accepts(debezium)).toBe("retract");
	});
});

describe("options", () => {
	test.each([
		[{ "csv.field-delimeter": ";" }, "UNKNOWN_OPTION", "Did you mean 'csv.field-delimiter'?"],
		[{ "json.ignore-parse-errors": "true" }, "UNKNOWN_OPTION", "json.ignore-parse-errors"],
		[{ format: "cvs" }, "UNKNOWN_OBJECT", "Did you mean 'csv'?"],
		[{ "csv.allow-comments": "maybe" }, "INVALID_OPTION", "true or false"],
		[{ "sink.rolling-policy.file-size": "big" }, "INVALID_OPTION", "128 mb"],
		[{ "sink.partition-commit.policy.kind": "metastore" }, "INVALID_OPTION", "success-file"],
		[{ "auto-compaction": "true" }, "UNSUPPORTED", "auto-compaction"],
		[{ path: "s3://bucket/x" }, "INVALID_OPTION", "file://"],
		[{ "csv.quote-character": "''" }, "INVALID_OPTION", "one character"],
	])("%j", async (options, code, text) => {
		put("f", "1\n");
		const error = await failure(async () => {
			const of = csv("a INT", options as Record<string, string>);
			describeTable(of);
			await read(of);
		});
		expect(error.code).toBe(code);
		expect(error.message).toContain(text);
	});

	test("path and format are needed", async () => {
		const path = await failure(() => checkTable(table("a INT", { connector: "filesystem", format: "csv" })));
		expect(path.message).toContain("'path'");
		const format = await failure(() => checkTable(table("a INT", { connector: "filesystem", path: "/x" })));
		expect([format.code, format.message]).toEqual(["MISSING_OPTION", expect.stringContaining("'format'")]);
	});
});

test("the nexmark events through JSON lines", async () => {
	const path = put("e.json", readFileSync("test/golden/sql/data/nst.jsonl", "utf8"));
	const of = table(
		"id INT, usr ROW<name STRING, age INT, addr ROW<city STRING, zip STRING>>, tags ARRAY<STRING>, items ARRAY<ROW<sku STRING, n INT>>, attrs MAP<STRING, INT>, ts TIMESTAMP(3)",
		{ connector: "filesystem", path, format: "json" },
	);
	const [first] = (await read(of)).rows;
	expect(first).toEqual([
		1,
		["eve", 40, ["Rome", "002"]],
		["green", "blue", null],
		[["s3", 2]],
		[
			["h", 1],
			["q", null],
			["w", null],
		],
		Date.UTC(2024, 0, 1, 0, 0, 3),
	]);
});
