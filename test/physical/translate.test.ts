// Which operators, exchanges and changelog modes physical planning picks for a plan.
import { expect, test } from "vitest";
import type { JobGraph, JobVertex } from "../../src/job/job-graph.js";
import type { OperatorName } from "../../src/job/specs.js";
import type { WindowSpec } from "../../src/job/window.js";
import { translate, translateUnchained } from "../../src/physical/translate.js";
import type { PlanNode } from "../../src/plan/nodes.js";
import { BIGINT, INTEGER, STRING, timestamp } from "../../src/types/sql-type.js";
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
	int,
	join,
	over,
	project,
	scan,
	seconds,
	sink,
	sort,
	table,
	tumble,
	watermark,
	windowTable,
} from "../plan-builder.js";

const bid = scan("bid", { auction: BIGINT, price: BIGINT, ts: timestamp(3) });
const timed = watermark(bid, 2);

function plan(root: PlanNode | PlanNode[], settings: { batch?: boolean; parallelism?: number } = {}): JobGraph {
	const { batch = false, parallelism = 1 } = settings;
	const options = { "parallelism.default": String(parallelism) };
	return translateUnchained(root, { batch, options, context: { ...CONTEXT, batch } });
}

const operators = (graph: JobGraph) => graph.vertices.map((vertex) => vertex.spec.operator);
const only = (graph: JobGraph, name: OperatorName): JobVertex => {
	const found = graph.vertices.filter((vertex) => vertex.spec.operator === name);
	expect(found).toHaveLength(1);
	return found[0]!;
};

test("a run of filters and projections is one Calc", () => {
	const inner = project(filter(bid, eq(col(bid, 0), bigint(7))), { price: col(bid, 1), auction: col(bid, 0) });
	const outer = filter(inner, fn(">", [col(inner, 0), bigint(100)]));
	const graph = plan(sink(outer));
	expect(operators(graph)).toEqual(["Source", "Calc", "Sink"]);
	expect(only(graph, "Calc").description).toBe(
		"Calc(select=[price, auction], where=[AND(=(auction, 7:BIGINT), >(price, 100:BIGINT))])",
	);
});

test("random values are drawn once, not once for each use", () => {
	const drawn = project(bid, { r: fn("RAND_INTEGER", [int(10)], INTEGER) });
	const graph = plan(sink(filter(drawn, fn(">", [col(drawn, 0), int(5)]))));
	expect(operators(graph)).toEqual(["Source", "Calc", "Calc", "Sink"]);
});

test("an aggregate sends -U only to readers that cannot find the old row", () => {
	const counts = aggregate(bid, [0], [aggregateCall(bid, "COUNT")]);
	expect(only(plan(sink(counts)), "GroupAggregate")).toMatchObject({
		changelog: "retract",
		kinds: "I,UB,UA",
		upsertKey: [0],
	});
	const upsert = { ...table("out", { auction: BIGINT, n: BIGINT }, [0]), connector: "upsert-kafka" };
	const graph = plan(sink(counts, upsert));
	expect(only(graph, "GroupAggregate")).toMatchObject({
		changelog: "upsert",
		kinds: "I,UA",
		spec: { updateBefore: false },
	});
	expect(only(graph, "Sink").spec).toMatchObject({ upsertKey: [0] });
});

test("a filter on a result needs the row that it may take back", () => {
	const counts = aggregate(bid, [0], [aggregateCall(bid, "COUNT")]);
	const upsert = { ...table("out", { auction: BIGINT, n: BIGINT }, [0]), connector: "upsert-kafka" };
	const onCount = plan(sink(filter(counts, fn("<", [col(counts, 1), bigint(10)])), upsert));
	expect(only(onCount, "GroupAggregate").kinds).toBe("I,UB,UA");
	expect(operators(onCount)).toContain("DropUpdateBefore");
	const onKey = plan(sink(filter(counts, fn("<", [col(counts, 0), bigint(10)])), upsert));
	expect(only(onKey, "GroupAggregate").kinds).toBe("I,UA");
});

test("an aggregate of an aggregate gets retractions and can delete", () => {
	const max = aggregate(bid, [0, 2], [aggregateCall(bid, "MAX", [1])]);
	const average = aggregate(max, [0], [aggregateCall(max, "AVG", [2])]);
	const graph = plan(sink(average));
	const [inner, outer] = graph.vertices.filter((vertex) => vertex.spec.operator === "GroupAggregate");
	expect(inner).toMatchObject({ kinds: "I,UB,UA" });
	expect(outer).toMatchObject({ kinds: "I,UB,UA,D", spec: { inputUpdates: true } });
});

