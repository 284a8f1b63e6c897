// Whatever is wrong is told by a typed error with code, expectation and remedy, and nothing else breaks.
import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import * as operators from "../../src/embed/operators.js";
import { col, count, hashAggregate, hashJoin, sum, tumble } from "../../src/embed/operators.js";
import { batchOf, refused, rowsBatch, rowsOf, schema } from "./batches.js";

const totals = () => hashAggregate({ input: schema, keys: ["k"], aggregates: { total: sum("v") }, kernels: "debug" });

/** What types would refuse. */
// biome-ignore lint/suspicious/noExplicitAny: as JavaScript calls it
const untyped = operators as any;

describe("options", () => {
	test("an unknown column, with the near miss", async () => {
		await refused("UNKNOWN_COLUMN", /keys: column 'nam' not found.*Did you mean 'name'/, () =>
			untyped.hashAggregate({ input: schema, keys: ["nam"], aggregates: {} }),
		);
		await refused("UNKNOWN_COLUMN", /aggregate 'x'.*'naem'.*one of k, name, v, ts.*Did you mean/, () =>
			hashAggregate({ input: schema, aggregates: { x: sum("naem") } }),
		);
		await refused("UNKNOWN_COLUMN", /where.*'vv'/, () => operators.filter({ input: schema, where: col("vv").gt(1) }));
		await refused("UNKNOWN_COLUMN", /by.*'zzz'/, () => operators.sort({ input: schema, by: ["zzz"] }));
		await refused("UNKNOWN_COLUMN", /time/, () =>
			operators.windowAggregate({ input: schema, time: "t", window: tumble(1), aggregates: { n: count() } }),
		);
		await refused("UNKNOWN_COLUMN", /on \(right\).*'kk'.*Did you mean 'k'/, () =>
			untyped.hashJoin({ left: schema, right: schema, on: [["k", "kk"]] }),
		);
	});

	test("an unknown option, with the near miss", async () => {
		await refused("UNKNOWN_OPTION", /no option 'agregates'.*Did you mean 'aggregates'/, () =>
			untyped.hashAggregate({ input: schema, agregates: {} }),
		);
	});

	test("wrong types", async () => {
		await refused("TYPE_MISMATCH", /SUM cannot be called with \(VARCHAR/, () =>
			hashAggregate({ input: schema, aggregates: { x: sum("name") } }),
		);
		await refused("TYPE_MISMATCH", /where needs a BOOLEAN/, () => operators.filter({ input: schema, where: col("v") }));
		await refused("TYPE_MISMATCH", /time: the column is DOUBLE/, () =>
			operators.windowAggregate({ input: schema, time: "v", window: tumble(1), aggregates: { n: count() } }),
		);
		await refused("TYPE_MISMATCH", /'k' is BIGINT, 'name' VARCHAR/, () =>
			hashJoin({ left: schema, right: schema, on: [["k", "name"]] }),
		);
		await refused("UNKNOWN_FUNCTION", /function UPER does not exist.*UPPER/, () =>
			operators.project({ input: schema, columns: [operators.call("UPER", col("name")).as("x")] }),
		);
	});

	test("aggregates that are no object", async () => {
		for (const aggregates of [undefined, null, [count()], "n"]) {
			await refused("INVALID_OPTION", /aggregates is .*an object/, () =>
				untyped.hashAggregate({ input: schema, keys: ["k"], aggregates }),
			);
		}
	});

	test("wrong values", async () => {
		await refused("INVALID_ARGUMENT", /needs options/, () => untyped.sort());
		await refused("INVALID_ARGUMENT", /input is not an Arrow schema/, () => untyped.sort({ by: ["v"] }));
		await refused("INVALID_ARGUMENT", /input is not an Arrow schema/, () =>
			untyped.sort({ input: { k: "BIGINT" }, by: ["v"] }),
		);
		await refused("INVALID_OPTION", /by is missing/, () => untyped.sort({ input: schema }));
		await refused("INVALID_OPTION", /output is "chnages".*Did you mean "changes"/, () =>
			untyped.hashAggregate({ input: schema, aggregates: {}, output: "chnages" }),
		);
		await refused("INVALID_OPTION", /size is 0/, () => tumble(0));
		await refused("INVALID_OPTION", /no multiple of step/, () => operators.cumulate({ size: 10, step: 3 }));
		await refused("INVALID_OPTION", /count is -1/, () => operators.limit({ input: schema, count: -1 }));
		await refused("INVALID_OPTION", /memoryLimitBytes is 0/, () =>
			operators.limit({ input: schema, count: 1, memoryLimitBytes: 0 }),
		);
		await refused("INVALID_OPTION", /maxBufferedBatches is 0/, () =>
			operators.limit({ input: schema, count: 1, maxBufferedBatches: 0 }),
		);
		await refused("INVALID_OPTION", /window is undefined/, () =>
			untyped.windowAggregate({ input: schema, time: "ts", aggregates: { n: count() } }),
		);
		await refused("INVALID_ARGUMENT", /aggregate 'n' is "v"/, () =>
			untyped.hashAggregate({ input: schema, aggregates: { n: "v" } }),
		);
		await refused("INVALID_ARGUMENT", /UPPER is no aggregate/, () =>
			hashAggregate({ input: schema, aggregates: { n: operators.aggregate("UPPER", "name") } }),
		);
		await refused("INVALID_ARGUMENT", /columns: an expression has no name/, () =>
			operators.project({ input: schema, columns: [col("v").plus(1)] }),
		);
		await refused("INVALID_SCHEMA", /two columns 'k'/, () =>
			operators.project({ input: schema, columns: ["k", col("v").as("k")] }),
		);
		await refused("INVALID_ARGUMENT", /NaN is no SQL number/, () => col("v").plus(Number.NaN));
		await refused("INVALID_SCHEMA", /no changelog: its first column is 'k'/, () =>
			hashAggregate({ input: schema, aggregates: { n: count() }, changelog: true }),
		);
	});

	test("what has no kernels says so", async () => {
		await refused("UNSUPPORTED", /no kernels for this GroupAggregate of ARRAY_AGG/, () =>
			hashAggregate({ input: schema, aggregates: { all: operators.aggregate("ARRAY_AGG", "name") } }),
		);
	});

	test("an Arrow type without SQL type is refused by column", async () => {
		const union = new arrow.SparseUnion([0], [new arrow.Field("a", new arrow.Int32())]);
		const odd = new arrow.Schema([new arrow.Field("odd", union)]);
		await refused("UNSUPPORTED_ARROW_TYPE", /'odd'/, () => operators.limit({ input: odd, count: 1 }));
	});
});

describe("batches", () => {
	test("what is no batch, and a batch of another schema, are refused; the operator goes on", async () => {
		using operator = await totals();
		await operator.push(rowsBatch([[1n, "a", 2, 0]]));
		await refused("INVALID_ARGUMENT", /undefined is not a RecordBatch/, () => operator.push(undefined as never));
		await refused("INVALID_ARGUMENT", /class Table is not a RecordBatch.*table\.batches/, () =>
			operator.push(new arrow.Table([rowsBatch([])]) as never),
		);
		const other = new arrow.Schema([new arrow.Field("k", new arrow.Utf8(), true)]);
		await refused("INVALID_SCHEMA", /1 columns.*4: k, name, v, ts/, () => operator.push(batchOf(other, [["a"]])));
		const wrong = new arrow.Schema([new arrow.Field("k", new arrow.Int32(), true), ...schema.fields.slice(1)]);
		await refused("INVALID_SCHEMA", /'k' of the batch is INT.*BIGINT/, () =>
			operator.push(batchOf(wrong, [[1], ["a"], [1], [0]])),
		);
		await operator.push(rowsBatch([[1n, "a", 3, 0]]));
		await operator.finish();
		expect(rowsOf(operator.take())).toEqual([[1n, 5]]);
	});

	test("NULLs in a column declared without", async () => {
		using operator = await totals();
		const nullable = new arrow.Schema([
			...schema.fields.slice(0, 3),
			new arrow.Field("ts", new arrow.TimestampMillisecond(), true),
		]);
		await refused("NULL_CONSTRAINT", /'ts'/, () => operator.push(batchOf(nullable, [[1n], ["a"], [1], [null]])));
	});

	const lying = (offsets: readonly number[], data: Uint8Array = new Uint8Array(offsets.length)) => {
		const length = offsets.length - 1;
		const valueOffsets = Int32Array.from(offsets);
		const batch = rowsBatch(Array.from({ length }, (_, i) => [BigInt(i), "", i, 0] as const));
		const { children } = batch.data;
		const column = arrow.makeData({ type: new arrow.Utf8(), valueOffsets, data });
		const columns = [children[0], column, children[2], children[3]] as arrow.Data[];
		const type = new arrow.Struct(schema.fields);
		return new arrow.RecordBatch(schema, arrow.makeData({ type, length, nullCount: 0, children: columns }));
	};

	test("buffers that lie are told by column and row; the operator goes on", async () => {
		const operator = await hashAggregate({
			input: schema,
			keys: ["k"],
			aggregates: { total: sum("v"), names: operators.listagg("name") },
			kernels: "debug",
		});
		const own = operator.snapshot();
		const error = await refused("INVALID_ARGUMENT", /Column 'name' of the batch: its value lies from 2 to 1 of 4/, () =>
			operator.push(lying([0, 2, 1, 2])),
		);
		expect(error).toMatchObject({ row: 1, operator: "GroupAggregate" });
		// Nothing of it has been taken.
		operator.restore(own);
		await operator.push(rowsBatch([[1n, "a", 2, 0]]));
		await refused("INVALID_ARGUMENT", /'name'.*from 2 to 1/, () => operator.push(lying([0, 2, 1, 2])));
		// At the ends lies are found before anything of a batch is taken, however long it is.
		const long = Array.from({ length: 20_001 }, (_, i) => i);
		await refused("INVALID_ARGUMENT", /'name'.*from 19999 to 20000 of 19999/, () =>
			operator.push(lying(long, new Uint8Array(19_999))),
		);
		await operator.finish();
		expect(rowsOf(operator.take())).toEqual([[1n, 2, "a"]]);
		operator.dispose();
	});

	test("a lie behind rows that have been taken is a failure on the way", async () => {
		const operator = await totals();
		const offsets = Array.from({ length: 20_001 }, (_, i) => i);
		offsets[15_000] = 3;
		const error = await refused("INVALID_ARGUMENT", /'name'.*from 14999 to 3/, () => operator.push(lying(offsets)));
		expect(error.row).toBe(14_999);
		await refused("INVALID_STATE", /has failed before/, () => operator.push(rowsBatch([])));
		operator.dispose();
	});

	test("what only looks like a batch", async () => {
		using operator = await totals();
		const whole = rowsBatch([[1n, "a", 2, 0]]);
		const like = (more: object) => ({ schema, data: whole.data, numRows: 1, ...more }) as unknown as arrow.RecordBatch;
		await operator.push(like({}));
		for (const odd of [
			like({ numRows: 2 }),
			like({ numRows: 0 }),
			like({ numRows: -1 }),
			like({ data: { children: [] } }),
			like({ data: { children: [{}, {}, {}, {}] } }),
			like({ data: { children: [...whole.data.children].reverse() } }),
			like({ data: { children: whole.data.children.map((column) => ({ ...column })) } }),
		]) {
			await refused("INVALID_ARGUMENT", /Column '.*' of the batch: it/, () => operator.push(odd));
		}
		for (const numRows of [0.5, Number.NaN, Number.POSITIVE_INFINITY, "1"]) {
			await refused("INVALID_ARGUMENT", /not a RecordBatch/, () => operator.push(like({ numRows })));
		}
		await operator.finish();
		expect(rowsOf(operator.take())).toEqual([[1n, 2]]);
	});

	test("an op that is none", async () => {
		const changes = new arrow.Schema([new arrow.Field("op", new arrow.Utf8(), false), ...schema.fields]);
		using operator = await hashAggregate({ input: changes, aggregates: { n: count() }, changelog: true });
		const batch = batchOf(changes, [
			["+I", "+X"],
			[1n, 2n],
			["a", "b"],
			[1, 2],
			[0, 0],
		]);
		expect((await refused("INVALID_ARGUMENT", /'op'.*row 1.*\+I, -U/, () => operator.push(batch))).row).toBe(1);
	});
});

describe("order of calls", () => {
	test("after dispose everything is refused, dispose too; using is content", async () => {
		using operator = await totals();
		operator.dispose();
		for (const use of [
			() => operator.push(rowsBatch([])),
			() => operator.finish(),
			() => operator.take(),
			() => operator.snapshot(),
			() => operator.restore(new Uint8Array()),
			() => operator[Symbol.asyncIterator](),
			() => operator.dispose(),
		]) {
			await refused("DISPOSED", /GroupAggregate was disposed/, use);
		}
	});

	test("a loop that waits when the operator is disposed ends with the error", async () => {
		const operator = await totals();
		const waiting = operator[Symbol.asyncIterator]().next();
		operator.dispose();
		await refused("DISPOSED", /disposed/, () => waiting);
	});

	test("after finish nothing more can come", async () => {
		using operator = await totals();
		await operator.finish();
		await refused("INVALID_STATE", /after finish/, () => operator.push(rowsBatch([])));
		await refused("INVALID_STATE", /after finish/, () => operator.finish());
		using join = await hashJoin({ left: schema, right: schema, on: ["k"] });
		await join.left.finish();
		await refused("INVALID_STATE", /after finish of input 'left'/, () => join.left.push(rowsBatch([])));
		await join.right.push(rowsBatch([]));
	});

	test("two loops at once", async () => {
		using operator = await totals();
		const first = operator[Symbol.asyncIterator]().next();
		await refused("INVALID_STATE", /being iterated/, () => operator[Symbol.asyncIterator]().next());
		await operator.finish();
		expect(await first).toEqual({ done: true, value: undefined });
	});

	test("restore of what is no snapshot, of another operator's, or too late", async () => {
		using operator = await totals();
		await refused("INVALID_ARGUMENT", /no snapshot/, () => operator.restore(Uint8Array.of(1, 2, 3)));
		await refused("INVALID_ARGUMENT", /no snapshot/, () => operator.restore(undefined as never));
		using other = await hashAggregate({ input: schema, keys: ["k"], aggregates: { n: count() } });
		await refused("INVALID_STATE", /other options/, () => operator.restore(other.snapshot()));
		const own = operator.snapshot();
		await operator.push(rowsBatch([]));
		await refused("INVALID_STATE", /begun already/, () => operator.restore(own));
	});

	test("a watermark that is none", async () => {
		using operator = await operators.windowAggregate({
			input: schema,
			time: "ts",
			window: tumble(10),
			aggregates: { n: count() },
		});
		await refused("INVALID_ARGUMENT", /is no watermark/, () => operator.advance(Number.NaN));
		await refused("INVALID_ARGUMENT", /is no watermark/, () => operator.advance("soon" as never));
	});

	test("a failure on the way makes the operator unusable, and its output ends with the failure", async () => {
		const where = col("v").cast("INT").eq(1).or(operators.sql("1 / CAST(v AS INT) > 0"));
		using operator = await operators.filter({ input: schema, where });
		const error = await operator.push(rowsBatch([[1n, "a", 0, 0]])).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ code: "DIVISION_BY_ZERO", operator: "Calc" });
		await refused("INVALID_STATE", /has failed before/, () => operator.push(rowsBatch([])));
		await expect(operator[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "DIVISION_BY_ZERO" });
	});
});

