// Operators whose sources, readers, batches and snapshots come and go at the wrong time: others work on, and nothing waits for ever.
import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import * as operators from "../../src/embed/operators.js";
import { type CommonOptions, col, count, max, type StreamOperator } from "../../src/embed/operators.js";
import { batchOf, refused, rowsBatch, rowsOf, schema, type TestRow } from "./batches.js";

const rows = (n: number): TestRow[] => Array.from({ length: n }, (_, i) => [BigInt(i), `a name, number ${i}`, i, i]);
const passing = (more: CommonOptions = {}): Promise<StreamOperator> =>
	operators.filter({ input: schema, where: col("v").ge(0), kernels: "debug", ...more });
const grouping = (more: CommonOptions = {}) =>
	operators.hashAggregate({
		input: schema,
		keys: ["k", "name"],
		aggregates: { n: count(), last: max("name") },
		kernels: "debug",
		...more,
	});
const transfer = ({ data }: arrow.RecordBatch) => {
	const { buffer } = data.children[0]!.values as BigInt64Array<ArrayBuffer>;
	structuredClone(buffer, { transfer: [buffer] });
};

describe("run", () => {
	test("of what gives no batches", async () => {
		using operator = await passing();
		for (const source of [undefined, null, 5, {}, async function* () {}]) {
			await refused("INVALID_ARGUMENT", /gives no batches/, () => operator.run(source as never).next());
		}
		for (const source of ["ab", [undefined], [5], rowsBatch(rows(1))]) {
			const read = async () => {
				for await (const _ of operator.run(source as never)) break;
				throw new TypeError("taken");
			};
			await refused("INVALID_ARGUMENT", /is not a RecordBatch/, read);
		}
		await operator.push(rowsBatch(rows(1)));
		expect(rowsOf(operator.take())).toHaveLength(1);
	});

	test("left early closes the source; the operator goes on", async () => {
		let isClosed = false;
		function* source() {
			try {
				yield rowsBatch(rows(1));
				yield rowsBatch(rows(2));
			} finally {
				isClosed = true;
			}
		}
		using operator = await passing();
		for await (const _ of operator.run(source())) break;
		expect(isClosed).toBe(true);
		await operator.push(rowsBatch(rows(3)));
		await operator.finish();
		expect(rowsOf(operator.take())).toHaveLength(3);
	});

	test("disposed within its loop, and twice at once", async () => {
		const disposed = await passing();
		const read = async () => {
			for await (const _ of disposed.run([rowsBatch(rows(1)), rowsBatch(rows(2))])) disposed.dispose();
		};
		await refused("DISPOSED", /was disposed/, read);
		using shared = await passing();
		const [first, second] = [shared.run([rowsBatch(rows(1))]), shared.run([rowsBatch(rows(2))])];
		expect(rowsOf([(await first.next()).value!, (await second.next()).value!])).toHaveLength(3);
		expect((await first.next()).done).toBe(true);
		await refused("INVALID_STATE", /after finish/, () => second.next());
	});
});

describe("calls that wait", () => {
	test("are all told when the operator fails or is disposed", async () => {
		const where = operators.sql("1 / CAST(v - 3 AS INT) < 5");
		const failing = await operators.filter({ input: schema, where, maxBufferedBatches: 1, kernels: "debug" });
		const calls = [1, 2, 5, 1].map((n) => failing.push(rowsBatch(rows(n))));
		const settled = Promise.allSettled([...calls, failing.finish()]);
		const read: number[] = [];
		const reading = async () => {
			for await (const batch of failing) read.push(batch.numRows);
		};
		await expect(reading()).rejects.toMatchObject({ code: "DIVISION_BY_ZERO" });
		const codes = (await settled).map((call) => (call.status === "fulfilled" ? "ok" : call.reason.code));
		expect([read, codes]).toEqual([
			[1, 2],
			["ok", "ok", "DIVISION_BY_ZERO", "INVALID_STATE", "INVALID_STATE"],
		]);
		failing.dispose();
		const dropped = await passing({ maxBufferedBatches: 1 });
		await dropped.push(rowsBatch(rows(1)));
		const waiting = [dropped.push(rowsBatch(rows(1))), dropped.push(rowsBatch(rows(1))), dropped.finish()];
		dropped.dispose();
		for (const call of waiting) await refused("DISPOSED", /was disposed/, () => call);
	});

	test("a batch that is transferred meanwhile is refused, those behind it are taken", async () => {
		using operator = await passing({ maxBufferedBatches: 1 });
		await operator.push(rowsBatch(rows(1)));
		const gone = rowsBatch(rows(3));
		const calls = [operator.push(gone), operator.push(rowsBatch(rows(2)))];
		transfer(gone);
		operator.take();
		await refused("INVALID_ARGUMENT", /Column 'k' of the batch: its values have 0 bytes/, () => calls[0]);
		await calls[1];
		expect(rowsOf(operator.take())).toHaveLength(2);
	});

	test("a batch that onBatch transfers while it is read", async () => {
		const batch = rowsBatch(rows(20_000));
		const operator = await passing({ onBatch: () => transfer(batch) });
		await refused("INVALID_ARGUMENT", /'k' of the batch cannot be sliced any more/, () => operator.push(batch));
		await refused("INVALID_STATE", /has failed before/, () => operator.push(rowsBatch(rows(1))));
		operator.dispose();
	});
});

