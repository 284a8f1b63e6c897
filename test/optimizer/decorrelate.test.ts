// Subqueries turned into joins give what they give when evaluated for each row.
import { describe, expect, test } from "vitest";
import { optimize } from "../../src/optimizer/optimizer.js";
import { nodesOf } from "../../src/optimizer/rewrite-plan.js";
import type { ApplyNode, PlanNode } from "../../src/plan/nodes.js";
import { column, type Expr, literal } from "../../src/types/expr.js";
import { BIGINT, BOOLEAN, notNull, type SqlType } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import {
	aggregate,
	aggregateCall,
	and,
	asc,
	bigint,
	CONTEXT,
	col,
	desc,
	eq,
	filter,
	fn,
	join,
	project,
	scan,
	sort,
} from "../plan-builder.js";
import { bag, interpret, type Tables } from "../plan-interpreter.js";

const t = scan("t", { a: BIGINT, b: BIGINT });
const s = scan("s", { c: BIGINT, d: BIGINT });
const r = scan("r", { e: notNull(BIGINT), f: BIGINT });

/** Tables with NULLs, duplicates and misses. */
function tables(seed: number): Tables {
	let state = seed * 7919 + 1;
	const draw = (bound: number) => {
		state = (state * 1103515245 + 12345) % 2147483648;
		return Math.floor((state / 2147483648) * bound);
	};
	const value = () => (draw(4) === 0 ? null : BigInt(draw(4)));
	const rows = (count: number, make: () => Row) => Array.from({ length: count }, make);
	return {
		t: rows(1 + draw(8), () => [value(), value()]),
		s: rows(draw(9), () => [value(), value()]),
		r: rows(draw(9), () => [BigInt(draw(4)), value()]),
	};
}

const outer = (index: number, type: SqlType = BIGINT, apply = 1): Expr => ({ kind: "outer", apply, index, type });

function apply(type: ApplyNode["type"], right: PlanNode, more: Partial<ApplyNode> = {}): ApplyNode {
	const left = more.left ?? t;
	const added = { single: 1, inner: right.schema.length, left: right.schema.length, mark: 1, semi: 0, anti: 0 }[type];
	const schema = [...left.schema, ...(type === "mark" ? [{ name: "m", type: BOOLEAN }] : right.schema.slice(0, added))];
	return { kind: "Apply", type, id: 1, left, right, schema, ...more };
}

/** With only the required rules, and with all: the same rows as evaluating the subquery for each row. */
function check(plan: PlanNode): PlanNode {
	const settings = { batch: true, options: {}, context: CONTEXT, verify: true };
	const [flat] = optimize([plan], { ...settings, requiredOnly: true }) as [PlanNode];
	const [optimized] = optimize([plan], settings) as [PlanNode];
	expect(nodesOf([flat]).map((node) => node.kind)).not.toContain("Apply");
	for (let seed = 0; seed < 25; seed++) {
		const data = tables(seed);
		let expected: string[] | undefined;
		try {
			expected = bag(interpret(plan, data));
		} catch {
			// A scalar subquery with several rows: the flat plan must fail as well.
			expect(() => interpret(flat, data)).toThrow();
			continue;
		}
		expect(bag(interpret(flat, data)), `required rules, seed ${seed}`).toEqual(expected);
		expect(bag(interpret(optimized, data)), `all rules, seed ${seed}`).toEqual(expected);
	}
	return flat;
}

const matching = filter(s, eq(col(s, 0), outer(0)));
const below = filter(s, fn("<", [col(s, 0), outer(0)]));
const isIn = eq(col(t, 1), column(3, BIGINT));
const inR = eq(col(t, 1), column(2, notNull(BIGINT)));

const subqueries: Record<string, PlanNode> = {
	uncorrelated: s,
	equality: matching,
	inequality: below,
	both: filter(matching, fn(">", [col(s, 1), outer(1)])),
	join: filter(
		join(s, r, (left, right) => eq(left(0), right(0))),
		eq(column(1, BIGINT), outer(0)),
	),
	"correlated join condition": join(s, r, (left, right) => and(eq(left(0), right(0)), eq(right(1), outer(1)))),
	"left join": join(matching, r, (left, right) => eq(left(1), right(0)), "left"),
	"left join, right side correlated": join(
		s,
		filter(r, eq(col(r, 0), outer(0))),
		(left, right) => eq(left(1), right(0)),
		"left",
	),
	"semi join, both sides correlated": join(
		matching,
		filter(r, eq(col(r, 1), outer(1))),
		(left, right) => eq(left(1), right(0)),
		"semi",
	),
	"full join": join(matching, filter(r, eq(col(r, 1), outer(1))), (left, right) => eq(left(1), right(0)), "full"),
	grouped: aggregate(matching, [0], [aggregateCall(matching, "MAX", [1])]),
	"union all": {
		kind: "SetOperation",
		inputs: [matching, project(filter(r, eq(col(r, 0), outer(1))), { e: col(r, 0), f: col(r, 1) })],
		operation: "union",
		all: true,
		schema: s.schema,
	},
	limit: sort(matching, [desc(1), asc(0)], 2),
	"outer column alone": project(below, { x: outer(0), y: col(s, 1) }),
	"outer column in the list": project(matching, { x: fn("+", [col(s, 1), outer(1)], BIGINT), y: col(s, 1) }),
};

