// Columns of Arrow's type Null: carried, grouped, sorted and joined by like any column of NULLs; what needs a type says so, naming the column.
import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import * as operators from "../../src/embed/operators.js";
import {
	type Aggregate,
	aggregate,
	call,
	col,
	count,
	descending,
	type Expression,
	firstValue,
	hashAggregate,
	lastValue,
	type StreamOperator,
	tumble,
	when,
} from "../../src/embed/operators.js";
import { refused, rowsOf } from "./batches.js";

const kernels = "debug" as const;
const schema = new arrow.Schema([
	new arrow.Field("k", new arrow.Int32(), true),
	new arrow.Field("x", new arrow.Null(), true),
	new arrow.Field("ts", new arrow.TimestampMillisecond(), true),
]);

function batchOf(ks: readonly (number | null)[], times: readonly number[]): arrow.RecordBatch {
	const { length } = ks;
	const children = [
		arrow.vectorFromArray(ks, new arrow.Int32()).data[0]!,
		arrow.makeData({ type: new arrow.Null(), length }),
		arrow.vectorFromArray(times, new arrow.TimestampMillisecond()).data[0]!,
	];
	const type = new arrow.Struct(schema.fields);
	return new arrow.RecordBatch(schema, arrow.makeData({ type, length, nullCount: 0, children }));
}

const BATCH = batchOf([1, 2, 1, null], [1000, 2000, 3000, 4000]);
const ALL = [
	[1, null, 1000],
	[2, null, 2000],
	[1, null, 3000],
	[null, null, 4000],
];

/** The rows that come out, through a snapshot on the way. */
async function rowsFrom(build: () => Promise<StreamOperator>): Promise<unknown[][]> {
	using operator = await build();
	await operator.push(BATCH);
	const rows = rowsOf(operator.take());
	using restored = await build();
	restored.restore(operator.snapshot());
	await restored.finish();
	return [...rows, ...rowsOf(restored.take())];
}

describe("without a type", () => {
	const input = { input: schema, kernels };
	const n = { n: count() };
	const cases: Record<string, readonly [() => Promise<StreamOperator>, readonly unknown[]]> = {
		"filter IS NULL": [() => operators.filter({ ...input, where: col("x").isNull() }), ALL],
		"filter x = x": [() => operators.filter({ ...input, where: col("x").eq(col("x")) }), []],
		"filter x IS DISTINCT FROM k": [
			() => operators.filter({ ...input, where: col("x").isDistinctFrom(col("k")) }),
			ALL.slice(0, 3),
		],
		project: [
			() =>
				operators.project({
					...input,
					columns: ["x", col("x").cast("INT").as("i"), call("COALESCE", col("x"), col("k")).as("c")],
				}),
			[
				[null, null, 1],
				[null, null, 2],
				[null, null, 1],
				[null, null, null],
			],
		],
		"CASE with a typed branch": [
			() => operators.project({ ...input, columns: [when(col("k").eq(1), col("x")).otherwise(col("k")).as("c")] }),
			[[null], [2], [null], [null]],
		],
		"hashAggregate by x": [() => hashAggregate({ ...input, keys: ["x"], aggregates: n }), [[null, 4n]]],
		"hashAggregate by x and k": [
			() => hashAggregate({ ...input, keys: ["x", "k"], aggregates: n }),
			[
				[null, 1, 2n],
				[null, 2, 1n],
				[null, null, 1n],
			],
		],
		"windowAggregate by x": [
			() => operators.windowAggregate({ ...input, time: "ts", window: tumble(2000), keys: ["x"], aggregates: n }),
			[
				[null, 1n, 0, 2000],
				[null, 2n, 2000, 4000],
				[null, 1n, 4000, 6000],
			],
		],
		"sort by x keeps the order": [() => operators.sort({ ...input, by: ["x"] }), ALL],
		"sort by x, then k": [() => operators.sort({ ...input, by: [descending("x"), "k"], limit: 2 }), [ALL[3], ALL[0]]],
		"topN by x takes the first": [
			() => operators.topN({ ...input, keys: ["k"], by: ["x"], n: 1 }),
			[ALL[0], ALL[1], ALL[3]],
		],
		"topN per x": [() => operators.topN({ ...input, keys: ["x"], by: ["k"], n: 1 }), [ALL[3]]],
		"deduplicate by x": [() => operators.deduplicate({ ...input, keys: ["x"] }), [ALL[0]]],
		limit: [() => operators.limit({ ...input, count: 2 }), ALL.slice(0, 2)],
	};

	test.each(Object.entries(cases))("%s", async (_, [build, rows]) => {
		expect(await rowsFrom(build)).toEqual(rows);
	});

	test.each(["inner", "left", "semi", "anti"] as const)("hashJoin on x, %s: NULL is equal to nothing", async (type) => {
		for (const on of [["x"], ["k", "x"]] as const) {
			using join = await operators.hashJoin({ left: schema, right: schema, on, type, build: "right", kernels });
			await join.right.push(BATCH);
			await join.right.finish();
			await join.left.push(BATCH);
			await join.left.finish();
			const left = rowsOf(join.take()).map((row) => row.slice(0, 3));
			expect(left).toEqual(type === "left" || type === "anti" ? ALL : []);
		}
	});

	test("more rows than a batch of the engine's has", async () => {
		const many = Array.from({ length: 20_000 }, (_, i) => i);
		using operator = await operators.filter({ ...input, where: col("x").isNull() });
		await operator.push(batchOf(many, many));
		expect(rowsOf(operator.take())).toEqual(many.map((i) => [i, null, i]));
	});
});