test("batch aggregates end with one row each, also over nothing when there is no key", () => {
	const graph = plan(sink(aggregate(bid, [], [aggregateCall(bid, "COUNT")])), { batch: true });
	expect(only(graph, "GroupAggregate")).toMatchObject({ changelog: "insert", spec: { final: true, emitEmpty: true } });
	expect(operators(plan(sink(timed), { batch: true }))).toEqual(["Source", "Sink"]);
});

test("grouping sets expand rows, and GROUPING follows from the set", () => {
	const grouping = { ...aggregateCall(bid, "GROUPING"), literals: [0, 1], type: BIGINT, name: "g" };
	const node = aggregate(bid, [0, 2], [aggregateCall(bid, "SUM", [1]), grouping], { groupingSets: [[0, 1], [0], []] });
	const graph = plan(sink(node));
	expect(operators(graph)).toEqual(["Source", "Expand", "GroupAggregate", "Calc", "Sink"]);
	expect(only(graph, "Expand").description).toBe(
		"Expand(projects=[{price, auction, ts, 0:BIGINT}, {price, auction, null:TIMESTAMP(3), 1:BIGINT}, " +
			"{price, null:BIGINT, null:TIMESTAMP(3), 2:BIGINT}])",
	);
	expect(only(graph, "GroupAggregate").spec).toMatchObject({ keys: [1, 2, 3], calls: [{ args: [0] }] });
	expect(only(graph, "Calc").description).toBe(
		"Calc(select=[auction, ts, sum, CASE(=($e, 0:BIGINT), 0:BIGINT, =($e, 1:BIGINT), 1:BIGINT, 3:BIGINT) AS g])",
	);
});

test("equal subplans are one vertex with several readers", () => {
	const counts = () => aggregate(bid, [0], [aggregateCall(bid, "COUNT")]);
	const graph = plan(sink(join(counts(), counts(), (left, right) => eq(left(0), right(0)))));
	expect(operators(graph)).toEqual(["Source", "GroupAggregate", "Join", "Sink"]);
	expect(only(graph, "Join").inputs.map((edge) => edge.from)).toEqual([1, 1]);
});

test("two statements of a set read one source", () => {
	const out = table("out", { auction: BIGINT, price: BIGINT, ts: timestamp(3) });
	expect(operators(plan([sink(timed, out), sink(timed, { ...out, path: ["c", "d", "other"] })]))).toEqual([
		"Source",
		"WatermarkAssigner",
		"Sink",
		"Sink",
	]);
});

const auction = scan("auction", { id: BIGINT, seller: BIGINT, opened: timestamp(3) });

test("a join's equalities become keys, the rest stays a condition", () => {
	const graph = plan(
		sink(
			join(auction, bid, (left, right) =>
				and(eq(right(0), left(0)), fn("IS NOT DISTINCT FROM", [left(1), right(1)]), fn("<", [left(2), right(2)])),
			),
		),
		{ parallelism: 4 },
	);
	const { spec, inputs, parallelism } = only(graph, "Join");
	expect(spec).toMatchObject({ leftKeys: [0, 1], rightKeys: [0, 1], nullSafe: [false, true], leftWidth: 3 });
	expect(spec).toMatchObject({ condition: { function: "<" } });
	expect(inputs.map((edge) => edge.exchange)).toEqual([
		{ kind: "hash", keys: [0, 1] },
		{ kind: "hash", keys: [0, 1] },
	]);
	expect(parallelism).toBe(4);
	expect(only(graph, "Sink").inputs[0]!.exchange).toEqual({ kind: "single" });
});

test("a batch join builds on the side with fewer rows and copies it when it is small", () => {
	const small = scan("nation", { key: BIGINT, name: STRING }, { rows: 25 });
	const large = scan("customer", { nation: BIGINT }, { rows: 150_000 });
	const graph = plan(sink(join(small, large, (left, right) => eq(left(0), right(0)))), { batch: true, parallelism: 2 });
	const vertex = only(graph, "Join");
	expect(vertex.spec).toMatchObject({ build: "left" });
	expect(vertex.inputs.map((edge) => edge.exchange.kind)).toEqual(["broadcast", "forward"]);
	const full = plan(sink(join(small, large, (left, right) => eq(left(0), right(0)), "full")), {
		batch: true,
		parallelism: 2,
	});
	expect(only(full, "Join").inputs.map((edge) => edge.exchange.kind)).toEqual(["hash", "hash"]);
});

