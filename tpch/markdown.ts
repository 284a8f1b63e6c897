// A report as the table of docs/tpch.md, and reports read from files.
import { readFileSync } from "node:fs";
import { EngineError } from "../src/errors.js";
import type { HarnessEngine } from "./options.js";
import type { Report } from "./report.js";

export function readReport(file: string): Report {
	const found: Partial<Report> = JSON.parse(readFileSync(file, "utf8"));
	if (found.schema === "millrace-tpch/1") return found as Report;
	throw new EngineError("INVALID_OPTION", `${file} is no result of millrace tpch`, {
		expected: "a file that `millrace tpch --json` wrote",
	});
}

const milliseconds = (seconds: number) => (seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0);

export function markdownTable({ machine, versions, options, results, engines, peakMemoryBytes }: Report): string {
	const others = options.engines.filter((engine) => engine !== "wasm");
	const secondsOf = (query: string, engine: HarnessEngine) =>
		results.find((result) => result.query === query && result.engine === engine)?.seconds;
	const rows = options.queries.flatMap((query) => {
		const own = results.filter((result) => result.query === query);
		if (own.length === 0) return [];
		const wasm = secondsOf(query, "wasm");
		const cells = options.engines.map((engine) => cell(secondsOf(query, engine)));
		const ratios = others.map((engine) => ratio(secondsOf(query, engine), wasm));
		const verified = own.every((result) => result.verified === true);
		return [line([query, ...cells, ...ratios, String(own[0]!.rows), verified ? "yes" : "–"])];
	});
	const total = options.engines.map((engine) => cell(engines.find((one) => one.engine === engine)?.totalSeconds));
	const geomean = options.engines.map((engine) => cell(engines.find((one) => one.engine === engine)?.geomeanSeconds));
	const wasmTotal = engines.find(({ engine }) => engine === "wasm")?.totalSeconds;
	const totalRatios = others.map((name) =>
		ratio(engines.find(({ engine }) => engine === name)?.totalSeconds, wasmTotal),
	);
	const meanRatios = others.map((name) => {
		const found = engines.find(({ engine }) => engine === name)?.geomeanToWasm;
		return found == null ? "–" : found.toFixed(2);
	});
	const commit = versions.commit ? ` at ${versions.commit.slice(0, 12)}` : "";
	return [
		`${machine.cpu}, ${machine.cores} cores, ${machine.os}, Node ${versions.node}, Millrace ${versions.millrace}${commit}; ` +
			`SF ${options.scaleFactor}, ${options.mode}, parallelism ${options.parallelism}, medians of ${options.runs} runs, ` +
			`peak memory of the process ${(peakMemoryBytes / 2 ** 20).toFixed(0)} MiB.`,
		"",
		line([
			"query",
			...options.engines.map((engine) => `${engine} ms`),
			...others.map((e) => `${e} ÷ wasm`),
			"rows",
			"verified",
		]),
		`|---|${"--:|".repeat(options.engines.length + others.length + 1)}---|`,
		...rows,
		line(["total", ...total, ...totalRatios, "", ""]),
		line(["geometric mean", ...geomean, ...meanRatios, "", ""]),
	].join("\n");
}

const cell = (seconds: number | undefined) => (seconds === undefined ? "–" : milliseconds(seconds));

const ratio = (seconds: number | undefined, wasm: number | undefined) =>
	seconds === undefined || wasm === undefined ? "–" : (seconds / wasm).toFixed(2);

const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
