// A report as text: the table on screen (at most 100 columns wide) and the Markdown table of docs/nexmark.md.
import { operatorTable } from "../src/cli/operator-table.js";
import { FLINK_EVENTS_PER_SECOND_PER_CORE } from "./flink-figures.js";
import { isCounted, type QueryResult, type Report, ratiosByQuery } from "./report.js";
import { geometricMean } from "./statistics.js";

/** Of a cell's text: left or right in its column. */
type Align = "left" | "right";

interface Column {
	readonly head: string;
	readonly align: Align;
	readonly cell: (result: QueryResult) => string;
}

const left = (head: string, cell: Column["cell"]): Column => ({ head, align: "left", cell });
const right = (head: string, cell: Column["cell"]): Column => ({ head, align: "right", cell });

export function reportTable(report: Report): string {
	const { machine, versions, options, results, verifications, failures } = report;
	const host = `${machine.cpu}, ${machine.cores} cores, ${machine.os}, Node ${versions.node}, Millrace ${versions.millrace}`;
	const method =
		`median of ${options.runs} interleaved ${options.runs === 1 ? "run" : "runs"} after a warm-up; parallelism ${options.parallelism}` +
		(options.rate === undefined ? "" : `; ${shortCount(options.rate)} events/s`);
	const parts = results.length === 0 ? [host] : [host, method, textTable(screenColumns(report), results)];
	if (verifications.length > 0) parts.push(verifications.map(verificationLine).join("\n"));
	if (results.length > 0) parts.push(summary(report));
	parts.push(...failures.map(({ query, error }) => `${query} failed: ${error}`));
	return parts.filter((part) => part !== "").join("\n");
}

function screenColumns({ options, results }: Report): Column[] {
	const ratios = ratiosByQuery(results);
	const shared = [
		left("query", ({ query }) => query),
		left("engine", ({ engine }) => engine),
		right("events", ({ events }) => shortCount(events)),
		right("s", ({ seconds }) => seconds.toFixed(2)),
		right("cores", (result) => (result.cpuSeconds / result.seconds).toFixed(2)),
		right("K ev/s", ({ eventsPerSecond }) => count(eventsPerSecond / 1000)),
		right("K ev/s/core", ({ eventsPerSecondPerCore }) => count(eventsPerSecondPerCore / 1000)),
		right("state MiB", ({ peakStateBytes }) => (peakStateBytes === null ? "–" : (peakStateBytes / 2 ** 20).toFixed(1))),
		right("rows", ({ resultRows }) => count(resultRows)),
	];
	if (options.rate !== undefined) {
		const latency = (pick: "p50" | "p99" | "max") =>
			right(`${pick} ms`, ({ latencyMs }) => (latencyMs ? latencyMs[pick].toFixed(0) : "–"));
		return [...shared, latency("p50"), latency("p99"), latency("max")];
	}
	return [
		...shared,
		right("× baseline", ({ query, engine }) => (engine === "wasm" ? (ratios.get(query)?.toFixed(1) ?? "") : "")),
		left("verified", ({ verified }) => (verified === null ? "–" : verified ? "yes" : "NO")),
	];
}

/** Where the time of each query went, operator by operator. */
export const operatorTables = ({ results }: Report): string =>
	results
		.flatMap(({ query, operators }) => (operators === null ? [] : [`${query}\n${operatorTable(operators)}`]))
		.join("\n\n");

export function verificationLine({ query, events, verified, digests }: Report["verifications"][number]): string {
	const { wasm, baseline } = digests;
	const found = `${query.padEnd(7)}${verified ? "ok     " : "DIFFERS"}  ${shortCount(events)} events`;
	if (verified) return `${found}, ${count(wasm.rows)} rows, sha256 ${wasm.sha256.slice(0, 16)}…`;
	const side = ({ rows, sha256 }: typeof wasm) => `${count(rows)} rows ${sha256.slice(0, 8)}…`;
	return `${found}, wasm ${side(wasm)}, baseline ${side(baseline)}`;
}