test("two bounds on event times make an interval join", () => {
	const opened = watermark(auction, 2);
	const within = join(opened, timed, (left, right) =>
		and(
			eq(left(0), right(0)),
			fn(">=", [right(2), left(2)]),
			fn("<", [right(2), fn("+", [left(2), seconds(10)], timestamp(3))]),
		),
	);
	expect(only(plan(sink(within)), "IntervalJoin").spec).toMatchObject({
		leftKeys: [0],
		leftTime: 2,
		rightTime: 2,
		lowerMs: -9_999,
		upperMs: 0,
		eventTime: true,
		condition: undefined,
	});
	const oneBound = join(opened, timed, (left, right) => and(eq(left(0), right(0)), fn(">=", [right(2), left(2)])));
	expect(operators(plan(sink(oneBound)))).toContain("Join");
	expect(operators(plan(sink(within), { batch: true }))).toContain("Join");
});

const windowCounts = (keys: number[]) =>
	aggregate(timed, keys, [aggregateCall(timed, "COUNT")], { window: tumble(2), properties: ["start", "end"] });

test("windows that are equated join as windows", () => {
	const perAuction = windowCounts([0]);
	const total = windowCounts([]);
	const graph = plan(
		sink(
			join(perAuction, total, (left, right) =>
				and(eq(left(2), right(1)), eq(left(3), right(2)), fn(">=", [left(1), right(0)])),
			),
		),
	);
	expect(operators(graph).filter((name) => name === "WindowAggregate")).toHaveLength(2);
	expect(only(graph, "WindowJoin").spec).toMatchObject({ leftKeys: [], leftWindowEnd: 3, rightWindowEnd: 2 });
	const other = aggregate(timed, [], [aggregateCall(timed, "COUNT")], {
		window: tumble(2, 5000),
		properties: ["start", "end"],
	});
	const uneven = join(perAuction, other, (left, right) => and(eq(left(2), right(1)), eq(left(3), right(2))));
	expect(operators(plan(sink(uneven)))).toContain("Join");
});

test("a table function's windows are assigned by an operator of their own", () => {
	expect(operators(plan(sink(windowTable(timed, tumble(2)))))).toEqual([
		"Source",
		"WatermarkAssigner",
		"WindowTableFunction",
		"Sink",
	]);
});

test("aggregates that cannot be merged: refused where slices are, on rows by window where the input is bounded", () => {
	const hop: WindowSpec = { kind: "hop", time: 2, eventTime: true, size: 15_000, slide: 5000, offset: 0 };
	const of = (name: string, window: WindowSpec) =>
		sink(aggregate(timed, [0], [aggregateCall(timed, name, [1])], { window, properties: ["end"] }));
	for (const name of ["FIRST_VALUE", "LAST_VALUE", "JSON_ARRAYAGG"]) {
		expect(() => plan(of(name, hop))).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
		expect(operators(plan(of(name, tumble(2))))).toContain("WindowAggregate");
	}
	const panes = of("FIRST_VALUE", { ...tumble(2), groupWindow: true } as WindowSpec);
	expect(operators(plan(panes))).toContain("WindowAggregate");
	expect(() => plan(panes, { batch: true })).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
	expect(operators(plan(of("LISTAGG", hop)))).not.toContain("WindowTableFunction");
	const bounded = plan(of("FIRST_VALUE", { ...hop, groupWindow: true }), { batch: true });
	expect(operators(bounded).slice(1)).toEqual(["Sort", "WindowTableFunction", "WindowAggregate", "Sink"]);
	expect(only(bounded, "Sort").spec).toMatchObject({ order: [{ column: 2, ascending: true }] });
	const table = plan(of("FIRST_VALUE", hop), { batch: true });
	expect(operators(table).slice(1)).toEqual(["WindowTableFunction", "WindowAggregate", "Sink"]);
	expect(only(table, "WindowAggregate").spec).toMatchObject({ window: { kind: "attached", start: 3, end: 4 } });
});

