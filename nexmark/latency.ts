// Event-to-result latency of throttled runs: the scripts' blackhole sinks become `latency` sinks, whose samples are summed up here.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { LatencySamples } from "../src/connectors/latency.js";

/** Milliseconds from when an event was due to when a result that follows from it reached the sink, beyond the watermark delay. */
export interface Latency {
	/** Results that were measured. */
	readonly rows: number;
	readonly p50: number;
	readonly p99: number;
	readonly max: number;
}

/** The watermark delay of ddl.sql. */
const DELAY = "4 s";

export const withLatencySink = (script: string, folder: string): string =>
	script.replaceAll("'connector' = 'blackhole'", `'connector' = 'latency', 'path' = '${folder}', 'delay' = '${DELAY}'`);

/** The latency over all subtasks of the sink; undefined when there is none, or no results came. Removes the folder. */
export function takeLatency(folder: string): Latency | undefined {
	if (!existsSync(folder)) return undefined;
	const samples = readdirSync(folder).flatMap(
		(file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as LatencySamples,
	);
	rmSync(folder, { recursive: true });
	return latencyOf(samples);
}

export function latencyOf(samples: LatencySamples): Latency | undefined {
	const sorted = [...samples].sort(([left], [right]) => left - right);
	const rows = sorted.reduce((sum, [, count]) => sum + count, 0);
	if (rows === 0) return undefined;
	const quantile = (share: number) => {
		let seen = 0;
		for (const [ms, count] of sorted) {
			seen += count;
			if (seen >= share * rows) return ms;
		}
		return sorted.at(-1)![0];
	};
	return { rows, p50: quantile(0.5), p99: quantile(0.99), max: sorted.at(-1)![0] };
}