describe("snapshots", () => {
	test("with any bit changed, cut or lengthened are refused, and the operator is as before", async () => {
		using source = await grouping();
		await source.push(rowsBatch(rows(20)));
		const snapshot = source.snapshot();
		using operator = await grouping();
		const changed = (at: number, bit: number) => {
			const bytes = snapshot.slice();
			bytes[at]! ^= 1 << bit;
			return bytes;
		};
		const spoilt = [snapshot.subarray(0, -1), snapshot.subarray(1), Uint8Array.of(...snapshot, 0)];
		for (let at = 0; at < snapshot.length; at += 7) spoilt.push(changed(at, at % 8));
		for (const bytes of spoilt) await refused("INVALID_ARGUMENT", /no snapshot/, () => operator.restore(bytes));
		// Wherever the bytes lie.
		const shifted = new Uint8Array(snapshot.length + 3).subarray(3);
		shifted.set(snapshot);
		operator.restore(shifted);
		await operator.finish();
		expect(rowsOf(operator.take())).toHaveLength(20);
	});

	test("for which there is no memory leave the operator unusable", async () => {
		using source = await grouping();
		await source.push(rowsBatch(rows(60_000)));
		const snapshot = source.snapshot();
		const operator = await grouping({ memoryLimitBytes: 3e6 });
		expect(() => operator.restore(snapshot)).toThrow(
			expect.objectContaining({ code: "OUT_OF_MEMORY", operator: "GroupAggregate" }),
		);
		await refused("INVALID_STATE", /has failed before/, () => operator.push(rowsBatch(rows(1))));
		operator.dispose();
	});
});

test("intervals and times at the ends of what numbers hold end, too", async () => {
	const timed = new arrow.Schema([
		new arrow.Field("k", new arrow.Int64(), true),
		new arrow.Field("ts", new arrow.TimestampMillisecond(), false),
	]);
	const batch = (...times: bigint[]) => {
		const k = arrow.makeData({ type: new arrow.Int64(), data: new BigInt64Array(times.length) });
		const ts = arrow.makeData({ type: new arrow.TimestampMillisecond(), data: BigInt64Array.from(times) });
		const type = new arrow.Struct(timed.fields);
		return new arrow.RecordBatch(
			timed,
			arrow.makeData({ type, length: times.length, nullCount: 0, children: [k, ts] }),
		);
	};
	const most = Number.MAX_SAFE_INTEGER;
	for (const [reach, pairs] of [
		[5, 2],
		[most, 2],
	] as const) {
		const options = { left: timed, right: timed, on: ["k"], leftTime: "ts", rightTime: "ts" } as const;
		using join = await operators.intervalJoin({ ...options, lower: -reach, upper: reach, kernels: "debug" });
		await join.left.push(batch(0n, 2n ** 63n - 1n));
		await join.right.push(batch(0n, 2n ** 63n - 1n));
		await join.advance(1e15);
		await join.left.finish();
		await join.right.finish();
		expect(join.take().reduce((sum, { numRows }) => sum + numRows, 0)).toBe(pairs);
	}
});

test("whatever others did, an operator of the same process works, and memory is given back", async () => {
	using bystander = await grouping();
	for (let round = 0; round < 20; round++) {
		const operator = await grouping({ memoryLimitBytes: round % 2 === 0 ? 2e6 : 2 ** 26 });
		await operator.push(rowsBatch(rows(10))).catch(() => {});
		await operator.push(batchOf(new arrow.Schema([]), [])).catch(() => {});
		await operator.push(rowsBatch(rows(9000))).catch(() => {});
		operator.dispose();
		expect(operator.memory).toMatchObject({ usedBytes: 0, stateBytes: 0 });
		await bystander.push(rowsBatch(rows(2)));
	}
	await bystander.finish();
	expect(rowsOf(bystander.take()).map(([, , n]) => n)).toEqual([20n, 20n]);
});