/** Geometric means over q0 … q23 and over the pattern-matching queries. */
function summary({ results }: Report): string {
	const line = (name: string, some: readonly QueryResult[]) => {
		const wasm = some.filter(({ engine }) => engine === "wasm");
		const ratios = [...ratiosByQuery(some).values()];
		const speed = geometricMean((wasm.length > 0 ? wasm : some).map((one) => one.eventsPerSecondPerCore / 1000));
		const ratio =
			ratios.length === 0
				? ""
				: `, × baseline ${geometricMean(ratios).toFixed(1)} (least ${Math.min(...ratios).toFixed(1)})`;
		const queries = new Set(some.map(({ query }) => query)).size;
		const named = `${queries} ${name}${queries === 1 ? "y" : "ies"}`;
		return some.length === 0 ? "" : `geometric mean of ${named}: ${count(speed)} K events/s/core${ratio}`;
	};
	const isPattern = (result: QueryResult) => !isCounted(result);
	return [line("quer", results.filter(isCounted)), line("pattern quer", results.filter(isPattern))]
		.filter((text) => text !== "")
		.join("\n");
}

/** The table of docs/nexmark.md: each query beside the baseline and what Flink was measured at. */
export function markdownTable({ machine, versions, options, results }: Report): string {
	const ratios = ratiosByQuery(results);
	const wasm = results.filter(({ engine }) => engine === "wasm");
	const toFlink = ({ query, eventsPerSecondPerCore }: QueryResult) => {
		const flink = FLINK_EVENTS_PER_SECOND_PER_CORE[query];
		return flink === undefined ? undefined : eventsPerSecondPerCore / flink;
	};
	const rows = wasm.map((result) => {
		const flink = FLINK_EVENTS_PER_SECOND_PER_CORE[result.query];
		const cells = [
			result.query,
			shortCount(result.events),
			count(result.eventsPerSecond / 1000),
			count(result.eventsPerSecondPerCore / 1000),
			result.peakStateBytes === null ? "–" : (result.peakStateBytes / 2 ** 20).toFixed(1),
			count(result.resultRows),
			flink === undefined ? "–" : (flink / 1000).toFixed(flink < 10_000 ? 1 : 0),
			toFlink(result)?.toFixed(1) ?? "–",
			ratios.get(result.query)?.toFixed(1) ?? "–",
		];
		return `| ${cells.join(" | ")} |`;
	});
	const mean = (values: readonly (number | undefined)[]) => {
		const known = values.filter((value) => value !== undefined);
		return known.length === 0 ? "–" : geometricMean(known).toFixed(1);
	};
	const counted = wasm.filter(isCounted);
	return [
		`${machine.cpu}, ${machine.cores} cores, ${machine.os}, Node ${versions.node}, Millrace ${versions.millrace}${versions.commit ? ` at ${versions.commit.slice(0, 12)}` : ""}; ` +
			`parallelism ${options.parallelism}, median of ${options.runs} ${options.runs === 1 ? "run" : "runs"}.`,
		"",
		"| query | events | K events/s | K events/s/core | state MiB | rows | Flink K events/s/core | × Flink | × baseline |",
		"|---|--:|--:|--:|--:|--:|--:|--:|--:|",
		...rows,
		`| geometric mean, q0–q23 | | | ${count(geometricMean(counted.map((one) => one.eventsPerSecondPerCore / 1000)))} | | | | ` +
			`${mean(counted.map(toFlink))} | ${mean(counted.map(({ query }) => ratios.get(query)))} |`,
	].join("\n");
}

function textTable(columns: readonly Column[], results: readonly QueryResult[]): string {
	const lines = [columns.map(({ head }) => head), ...results.map((result) => columns.map(({ cell }) => cell(result)))];
	const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
	const padded = (text: string, i: number) =>
		columns[i]!.align === "left" ? text.padEnd(widths[i]!) : text.padStart(widths[i]!);
	const [head, ...body] = lines.map((line) => line.map(padded).join("  ").trimEnd());
	return [head, widths.map((width) => "─".repeat(width)).join("  "), ...body].join("\n");
}

/** 10M, 500K, or the number itself where that would round it. */
export function shortCount(value: number): string {
	for (const [factor, suffix] of [
		[1e9, "G"],
		[1e6, "M"],
		[1e3, "K"],
	] as const) {
		if (value >= factor && Number.isInteger((value / factor) * 10)) return `${value / factor}${suffix}`;
	}
	return count(value);
}

export const count = (value: number): string => Math.round(value).toLocaleString("en-US");
