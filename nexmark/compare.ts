// Two reports beside each other: how much faster each query became, and whether that is more than the runs differ among themselves.
import { readFileSync } from "node:fs";
import { EngineError } from "../src/errors.js";
import { changedOperators } from "./operators.js";
import type { QueryResult, Report } from "./report.js";
import { geometricMean } from "./statistics.js";
import { count } from "./table.js";

export function readReport(file: string): Report {
	let value: Partial<Report>;
	try {
		value = JSON.parse(readFileSync(file, "utf8")) as Partial<Report>;
	} catch (cause) {
		throw new EngineError("INVALID_OPTION", `'${file}' cannot be read as a report: ${(cause as Error).message}`, {
			expected: "a file that --json wrote",
		});
	}
	if (value.schema === "millrace-nexmark/1") return value as Report;
	throw new EngineError("INVALID_OPTION", `'${file}' is not a report of the Nexmark suite`, {
		expected: "a file that --json wrote",
	});
}

/** Events/s/core of the slowest and the fastest run. */
function rangeOf({ events, runs }: QueryResult): readonly [number, number] {
	const speeds = runs.map(({ cpuSeconds }) => events / cpuSeconds);
	return [Math.min(...speeds), Math.max(...speeds)];
}

/** A change counts when the ranges of the runs do not overlap. */
function verdictOf(old: QueryResult, now: QueryResult): string {
	const [oldLeast, oldMost] = rangeOf(old);
	const [nowLeast, nowMost] = rangeOf(now);
	if (nowLeast > oldMost) return "faster";
	return nowMost < oldLeast ? "slower" : "no change";
}

/** Half the distance between a result's extreme runs, in percent of its median. */
function spreadOf(result: QueryResult): string {
	const [least, most] = rangeOf(result);
	return `±${((50 * (most - least)) / result.eventsPerSecondPerCore).toFixed(0)}%`;
}

/** One line per query and engine that both have, in K events/s/core, and below it the operators whose cost changed. */
export function comparison(before: Report, after: Report): string {
	const ratios: number[] = [];
	const lines = after.results.flatMap((now) => {
		const old = before.results.find(({ query, engine }) => query === now.query && engine === now.engine);
		if (!old) return [];
		const ratio = now.eventsPerSecondPerCore / old.eventsPerSecondPerCore;
		if (now.engine === "wasm") ratios.push(ratio);
		const side = (result: QueryResult) =>
			`${count(result.eventsPerSecondPerCore / 1000).padStart(9)} ${spreadOf(result).padStart(5)}`;
		const verdict = verdictOf(old, now);
		const note = old.events === now.events ? "" : ` (${count(old.events)} and ${count(now.events)} events)`;
		return [
			`${now.query.padEnd(7)}${now.engine.padEnd(9)}${side(old)}${side(now)}  × ${ratio.toFixed(2)}  ${verdict}${note}`,
			...(verdict === "no change" ? [] : changedOperators(old, now)),
		];
	});
	const mean = ratios.length === 0 ? [] : [`geometric mean, wasm: × ${geometricMean(ratios).toFixed(2)}`];
	return ["query  engine   before, K events/s/core, after", ...lines, ...mean].join("\n");
}
