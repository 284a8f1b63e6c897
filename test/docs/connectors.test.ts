// docs/connectors.md runs, and docs/connector-options.md lists what the code declares (`npx vitest run test/docs --update` rewrites it).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectorFor, connectorNames } from "../../src/connectors/index.js";
import { formatFor, formatNames } from "../../src/formats/index.js";
import { Millrace } from "../../src/index.js";
import type { OptionDescriptions } from "../../src/types/option.js";
import { optionTable } from "./option-table.js";

const docs = join(import.meta.dirname, "..", "..", "docs");
const folder = mkdtempSync(join(tmpdir(), "millrace-docs-"));

beforeAll(() =>
	writeFileSync(
		join(folder, "orders.csv"),
		"1,ann,10.50,2026-01-01 00:00:01\n2,bob,7.25,2026-01-01 00:00:31\n3,ann,1.00,2026-01-01 00:01:02\n4,ann,2.00,2026-01-02 09:00:00\n",
	),
);

afterAll(() => rmSync(folder, { recursive: true }));

/** What the queries of connectors.md give, in order, sorted rows each. */
const EXPECTED = [
	[
		{ customer: "ann", total: "11.50" },
		{ customer: "bob", total: "7.25" },
	],
	[{ readings: 100n, first_sensor: 1, last_sensor: 100 }],
	[{ bids: 920n, priced: true }],
];

test("the scripts of connectors.md", async () => {
	const printed: string[] = [];
	const write = process.stdout.write;
	process.stdout.write = ((text: string) => printed.push(...text.trimEnd().split("\n")) > 0) as typeof write;
	try {
		await using session = await Millrace.open();
		const results: unknown[] = [];
		for (const [, script] of readFileSync(join(docs, "connectors.md"), "utf8").matchAll(/```sql\n(.*?)```/gs)) {
			for (const outcome of await session.execute(script!.replaceAll("'data/", `'${folder}/`))) {
				if (outcome.kind !== "query") continue;
				const rows = await outcome.result.toArray();
				results.push(rows.sort((a, b) => String(Object.values(a)[0]).localeCompare(String(Object.values(b)[0]))));
			}
		}
		expect(results).toEqual(EXPECTED);
	} finally {
		process.stdout.write = write;
	}
	expect(printed).toContain("total> +I[bob, 7.25]");
	expect(printed.at(-1)).toMatch(/^total> /);
});

test("connector-options.md", async () => {
	const connectors = connectorNames().map((name) => connectorFor(name));
	const formats = formatNames().map((name) => formatFor(name));
	const parts = [
		"# Options of the connectors and formats",
		"Generated from the declarations in the code; [connectors.md](connectors.md) shows them in use.",
		...connectors.map(({ name, doc, options }) => section(`Connector \`${name}\``, doc, options)),
		...formats.map(({ name, doc, options }) => section(`Format \`${name}\``, doc, prefixed(name, options))),
	];
	await expect(`${parts.join("\n\n")}\n`).toMatchFileSnapshot(join(docs, "connector-options.md"));
});

const prefixed = (format: string, options: OptionDescriptions): OptionDescriptions =>
	Object.fromEntries(Object.entries(options).map(([name, each]) => [`${format}.${name}`, each]));

function section(title: string, doc: string, options: OptionDescriptions): string {
	const isEmpty = Object.keys(options).length === 0;
	return `## ${title}\n\n${doc}${isEmpty ? " No options." : `\n\n${optionTable(options)}`}`;
}
