// millrace/operators with `onBatch`: fixed-width columns are views of the kernels' memory, and no view is used after its time unnoticed.
import * as arrow from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as operators from "../../src/embed/operators.js";
import { type BatchCallback, type CommonOptions, count, type OperatorBase, sum } from "../../src/embed/operators.js";
import { batchOf, refused, rowsBatch, rowsOf, schema, type TestRow } from "./batches.js";

/** The memory of the operator that was built last. */
let memory: WebAssembly.Memory;
const { Memory } = WebAssembly;
beforeAll(() => {
	WebAssembly.Memory = new Proxy(Memory, {
		construct(target, [descriptor]) {
			memory = new target(descriptor);
			return memory;
		},
	});
});
afterAll(() => {
	WebAssembly.Memory = Memory;
});

const fixed = new arrow.Schema([
	new arrow.Field("i8", new arrow.Int8(), true),
	new arrow.Field("i16", new arrow.Int16(), true),
	new arrow.Field("i32", new arrow.Int32(), true),
	new arrow.Field("i64", new arrow.Int64(), true),
	new arrow.Field("f32", new arrow.Float32(), true),
	new arrow.Field("f64", new arrow.Float64(), true),
	new arrow.Field("day", new arrow.DateDay(), true),
	new arrow.Field("at", new arrow.TimestampMillisecond(), true),
]);
const FIXED_ROWS = [
	[1, 2, 3, 4n, 5.5, 6.5, 86_400_000, 8000],
	[null, null, null, null, null, null, null, null],
	[-1, -2, -3, -4n, -5.5, -6.5, 0, -8000],
];
const fixedBatch = batchOf(
	fixed,
	fixed.fields.map((_, i) => FIXED_ROWS.map((row) => row[i])),
);

const ROWS: readonly TestRow[] = Array.from({ length: 9000 }, (_, i) => {
	return [i % 7 === 0 ? null : BigInt(i % 100), `name ${"x".repeat(i % 30)}`, i / 4, i];
});

describe("nothing is copied", () => {
	const cases: Record<string, (common: CommonOptions) => Promise<operators.StreamOperator>> = {
		filter: (common) => operators.filter({ input: fixed, where: operators.lit(true), ...common }),
		project: (common) => operators.project({ input: fixed, columns: fixed.fields.map(({ name }) => name), ...common }),
		sort: (common) => operators.sort({ input: fixed, by: ["i32"], ...common }),
		topN: (common) => operators.topN({ input: fixed, by: ["i32"], n: 10, ...common }),
		deduplicate: (common) => operators.deduplicate({ input: fixed, keys: ["i8", "i64"], ...common }),
		hashAggregate: (common) =>
			operators.hashAggregate({
				input: fixed,
				keys: ["i32"],
				aggregates: { n: count(), total: sum("f64") },
				...common,
			}),
		limit: (common) => operators.limit({ input: fixed, count: 3, ...common }),
	};

	test.each(Object.entries(cases))("%s: every column is a view of the engine's memory", async (_, build) => {
		const rows: unknown[][] = [];
		const onBatch = vi.fn<BatchCallback>((batch) => {
			for (const child of batch.data.children) {
				expect(child.values.buffer).toBe(memory.buffer);
				if (child.nullCount > 0) expect(child.nullBitmap.buffer).toBe(memory.buffer);
			}
			rows.push(...rowsOf([batch]));
		});
		using operator = await build({ onBatch });
		await operator.push(fixedBatch);
		await operator.finish();
		expect(onBatch).toHaveBeenCalled();
		using copying = await build({});
		const copies: arrow.RecordBatch[] = [];
		for await (const batch of copying.run([fixedBatch])) copies.push(batch);
		expect(rows).toEqual(rowsOf(copies));
		for (const child of copies.flatMap(({ data }) => data.children))
			expect(child.values.buffer).not.toBe(memory.buffer);
	});

	test("joins, windows and changelogs call back with the rows that iteration gives", async () => {
		const builders: ((common: CommonOptions) => Promise<OperatorBase>)[] = [
			(common) => operators.hashJoin({ left: schema, right: schema, on: ["k", "ts"], type: "full", ...common }),
			(common) =>
				operators.intervalJoin({
					left: schema,
					right: schema,
					on: ["k"],
					leftTime: "ts",
					rightTime: "ts",
					lower: -100,
					upper: 100,
					...common,
				}),
			(common) =>
				operators.windowAggregate({
					input: schema,
					time: "ts",
					window: operators.tumble(1000),
					keys: ["k", "name"],
					aggregates: { n: count() },
					...common,
				}),
			(common) =>
				operators.hashAggregate({
					input: schema,
					keys: ["name"],
					aggregates: { n: count() },
					output: "changes",
					...common,
				}),
		];
		for (const build of builders) {
			for (const kernels of ["release", "debug"] as const) {
				const called: unknown[][] = [];
				using lending = await build({ kernels, onBatch: (batch) => void called.push(...rowsOf([batch])) });
				using queueing = await build({ kernels, maxBufferedBatches: 1000 });
				for (const operator of [lending, queueing]) await pushAll(operator);
				expect(called.length).toBeGreaterThan(0);
				expect(called).toEqual(rowsOf(queueing.take()));
			}
		}
	});

	test("memory that grows for one column leaves the views of the others whole", async () => {
		const wide = new arrow.Schema([new arrow.Field("i", new arrow.Int64()), new arrow.Field("s", new arrow.Utf8())]);
		let before = 0;
		let grown = 0;
		using operator = await operators.project({
			input: wide,
			columns: ["i", "s"],
			onBatch: (batch) => {
				if (memory.buffer.byteLength > before) grown++;
				expect(batch.getChild("i")!.toArray()).toHaveLength(batch.numRows);
				expect(batch.data.children.map(({ values }) => values.buffer === memory.buffer)).toEqual([true, true]);
				expect(batch.get(0)!.toJSON()).toEqual({ i: 0n, s: "y".repeat(size) });
			},
		});
		// Up to twice the memory there is, in steps small enough that in some only the text on its way out does not fit.
		let size = 1000;
		for (; grown < 3; size += 1 << 20) {
			before = memory.buffer.byteLength;
			await operator.push(batchOf(wide, [[0n], ["y".repeat(size)]]));
		}
	});
});

