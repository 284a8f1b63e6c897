// What single rules make of plans, by the shape of the result; that they keep the rows is tested with random data elsewhere.
import { describe, expect, test } from "vitest";
import { optimize } from "../../src/optimizer/optimizer.js";
import { nodesOf } from "../../src/optimizer/rewrite-plan.js";
import type { PlanKind, PlanNode, ScanNode } from "../../src/plan/nodes.js";
import type { Expr } from "../../src/types/expr.js";
import { BIGINT, INTEGER, row, type Schema, STRING, timestamp } from "../../src/types/sql-type.js";
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
	fields,
	filter,
	fn,
	int,
	join,
	over,
	project,
	scan,
	sink,
	sort,
	table,
	text,
	tumble,
	watermark,
	windowTable,
} from "../plan-builder.js";

const run = (plan: PlanNode, batch = false): PlanNode =>
	optimize([plan], { batch, options: {}, context: { ...CONTEXT, batch }, verify: true })[0]!;

const kinds = (plan: PlanNode) => nodesOf([plan]).map((node) => node.kind);
const all = <K extends PlanKind>(plan: PlanNode, kind: K) =>
	nodesOf([plan]).filter((node): node is Extract<PlanNode, { kind: K }> => node.kind === kind);
const fieldNames = (schema: Schema) => schema.map((field) => field.name);

const bid = scan("bid", { auction: BIGINT, price: BIGINT, ts: timestamp(3) });
const timed = watermark(bid, 2);

describe("a Nexmark-like table of nested events", () => {
	const nested = { id: BIGINT, name: STRING, time: timestamp(3) };
	const events = scan("events", { type: INTEGER, person: row(fields(nested)), bid: row(fields(nested)) });
	const field = (index: number, part: number): Expr => ({
		kind: "field",
		input: col(events, index),
		index: part,
		type: Object.values(nested)[part]!,
	});
	const time: Expr = {
		kind: "case",
		branches: [{ when: eq(col(events, 0), int(0)), then: field(1, 2) }],
		otherwise: field(2, 2),
		type: timestamp(3),
	};
	const withTime = project(events, { type: col(events, 0), person: col(events, 1), bid: col(events, 2), time });
	const marked = watermark(withTime, 3);
	const bids = filter(marked, eq(col(marked, 0), int(2)));
	const part = (plan: PlanNode, index: number): Expr => ({
		kind: "field",
		input: col(plan, 2),
		index,
		type: Object.values(nested)[index]!,
	});

	test("only the fields of the wanted event are read, and the source hears of the filter", () => {
		const plan = run(sink(project(bids, { id: part(bids, 0), time: col(bids, 3) })));
		const [read] = all(plan, "Scan") as [ScanNode];
		expect(fieldNames(read.schema)).toEqual(["type", "bid.id", "bid.time"]);
		expect(read.projection).toEqual([[0], [2, 0], [2, 2]]);
		expect(read.filters).toMatchObject([{ function: "=" }]);
	});

	test("where the watermark drives a window, every row moves it: the filter stays above", () => {
		const counts = aggregate(bids, [], [aggregateCall(bids, "COUNT")], { window: tumble(3), properties: ["end"] });
		const plan = run(sink(counts));
		const [read] = all(plan, "Scan") as [ScanNode];
		expect(fieldNames(read.schema)).toEqual(["type", "person.time", "bid.time"]);
		expect(read.filters).toEqual([]);
		expect(all(plan, "Watermark")[0]!.input.kind).toBe("Project");
	});

	test("two readers of a stream share one scan of what both need", () => {
		const persons = filter(marked, eq(col(marked, 0), int(0)));
		const ids = project(persons, { id: { kind: "field", input: col(persons, 1), index: 0, type: BIGINT } });
		const both = join(project(bids, { id: part(bids, 0) }), ids, (left, right) => eq(left(0), right(0)));
		const plan = run(sink(both));
		expect(all(plan, "Scan")).toHaveLength(1);
		expect(all(plan, "Scan")[0]!.filters).toMatchObject([{ function: "OR" }]);
		expect(all(run(sink(both), true), "Scan").map((read) => fieldNames(read.schema))).toEqual([
			["type", "bid.id"],
			["type", "person.id"],
		]);
	});
});