const asOf = (input: PlanNode, attribute: "rowtime" | "proctime"): PlanNode => ({
	kind: "Snapshot",
	input,
	time: 2,
	attribute,
	schema: input.schema,
});

test("FOR SYSTEM_TIME AS OF an event time joins versions", () => {
	const columns = { currency: BIGINT, rate: BIGINT, at: timestamp(3) };
	const rates = watermark(scan("rates", columns, { changelog: "upsert", primaryKey: [0] }), 2);
	const graph = plan(sink(join(timed, asOf(rates, "rowtime"), (left, right) => eq(left(0), right(0)))));
	expect(only(graph, "TemporalJoin").spec).toMatchObject({ leftKeys: [0], rightKeys: [0], leftTime: 2, rightTime: 2 });
	expect(only(graph, "ChangelogNormalize").kinds).toBe("I,UA,D");

	const noKey = join(timed, asOf(watermark(scan("rates", columns), 2), "rowtime"), (left, right) =>
		eq(left(0), right(0)),
	);
	expect(() => plan(sink(noKey))).toThrow(/requires primary key in versioned table/);
});

test("FOR SYSTEM_TIME AS OF a processing time looks rows up", () => {
	const side = scan("side_input", { key: BIGINT, value: STRING });
	const lookup = join(timed, asOf(side, "proctime"), (left, right) =>
		and(eq(left(0), right(0)), eq(right(1), { kind: "literal", value: "x", type: STRING })),
	);
	const graph = plan(sink(lookup));
	expect(operators(graph)).toEqual(["Source", "WatermarkAssigner", "LookupJoin", "Sink"]);
	expect(only(graph, "LookupJoin").spec).toMatchObject({ leftKeys: [0], rightKeys: [0], condition: { function: "=" } });
});

test("OVER in streaming follows the order column's kind and refuses the future", () => {
	const sums = over(timed, [0], [asc(2)], [aggregateCall(timed, "SUM", [1])]);
	expect(only(plan(sink(sums)), "OverAggregate")).toMatchObject({ changelog: "insert", spec: { time: "rowtime" } });
	expect(only(plan(sink(over(bid, [0], [asc(1)], [aggregateCall(bid, "SUM", [1])]))), "OverAggregate")).toMatchObject({
		changelog: "retract",
		spec: { time: "row" },
	});
	const following = { unit: "rows", start: { kind: "currentRow" }, end: { kind: "following", offset: 1 } } as const;
	const ahead = over(timed, [0], [asc(2)], [aggregateCall(timed, "SUM", [1])], following);
	expect(() => plan(sink(ahead))).toThrow(/FOLLOWING/);
	expect(() => plan(sink(over(timed, [0], [desc(2)], [aggregateCall(timed, "SUM", [1])])))).toThrow(/ASCENDING/);
	expect(only(plan(sink(ahead), { batch: true }), "OverAggregate").spec).toMatchObject({ time: "final" });
});

test("sorting: whole in batch, by time or with a limit in streaming", () => {
	expect(only(plan(sink(sort(bid, [desc(1)])), { batch: true }), "Sort").spec).toMatchObject({ final: true });
	expect(operators(plan(sink(sort(timed, [asc(2), desc(1)]))))).toContain("TemporalSort");
	expect(only(plan(sink(sort(bid, [desc(1)], 3))), "Sort")).toMatchObject({
		changelog: "retract",
		spec: { fetch: 3, final: false },
	});
	expect(() => plan(sink(sort(bid, [desc(1)])))).toThrow(/non-time-attribute/);
	const graph = plan(sink(sort(bid, [desc(1)], 3, 2)), { batch: true, parallelism: 4 });
	const [local, global] = graph.vertices.filter((vertex) => vertex.spec.operator === "Sort");
	expect(local).toMatchObject({ parallelism: 4, spec: { offset: 0, fetch: 5 } });
	expect(global).toMatchObject({
		parallelism: 1,
		inputs: [{ exchange: { kind: "single" } }],
		spec: { offset: 2, fetch: 3 },
	});
});

