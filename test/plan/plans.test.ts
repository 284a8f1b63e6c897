// The plans of the Nexmark and TPC-H queries and of one query for each choice that the planner makes.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { allQueries, suiteScript } from "../../nexmark/queries.js";
import { expectPlan, explainScript, type PlanSettings } from "./plan-golden.js";
import { TPCH_TABLES, tpchStatistics } from "./tpch-tables.js";

const here = (path: string) => new URL(path, import.meta.url);

describe("Nexmark", () => {
	// q6 and q14 as they stand need batch mode and a user function.
	const names = allQueries().filter((name) => name !== "q6" && name !== "q14");
	test.each(names)("%s", (name) => {
		const script = `${suiteScript("ddl", {})}\n${suiteScript(name, {})}`;
		const text = explainScript(script, { details: ["CHANGELOG_MODE"] });
		expectPlan(here(`nexmark/${name}.plan`), text.slice(text.indexOf("== Optimized Physical Plan ==")));
	});
});

describe("TPC-H", () => {
	const files = readdirSync(here("../../tpch/queries/"));
	test.each(files)("%s", (file) => {
		const sql = readFileSync(here(`../../tpch/queries/${file}`), "utf8");
		const options = { "execution.runtime-mode": "batch" };
		const text = explainScript(`${TPCH_TABLES}\n${sql}`, { options, statistics: tpchStatistics });
		expectPlan(
			here(`tpch/${file.replace(".sql", ".plan")}`),
			text.slice(text.indexOf("== Optimized Execution Plan ==")),
		);
		expect(text, "no cross joins but with a single row").not.toMatch(/where=\[true\](?!.*EXPR)/);
	});
});

describe("queries", () => {
	const files = readdirSync(here("queries/")).filter((file) => file.endsWith(".sql"));
	test.each(files)("%s", (file) => {
		const sql = readFileSync(here(`queries/${file}`), "utf8");
		expectPlan(here(`queries/${file.replace(".sql", ".plan")}`), explainScript(sql, settingsOf(sql)));
	});
});

/** A first line `-- explain: CHANGELOG_MODE; parallelism.default=4`. */
function settingsOf(sql: string): PlanSettings {
	const [, line = ""] = /^-- explain: (.*)$/m.exec(sql) ?? [];
	const items = line.split(";").map((item) => item.trim());
	const options = Object.fromEntries(
		items.filter((item) => item.includes("=")).map((item) => item.split("=") as [string, string]),
	);
	const details = items.filter(
		(item): item is "CHANGELOG_MODE" | "ESTIMATED_COST" | "JSON_EXECUTION_PLAN" =>
			item === "CHANGELOG_MODE" || item === "ESTIMATED_COST" || item === "JSON_EXECUTION_PLAN",
	);
	return { options, details };
}