describe("filters", () => {
	const seller = scan("seller", { id: BIGINT, state: STRING });
	test("the conditions of a comma join go to the sides and into the join", () => {
		const cross = join(bid, seller);
		const where = and(
			eq(col(cross, 0), col(cross, 3)),
			eq(col(cross, 4), text("OR")),
			fn(">", [col(cross, 1), bigint(5)]),
		);
		const plan = run(sink(filter(cross, where)));
		const [joined] = all(plan, "Join");
		expect(joined!.condition).toMatchObject({ function: "=" });
		expect(all(plan, "Filter").map((node) => node.input.kind)).toEqual(["Scan", "Scan"]);
	});
	test("a filter that drops padded rows makes an outer join an inner one", () => {
		const outer = join(bid, seller, (left, right) => eq(left(0), right(0)), "left");
		expect(all(run(sink(filter(outer, fn("IS NULL", [col(outer, 4)])))), "Join")[0]!.type).toBe("left");
		expect(all(run(sink(filter(outer, eq(col(outer, 4), text("OR"))))), "Join")[0]!.type).toBe("inner");
	});
	test("what all branches of an OR say of a side filters that side; what they share is said once", () => {
		const cross = join(bid, seller);
		const branch = (price: number, state: string) =>
			and(eq(col(cross, 0), col(cross, 3)), eq(col(cross, 1), bigint(price)), eq(col(cross, 4), text(state)));
		const plan = run(sink(filter(cross, fn("OR", [branch(1, "OR"), branch(2, "ID")]))), true);
		expect(all(plan, "Join")[0]!.condition).toMatchObject({
			function: "AND",
			args: [{ function: "=" }, { function: "OR" }],
		});
		expect(all(plan, "Filter").map((node) => node.input.kind)).toEqual(["Scan", "Scan"]);
	});
	test("a condition on a key holds for the other side's key as well", () => {
		const joined = join(bid, seller, (left, right) => eq(left(0), right(0)));
		const plan = run(sink(filter(joined, fn("<", [col(joined, 0), bigint(9)]))));
		expect(all(plan, "Filter").map((node) => node.input.kind)).toEqual(["Scan", "Scan"]);
	});
	test("through an aggregate only by its keys, through a limit not at all", () => {
		const counts = aggregate(bid, [0], [aggregateCall(bid, "COUNT")]);
		const plan = run(sink(filter(counts, and(eq(col(counts, 0), bigint(1)), fn(">", [col(counts, 1), bigint(2)])))));
		expect(kinds(plan)).toEqual(["Scan", "Filter", "Aggregate", "Filter", "Sink"]);
		const limited = sort(bid, [desc(1)], 10);
		expect(kinds(run(sink(filter(limited, eq(col(limited, 0), bigint(1))))))).toEqual([
			"Scan",
			"Sort",
			"Filter",
			"Sink",
		]);
	});
});

describe("windows", () => {
	const windows = windowTable(timed, tumble(2));
	test("an aggregate over a table function's windows takes them over", () => {
		const inner = project(windows, { start: col(windows, 3), end: col(windows, 4), price: col(windows, 1) });
		const plan = run(sink(aggregate(inner, [0, 1], [aggregateCall(inner, "MAX", [2])])));
		expect(kinds(plan)).not.toContain("WindowTableFunction");
		expect(all(plan, "Aggregate")[0]).toMatchObject({
			keys: [],
			window: { kind: "tumble" },
			properties: ["start", "end"],
		});
	});
	test("an expression of the window keeps the table function; the aggregate attaches to it", () => {
		const plan = run(sink(aggregate(windows, [3, 4], [aggregateCall(windows, "MAX", [3])])));
		expect(kinds(plan)).toContain("WindowTableFunction");
		expect(all(plan, "Aggregate")[0]!.window).toMatchObject({ kind: "attached" });
	});
	test("an aggregate of a window aggregate continues in its windows", () => {
		const perAuction = aggregate(windows, [0, 3, 4], [aggregateCall(windows, "COUNT")]);
		const plan = run(sink(aggregate(perAuction, [1, 2], [aggregateCall(perAuction, "MAX", [3])])));
		expect(all(plan, "Aggregate").map((node) => node.window?.kind)).toEqual(["tumble", "attached"]);
	});
	test("grouping by the end alone is no window aggregation", () => {
		const plan = run(sink(aggregate(windows, [4], [aggregateCall(windows, "COUNT")])));
		expect(all(plan, "Aggregate")[0]!.window).toBeUndefined();
	});
	test("the best rows of each window", () => {
		const perAuction = aggregate(windows, [0, 3, 4], [aggregateCall(windows, "COUNT")]);
		const ranked = over(perAuction, [1, 2], [desc(3)], [aggregateCall(perAuction, "ROW_NUMBER")]);
		const plan = run(sink(filter(ranked, fn("<=", [col(ranked, 4), bigint(3)]))));
		const [rank] = all(plan, "Rank");
		expect(rank).toMatchObject({ partition: [], to: 3 });
		expect(rank!.input.schema[rank!.windowEnd!]!.name).toBe("window_end");
	});
});