describe("aggregates of any type", () => {
	const aggregates = {
		n: count("x"),
		distinct: count("x").distinct(),
		first: firstValue("x"),
		last: lastValue("x"),
	};
	const none = [0n, 0n, null, null];

	test.each(["final", "changes", "upserts"] as const)("hashAggregate, %s", async (output) => {
		const rows = await rowsFrom(() => hashAggregate({ input: schema, keys: ["k"], aggregates, output, kernels }));
		expect(rows.map((row) => row.slice(-5))).toEqual([1, 2, null].map((k) => [k, ...none]));
		const total = await rowsFrom(() => hashAggregate({ input: schema, aggregates, output, kernels }));
		expect(total.map((row) => row.slice(-4))).toEqual([none]);
	});

	test("windowAggregate", async () => {
		const window = tumble(2000);
		const rows = await rowsFrom(() =>
			operators.windowAggregate({ input: schema, time: "ts", window, aggregates, kernels }),
		);
		expect(rows.map((row) => row.slice(0, 4))).toEqual([none, none, none]);
	});
});

describe("what needs a type", () => {
	const remedy = /Column 'x' is of Arrow's type Null\. Give it a type: col\("x"\)\.cast\(type\)/;

	test.each(["SUM", "AVG", "MIN", "MAX", "STDDEV_POP", "VAR_SAMP", "LISTAGG"])("%s", async (name) => {
		const made = { aggregates: { r: aggregate(name, "x") as Aggregate } };
		const told = new RegExp(
			`aggregate 'r': ${name} cannot be called with \\(NULL\\); expected ${name}\\(.*${remedy.source}`,
		);
		await refused("TYPE_MISMATCH", told, () => hashAggregate({ input: schema, ...made }));
		await refused("TYPE_MISMATCH", told, () =>
			operators.windowAggregate({ input: schema, time: "ts", window: tumble(10), ...made }),
		);
	});

	const expressions: Record<string, Expression> = {
		"+": col("x").plus(1),
		AND: col("x").and(col("k").eq(1)),
		UPPER: call("UPPER", col("x")),
		LIKE: col("x").like("a%"),
		"CASE of NULLs": when(col("k").eq(1), col("x")).otherwise(col("x")),
		"COALESCE of NULLs": call("COALESCE", col("x"), col("x")),
	};

	test.each(Object.entries(expressions))("%s", async (_, expression) => {
		const error = await operators.project({ input: schema, columns: [expression.as("y")] }).catch((thrown) => thrown);
		expect(["TYPE_MISMATCH", "INVALID_ARGUMENT"]).toContain(error.code);
		expect(error.message).toMatch(remedy);
	});

	test("conditions, times and keys of two types", async () => {
		await refused("TYPE_MISMATCH", remedy, () => operators.filter({ input: schema, where: col("x") }));
		await refused("TYPE_MISMATCH", /time: the column is NULL; expected a Timestamp/, () =>
			operators.windowAggregate({ input: schema, time: "x", window: tumble(10), aggregates: { n: count() } }),
		);
		await refused("TYPE_MISMATCH", /time: the column is NULL; expected a Timestamp/, () =>
			operators.deduplicate({ input: schema, keys: ["k"], time: "x" }),
		);
		await refused("TYPE_MISMATCH", /on: 'k' is INT, 'x' NULL; expected keys of one type.*INT/, () =>
			operators.hashJoin({ left: schema, right: schema, on: [["k", "x"]] }),
		);
	});

	test("a cast gives one", async () => {
		const aggregates = { total: operators.sum(col("x").cast("INT")), low: operators.min(col("x").cast("STRING")) };
		expect(await rowsFrom(() => hashAggregate({ input: schema, aggregates, kernels }))).toEqual([[null, null]]);
	});
});