async function pushAll(operator: OperatorBase): Promise<void> {
	const sides = operator instanceof operators.JoinOperator ? [operator.left, operator.right] : [operator];
	for (const side of sides as operators.OperatorInput[]) {
		await side.push(rowsBatch(ROWS.slice(0, 2000)));
		if ("advance" in operator) await (operator as operators.TimedOperator).advance(-1);
		await side.finish();
	}
}

describe("a batch after its time", () => {
	const kept = async (kernels: "release" | "debug") => {
		const batches: arrow.RecordBatch[] = [];
		const vectors: arrow.Vector[] = [];
		const rows: arrow.StructRowProxy[] = [];
		const arrays: Float64Array[] = [];
		const operator = await operators.limit({
			input: schema,
			count: 10,
			kernels,
			onBatch: (batch) => {
				batches.push(batch);
				vectors.push(batch.getChild("v")!, batch.getChild("name")!);
				rows.push(batch.get(0)!);
				arrays.push(batch.getChild("v")!.toArray());
			},
		});
		await operator.push(rowsBatch(ROWS.slice(0, 5)));
		return { operator, batches, vectors, rows, arrays };
	};

	test.each(["release", "debug"] as const)("batch, vectors and rows say so: %s kernels", async (kernels) => {
		const { operator, batches, vectors, rows, arrays } = await kept(kernels);
		using _ = operator;
		for (const use of [
			() => batches[0]!.getChild("v"),
			() => batches[0]!.toArray(),
			() => arrow.tableToIPC(new arrow.Table(batches)),
			() => vectors[0]!.get(0),
			() => vectors[0]!.toArray(),
			() => vectors[1]!.get(0),
			() => rows[0]!.toJSON(),
		]) {
			await refused("INVALID_STATE", /after onBatch had returned/, use);
		}
		expect(arrays[0]).toHaveLength(kernels === "debug" ? 0 : 5);
	});

	test("another operator that waits with it refuses it", async () => {
		using slow = await operators.limit({ input: schema, count: 100, maxBufferedBatches: 1 });
		await slow.push(rowsBatch(ROWS.slice(0, 1)));
		let pushed: Promise<void> | undefined;
		using operator = await operators.limit({
			input: schema,
			count: 10,
			onBatch: (batch) => {
				pushed = slow.push(batch);
			},
		});
		await operator.push(rowsBatch(ROWS.slice(0, 5)));
		slow.take();
		await refused("INVALID_STATE", /after onBatch had returned/, () => pushed);
	});
});

describe("memory", () => {
	test("is given back behind each batch", async () => {
		using operator = await operators.filter({
			input: schema,
			where: operators.col("v").ge(0),
			kernels: "debug",
			onBatch: () => {},
		});
		await operator.push(rowsBatch(ROWS));
		const { usedBytes } = operator.memory;
		for (let i = 0; i < 20; i++) await operator.push(rowsBatch(ROWS));
		expect(operator.memory.usedBytes).toBe(usedBytes);
	});

	test("and when the callback breaks off", async () => {
		const operator = await operators.sort({
			input: schema,
			by: ["v"],
			kernels: "debug",
			onBatch: () => {
				throw new RangeError("enough");
			},
		});
		await operator.push(rowsBatch(ROWS));
		const error = await refused("USER_FUNCTION", /onBatch failed: enough.*Sort/, () => operator.finish());
		expect(error.cause).toBeInstanceOf(RangeError);
		await refused("INVALID_STATE", /has failed before/, () => operator.finish());
		operator.dispose();
	});
});

