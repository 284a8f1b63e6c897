// Every function's example is true: what the generated documentation shows is run as SQL.
import { describe, expect, test } from "vitest";
import { AGGREGATE_FAMILIES, SCALAR_FAMILIES } from "../../src/functions/registry.js";
import type { SqlType } from "../../src/types/sql-type.js";
import { openSession } from "../plan-bind/session.js";
import { cellText, contextOf, evaluatePlan } from "./evaluate-plan.js";

function answer(query: string): string {
	const plan = openSession(true).run(query);
	if (plan === undefined) throw new Error("no query");
	const [row] = evaluatePlan(plan, contextOf("UTC"));
	return cellText(row?.[0] ?? null, plan.schema[0]?.type as SqlType);
}

describe("scalar functions", () => {
	test.each(SCALAR_FAMILIES.flat().map((one) => [one.name, one.example] as const))("%s: %s", (_, example) => {
		expect(answer(`SELECT ${example}`)).toBe("true");
	});
});

describe("aggregates", () => {
	const callable = AGGREGATE_FAMILIES.flat().filter((one) => !one.name.startsWith("$"));
	test.each(callable.map((one) => [one.name, one.example] as const))("%s: %s", (_, example) => {
		const [, call, input, result] = /^(.*) of (.*) is (.*)$/.exec(example) as unknown as [
			string,
			string,
			string,
			string,
		];
		const rows = /^(\d+) rows$/.exec(input)?.[1];
		const bitmap = /BITMAP_(?!BUILD)/.test(call);
		const none = bitmap ? "BITMAP_BUILD(ARRAY[1])" : "1";
		const values = rows === undefined ? input.split(", ") : new Array<string>(Number(rows)).fill("1");
		const from =
			input === "no rows"
				? `(SELECT ${none} AS x FROM (VALUES (1)) AS v(y) WHERE y > 1) AS t`
				: `(VALUES ${values.map((value) => `(${value})`).join(", ")}) AS t(x)`;
		expect(answer(`SELECT ${call} FROM ${from}`)).toBe(result);
	});
});

test("names are unique, and every function is documented", () => {
	const all = [...SCALAR_FAMILIES.flat(), ...AGGREGATE_FAMILIES.flat()];
	const names = all.flatMap((one) => [one.name, ...(one.aliases ?? [])]);
	expect(new Set(names).size).toBe(names.length);
	for (const one of all) {
		expect(one.signatures.length, one.name).toBeGreaterThan(0);
		expect(one.doc, one.name).toMatch(/\.$/);
	}
});
