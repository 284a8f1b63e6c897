// millrace/operators: what goes in as RecordBatches comes out as RecordBatches, in whatever pieces, across snapshots, with bounded output.
import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import {
	aggregate,
	avg,
	call,
	col,
	count,
	cumulate,
	deduplicate,
	descending,
	filter,
	firstValue,
	hashAggregate,
	hashJoin,
	hop,
	JoinOperator,
	lastValue,
	limit,
	listagg,
	lit,
	max,
	min,
	type OperatorBase,
	project,
	type StreamOperator,
	session,
	sort,
	sql,
	sum,
	type TimedOperator,
	topN,
	tumble,
	type Window,
	when,
	windowAggregate,
} from "../../src/embed/operators.js";
import { batchOf, refused, rowsBatch, rowsOf, schema, type TestRow } from "./batches.js";

const kernels = "debug" as const;

const ROWS: readonly TestRow[] = Array.from({ length: 9000 }, (_, i) => {
	const key = (i * 7919) % 101;
	return [key % 13 === 0 ? null : BigInt(key), key % 7 === 0 ? null : `name ${"x".repeat(key % 20)}`, i % 11, i * 3];
});
const BATCH = rowsBatch(ROWS);

/** All results for the rows as they are cut at `cuts`, with a snapshot moved into a new operator at each. */
async function results(
	build: () => Promise<OperatorBase>,
	cuts: readonly number[],
	restores: boolean,
): Promise<unknown[][]> {
	let operator = await build();
	const found: unknown[][] = [];
	for (const [i, from] of [0, ...cuts].entries()) {
		const part = BATCH.slice(from, cuts[i] ?? ROWS.length);
		if (operator instanceof JoinOperator) {
			await operator.left.push(part);
			await operator.right.push(part);
		} else await (operator as StreamOperator).push(part);
		if ("advance" in operator) await (operator as TimedOperator).advance((ROWS[cuts[i] ?? 0] as TestRow)[3] - 1);
		found.push(...rowsOf(operator.take()));
		if (!restores) continue;
		const next = await build();
		next.restore(operator.snapshot());
		operator.dispose();
		operator = next;
	}
	if (operator instanceof JoinOperator) {
		await operator.left.finish();
		await operator.right.finish();
	} else await (operator as StreamOperator).finish();
	for await (const batch of operator) found.push(...rowsOf([batch]));
	operator.dispose();
	return found;
}

const sorted = (rows: unknown[][]) => rows.map((row) => row.map(String).join("|")).sort();

const aggregates = { n: count(), total: sum("v"), mean: avg(col("v").times(2)), low: min("v"), high: max("v") };

describe("cuts and snapshots change nothing", () => {
	const join = {
		left: schema,
		right: schema,
		on: ["k", "ts"],
		condition: col("v").le(col("v_right")),
		kernels,
	} as const;
	const cases: Record<string, () => Promise<OperatorBase>> = {
		hashAggregate: () => hashAggregate({ input: schema, keys: ["k", "name"], aggregates, kernels }),
		filter: () => filter({ input: schema, where: col("v").gt(3).and(col("name").isNotNull()), kernels }),
		sort: () => sort({ input: schema, by: ["v", descending("ts")], limit: 500, kernels }),
		topN: () => topN({ input: schema, keys: ["k"], by: [descending("ts")], n: 3, rank: "place", kernels }),
		deduplicate: () => deduplicate({ input: schema, keys: ["name"], keep: "last", kernels }),
		limit: () => limit({ input: schema, count: 5000, offset: 10, kernels }),
		tumble: () =>
			windowAggregate({ input: schema, time: "ts", window: tumble(1000), keys: ["k"], aggregates, kernels }),
		hop: () =>
			windowAggregate({ input: schema, time: "ts", window: hop({ size: 900, slide: 300 }), aggregates, kernels }),
		cumulate: () =>
			windowAggregate({
				input: schema,
				time: "ts",
				window: cumulate({ size: 900, step: 300 }),
				keys: ["k"],
				aggregates,
				kernels,
			}),
		session: () =>
			windowAggregate({ input: schema, time: "ts", window: session(310), keys: ["k"], aggregates, kernels }),
		hashJoin: () => hashJoin(join),
	};

	test.each(Object.entries(cases))("%s", async (name, build) => {
		const whole = sorted(await results(build, [], false));
		expect(whole.length).toBeGreaterThan(0);
		const cuts = [1, 2, 4097, 4500, 8999];
		expect(sorted(await results(build, cuts, false)), name).toEqual(whole);
		expect(sorted(await results(build, cuts, true)), name).toEqual(whole);
	});
});

