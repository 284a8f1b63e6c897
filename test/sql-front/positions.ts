// What the tests of the SQL front end share: trees without positions, the golden statements, seeded randomness.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parse, print } from "../../src/sql/index.js";

const golden = new URL("../golden/sql-front/", import.meta.url);

export function readGolden(name: string): string {
	const bytes = readFileSync(new URL(name, golden));
	return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

export function readLines<Row>(name: string): Row[] {
	const lines = readGolden(name).split("\n");
	return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Row);
}

/** The tree with positions left out, deeply. */
export function withoutPositions(node: unknown): unknown {
	if (Array.isArray(node)) return node.map(withoutPositions);
	if (node === null || typeof node !== "object") return node;
	const entries = Object.entries(node).filter(([key, value]) => key !== "position" && value !== undefined);
	return Object.fromEntries(entries.map(([key, value]) => [key, withoutPositions(value)]));
}

/** The trees of a text and of what is printed for it: they must be equal. */
export function roundTrip(sql: string): { tree: string; again: string; printed: string } {
	const statements = parse(sql);
	const printed = print(statements);
	const tree = JSON.stringify(withoutPositions(statements));
	return { tree, printed, again: JSON.stringify(withoutPositions(parse(printed))) };
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
