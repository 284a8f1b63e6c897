// The events behind Flink's golden results: options of the generator that make them, and the same events as JSON lines; and the results.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { AUCTION, BID, PERSON } from "./events.js";

export interface GoldenResult {
	readonly id: string;
	readonly rows: number;
	readonly sha256: string;
}

/** Row counts and digests of the tables that a real Flink 2.3 computed, by query. */
export function goldenResults(file: "results" | "results-1m"): ReadonlyMap<string, GoldenResult> {
	const lines = readFileSync(`test/golden/nexmark/${file}.jsonl`, "utf8").trim().split("\n");
	return new Map(lines.map((line) => JSON.parse(line) as GoldenResult).map((result) => [result.id, result]));
}

/** Options of the pinned stream (seeds 1, 2, 3) with so many events a second of event time. */
export const pinned = (rate: number) => ({
	"generator.mode": "stream",
	seed: "1",
	"first-event.rate": String(rate),
	"base-time": "1436918400000",
});

/** The lines of test/golden/nexmark/events-20k.tsv.gz. */
export const goldenLines = () =>
	gunzipSync(readFileSync("test/golden/nexmark/events-20k.tsv.gz")).toString().trimEnd().split("\n");

const EVENTS = { P: ["person", PERSON], A: ["auction", AUCTION], B: ["bid", BID] } as const;

/** A golden line (its letter and its fields, tab-separated) as a line of JSON for the suite's table. */
export function eventJson(line: string): string {
	const [letter, ...values] = line.split("\t") as [keyof typeof EVENTS, ...string[]];
	const [column, { fields }] = EVENTS[letter];
	const members = fields.map(({ name, type }, i) => `${JSON.stringify(name)}:${jsonValue(type.kind, values[i]!)}`);
	return `{"event_type":${Object.keys(EVENTS).indexOf(letter)},"${column}":{${members.join(",")}}}\n`;
}

function jsonValue(kind: string, text: string): string {
	if (kind === "BIGINT") return text;
	if (kind === "VARCHAR") return JSON.stringify(text);
	return `"${new Date(Number(text)).toISOString().replace("T", " ").replace("Z", "")}"`;
}

/** q13's side input as Flink had it: 10 000 lines `i,vi`. */
export function writeSideInput(folder: string): void {
	const lines = Array.from({ length: 10_000 }, (_, i) => `${i},v${i}\n`);
	writeFileSync(join(folder, "side-input.csv"), lines.join(""));
}
