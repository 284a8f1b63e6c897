// The suite's SQL: which queries there are, and their scripts with the run's settings filled in.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../src/cli/package-folder.js";

const suiteFolder = () => join(packageFolder(), "nexmark");

/** Names in suite order: q0 … q23, then the pattern-matching queries. */
export function allQueries(): string[] {
	const names = readdirSync(join(suiteFolder(), "queries")).flatMap((file) => /^(.*)\.sql$/.exec(file)?.[1] ?? []);
	const order = (name: string) => (name.startsWith("cep") ? 1000 : 0) + Number(/\d+$/.exec(name)?.[0] ?? 0);
	return names.sort((left, right) => order(left) - order(right));
}

/** The text of `name`.sql (or "ddl") with each {NAME} replaced; an unknown one is left as it is. */
export function suiteScript(name: string, settings: Readonly<Record<string, string>>): string {
	const file = name === "ddl" ? "ddl.sql" : join("queries", `${name}.sql`);
	const text = readFileSync(join(suiteFolder(), file), "utf8");
	return text.replaceAll(/\{([A-Z_]+)\}/g, (whole, key: string) => settings[key] ?? whole);
}

/** What a query asks: the comment at the head of its script, as one line. */
export function queryDescription(name: string): string {
	const head = /^(?:--.*\n)*/.exec(suiteScript(name, {}))![0];
	return head.replaceAll(/^-- ?/gm, "").trim().replaceAll("\n", " ");
}