test("an upsert source is normalised by its key; batch refuses changes", () => {
	const accounts = scan("accounts", { id: BIGINT, balance: BIGINT }, { changelog: "upsert", primaryKey: [0] });
	const graph = plan(sink(accounts));
	expect(operators(graph)).toEqual(["Source", "ChangelogNormalize", "Sink"]);
	expect(graph.vertices.slice(0, 2).map((vertex) => vertex.kinds)).toEqual(["I,UA,D", "I,UB,UA,D"]);
	expect(() => plan(sink(accounts), { batch: true })).toThrow(/INSERT-only/);
});

test("what cannot take changes says which operator makes them", () => {
	const counts = aggregate(bid, [0], [aggregateCall(bid, "COUNT")]);
	const csv = { ...table("out", { auction: BIGINT, n: BIGINT }), connector: "filesystem", options: { format: "csv" } };
	expect(() => plan(sink(counts, csv))).toThrow(/sink .* doesn't support consuming update changes .* GroupAggregate/);
});

test("equal keys are exchanged once; single subtasks need no exchange", () => {
	const counts = aggregate(bid, [0], [aggregateCall(bid, "COUNT")]);
	const again = aggregate(counts, [0], [aggregateCall(counts, "SUM", [1])]);
	const exchanges = (graph: JobGraph) =>
		graph.vertices.map(({ inputs }) => inputs.map((edge) => edge.exchange.kind).join());
	expect(exchanges(plan(sink(again), { parallelism: 4 }))).toEqual(["", "hash", "forward", "single"]);
	const alone = translate(sink(again), { batch: false, options: {}, context: CONTEXT });
	expect(exchanges(alone)).toEqual(["", "forward", "forward", "forward"]);
});

const exchangesOf = (graph: JobGraph, name: OperatorName) => only(graph, name).inputs.map((edge) => edge.exchange);
const streaming = { batch: false, options: { "parallelism.default": "4" }, context: CONTEXT };

/** Bids counted by auction and price, joined with auctions by their ids. */
function joinedCounts(calls: (input: PlanNode) => ReturnType<typeof aggregateCall>[]) {
	const counts = aggregate(bid, [0, 1], calls(bid));
	return sink(join(counts, auction, (left, right) => eq(left(0), right(0))));
}

test("rows come to an aggregate by the keys of the join behind it, when they are summed up first", () => {
	const graph = translate(
		joinedCounts((input) => [aggregateCall(input, "COUNT")]),
		streaming,
	);
	expect(exchangesOf(graph, "LocalGroupAggregate")).toEqual([{ kind: "forward" }]);
	expect(exchangesOf(graph, "GroupAggregate")).toEqual([{ kind: "hash", keys: [0] }]);
	expect(only(graph, "GroupAggregate").spec).toMatchObject({ keys: [0, 1], distributedBy: [0] });
	expect(exchangesOf(graph, "Join")).toEqual([{ kind: "forward" }, { kind: "hash", keys: [0] }]);
});

test("rows come to an aggregate by all keys where fewer would be many rows at one place", () => {
	const byAll = [{ kind: "hash", keys: [0, 1] }];
	const texts = joinedCounts((input) => [aggregateCall(input, "LISTAGG", [1])]);
	expect(exchangesOf(translate(texts, streaming), "GroupAggregate")).toEqual(byAll);
	const onePhase = {
		...streaming,
		options: { ...streaming.options, "table.optimizer.agg-phase-strategy": "ONE_PHASE" },
	};
	const counts = joinedCounts((input) => [aggregateCall(input, "COUNT")]);
	expect(exchangesOf(translate(counts, onePhase), "GroupAggregate")).toEqual(byAll);
	const inner = aggregate(bid, [0, 1], [aggregateCall(bid, "COUNT")]);
	const outer = aggregate(inner, [0], [aggregateCall(inner, "MAX", [2])]);
	const first = translate(sink(outer), streaming).vertices.find((vertex) => vertex.spec.operator === "GroupAggregate")!;
	expect(first.inputs.map((edge) => edge.exchange)).toEqual(byAll);
});

test("consumers that want an aggregate's rows by different keys get them by all", () => {
	const counts = aggregate(bid, [0, 1], [aggregateCall(bid, "COUNT")]);
	const byAuction = join(counts, auction, (left, right) => eq(left(0), right(0)));
	const bySeller = join(counts, auction, (left, right) => eq(left(1), right(1)));
	const graph = translate([sink(byAuction), sink(bySeller)], streaming);
	expect(exchangesOf(graph, "GroupAggregate")).toEqual([{ kind: "hash", keys: [0, 1] }]);
});
