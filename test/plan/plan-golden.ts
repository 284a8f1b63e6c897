// Golden plans: a script's last statement explained, compared with the .plan file beside it. MILLRACE_UPDATE_PLANS=1 rewrites the files;
// a person reads the difference.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { Catalog } from "../../src/catalog/catalog.js";
import { applyDefinition } from "../../src/catalog/definitions.js";
import type { ConnectorTable } from "../../src/job/specs.js";
import { optimize } from "../../src/optimizer/optimizer.js";
import { type ExplainDetail, explainText } from "../../src/physical/explain.js";
import { Binder } from "../../src/plan/binder.js";
import type { TableStatistics } from "../../src/plan/nodes.js";
import { parse } from "../../src/sql/index.js";

export interface PlanSettings {
	readonly options?: Readonly<Record<string, string>>;
	readonly details?: readonly ExplainDetail[];
	readonly statistics?: (table: string) => TableStatistics | undefined;
}

const CHANGELOGS = { "debezium-json": "retract" } as const;

function changelogOf({ connector, options }: ConnectorTable) {
	if (connector.startsWith("upsert-")) return "upsert" as const;
	return CHANGELOGS[options.format as keyof typeof CHANGELOGS] ?? "insert";
}

/** The plan of the last query or INSERT of a script, every rule checked on the way. */
export function explainScript(script: string, { options = {}, details = [], statistics }: PlanSettings = {}): string {
	const catalog = new Catalog({ options });
	const { batch } = catalog.options;
	const context = {
		timeZone: "UTC",
		queryStartMs: 0,
		batch,
		currentCatalog: "default_catalog",
		currentDatabase: "default_database",
	};
	const binder = new Binder(catalog, {
		batch,
		context,
		describeSource: (table) => ({
			changelog: changelogOf(table),
			bounded: true,
			...(statistics && { statistics: statistics(table.path.at(-1)!) }),
		}),
	});
	let text = "";
	for (const statement of parse(script)) {
		const bound = binder.bindStatement(statement);
		if (bound.kind === "catalog") {
			applyDefinition(statement, catalog, binder);
			continue;
		}
		const plans = bound.kind === "query" ? [bound.plan] : bound.plans;
		const settings = { batch, options: Object.fromEntries(catalog.options.entries()), context };
		text = explainText(plans, optimize(plans, { ...settings, verify: true }), settings, details);
	}
	return text;
}

export function expectPlan(file: URL, text: string): void {
	if (process.env.MILLRACE_UPDATE_PLANS === "1" || !existsSync(file)) writeFileSync(file, text);
	expect(text).toBe(readFileSync(file, "utf8"));
}