describe("results", () => {
	test("aggregates are those of a plain loop", async () => {
		const groups = new Map<string, { n: bigint; total: number; high: number }>();
		for (const [k, , v] of ROWS) {
			const group = groups.get(String(k)) ?? { n: 0n, total: 0, high: 0 };
			groups.set(String(k), { n: group.n + 1n, total: group.total + v!, high: Math.max(group.high, v!) });
		}
		using operator = await hashAggregate({
			input: schema,
			keys: ["k"],
			aggregates: { n: count(), total: sum("v"), high: max("v") },
			kernels,
		});
		const rows: unknown[][] = [];
		for await (const batch of operator.run([BATCH])) rows.push(...rowsOf([batch]));
		expect(rows).toHaveLength(groups.size);
		for (const [k, ...values] of rows) expect(values).toEqual(Object.values(groups.get(String(k))!));
	});

	test("one group without keys, even of no rows", async () => {
		using operator = await hashAggregate({ input: schema, aggregates: { n: count(), total: sum("v") }, kernels });
		await operator.finish();
		expect(rowsOf(operator.take())).toEqual([[0n, null]]);
	});

	test("a changelog in takes back what it added, and upserts go without -U", async () => {
		const changes = new arrow.Schema([new arrow.Field("op", new arrow.Utf8(), false), ...schema.fields.slice(0, 1)]);
		using operator = await hashAggregate({
			input: changes,
			keys: ["k"],
			aggregates: { n: count() },
			changelog: true,
			output: "upserts",
			kernels,
		});
		await operator.push(
			batchOf(changes, [
				["+I", "+I", "+I"],
				[1n, 1n, 2n],
			]),
		);
		await operator.push(
			batchOf(changes, [
				["-U", "+U", "-D"],
				[1n, 2n, 1n],
			]),
		);
		await operator.finish();
		expect(rowsOf(operator.take())).toEqual([
			["+I", 1n, 2n],
			["+I", 2n, 1n],
			["-D", 1n, 2n],
			["+U", 2n, 2n],
		]);
	});

	test("late rows are counted", async () => {
		using operator = await windowAggregate({
			input: schema,
			time: "ts",
			window: tumble(10),
			aggregates: { n: count() },
			kernels,
		});
		await operator.push(rowsBatch([[1n, null, 1, 5]]));
		await operator.advance(new Date(20));
		await operator.push(rowsBatch([[1n, null, 1, 6]]));
		await operator.push(rowsBatch([[1n, null, 1, 25]]));
		await operator.finish();
		expect(rowsOf(operator.take())).toEqual([
			[1n, 0, 10],
			[1n, 20, 30],
		]);
		expect(operator.lateRecordsDropped).toBe(1);
	});

	test("listagg over slices, in Flink's order", async () => {
		const listed = async (window: Window) => {
			const aggregates = { names: listagg("name", "") };
			using operator = await windowAggregate({ input: schema, time: "ts", window, aggregates, kernels });
			const row = (name: string, ts: number): TestRow => [1n, name, 1, ts];
			await operator.push(rowsBatch([row("a", 7), row("b", 2), row("c", 12)]));
			await operator.advance(7);
			await operator.push(rowsBatch([row("d", 3), row("e", 8), row("f", 1), row("g", 11)]));
			await operator.finish();
			return rowsOf(operator.take()).map(([names, , end]) => `${end} ${names}`);
		};
		expect(await listed(hop({ size: 15, slide: 5 }))).toEqual(["5 b", "10 aebdf", "15 cgaebdf", "20 cgae", "25 cg"]);
		expect(await listed(cumulate({ size: 15, step: 5 }))).toEqual(["5 b", "10 bdfae", "15 bdfaecg"]);
	});

	test.each([hop({ size: 15, slide: 5 }), cumulate({ size: 15, step: 5 })])(
		"first and last values cannot be merged over slices: $kind",
		async (window) => {
			for (const aggregate of [firstValue("v"), lastValue("v")]) {
				const options = { input: schema, time: "ts", window, aggregates: { aggregate }, kernels };
				await refused("UNSUPPORTED", /_VALUE cannot be merged.*tumble/, () => windowAggregate(options));
			}
		},
	);

	test("joins of every type", async () => {
		const side = (...names: string[]) =>
			new arrow.Schema(names.map((name) => new arrow.Field(name, new arrow.Int32(), true)));
		const [left, right] = [side("id", "x"), side("id", "y")];
		const lefts = batchOf(left, [
			[1, 2, null],
			[10, 20, 30],
		]);
		const rights = batchOf(right, [
			[2, 2, 3],
			[7, 8, 9],
		]);
		const joined = async (type: "inner" | "left" | "right" | "full" | "semi" | "anti", build?: "left" | "right") => {
			using join = await hashJoin({ left, right, on: ["id"], type, kernels, ...(build && { build }) });
			await join.right.push(rights);
			await join.right.finish();
			await join.left.push(lefts);
			await join.left.finish();
			return sorted(rowsOf(join.take()));
		};
		expect(await joined("inner")).toEqual(["2|20|2|7", "2|20|2|8"]);
		expect(await joined("inner", "left")).toEqual(["2|20|2|7", "2|20|2|8"]);
		const padded = ["1|10|null|null", "2|20|2|7", "2|20|2|8", "null|30|null|null"];
		expect(await joined("left", "right")).toEqual(padded);
		expect(await joined("semi")).toEqual(["2|20"]);
		expect(await joined("anti", "right")).toEqual(["1|10", "null|30"]);
		const full = await joined("full");
		expect(full.filter((row) => row.startsWith("-D"))).toHaveLength(
			full.filter((row) => /^\+I\|null.*[78]$/.test(row)).length,
		);
		expect(full.filter((row) => row.startsWith("+I|2|20"))).toEqual(["+I|2|20|2|7", "+I|2|20|2|8"]);
	});

	test("a finished build side and rows that wait for it survive a snapshot", async () => {
		const build = () => hashJoin({ left: schema, right: schema, on: ["k"], build: "right", type: "semi", kernels });
		using first = await build();
		await first.left.push(rowsBatch([[1n, "a long enough text", 1, 0]]));
		using second = await build();
		second.restore(first.snapshot());
		await second.right.push(rowsBatch([[1n, null, 1, 0]]));
		await second.right.finish();
		expect(rowsOf(second.take())).toEqual([[1n, "a long enough text", 1, 0]]);
		using third = await build();
		third.restore(second.snapshot());
		await third.left.push(
			rowsBatch([
				[1n, null, 7, 0],
				[2n, null, 8, 0],
			]),
		);
		await third.left.finish();
		expect(rowsOf(third.take())).toEqual([[1n, null, 7, 0]]);
	});

	test("expressions have SQL's meaning", async () => {
		const columns = [
			col("v").plus(0.5).as("plus"),
			col("v").dividedBy(2).as("half"),
			col("k").modulo(3).negated().as("rest"),
			col("name").like("b!_%", "!").as("like"),
			col("name").in(["b_c", "d"]).as("isIn"),
			col("v").between(2, 3).as("between"),
			col("name").isNull().or(col("v").isDistinctFrom(1)).not().as("logic"),
			when(col("v").gt(2), "big").when(col("v").gt(1), "mid").otherwise(null).as("size"),
			call("CHAR_LENGTH", col("name")).as("length"),
			col("k").cast("DECIMAL(5, 1)").as("decimal"),
			lit(new Date(1000)).as("date"),
			sql("EXTRACT(SECOND FROM ts)").as("second"),
		];
		using operator = await project({ input: schema, columns, kernels });
		await operator.push(rowsBatch([[5n, "b_c", 1, 2500]]));
		await operator.push(rowsBatch([[null, null, 3, 7000]]));
		const [first, second] = operator.take().flatMap((batch) => batch.toArray().map((row) => row?.toJSON()));
		expect(first).toMatchObject({ plus: 1.5, half: 0.5, rest: -2, like: true, isIn: true, between: false });
		expect(first).toMatchObject({ logic: true, size: null, length: 3, second: 2n, date: 1000 });
		expect(second).toMatchObject({ plus: 3.5, rest: null, like: null, isIn: null, between: true, logic: false });
		expect(second).toMatchObject({ size: "big", length: null, decimal: null, second: 7n });
		expect(String(operator.schema.fields[9]?.type)).toBe("Decimal[5e+1]");
	});

	test("any aggregate by its name", async () => {
		using operator = await hashAggregate({
			input: schema,
			aggregates: { first: aggregate("FIRST_VALUE", "k") },
			kernels,
		});
		await operator.push(
			rowsBatch([
				[null, null, 1, 0],
				[4n, null, 1, 0],
				[5n, null, 1, 0],
			]),
		);
		await operator.finish();
		expect(rowsOf(operator.take())).toEqual([[4n]]);
	});
});

