// lateData of windowAggregate: the rows that the baseline drops, each once and in order, whatever their types, cuts, snapshots and changes;
// and what becomes of a push when nobody reads them.
import * as arrow from "apache-arrow";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BatchExporter } from "../../src/arrow/export.js";
import { importBatch } from "../../src/arrow/import.js";
import { loadArrow } from "../../src/arrow/library.js";
import { batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import {
	col,
	count,
	cumulate,
	hop,
	session,
	tumble,
	type Window,
	type WindowAggregateOptions,
	type WindowOperator,
	windowAggregate,
} from "../../src/embed/operators.js";
import type { WindowSpec } from "../../src/job/window.js";
import { keyText } from "../../src/types/compare.js";
import { ROW_KIND_TEXT } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import type { Value } from "../../src/types/value.js";
import { Region } from "../../src/wasm/region.js";
import type { Change, Step } from "../operators/drive.js";
import { expected } from "../operators/oracle.js";
import { propertyOf, stepsOf } from "../operators/random.js";
import { anyTypes, columnsOf, named } from "../operators/random-specs/schemas.js";
import { batchOf, refused, rowsBatch, rowsOf, schema, type TestRow } from "./batches.js";

const kernels = "debug" as const;
const OP = { name: "op", type: sql.notNull(sql.STRING) };

describe("the baseline's late rows", () => {
	const lengths = fc.integer({ min: 1, max: 4 }).map((n) => n * 1000);
	const offsets = fc.constantFrom(0, 250, -500);
	const windows: fc.Arbitrary<Window> = fc.oneof(
		fc.tuple(lengths, offsets).map(([size, offset]) => tumble(size, offset)),
		fc.tuple(lengths, lengths, offsets).map(([size, slide, offset]) => hop({ size, slide, offset })),
		fc
			.tuple(lengths, lengths, offsets)
			.map(([n, step, offset]) => cumulate({ size: n * (step / 1000), step: n, offset })),
		lengths.map((gap) => session(gap / 2)),
	);
	const timeTypes = fc.constantFrom(sql.timestamp(3), sql.timestamp(6), sql.timestampLtz(3), sql.timestampLtz(9));
	const timesOf = ({ precision }: { precision: number }): fc.Arbitrary<Value> =>
		fc
			.integer({ min: -20, max: 120 })
			.map((n) => (precision === 3 ? n * 100 : BigInt(n) * 10n ** BigInt(precision === 6 ? 5 : 8) + 7n));
	const cases = fc
		.record({
			window: windows,
			time: timeTypes,
			types: fc.array(anyTypes, { minLength: 1, maxLength: 5 }),
			changelog: fc.boolean(),
		})
		.chain(({ window, time, types, changelog }): fc.Arbitrary<LateCase> => {
			const columns = named([sql.notNull(time), ...types]);
			const input = { schema: columns, updates: changelog, columns: { 0: timesOf(time as { precision: number }) } };
			return fc
				.record({
					keys: columnsOf(columns, 2),
					isComputed: fc.boolean(),
					steps: stepsOf([input], { maxLength: 30, watermarks: 12_000, start: -2000 }),
				})
				.map((random) => ({ window, columns, changelog, ...random }));
		});

	interface LateCase {
		readonly window: Window;
		readonly changelog: boolean;
		readonly columns: sql.Schema;
		readonly keys: readonly number[];
		/** An expression stands before the operator. */
		readonly isComputed: boolean;
		readonly steps: readonly Step[];
	}

	const wantedOf = ({ window, columns, keys, changelog, steps }: LateCase): readonly Change[] => {
		const { kind, sizes } = window;
		const spec = { kind, time: 0, eventTime: true, ...sizes, ...(kind === "session" && { partition: keys }) };
		const n = { name: "n", type: sql.notNull(sql.BIGINT) };
		const call = { function: "COUNT", args: [], argTypes: [], distinct: false, ...n };
		const more = { keys, calls: [call], properties: [], inputUpdates: changelog, final: false } as const;
		const of = { operator: "WindowAggregate", window: spec as unknown as WindowSpec, ...more } as const;
		return expected({ spec: of, inputs: [columns], output: [...keys.map((key) => columns[key]!), n] }, steps)
			.lateChanges;
	};

	test("of any window, types, cuts, changes and snapshots", async () => {
		await loadArrow();
		const region = await Region.create({ build: "debug" });
		const property = fc.asyncProperty(cases, async (random) => {
			const { window, columns, keys, changelog, isComputed, steps } = random;
			const all = changelog ? [OP, ...columns] : columns;
			const exporter = new BatchExporter(all);
			const changes = steps.flatMap((step) => ("changes" in step ? step.changes : []));
			const rows = changes.map(([kind, row]) => (changelog ? [ROW_KIND_TEXT[kind], ...row] : row));
			const mark = region.arena.mark();
			const whole = exporter.export(region, rowsToBatch(region, all, rows));
			const options: WindowAggregateOptions<arrow.TypeMap> = {
				input: exporter.schema as arrow.Schema,
				time: "c0",
				window,
				keys: keys.map((key) => `c${key}`),
				aggregates: { n: isComputed ? count().where(col("c1").isNull()) : count() },
				changelog,
				sideOutputLateData: true,
				kernels,
			};
			let operator = await windowAggregate(options);
			const late: arrow.RecordBatch[] = [];
			let from = 0;
			let dropped = 0;
			for (const step of steps) {
				if ("watermark" in step) await operator.advance(step.watermark);
				else if ("restore" in step) {
					const next = await windowAggregate(options);
					next.restore(operator.snapshot());
					dropped += operator.lateRecordsDropped;
					operator.dispose();
					operator = next;
				} else {
					await operator.push(whole.slice(from, from + step.changes.length));
					from += step.changes.length;
					late.push(...operator.lateData.take());
				}
				operator.take();
			}
			expect(operator.lateData.schema.fields.map(String)).toEqual(exporter.schema.fields.map(String));
			const types = all.map(({ type }) => type);
			const found = late.flatMap((batch) => batchToRows(region, importBatch(region, batch)));
			const wanted = wantedOf(random).map(([kind, row]) => (changelog ? [ROW_KIND_TEXT[kind], ...row] : row));
			expect(found.map((row) => keyText(row, types))).toEqual(wanted.map((row) => keyText(row, types)));
			expect(dropped + operator.lateRecordsDropped).toBe(wanted.length);
			operator.dispose();
			region.arena.release(mark);
		});
		await fc.assert(property, { ...propertyOf(1), ...(process.env.FUZZ_RUNS ? {} : { numRuns: 60 }) });
	});
});

const options = { input: schema, time: "ts", keys: ["k"], aggregates: { n: count() }, kernels } as const;
const build = (more: Partial<WindowAggregateOptions<arrow.TypeMap>> = {}): Promise<WindowOperator> =>
	windowAggregate({ ...options, window: tumble(10), sideOutputLateData: true, ...more } as never);
const at = (...times: number[]) =>
	rowsBatch(times.map((ts, i): TestRow => [BigInt(i), `row ${i} of a long name`, i, ts]));
const timesOf = (batches: readonly arrow.RecordBatch[]) => rowsOf(batches).map((row) => row[3]);

describe("late", () => {
	test("is a row that is in no open window, in the order of the input", async () => {
		using tumbling = await build();
		await tumbling.advance(29);
		await tumbling.push(at(31, 5, 15, 6, 30, 25, 4, 29));
		expect(timesOf(tumbling.lateData.take())).toEqual([5, 15, 6, 25, 4, 29]);

		// [0, 30) has been sent, [10, 40) has not: 15 is late for one of its windows only, 9 for all.
		using hopping = await build({ window: hop({ size: 30, slide: 10 }) });
		await hopping.advance(29);
		await hopping.push(at(9, 15, 10, 25, 3));
		expect(timesOf(hopping.lateData.take())).toEqual([9, 3]);

		// Between [0, 10) and [20, 30) there is no window.
		using gaps = await build({ window: hop({ size: 10, slide: 20 }) });
		await gaps.push(at(5, 15, 25));
		expect(timesOf(gaps.lateData.take())).toEqual([15]);

		using cumulating = await build({ window: cumulate({ size: 30, step: 10 }) });
		await cumulating.advance(29);
		await cumulating.push(at(29, 30, 1));
		expect(timesOf(cumulating.lateData.take())).toEqual([29, 1]);
	});

	test("is a row of a session of its own that is over, not one that an open session takes up", async () => {
		using sessions = await build({ window: session(10), keys: [] });
		await sessions.push(at(30));
		await sessions.advance(35);
		await sessions.push(at(25, 10, 16, 26));
		// 25 joins [30, 40) and draws it out to [25, 40), which then reaches 16, too: 16 + 10 ≥ 25.
		expect(timesOf(sessions.lateData.take())).toEqual([10]);
		await sessions.finish();
		expect(rowsOf(sessions.take())).toEqual([[4n, 16, 40]]);
	});

	test("batches larger than kernels like, sliced, and with columns that are taken back", async () => {
		const changes = new arrow.Schema([new arrow.Field("op", new arrow.Utf8(), false), ...schema.fields]);
		const n = 20_000;
		const rows = Array.from({ length: n }, (_, i) => [
			["+I", "-U", "+U", "-D"][i % 4],
			BigInt(i),
			`name ${i} of many`,
			i,
			i,
		]);
		const batch = batchOf(
			changes,
			changes.fields.map((_, column) => rows.map((row) => row[column])),
		);
		using operator = await build({ input: changes, changelog: true, window: tumble(10_000) });
		await operator.advance(9_999);
		await operator.push(batch.slice(777, n - 5));
		expect(operator.schema.fields.map(({ name }) => name)).toEqual(["k", "n", "window_start", "window_end"]);
		expect(operator.lateData.schema.fields.map(String)).toEqual(changes.fields.map(String));
		expect(rowsOf(operator.lateData.take())).toEqual(rows.slice(777, 10_000));
		expect(operator.lateRecordsDropped).toBe(10_000 - 777);
	});
});

describe("reading", () => {
	const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

	test("a loop beside gets all rows and ends with the operator; push waits for it", async () => {
		using operator = await build({ maxBufferedBatches: 2 });
		await operator.advance(100);
		const order: string[] = [];
		let goOn = () => {};
		const held = new Promise<void>((resolve) => {
			goOn = resolve;
		});
		const reader = (async () => {
			for await (const batch of operator.lateData) {
				order.push(`read ${timesOf([batch])}`);
				await held;
			}
			order.push("end");
		})();
		const producer = (async () => {
			for (let i = 0; i < 6; i++) {
				await operator.push(at(i));
				order.push(`pushed ${i}`);
			}
			await operator.finish();
		})();
		await tick();
		// One is being looked at, two wait.
		expect(order.filter((step) => step.startsWith("pushed"))).toEqual(["pushed 0", "pushed 1", "pushed 2"]);
		goOn();
		await Promise.all([reader, producer]);
		expect(order.filter((step) => step.startsWith("read"))).toEqual([0, 1, 2, 3, 4, 5].map((i) => `read ${i}`));
		expect(order.at(-1)).toBe("end");
	});

	test("without a loop push and run say so instead of waiting for ever, and nothing of the batch is taken", async () => {
		using operator = await build({ maxBufferedBatches: 2 });
		await operator.advance(100);
		await operator.push(at(1));
		await operator.push(at(2));
		await refused("INVALID_STATE", /late rows.*lateData/s, () => operator.push(at(3, 200)));
		await operator.advance(150);
		expect(timesOf(operator.lateData.take())).toEqual([1, 2]);
		await operator.push(at(3, 200));
		const results: unknown[][] = [];
		await refused("INVALID_STATE", /late rows.*lateData/s, async () => {
			for await (const batch of operator.run([at(4), at(5), at(6)])) results.push(...rowsOf([batch]));
		});
		expect(timesOf(operator.lateData.take())).toEqual([3, 4]);
		await operator.finish();
		expect(rowsOf(operator.take())).toEqual([[1n, 1n, 200, 210]]);
		expect(operator.lateRecordsDropped).toBe(4);
	});

	test("run waits for the loop; a push that waits is refused when the loop is left", async () => {
		using first = await build({ maxBufferedBatches: 1 });
		await first.advance(100);
		const times: unknown[] = [];
		const reader = (async () => {
			for await (const batch of first.lateData) {
				await tick();
				times.push(...timesOf([batch]));
			}
		})();
		for await (const batch of first.run([at(1), at(2, 120), at(3), at(4)])) expect(timesOf([batch])).toEqual([130]);
		await reader;
		expect(times).toEqual([1, 2, 3, 4]);

		using second = await build({ maxBufferedBatches: 1 });
		await second.advance(100);
		const leaving = (async () => {
			for await (const batch of second.lateData) {
				await tick();
				return timesOf([batch]);
			}
		})();
		const pushes = [1, 2, 3].map((time) => second.push(at(time)));
		const codes = await Promise.all(
			pushes.map((push) =>
				push.then(
					() => "done",
					(error) => error.code,
				),
			),
		);
		expect(await leaving).toEqual([1]);
		expect(codes).toEqual(["done", "done", "INVALID_STATE"]);
		expect(timesOf(second.lateData.take())).toEqual([2]);
	});

	test("is as usual where the results go to onBatch", async () => {
		const ends: unknown[] = [];
		const onBatch = (batch: arrow.RecordBatch) => void ends.push(...timesOf([batch]));
		using operator = await build({ onBatch });
		await operator.advance(100);
		await operator.push(at(1, 120, 2));
		const late = operator.lateData.take();
		await operator.finish();
		expect(timesOf(late)).toEqual([1, 2]);
		expect(ends).toEqual([130]);
	});

	test("needs the option; counting does not", async () => {
		using operator = await build({ sideOutputLateData: false });
		await operator.advance(100);
		await operator.push(at(1, 2));
		expect(operator.lateRecordsDropped).toBe(2);
		await refused("INVALID_STATE", /sideOutputLateData: true/, () => operator.lateData);
	});

	test("after dispose", async () => {
		const operator = await build();
		const { lateData } = operator;
		await operator.advance(100);
		await operator.push(at(1));
		const [batch] = lateData.take();
		operator.dispose();
		expect(timesOf([batch!])).toEqual([1]);
		for (const use of [() => lateData.take(), () => lateData[Symbol.asyncIterator](), () => operator.lateData.take()]) {
			await refused("DISPOSED", /was disposed/, use);
		}
	});
});
