// docs/functions.md lists what the registry declares (`npx vitest run test/docs --update` rewrites it).
import { join } from "node:path";
import { expect, test } from "vitest";
import {
	AGGREGATE_FAMILIES,
	SCALAR_FAMILIES,
	scalarFunction,
	TABLE_FAMILIES,
	WINDOW_FUNCTIONS,
} from "../../src/functions/registry.js";

interface Documented {
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly family: string;
	readonly signatures: readonly string[];
	readonly doc: string;
	readonly example?: string;
	readonly nulls?: "strict" | "custom";
}

const TITLES: Readonly<Record<string, string>> = {
	aggregate: "Aggregates",
	window: "Functions that need an OVER clause",
	table: "Table functions",
};

test("functions.md", async () => {
	const all: readonly Documented[] = [
		...SCALAR_FAMILIES.flat(),
		...AGGREGATE_FAMILIES.flat(),
		...WINDOW_FUNCTIONS,
		...TABLE_FAMILIES.flat(),
	].filter(({ name }) => !name.startsWith("$"));
	const families = byFamily(all);
	const parts = [
		"# Functions",
		`The ${all.length} functions and operators that SQL knows, generated from their declarations; every example is run by a test. Names are case-insensitive. How they differ from Flink's, if they do, is in [flink-compatibility.md](flink-compatibility.md).`,
		"A NULL argument makes the result NULL unless the last column says *sees NULL*.",
		...[...families].map(([family, functions]) => section(family, functions)),
	];
	await expect(`${parts.join("\n\n")}\n`).toMatchFileSnapshot(join(import.meta.dirname, "../../docs/functions.md"));
});

function section(family: string, functions: readonly Documented[]): string {
	const title = TITLES[family] ?? `${family.charAt(0).toUpperCase()}${family.slice(1)}`;
	const rows = functions.map(({ name, aliases = [], signatures, doc, example, nulls }) => {
		const forms = signatures.map(code).join("<br>");
		const also = aliases.length === 0 ? "" : ` Also ${aliases.map(code).join(", ")}.`;
		const nullRule = nulls === "custom" && scalarFunction(name) ? "sees NULL" : "";
		return `| ${forms} | ${escaped(doc)}${also} | ${example === undefined ? "" : code(example)} | ${nullRule} |`;
	});
	return [`## ${title}`, "", "| form | what it gives | example | |", "|---|---|---|---|", ...rows].join("\n");
}

const escaped = (text: string) => text.replaceAll("|", "\\|");

const code = (text: string) => `\`${escaped(text)}\``;

function byFamily(functions: readonly Documented[]): Map<string, Documented[]> {
	const families = new Map<string, Documented[]>();
	for (const one of functions) families.set(one.family, [...(families.get(one.family) ?? []), one]);
	return families;
}
