// Golden cases: a query, the statements that it needs, and what Flink answered.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export interface GoldenCase {
	readonly id: string;
	readonly mode?: "batch" | "streaming";
	readonly setup?: readonly string[];
	readonly query: string;
	readonly config?: Readonly<Record<string, string>>;
	readonly columns?: readonly { readonly name: string; readonly type: string }[];
	readonly error?: string;
}

/** The cases of a file under test/golden, plain or compressed. */
export function casesOf(name: string): GoldenCase[] {
	const file = new URL(`../golden/${name}`, import.meta.url);
	const bytes = readFileSync(file);
	const text = name.endsWith(".gz") ? gunzipSync(bytes).toString() : bytes.toString();
	return text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as GoldenCase);
}
