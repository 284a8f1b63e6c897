// `millrace nexmark` as a user meets it: what it prints, what the JSON holds, what it says about mistakes, how it stops.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseAtLeast, parseEngines, parseQueries, parseSource, type Report } from "../../nexmark/index.js";

const main = join(import.meta.dirname, "..", "..", "dist", "src", "cli", "main.js");
const folder = mkdtempSync(join(tmpdir(), "millrace-cli-"));
const file = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

interface Finished {
	readonly code: number | null;
	readonly out: string;
	readonly error: string;
}

/** `onError` sees standard error as it comes. */
function millrace(args: readonly string[], onError?: (text: string, interrupt: () => void) => void): Promise<Finished> {
	const child = spawn(process.execPath, [main, "nexmark", ...args]);
	let out = "";
	let error = "";
	child.stdout.on("data", (data) => {
		out += data;
	});
	child.stderr.on("data", (data) => {
		error += data;
		onError?.(error, () => child.kill("SIGINT"));
	});
	return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, error })));
}

const reportIn = (name: string) => JSON.parse(readFileSync(file(name), "utf8")) as Report;

test("runs queries with both engines, verified, and writes what docs/nexmark.md describes", async () => {
	const { code, out, error } = await millrace([
		"--queries",
		"q2,q12,cep-q1",
		"--events",
		"20K",
		"--runs",
		"2",
		"--verify",
		"--json",
		file("one.json"),
	]);
	expect(code).toBe(0);
	expect(error.match(/^(q2|q12|cep-q1) +ok .* rows, sha256 /gm)).toHaveLength(3);
	for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
	expect(out).toContain("Node v");
	expect(out).toMatch(/^q2 +wasm +20K .*yes$/m);
	expect(out).toMatch(/^geometric mean of 2 queries: [\d,]+ K events\/s\/core, × baseline /m);
	expect(out).toMatch(/^geometric mean of 1 pattern query:/m);
	const report = reportIn("one.json");
	expect(Object.keys(report)).toEqual([
		"schema",
		"machine",
		"versions",
		"options",
		"results",
		"verifications",
		"failures",
		"geomeanRatio",
	]);
	expect(report.results.map(({ query, engine }) => `${query} ${engine}`)).toEqual(
		["q2", "q12", "cep-q1"].flatMap((query) => [`${query} wasm`, `${query} baseline`]),
	);
	const documented = readFileSync("docs/nexmark.md", "utf8");
	for (const result of report.results) {
		for (const name of Object.keys(result)) expect(documented).toContain(name);
		expect(result).toMatchObject({ parallelism: 1, events: 20_000, verified: true, latencyMs: null });
		expect(result.runs).toHaveLength(2);
		expect(result.eventsPerSecondPerCore).toBeCloseTo(20_000 / result.cpuSeconds);
		if (result.engine === "baseline") expect(result.peakStateBytes).toBeNull();
	}
	expect(report.geomeanRatio).toBeGreaterThan(0);
});

test("the verification of pinned events has the digest of Flink's table", async () => {
	const golden = readFileSync("test/golden/nexmark/results.jsonl", "utf8").split("\n");
	const flink = JSON.parse(golden.find((line) => line.includes('"id": "q5"'))!) as { rows: number; sha256: string };
	const pinned = ["--source", "generator.mode=stream", "--source", "first-event.rate=100", "--events", "20K"];
	await millrace(["--queries", "q5", "--verify", "--runs", "0", ...pinned, "--json", file("pinned.json")]);
	const [verification] = reportIn("pinned.json").verifications;
	expect(verification!.digests.wasm).toEqual({ rows: flink.rows, sha256: flink.sha256 });
});

test("compares two files and prints Markdown without running", async () => {
	await millrace(["--queries", "q1,q2", "--events", "5K", "--runs", "1", "--json", file("two.json")]);
	const compared = await millrace(["--compare", file("two.json"), file("two.json")]);
	expect(compared.out).toMatch(/^q1 +wasm +[\d,]+ +±0% +[\d,]+ +±0% +× 1\.00 +no change$/m);
	expect(compared.out).toContain("geometric mean, wasm: × 1.00");
	const markdown = await millrace(["--markdown", file("two.json")]);
	expect(markdown.out).toMatch(/^\| q1 \| 5K \|/m);
	expect(markdown.out).toContain("× Flink");
	expect((await millrace(["--compare", "package.json"])).error).toContain("a file that --json wrote");
});