describe("rankings", () => {
	const numbered = (input: PlanNode, order = desc(1), name = "ROW_NUMBER") =>
		over(input, [0], [order], [aggregateCall(input, name, [], { type: BIGINT, name: "rn" })]);
	test("ROW_NUMBER up to n is a Top-N, also through projections and joins; the number goes when nobody reads it", () => {
		const ranked = numbered(bid);
		const renamed = project(ranked, { a: col(ranked, 0), n: col(ranked, 3) });
		const plan = run(sink(filter(renamed, fn("<=", [col(renamed, 1), bigint(3)]))));
		expect(all(plan, "Rank")[0]).toMatchObject({ partition: [0], from: 1, to: 3, outputRank: true });
		const only = project(filter(renamed, fn("<", [col(renamed, 1), bigint(3)])), { a: col(renamed, 0) });
		expect(all(run(sink(only)), "Rank")[0]).toMatchObject({ to: 2, outputRank: false });
	});
	test("a range of ranks; a rank bounded by a column", () => {
		const ranked = numbered(bid);
		const between = and(fn(">=", [col(ranked, 3), bigint(2)]), fn("<=", [col(ranked, 3), bigint(4)]));
		expect(all(run(sink(filter(ranked, between))), "Rank")[0]).toMatchObject({ from: 2, to: 4 });
		const variable = filter(ranked, fn("<=", [col(ranked, 3), col(ranked, 1)]));
		expect(all(run(sink(variable)), "Rank")[0]!.to).toEqual({ column: 1 });
		expect(kinds(run(sink(filter(ranked, fn(">", [col(ranked, 3), bigint(2)])))))).toContain("Over");
	});
	test("the first row by a time attribute is deduplication, by anything else a Top-1", () => {
		const first = (plan: PlanNode) => filter(plan, eq(col(plan, 3), bigint(1)));
		expect(all(run(sink(first(numbered(timed, asc(2))))), "Deduplicate")[0]).toMatchObject({
			keys: [0],
			order: 2,
			keep: "first",
		});
		expect(all(run(sink(first(numbered(timed, desc(2))))), "Deduplicate")[0]!.keep).toBe("last");
		expect(all(run(sink(first(numbered(timed)))), "Rank")[0]).toMatchObject({ to: 1, outputRank: false });
	});
});

test("join keys that are expressions are computed below the join", () => {
	const side = scan("side", { key: BIGINT, value: STRING });
	const plan = run(sink(join(bid, side, (left, right) => eq(fn("%", [left(0), bigint(100)], BIGINT), right(0)))));
	const [joined] = all(plan, "Join");
	expect(joined!.condition).toMatchObject({ function: "=", args: [{ kind: "column" }, { kind: "column" }] });
	expect(joined!.left.kind).toBe("Project");
});

test("a plain limit reaches the scan, an ordered one does not", () => {
	expect(all(run(sink(sort(bid, [], 5, 2))), "Scan")[0]!.limit).toBe(7);
	expect(all(run(sink(sort(bid, [asc(1)], 5))), "Scan")[0]!.limit).toBeUndefined();
	expect(all(run(sink(sort(filter(bid, eq(col(bid, 0), bigint(1))), [], 5))), "Scan")[0]!.limit).toBeUndefined();
});

test("columns nobody reads are not read; the key of an upsert table always is", () => {
	const accounts = scan(
		"accounts",
		{ id: BIGINT, owner: STRING, balance: BIGINT },
		{ changelog: "upsert", primaryKey: [0] },
	);
	const plan = run(sink(project(accounts, { balance: col(accounts, 2) })));
	expect(fieldNames(all(plan, "Scan")[0]!.schema)).toEqual(["id", "balance"]);
	const counted = run(sink(aggregate(bid, [], [aggregateCall(bid, "COUNT")])));
	expect(all(counted, "Scan")[0]!.schema).toHaveLength(1);
	const out = table("out", { auction: BIGINT });
	expect(fieldNames(all(run(sink(project(bid, { auction: col(bid, 0) }), out)), "Scan")[0]!.schema)).toEqual([
		"auction",
	]);
});