describe("EXISTS, IN and LATERAL", () => {
	for (const [name, right] of Object.entries(subqueries)) {
		test(`EXISTS: ${name}`, () => void check(apply("semi", right)));
		test(`NOT EXISTS: ${name}`, () => void check(apply("anti", right)));
		test(`IN: ${name}`, () => void check(apply("semi", right, { condition: isIn, nullAware: true })));
		test(`NOT IN: ${name}`, () => void check(apply("anti", right, { condition: isIn, nullAware: true })));
		test(`EXISTS as a value: ${name}`, () => void check(apply("mark", right)));
		test(`IN as a value: ${name}`, () => void check(apply("mark", right, { condition: isIn, nullAware: true })));
		test(`LATERAL: ${name}`, () => void check(apply("inner", right)));
		test(`LEFT LATERAL: ${name}`, () => void check(apply("left", right)));
	}
	test("NOT IN over several columns", () => {
		const condition = and(eq(col(t, 0), column(2, BIGINT)), eq(col(t, 1), column(3, BIGINT)));
		check(apply("anti", s, { condition, nullAware: true }));
		check(apply("mark", s, { condition, nullAware: true }));
	});
	test("a comparison without NULLs needs no null-aware join", () => {
		const strict = project(r, { e: col(r, 0) });
		const left = filter(r, fn("IS NOT NULL", [col(r, 1)]));
		const condition = fn("=", [col(left, 0), column(2, notNull(BIGINT))], notNull(BOOLEAN));
		const flat = check(apply("anti", strict, { left, condition, nullAware: true }));
		expect(flat).toMatchObject({ kind: "Join", type: "anti" });
		expect(flat).not.toHaveProperty("nullAware", true);
	});
	test("NOT IN of one nullable column stays a null-aware anti join", () => {
		const flat = check(apply("anti", project(r, { e: col(r, 0) }), { condition: inR, nullAware: true }));
		expect(flat).toMatchObject({ kind: "Join", type: "anti", nullAware: true });
	});
	test("EXISTS under an equality is a semi join with a key", () => {
		expect(check(apply("semi", matching))).toMatchObject({ kind: "Join", type: "semi", condition: { function: "=" } });
	});
});

const scalars: Record<string, PlanNode> = {
	max: aggregate(matching, [], [aggregateCall(matching, "MAX", [1])]),
	count: aggregate(matching, [], [aggregateCall(matching, "COUNT")]),
	"count under inequality": aggregate(below, [], [aggregateCall(below, "COUNT")]),
	"uncorrelated max": aggregate(s, [], [aggregateCall(s, "MAX", [1])]),
	row: project(matching, { d: col(s, 1) }),
	"first row": project(sort(matching, [desc(1)], 1), { d: col(s, 1) }),
	constant: project(sort(matching, [], 1), { one: bigint(1) }),
};
const counted = scalars.count!;
scalars["sum of two"] = project(counted, { n: fn("+", [col(counted, 0), outer(1)], BIGINT) });
const having = filter(counted, fn(">", [col(counted, 0), bigint(1)]));
scalars.having = having;
scalars["constant having"] = project(having, { n: literal(7n, BIGINT) });

describe("scalar subqueries", () => {
	for (const [name, right] of Object.entries(scalars)) {
		test(name, () => void check(apply("single", right)));
		test(`EXISTS of ${name}`, () => void check(apply("semi", right)));
		test(`NOT EXISTS of ${name}`, () => void check(apply("anti", right)));
		const condition = eq(col(t, 1), column(2, BIGINT));
		test(`IN ${name}`, () => void check(apply("semi", right, { condition, nullAware: true })));
		test(`NOT IN ${name}`, () => void check(apply("anti", right, { condition, nullAware: true })));
		test(`IN ${name} as a value`, () => void check(apply("mark", right, { condition, nullAware: true })));
		test(`LATERAL ${name}`, () => void check(apply("inner", right)));
		test(`LEFT LATERAL ${name}`, () => void check(apply("left", right)));
	}
});

test("a subquery in a subquery that refers to the outermost row", () => {
	const innermost = filter(r, and(eq(col(r, 0), outer(1, BIGINT, 2)), eq(col(r, 1), outer(0))));
	const middle = apply("semi", innermost, { id: 2, left: matching });
	check(apply("semi", middle));
	check(apply("anti", middle));
	const counts = aggregate(middle, [], [aggregateCall(middle, "COUNT")]);
	check(apply("single", counts));
});