test("a limited rate gives latencies", async () => {
	const args = ["--queries", "q0", "--rate", "2K", "--events", "4K", "--json", file("rate.json")];
	const { out } = await millrace(args);
	expect(out).toMatch(/p50 ms +p99 ms +max ms$/m);
	const [result] = reportIn("rate.json").results;
	expect(result!.seconds).toBeGreaterThan(2);
	expect(result!.latencyMs!.p50).toBeGreaterThan(0);
	expect(result!.latencyMs!.max).toBeLessThan(10_000);
});

test.each([
	[() => parseQueries("q55"), "Did you mean 'q5'?"],
	[() => parseQueries("ceq"), "Did you mean 'cep'?"],
	[() => parseAtLeast(1, "0", "--events"), "--events cannot be 0; expected a number from 1"],
	[() => parseAtLeast(1, "many", "--events"), "expected a number such as 500K or 10M"],
	[() => parseAtLeast(0, "1.5", "--runs"), "is not a whole number"],
	[() => parseEngines("wsam"), "Did you mean 'wasm'?"],
	[() => parseSource(["sede=4"]), "Did you mean 'seed'?"],
	[() => parseSource(["first-event.rate=fast"]), "'first-event.rate'"],
])("%s is refused", (parse, message) => {
	expect(parse).toThrow(message);
});

test("an option that does not exist is refused", async () => {
	const { code, out, error } = await millrace(["--qeries", "q5"]);
	expect(code).not.toBe(0);
	expect(out).toBe("");
	expect(error).toContain("Did you mean --queries?");
});

test.each([
	[["--json", "/nowhere/report.json"], "INVALID_OPTION: --json: ENOENT"],
	[["--json", "."], "is a folder"],
	[["--input", "/nowhere/events.jsonl"], "INVALID_OPTION: --input: ENOENT"],
	[["--input", "package.json", "--source", "seed=7"], "--source is for generated events"],
	[["--input", "package.json", "--events", "5K"], "Leave out --events or --input"],
	[["--compare", "test/cli/no.json"], "a file that --json wrote"],
	[["--engine", "baseline", "--operators"], "Add wasm to --engine"],
])("%s is refused before anything runs", async (args, message) => {
	const { code, out, error } = await millrace(args);
	expect(code).toBe(2);
	expect(out).toBe("");
	expect(error).toContain(message);
});

test("events from a file are counted", async () => {
	const events = Array.from({ length: 600 }, (_, i) => {
		const bid = {
			auction: i,
			bidder: 1,
			price: 100,
			channel: "c",
			url: "u",
			dateTime: "2015-07-15 00:00:00.000",
			extra: "",
		};
		return JSON.stringify({ event_type: 2, person: null, auction: null, bid });
	});
	writeFileSync(file("events.jsonl"), events.join("\n"));
	await millrace([
		"--queries",
		"q0",
		"--input",
		file("events.jsonl"),
		"--engine",
		"wasm",
		"--json",
		file("input.json"),
	]);
	expect(reportIn("input.json").results).toMatchObject([{ query: "q0", events: 600, resultRows: 600 }]);
});

test("Ctrl-C prints what is done", async () => {
	let sent = false;
	const { code, out } = await millrace(
		["--queries", "q0,q1", "--events", "3M", "--runs", "1", "--engine", "wasm", "--json", file("stopped.json")],
		(text, stop) => {
			if (sent || !text.includes("q0 wasm")) return;
			sent = true;
			stop();
		},
	);
	expect(code).toBe(130);
	expect(out).toMatch(/^q0 +wasm +3M/m);
	expect(out).not.toMatch(/^q1/m);
	expect(reportIn("stopped.json").results).toMatchObject([{ query: "q0", events: 3_000_000 }]);
});

test("lists the queries", async () => {
	const { out } = await millrace(["--list"]);
	expect(out.trim().split("\n")).toHaveLength(28);
	expect(out).toMatch(/^cep-q3 +A drop of more than 50/m);
});

test("tells where the time of a query went", async () => {
	const { code, out } = await millrace([
		...["--queries", "q5", "--events", "50K", "--runs", "1", "--engine", "wasm", "--operators"],
		...["--json", file("operators.json")],
	]);
	expect(code).toBe(0);
	expect(out).toMatch(/^operator +rows in +rows out +busy ms +share +ns\/row +back-pressured ms +idle ms +MiB$/m);
	expect(out).toMatch(/^TableSourceScan\(.* 50,000 .*%/m);
	const { operators, resultRows } = reportIn("operators.json").results[0]!;
	// 46 of every 50 events are bids.
	const aggregate = operators!.find(({ operator }) => operator === "WindowAggregate")!;
	expect(aggregate.rowsIn).toBe(46_000);
	expect(aggregate.busyMs).toBeGreaterThan(0);
	expect(operators!.at(-1)).toMatchObject({ operator: "Sink", rowsIn: resultRows });
});