test("late rows keep their own way out, and own their memory", async () => {
	const windows: unknown[][] = [];
	using operator = await operators.windowAggregate({
		input: schema,
		time: "ts",
		window: operators.tumble(10),
		aggregates: { n: count() },
		sideOutputLateData: true,
		kernels: "debug",
		onBatch: (batch) => void windows.push(...rowsOf([batch])),
	});
	await operator.push(rowsBatch([[1n, "a", 1, 5]]));
	await operator.advance(20);
	await operator.push(rowsBatch([[2n, "b", 2, 6]]));
	const late = operator.lateData.take();
	await operator.push(rowsBatch([[3n, "c", 3, 25]]));
	await operator.finish();
	expect(windows).toEqual([
		[1n, 0, 10],
		[1n, 20, 30],
	]);
	expect(rowsOf(late)).toEqual([[2n, "b", 2, 6]]);
});

describe("misuse", () => {
	test("a callback that is none, or async", async () => {
		await refused("INVALID_OPTION", /onBatch is "log"/, () =>
			operators.limit({ input: schema, count: 1, onBatch: "log" as never }),
		);
		using operator = await operators.limit({ input: schema, count: 1, onBatch: async () => {} });
		await refused("INVALID_ARGUMENT", /onBatch returned a promise.*iterate/, () => operator.push(rowsBatch(ROWS)));
	});

	test("an async callback that goes on with the batch leaves no unhandled rejection", async () => {
		let isOver = false;
		const onBatch = async (batch: arrow.RecordBatch) => {
			await Promise.resolve();
			isOver = true;
			batch.get(0);
		};
		using operator = await operators.limit({ input: schema, count: 1, onBatch });
		const unhandled = vi.fn();
		const others = process.listeners("unhandledRejection");
		process.removeAllListeners("unhandledRejection").on("unhandledRejection", unhandled);
		try {
			await refused("INVALID_ARGUMENT", /onBatch returned a promise/, () => operator.push(rowsBatch(ROWS)));
			await new Promise((resolve) => setTimeout(resolve));
		} finally {
			process.removeListener("unhandledRejection", unhandled);
			for (const other of others) process.on("unhandledRejection", other);
		}
		expect(isOver).toBe(true);
		expect(unhandled).not.toHaveBeenCalled();
	});

	test("a callback that throws what has no text", async () => {
		const thrown = Object.create(null);
		const onBatch = () => {
			throw thrown;
		};
		using operator = await operators.limit({ input: schema, count: 1, onBatch });
		const error = await refused("USER_FUNCTION", /onBatch failed/, () => operator.push(rowsBatch(ROWS)));
		expect(error.cause).toBe(thrown);
	});

	test("a callback that freezes, seals or takes apart the batch", async () => {
		const spoil: Record<string, (batch: arrow.RecordBatch) => unknown> = {
			freeze: (batch) => Object.freeze(batch),
			"freeze the data": ({ data }) => Object.freeze(data),
			"freeze a column": ({ data }) => Object.freeze(data.children[2]),
			seal: (batch) => Object.seal(batch),
			"prevent extensions": ({ data }) => Object.preventExtensions(data.children[0]),
		};
		for (const [how, onBatch] of Object.entries(spoil)) {
			const operator = await operators.limit({ input: schema, count: 9, onBatch: (batch) => void onBatch(batch) });
			const error = await refused("INVALID_ARGUMENT", /onBatch froze or sealed the batch/, () =>
				operator.push(rowsBatch(ROWS)),
			);
			expect(error.operator, how).toBe("Limit");
			operator.dispose();
		}
		using operator = await operators.limit({
			input: schema,
			count: 9,
			onBatch: (batch) => {
				batch.data.children.length = 0;
				Object.assign(batch, { data: undefined });
			},
		});
		await operator.push(rowsBatch(ROWS));
		await operator.finish();
	});

	test("its output cannot be read in other ways", async () => {
		using operator = await operators.limit({ input: schema, count: 1, onBatch: () => {} });
		for (const use of [
			() => operator.take(),
			() => operator[Symbol.asyncIterator](),
			() => operator.run([rowsBatch(ROWS)]).next(),
		]) {
			await refused("INVALID_STATE", /goes to onBatch/, use);
		}
		await operator.push(rowsBatch(ROWS));
	});

	test("the callback cannot use its operator", async () => {
		const calls: Promise<unknown>[] = [];
		const operator = await operators.hashJoin({
			left: schema,
			right: schema,
			on: ["ts"],
			onBatch: () => {
				for (const use of [
					() => operator.left.push(rowsBatch(ROWS)),
					() => operator.right.finish(),
					() => operator.advance(5),
					() => operator.snapshot(),
					() => operator.restore(new Uint8Array()),
					() => operator.dispose(),
				]) {
					calls.push(new Promise((settle) => settle(use())));
				}
			},
		});
		await operator.left.push(rowsBatch(ROWS.slice(0, 3)));
		await operator.right.push(rowsBatch(ROWS.slice(0, 3)));
		expect(calls).toHaveLength(6);
		for (const call of calls) await refused("INVALID_STATE", /called by its own onBatch/, () => call);
		operator.dispose();
	});
});