describe("output", () => {
	test("push waits while the output is full, and goes on when it is read", async () => {
		using operator = await filter({ input: schema, where: col("v").ge(0), maxBufferedBatches: 2, kernels });
		const order: string[] = [];
		const producer = (async () => {
			for (let i = 0; i < 4; i++) {
				await operator.push(rowsBatch([[BigInt(i), null, 1, 0]]));
				order.push(`pushed ${i}`);
			}
			await operator.finish();
		})();
		await new Promise((resolve) => setTimeout(resolve, 5));
		expect(order).toEqual(["pushed 0", "pushed 1"]);
		for await (const batch of operator) order.push(`read ${rowsOf([batch])[0]?.[0]}`);
		await producer;
		expect(order.filter((step) => step.startsWith("read"))).toEqual(["read 0", "read 1", "read 2", "read 3"]);
		expect(order.indexOf("pushed 3")).toBeGreaterThan(order.indexOf("read 0"));
	});

	test("calls that nobody awaits keep their order", async () => {
		using operator = await limit({ input: schema, count: 100, maxBufferedBatches: 1, kernels });
		const calls = [0, 1, 2, 3].map((i) => operator.push(rowsBatch([[BigInt(i), null, 1, 0]])));
		calls.push(operator.finish());
		const rows: unknown[] = [];
		for await (const batch of operator) rows.push(rowsOf([batch])[0]?.[0]);
		await Promise.all(calls);
		expect(rows).toEqual([0n, 1n, 2n, 3n]);
	});

	test("calls that wait when the operator is disposed are refused", async () => {
		const operator = await limit({ input: schema, count: 100, maxBufferedBatches: 1, kernels });
		const calls = [0, 1, 2].map((i) => operator.push(rowsBatch([[BigInt(i), null, 1, 0]])));
		operator.dispose();
		const codes = await Promise.all(
			calls.map((call) =>
				call.then(
					() => "done",
					(error) => error.code,
				),
			),
		);
		expect(codes).toEqual(["done", "DISPOSED", "DISPOSED"]);
	});

	test("a loop that is left loses nothing", async () => {
		using operator = await limit({ input: schema, count: 10, kernels });
		for (let i = 0; i < 3; i++) await operator.push(rowsBatch([[BigInt(i), null, 1, 0]]));
		for await (const batch of operator) {
			expect(rowsOf([batch])[0]?.[0]).toBe(0n);
			break;
		}
		expect(rowsOf(operator.take()).map(([k]) => k)).toEqual([1n, 2n]);
	});

	test("batches own their memory", async () => {
		const operator = await limit({ input: schema, count: 1, kernels });
		await operator.push(rowsBatch([[7n, "a long enough text", 1, 0]]));
		const batches = operator.take();
		operator.dispose();
		expect(rowsOf(batches)).toEqual([[7n, "a long enough text", 1, 0]]);
	});

	test("memory is accounted", async () => {
		using operator = await sort({ input: schema, by: ["v"], kernels });
		const { stateBytes } = operator.memory;
		await operator.push(BATCH);
		const { stateBytes: grown, usedBytes, limitBytes } = operator.memory;
		expect(grown - stateBytes).toBeGreaterThan(ROWS.length * 30);
		expect(usedBytes).toBeGreaterThanOrEqual(grown);
		expect(limitBytes).toBeGreaterThan(2 ** 32 - 2 ** 17);
	});
});
