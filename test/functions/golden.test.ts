// Flink's rows for the scalar golden cases, cell by cell, from the SQL text through binder and row evaluator.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Field } from "../../src/types/sql-type.js";
import { openSession } from "../plan-bind/session.js";
import { cellText, contextOf, evaluatePlan, NotScalar } from "./evaluate-plan.js";

interface Case {
	readonly id: string;
	readonly mode?: string;
	readonly query: string;
	readonly config?: Readonly<Record<string, string>>;
	readonly columns?: readonly { readonly name: string; readonly type: string }[];
	readonly rows?: readonly string[];
	readonly error?: string;
}

/** Where the engine differs from Flink, or the planner and not the functions decide. */
const DIFFERENT: Readonly<Record<string, string>> = {
	"arith-032": "the planner takes x / y = x / y for TRUE, NaN included",
	"logic-043": "the planner takes x / 0 = x / 0 for TRUE, NaN included",
	"time-006": "Flink prints the year 0 as 1",
	"time-030-rt": "Flink keeps a nanosecond in a TIMESTAMP(6)",
	"lit-002": "Flink reads U&'\\+01F600' as four digits",
	"fn-js-04": "Flink cannot return a JSON integer as DOUBLE",
	"fn-js-25": "JSON() outside of JSON_OBJECT gives its text",
	"fn-js-31": "FORMAT JSON is accepted",
	"fn-js-32": "FORMAT JSON is accepted",
	"fn-nu-26": "ROW(NULL) is accepted",
	"fn-nu-25": "Flink gives MAP['a', NULL] the key's type for its value",
	"fn-pf-11": "%h of text is the hash of Flink's own string class",
	"fn-co-41": "the planner folds NULLIF(1, 2) to a type that is NOT NULL",
	"fn-co-51": "VARIANT is not supported",
	"fn-tm-23": "hexadecimal doubles are not read",
	"fn-sx-25": "UTF-32 is not supported",
	"fn-mx-01": "TRUNCATE(1e20) fails in Flink",
	"fn-mx-08": "Flink folds FLOAT constants to 7 digits",
	"fn-mx-10": "Flink folds FLOAT constants to 7 digits",
};

const cases = ["scalar", "functions"].flatMap((name) =>
	gunzipSync(readFileSync(new URL(`../golden/sql/${name}.jsonl.gz`, import.meta.url)))
		.toString()
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as Case),
);

function run(one: Case): readonly string[][] {
	const session = openSession(one.mode === "batch", one.config);
	const plan = session.run(one.query);
	if (plan === undefined) throw new Error("no query");
	const context = contextOf(one.config?.["table.local-time-zone"] ?? "UTC", one.mode === "batch");
	const types = plan.schema.map((field: Field) => field.type);
	return evaluatePlan(plan, context).map((row) => row.map((value, i) => cellText(value, types[i] as Field["type"])));
}

const isNear = (actual: string, expected: string) =>
	Math.abs(Number(actual) - Number(expected)) <= 1e-9 * Math.abs(Number(expected));

const byBytes = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right));

describe("scalar golden cases", () => {
	const selected = cases.filter((one) => !(one.id in DIFFERENT));
	test.each(selected.map((one) => [one.id, one] as const))("%s", (_, one) => {
		if (one.error !== undefined) {
			expect(() => run(one)).toThrow();
			return;
		}
		try {
			const actual = run(one)
				.map((cells) => cells.join("\t"))
				.sort(byBytes);
			const rows = [...(one.rows as readonly string[])].sort(byBytes);
			expect(actual.map((row) => row.split("\t").length)).toEqual(rows.map((row) => row.split("\t").length));
			for (const [i, row] of rows.entries()) {
				const got = (actual[i] as string).split("\t");
				for (const [k, cell] of row.split("\t").entries()) {
					const approximate = /^(?:DOUBLE|FLOAT)/.test(one.columns?.[k]?.type ?? "");
					const cellOfActual = got[k] as string;
					if (cellOfActual !== cell && !(approximate && isNear(cellOfActual, cell))) {
						expect(`row ${i}, ${one.columns?.[k]?.name}: ${cellOfActual}`).toBe(
							`row ${i}, ${one.columns?.[k]?.name}: ${cell}`,
						);
					}
				}
			}
		} catch (error) {
			if (!(error instanceof NotScalar)) throw error;
		}
	});
});
