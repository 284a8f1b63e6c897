// What every benchmark of the project gives: a table on screen, and JSON of one shape.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { Figure } from "./runtime/figure.js";

/** Median of the rounds; spread is (slowest − fastest) / median. */
export interface Measurement {
	readonly case: string;
	readonly variant: string;
	readonly nsPerRow: number;
	readonly spread: number;
}

export interface Report {
	readonly schema: 1;
	readonly machine: {
		readonly cpu: string;
		readonly cores: number;
		readonly memoryGiB: number;
		readonly clock: string;
	};
	readonly versions: Readonly<Record<string, string>>;
	readonly rows: number;
	readonly results: readonly Measurement[];
	/** Of suites that hold something to a bound. */
	readonly figures?: readonly Figure[];
}

export type Clock = "wall" | "cpu";

export function reportOf(rows: number, clock: Clock, results: readonly Measurement[]): Report {
	const [cpu] = cpus();
	const memoryGiB = Math.round(totalmem() / 2 ** 30);
	return {
		schema: 1,
		machine: { cpu: cpu?.model ?? "unknown", cores: cpus().length, memoryGiB, clock },
		versions: { node: process.version, v8: process.versions.v8, ...packageVersions() },
		rows,
		results,
	};
}

/** The package's own version, commit and what it is compared with. */
function packageVersions(): Record<string, string> {
	// From bench/ as from dist/bench/.
	const root = ["..", "../.."]
		.map((up) => join(import.meta.dirname, up))
		.find((path) => existsSync(join(path, "package.json")))!;
	const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, string>;
	const versions: Record<string, string> = { millrace: own.version ?? "unknown" };
	const duckdb = join(root, "node_modules", "@duckdb", "node-api", "package.json");
	try {
		versions.duckdb = (JSON.parse(readFileSync(duckdb, "utf8")) as { version: string }).version;
		versions.commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
	} catch {
		versions.commit = "unknown";
	}
	return versions;
}

export const writeJson = (file: string, report: Report): void =>
	writeFileSync(file, `${JSON.stringify(report, undefined, "\t")}\n`);

/** One line per case, one column per variant, and how many times as long as `wasm` each of the others takes. */
export function markdown(results: readonly Measurement[]): string {
	const variants = [...new Set(results.map((result) => result.variant))];
	const others = variants.filter((variant) => variant !== "wasm");
	const head = ["ns/row", ...variants, ...others.map((variant) => `${variant} ÷ wasm`)];
	const lines = [...new Set(results.map((result) => result.case))].map((name) => {
		const found = (variant: string) => results.find((result) => result.case === name && result.variant === variant);
		const wasm = found("wasm")?.nsPerRow;
		const times = variants.map((variant) => figure(found(variant)));
		const ratios = others.map((variant) => {
			const other = found(variant)?.nsPerRow;
			return wasm === undefined || other === undefined ? "" : `${(other / wasm).toFixed(2)}×`;
		});
		return [name, ...times, ...ratios];
	});
	return [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...lines]
		.map((row) => `| ${row.join(" | ")} |`)
		.join("\n");
}

function figure(result: Measurement | undefined): string {
	if (!result) return "";
	const digits = result.nsPerRow < 10 ? 2 : 1;
	return `${result.nsPerRow.toFixed(digits)} ±${Math.round(result.spread * 50)}%`;
}
