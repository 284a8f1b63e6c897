// Flink's own answers, end to end: every golden case runs through session, connectors and engine and must give the same columns and rows.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type ConformanceCase, parseCases } from "../../src/cli/conform/case-file.js";
import { differences } from "../../src/cli/conform/compare.js";
import { conform, runCase } from "../../src/cli/conform/run-cases.js";
import { DIFFERENCES } from "../golden/differences.js";

const FOLDER = fileURLToPath(new URL("../golden/sql", import.meta.url));
const casesOf = (name: string) => parseCases(gunzipSync(readFileSync(`${FOLDER}/${name}.jsonl.gz`)).toString(), FOLDER);

const otherwise = (engine: string): ReadonlySet<string> =>
	new Set(DIFFERENCES.flatMap(({ cases, ofKernels }) => (ofKernels && engine !== "wasm" ? [] : cases)));

describe.each([
	["relational", "wasm"],
	["relational", "baseline"],
	["scalar", "wasm"],
	["scalar", "baseline"],
	["more", "wasm"],
	["more", "baseline"],
	["variations", "wasm"],
	["scalar-more", "wasm"],
	["scalar-more", "baseline"],
	["unseen", "wasm"],
	["fresh", "wasm"],
	["fresh", "baseline"],
	["slices", "wasm"],
	["slices", "baseline"],
])("%s, %s", (name, engine) => {
	const listed = otherwise(engine);
	test.each(casesOf(name).map((one) => [one.id, one] as const))("%s", async (id, one) => {
		const { result, isTypedError } = await runCase(one, engine);
		const found = differences(one, result, isTypedError);
		if (listed.has(id)) expect(found, "listed as answered otherwise").not.toEqual([]);
		else expect(found, one.query).toEqual([]);
	});
});

const EXPECTED: ConformanceCase = {
	id: "x",
	query: "SELECT …",
	columns: [
		{ name: "k", type: "INT" },
		{ name: "v", type: "DOUBLE" },
	],
	rows: ["1\t0.1", "1\t0.1", "2\tNaN"],
};
const answer = (final: readonly string[]) => ({
	id: "x",
	columns: EXPECTED.columns!,
	final,
	rows: final.length,
	ms: 0,
});

test("rows compare as multisets, doubles numerically", () => {
	expect(differences(EXPECTED, answer(["2\tNaN", "1\t0.1", "1\t0.10000000000000001"]), false)).toEqual([]);
	expect(differences(EXPECTED, answer(["2\tNaN", "1\t0.1", "1\t0.2"]), false)).toEqual([
		"missing row: 1 | 0.1",
		"extra row:   1 | 0.2",
	]);
	expect(differences({ ...EXPECTED, ordered: true }, answer(["2\tNaN", "1\t0.1", "1\t0.1"]), false)).toHaveLength(2);
});

test("an expected error is any typed error, but no crash", () => {
	const failing = { ...EXPECTED, error: "ValidationException" };
	const crash = { id: "x", error: "TypeError", ms: 0 };
	expect(differences(failing, crash, true)).toEqual([]);
	expect(differences(failing, crash, false)).toEqual(["expected a typed error, got a crash: TypeError"]);
	expect(differences(failing, answer([]), false)).toHaveLength(1);
});

test("the command writes results in the form of the cases and counts", async () => {
	const folder = mkdtempSync(join(tmpdir(), "conform-"));
	try {
		const cases = [
			{ id: "good", query: "SELECT 'a\tb' AS x, CAST(NULL AS INT) AS n", columns: [], rows: ["a\\tb\tNULL"] },
			{ id: "bad", query: "SELECT 1 AS x", columns: [{ name: "x", type: "INT NOT NULL" }], rows: ["2"] },
			{ id: "open", query: "SELECT * FROM (VALUES (1), (2)) AS t(x)" },
		];
		cases[0]!.columns = [
			{ name: "x", type: "CHAR(3) NOT NULL" },
			{ name: "n", type: "INT" },
		] as never;
		writeFileSync(join(folder, "cases.jsonl"), cases.map((one) => JSON.stringify(one)).join("\n"));
		const lines: string[] = [];
		const results = join(folder, "results.jsonl");
		const { passed, failed } = await conform(join(folder, "cases.jsonl"), {
			results,
			engine: "baseline",
			print: (line) => lines.push(line),
		});
		expect({ passed, failed }).toEqual({ passed: 2, failed: ["bad"] });
		expect(lines.at(-1)).toBe("2 passed, 1 failed");
		expect(lines[0]).toContain("missing row: 2");
		const open = JSON.parse(readFileSync(results, "utf8").split("\n")[2]!);
		expect(open).toMatchObject({ id: "open", final: ["1", "2"], rows: 2, changes: 2, kinds: { "+I": 2 } });
	} finally {
		rmSync(folder, { recursive: true });
	}
});
