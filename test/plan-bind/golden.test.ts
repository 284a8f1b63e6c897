// Flink's own answers: every query of the golden cases must bind to the same column names and types; what Flink refuses must fail.
import { describe, expect, test } from "vitest";
import { casesOf, type GoldenCase } from "./cases.js";
import { openSession, schemaText } from "./session.js";

/** Flink's client spells the type out; the engine uses its short name. */
const shortType = (type: string) => type.replaceAll(/TIMESTAMP(\(\d\)) WITH LOCAL TIME ZONE/g, "TIMESTAMP_LTZ$1");

/** These fail when they run, or when their plan is made physical: not while binding. */
const LATER = new Set([
	...["arith-040", "arith-041", "arith-042", "cast-053", "cast-056", "cast-057", "cast-058", "logic-048"],
	...["str-038", "str-039", "json-011", "json-012", "json-013", "time-040", "coll-033", "err-scalar-many-rows"],
	...["err-bad-cast-runtime", "err-null-rowtime-plain", "err-sort-rowtime-desc", "err-temporal-no-pk"],
]);

/** The parser keeps U&'\\+01F600' as the character it is; Flink reads four digits and leaves the rest. */
const OTHER_TYPES = new Set(["lit-002"]);

function bind(one: GoldenCase) {
	const session = openSession(one.mode === "batch", one.config);
	for (const statement of one.setup ?? []) session.run(statement);
	return session.run(one.query);
}

function check(one: GoldenCase): void {
	if (one.error !== undefined) {
		if (!LATER.has(one.id)) expect(() => bind(one), one.query).toThrow(Error);
		return;
	}
	const plan = bind(one);
	const columns = one.columns?.map((column) => `${column.name} ${shortType(column.type)}`);
	if (plan && !OTHER_TYPES.has(one.id)) expect(schemaText(plan), one.query).toEqual(columns);
}

describe.each(["sql/scalar.jsonl.gz", "sql/relational.jsonl.gz", "nexmark/cases.jsonl"])("%s", (name) => {
	const cases = casesOf(name).filter((one) => !one.setup?.some((statement) => statement.includes("FUNCTION")));
	test.each(cases.map((one) => [one.id, one] as const))("%s", (_, one) => check(one));
});
