// Join order by statistics, and that no order changes the result.
import { describe, expect, test } from "vitest";
import { optimize } from "../../src/optimizer/optimizer.js";
import { nodesOf } from "../../src/optimizer/rewrite-plan.js";
import { estimateRows } from "../../src/optimizer/statistics.js";
import type { PlanNode } from "../../src/plan/nodes.js";
import type { Expr } from "../../src/types/expr.js";
import { BIGINT, STRING } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import {
	aggregate,
	aggregateCall,
	and,
	bigint,
	CONTEXT,
	col,
	eq,
	filter,
	fn,
	join,
	project,
	scan,
	sink,
	text,
} from "../plan-builder.js";
import { bag, interpret } from "../plan-interpreter.js";

const run = (plan: PlanNode, batch = true): PlanNode =>
	optimize([plan], { batch, options: {}, context: { ...CONTEXT, batch }, verify: true })[0]!;

const lineitem = scan(
	"lineitem",
	{ l_order: BIGINT, l_part: BIGINT, l_price: BIGINT },
	{ rows: 6_000_000, distinct: [1_500_000, 200_000] },
);
const orders = scan(
	"orders",
	{ o_order: BIGINT, o_customer: BIGINT },
	{ rows: 1_500_000, distinct: [1_500_000, 100_000], primaryKey: [0] },
);
const customer = scan(
	"customer",
	{ c_customer: BIGINT, c_nation: BIGINT },
	{ rows: 150_000, distinct: [150_000, 25], primaryKey: [0] },
);
const nation = scan("nation", { n_nation: BIGINT, n_name: STRING }, { rows: 25, distinct: [25, 25], primaryKey: [0] });
const part = scan(
	"part",
	{ p_part: BIGINT, p_brand: STRING },
	{ rows: 200_000, distinct: [200_000, 25], primaryKey: [0] },
);

const comma = (...relations: PlanNode[]) => relations.reduce((left, right) => join(left, right));
/** The tables of a join tree, `(a b)`. */
function shape(node: PlanNode): string {
	if (node.kind === "Join")
		return `(${shape(node.left)} ${node.type === "inner" ? "" : `${node.type} `}${shape(node.right)})`;
	if (node.kind === "Scan") return node.table.path.at(-1)!;
	if (node.kind === "Aggregate") return `group${shape(node.input)}`;
	return "input" in node ? shape(node.input) : "?";
}

describe("batch", () => {
	test("selective relations come first; the larger side of each join is probed", () => {
		const cross = comma(lineitem, orders, customer, nation);
		const [l, o, c, n] = [0, 3, 5, 7];
		const at = (index: number) => col(cross, index);
		const where = and(eq(at(l), at(o)), eq(at(o + 1), at(c)), eq(at(c + 1), at(n)), eq(at(n + 1), text("FRANCE")));
		expect(shape(run(sink(filter(cross, where))))).toBe("(lineitem (orders (customer nation)))");
	});
	test("equal columns connect relations that no condition names together", () => {
		const cross = comma(customer, lineitem, orders);
		const at = (index: number) => col(cross, index);
		// lineitem only says that its order equals the customer's number, as the order does.
		const where = and(eq(at(0), at(2)), eq(at(0), at(5)));
		const joined = nodesOf([run(sink(filter(cross, where)))]).filter((node) => node.kind === "Join");
		expect(joined.every((node) => node.condition !== undefined)).toBe(true);
	});
	test("a correlated aggregate groups only what the relation around it needs", () => {
		const averages = aggregate(lineitem, [1], [aggregateCall(lineitem, "AVG", [2])]);
		const cross = comma(lineitem, filter(part, eq(col(part, 1), text("Brand#1"))), averages);
		const at = (index: number) => col(cross, index);
		const where = and(eq(at(1), at(3)), eq(at(3), at(5)), fn("<", [at(2), at(6)]));
		expect(shape(run(sink(filter(cross, where))))).toContain("group(lineitem semi part)");
	});
	test("a selective semi join goes down to the relation that it restricts, another stays on top", () => {
		const cross = comma(customer, orders);
		const joined = filter(cross, eq(col(cross, 0), col(cross, 3)));
		const few = scan("few", { key: BIGINT }, { rows: 100, distinct: [100] });
		const many = scan("many", { key: BIGINT }, { rows: 5_000_000, distinct: [1_500_000] });
		const semi = (right: PlanNode) => join(joined, right, (left, other) => eq(left(2), other(0)), "semi");
		expect(shape(run(sink(semi(few))))).toBe("(customer (orders semi few))");
		expect(shape(run(sink(semi(many))))).toBe("((orders customer) semi many)");
	});
});

describe("streaming", () => {
	test("the written order stays, unless it has a cross join that another avoids", () => {
		const written = join(
			join(orders, customer, (o, c) => eq(o(1), c(0))),
			nation,
			(left, n) => eq(left(3), n(0)),
		);
		expect(shape(run(sink(written), false))).toBe("((orders customer) nation)");
		const cross = comma(nation, orders, customer);
		const at = (index: number) => col(cross, index);
		const where = and(eq(at(3), at(4)), eq(at(5), at(0)));
		expect(shape(run(sink(filter(cross, where)), false))).toBe("((nation customer) orders)");
	});
});

test("estimates: keys, ranges and groups", () => {
	expect(estimateRows(join(lineitem, orders, (l, o) => eq(l(0), o(0))))).toBeCloseTo(6_000_000);
	expect(estimateRows(filter(nation, eq(col(nation, 1), text("FRANCE"))))).toBeCloseTo(1);
	expect(estimateRows(aggregate(customer, [1], []))).toBe(25);
	const ranged = {
		...orders,
		statistics: { rowCount: 1000, columns: [{ min: 0n, max: 1000n }] },
	};
	const between = and(fn(">=", [col(ranged, 0), bigint(200)]), fn("<", [col(ranged, 0), bigint(300)]));
	expect(estimateRows(filter(ranged, between))).toBeCloseTo(100);
});

test("any order gives the same rows", () => {
	let state = 12345;
	const draw = (bound: number) => {
		state = (state * 1103515245 + 12345) % 2147483648;
		return Math.floor((state / 2147483648) * bound);
	};
	for (let round = 0; round < 150; round++) {
		const count = 2 + draw(4);
		const relations = Array.from({ length: count }, (_, i) =>
			scan(`t${i}`, { a: BIGINT, b: BIGINT }, { rows: 1 + draw(1000), distinct: [1 + draw(50), 1 + draw(50)] }),
		);
		const cross = comma(...relations);
		const at = () => col(cross, draw(2 * count));
		const conditions: Expr[] = Array.from({ length: count + draw(2) }, () =>
			fn(draw(4) === 0 ? "<=" : "=", [at(), at()]),
		);
		const shuffled = project(filter(cross, and(...conditions)), { x: at(), y: at(), z: at() });
		const row = (): Row => [draw(5) === 0 ? null : BigInt(draw(3)), BigInt(draw(3))];
		const tables = Object.fromEntries(relations.map((_, i) => [`t${i}`, Array.from({ length: 1 + draw(4) }, row)]));
		const expected = bag(interpret(shuffled, tables));
		expect(bag(interpret(run(shuffled), tables)), `round ${round}`).toEqual(expected);
		expect(bag(interpret(run(shuffled, false), tables)), `round ${round}, streaming`).toEqual(expected);
	}
});