describe("memory", () => {
	const many = rowsBatch(Array.from({ length: 120_000 }, (_, i) => [BigInt(i), "a long text", 1, 0] as const));

	test("the limit is named with the operator, and memory comes back with dispose", async () => {
		const operator = await hashAggregate({
			input: schema,
			keys: ["k"],
			aggregates: { n: count() },
			memoryLimitBytes: 2 * 1024 * 1024,
			kernels: "debug",
		});
		await refusedBy(operator.push(many), "GroupAggregate");
		operator.dispose();
	});

	test.each([
		["Calc", () => operators.filter({ input: schema, where: col("v").gt(0), memoryLimitBytes: 1e6 })],
		["Calc", () => operators.project({ input: schema, columns: ["k", "name"], memoryLimitBytes: 1e6 })],
		["Limit", () => operators.limit({ input: schema, count: 1_000_000, memoryLimitBytes: 1e6 })],
		[
			"GroupAggregate",
			() => hashAggregate({ input: schema, keys: ["k"], aggregates: { n: count() }, memoryLimitBytes: 1e6 }),
		],
	] as const)("%s names itself where not even a batch has room", async (name, create) => {
		using operator = await create();
		await refusedBy(operator.push(many), name);
	});

	test.each([
		["Sort", () => operators.sort({ input: schema, by: ["v"], memoryLimitBytes: 5e6 })],
		["Rank", () => operators.topN({ input: schema, keys: ["k"], by: ["v"], n: 1, memoryLimitBytes: 5e6 })],
		["Deduplicate", () => operators.deduplicate({ input: schema, keys: ["k"], memoryLimitBytes: 5e6 })],
		[
			"WindowAggregate",
			() =>
				operators.windowAggregate({
					input: schema,
					time: "ts",
					window: tumble(10),
					keys: ["k"],
					aggregates: { n: count() },
					memoryLimitBytes: 5e6,
				}),
		],
	] as const)("%s names itself and the setting", async (name, create) => {
		using operator = await create();
		await refusedBy(operator.push(many), name);
	});

	test("a join, too", async () => {
		using join = await hashJoin({ left: schema, right: schema, on: ["k"], memoryLimitBytes: 5e6 });
		await refusedBy(join.left.push(many), "Join");
	});

	async function refusedBy(pushed: Promise<void>, operator: string): Promise<void> {
		const error = await pushed.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({
			code: "OUT_OF_MEMORY",
			operator,
			remedy: expect.stringContaining("'memoryLimitBytes'"),
		});
	}
});
