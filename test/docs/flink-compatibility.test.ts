// docs/flink-compatibility.md: what of Flink's SQL runs here, found by running it (`npx vitest run test/docs --update` rewrites it).
// What Flink does with the same statements stands in test/golden/flink-features.json, as Flink 2.3.0 answered.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Session } from "../../src/engine/session.js";
import { EngineError } from "../../src/errors.js";
import { functionNames } from "../../src/functions/registry.js";
import { DIFFERENCES } from "../golden/differences.js";
import { FEATURES } from "./flink-features.js";
import { QUERY_FEATURES } from "./flink-query-features.js";

const ROOT = join(import.meta.dirname, "../..");
const golden = (name: string) => readFileSync(join(ROOT, "test/golden", name), "utf8");

const TABLES = `
CREATE TABLE t (k INT, s STRING, d DOUBLE, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen',
  'number-of-rows' = '3', 'fields.k.min' = '1', 'fields.k.max' = '3', 'fields.s.length' = '1');
CREATE TABLE u (k INT, v STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts, PRIMARY KEY (k) NOT ENFORCED)
  WITH ('connector' = 'datagen', 'number-of-rows' = '3', 'fields.k.min' = '1', 'fields.k.max' = '3');
CREATE TABLE o (k INT, n BIGINT) WITH ('connector' = 'blackhole');
CREATE VIEW w AS SELECT k FROM t`;

const MODES = ["streaming", "batch"] as const;

/** What is wrong with a statement in a mode; undefined when it runs. */
async function refusal(sql: string, mode: string): Promise<EngineError | undefined> {
	await using session = new Session({ options: { "execution.runtime-mode": mode } });
	await session.execute(TABLES);
	try {
		const [outcome] = await session.execute(sql);
		if (outcome?.kind === "query") await outcome.result.finalRows();
		return undefined;
	} catch (failure) {
		return EngineError.from(failure);
	}
}

const verdict = (runs: readonly string[]) => (runs.length === 2 ? "yes" : runs.length === 0 ? "no" : `${runs[0]} only`);

async function row(section: string, name: string, sql: string, flink: Readonly<Record<string, string>>) {
	const errors = await Promise.all(MODES.map((mode) => refusal(sql, mode)));
	expect(
		errors.filter((error) => error?.code === "INTERNAL").map((error) => `${sql}: ${error?.message}`),
		"only typed errors",
	).toEqual([]);
	const here = verdict(MODES.filter((_, i) => errors[i] === undefined));
	const there = flink[`${section}|${name}`];
	const [error] = errors.filter((one) => one !== undefined);
	const remark = here === there ? "" : (error?.message.replace(/ \(at line .*|; expected .*/, "") ?? "");
	return `| ${cell(name)} | \`${cell(sql)}\` | ${there} | ${here} | ${cell(remark)} |`;
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

async function sections(): Promise<string[]> {
	const flink = JSON.parse(golden("flink-features.json")) as Readonly<Record<string, string>>;
	const parts: string[] = [];
	for (const [section, features] of Object.entries({ ...FEATURES, ...QUERY_FEATURES })) {
		const rows: string[] = [];
		for (const [name, sql] of features) rows.push(await row(section, name, sql, flink));
		parts.push(
			[`## ${section}`, "", "| | example | Flink | Millrace | |", "|---|---|---|---|---|", ...rows].join("\n"),
		);
	}
	return parts;
}

/** Names of Flink's Table API whose SQL is a sign, a keyword or another name: what the registry or the grammar calls it. */
const SPELLED: ReadonlyMap<string, string> = new Map(
	Object.entries({
		equals: "=",
		notEquals: "<>",
		greaterThan: ">",
		greaterThanOrEqual: ">=",
		lessThan: "<",
		lessThanOrEqual: "<=",
		plus: "+",
		minus: "-",
		times: "*",
		divide: "/",
		minusPrefix: "NEGATE",
		isNull: "IS NULL",
		isNotNull: "IS NOT NULL",
		isTrue: "IS TRUE",
		isNotTrue: "IS NOT TRUE",
		isFalse: "IS FALSE",
		isNotFalse: "IS NOT FALSE",
		IS_JSON: "IS JSON VALUE",
		ifThenElse: "IF",
		lowerCase: "LOWER",
		upperCase: "UPPER",
		similar: "SIMILAR TO",
		charLength: "CHAR_LENGTH",
		sum0: "SUM",
		at: "ITEM",
	}),
);

/** Table API names for what the SQL grammar does itself. */
const GRAMMAR = new Set(["as", "asc", "desc", "between", "notBetween", "cast", "TRY_CAST", "distinct", "over", "get"]);

function functions(): string {
	const known = new Set(functionNames().map((name) => name.toUpperCase()));
	const sqlName = (name: string) => (/[a-z]/.test(name) ? name.replace(/[A-Z]/g, "_$&").toUpperCase() : name);
	const isHere = (name: string) =>
		GRAMMAR.has(name) || known.has(SPELLED.get(name) ?? sqlName(name)) || known.has(name.toUpperCase());
	const ofFlink = golden("flink-functions.txt").trim().split("\n");
	const [here, missing] = [ofFlink.filter(isHere), ofFlink.filter((name) => !isHere(name))];
	const verbatim = here.filter((name) => known.has(name.toUpperCase()));
	expect(here.length).toBeGreaterThanOrEqual(180);
	return [
		"## Functions",
		`Of the ${ofFlink.length} names that SHOW FUNCTIONS lists in Flink 2.3.0, ${here.length} are here, ${verbatim.length} of them under that very name and the rest, names of Flink's Table API, as SQL writes them: [functions.md](functions.md). Not here: ${missing.map((name) => `\`${name}\``).join(", ")}.`,
	].join("\n\n");
}

function differences(): string {
	const rows = DIFFERENCES.map(
		(one) =>
			`| \`${cell(one.example)}\` | ${cell(one.flink)} | ${cell(one.here)} | ${cell(one.reason)} | ${one.cases.join(", ")} |`,
	);
	return [
		"## Other answers",
		"Of more than three thousand cases that Flink has answered (test/golden/sql, and what `millrace conform` runs), these alone differ:",
		["| | Flink | Millrace | why | cases |", "|---|---|---|---|---|", ...rows].join("\n"),
	].join("\n\n");
}

test("flink-compatibility.md", { timeout: 300_000 }, async () => {
	const parts = [
		"# What of Flink's SQL runs here",
		"Generated by running it: every example below in streaming and in batch mode, by Millrace and by Apache Flink 2.3.0. *yes* is both modes. Messages may differ everywhere: an error in Flink is an error here, in our words.",
		differences(),
		...(await sections()),
		functions(),
	];
	await expect(`${parts.join("\n\n")}\n`).toMatchFileSnapshot(join(ROOT, "docs/flink-compatibility.md"));
});
