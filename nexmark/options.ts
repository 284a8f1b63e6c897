// Options of the Nexmark harness, parsed from text once and checked with clear errors.

import { configOf, NEXMARK_OPTIONS } from "../src/connectors/nexmark/options.js";
import { EngineError, nearestName } from "../src/errors.js";
import { allQueries } from "./queries.js";
import { selectQueries, unknownName } from "./selection.js";

export type HarnessEngine = "wasm" | "baseline";

export interface HarnessOptions {
	readonly queries: readonly string[];
	readonly events: number;
	readonly parallelism: number;
	readonly engines: readonly HarnessEngine[];
	/** Measured runs per query and engine. 0: nothing is measured, only verified. */
	readonly runs: number;
	/** Events per second; absent: as fast as possible. */
	readonly rate?: number | undefined;
	readonly verify: boolean;
	/** All columns are generated, not only those that a query reads. */
	readonly fullEvents: boolean;
	/** Further options of the source. */
	readonly source: Readonly<Record<string, string>>;
	/** Absolute path of events as JSON lines, read instead of generated. */
	readonly input?: string | undefined;
}

/** A whole number from `least` on, with the suffixes of `parseCount`. */
export function parseAtLeast(least: number, text: string, option: string): number {
	const value = parseCount(text, option);
	if (value >= least) return value;
	throw new EngineError("INVALID_OPTION", `${option} cannot be ${text}`, { expected: `a number from ${least}` });
}

/** "seed=7" items → options of the source; names are checked against the connector's. */
export function parseSource(items: readonly string[]): Record<string, string> {
	const options: Record<string, string> = {};
	for (const item of items) {
		const split = item.indexOf("=");
		if (split < 1) {
			throw new EngineError("INVALID_OPTION", `--source: '${item}' is not an option`, {
				expected: "name=value, e.g. seed=7",
			});
		}
		const name = item.slice(0, split).trim();
		if (!(name in NEXMARK_OPTIONS)) {
			const near = nearestName(name, Object.keys(NEXMARK_OPTIONS));
			throw new EngineError("INVALID_OPTION", `--source: the generator has no option '${name}'`, {
				expected: "an option that docs/nexmark.md lists",
				...(near === undefined ? {} : { remedy: `Did you mean '${near}'?` }),
			});
		}
		options[name] = item.slice(split + 1).trim();
	}
	configOf(options);
	return options;
}

/** "10M" → 10 000 000; suffixes K, M, G. */
export function parseCount(text: string, option: string): number {
	const match = /^(\d+(?:\.\d+)?)([KMG]?)$/i.exec(text.trim());
	if (!match) {
		throw new EngineError("INVALID_OPTION", `${option}: '${text}' is not a count`, {
			expected: "a number such as 500K or 10M",
		});
	}
	const factor = { "": 1, K: 1e3, M: 1e6, G: 1e9 }[match[2]!.toUpperCase()]!;
	const value = Number(match[1]) * factor;
	if (Number.isSafeInteger(value)) return value;
	throw new EngineError("INVALID_OPTION", `${option}: '${text}' is not a whole number`, {
		expected: "a number such as 500K or 10M",
	});
}

/** "q0,q5-q8,cep" → query names in suite order. "all" is the whole suite. */
export function parseQueries(text: string): string[] {
	const names = allQueries();
	const patterns = names.filter((name) => name.startsWith("cep"));
	return selectQueries(text, names, "names and ranges such as q0,q5-q8,cep or all", new Map([["cep", patterns]]));
}

export function parseEngines(text: string): HarnessEngine[] {
	const engines = text.split(",").map((item): HarnessEngine => {
		const name = item.trim();
		if (name === "wasm" || name === "baseline") return name;
		throw unknownName("--engine", "engine", name, ["wasm", "baseline"], "wasm, baseline or both");
	});
	return [...new Set(engines)];
}
