// Calc filters and projects batches, keeps row kinds, and passes plain columns on without copying.
import { beforeAll, describe, expect, test } from "vitest";
import { asSame, type Batch } from "../../src/arrow/batch.js";
import { batchKinds, batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import { aloneContext } from "../../src/operators/alone-context.js";
import { calc } from "../../src/operators/calc.js";
import { column, type Expr, literal } from "../../src/types/expr.js";
import { RowKind } from "../../src/types/row-kind.js";
import { BIGINT, INTEGER, notNull, type Schema, STRING } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { memoryOwner } from "../../src/wasm/heap.js";
import { Region } from "../../src/wasm/region.js";
import { bound, CONTEXT } from "../expr/differential.js";

const schema: Schema = [
	{ name: "auction", type: notNull(BIGINT) },
	{ name: "price", type: BIGINT },
	{ name: "channel", type: STRING },
];
const auction = column(0, notNull(BIGINT));
const price = column(1, BIGINT);
const channel = column(2, STRING);

const rows: Row[] = Array.from({ length: 1000 }, (_, i) => [
	BigInt(i),
	i % 10 === 3 ? null : BigInt(i * 7),
	i % 3 === 0 ? "Google" : `channel-${i}`,
]);

describe("Calc", () => {
	let region: Region;
	beforeAll(async () => {
		region = await Region.create();
	});

	function run(input: Batch, projection: readonly Expr[], condition?: Expr) {
		const spec = { operator: "Calc", projection, condition } as const;
		const owner = memoryOwner("Calc");
		const context = aloneContext({ region, owner, spec, inputs: [schema], output: [], functions: CONTEXT });
		const operator = calc.create(spec, context);
		const emitted: Batch[] = [];
		operator?.process(input, 0, { emit: (batch) => emitted.push(batch), watermark: () => {}, idle: () => {} });
		operator?.dispose();
		expect(context.owner.bytes).toBe(0);
		return emitted;
	}

	test("without a condition, columns pass through as they are", () => {
		const input = rowsToBatch(region, schema, rows);
		const [output] = run(input, [channel, auction]);
		expect(output?.columns.map(({ data }) => data)).toEqual([input.columns[2]?.data, input.columns[0]?.data]);
		expect(batchToRows(region, output as Batch)).toEqual(rows.map((row) => [row[2], row[0]]));
	});

	test("a condition that all rows pass copies nothing either", () => {
		const input = rowsToBatch(region, schema, rows);
		const [output] = run(input, [auction], bound(">=", auction, literal(0n, BIGINT)));
		expect(output?.columns[0]?.data).toBe(input.columns[0]?.data);
	});

	test("columns known to hold one value stay known, whole and filtered", () => {
		const input = rowsToBatch(
			region,
			schema,
			rows.map(([key, value]) => [key!, value!, "Google"]),
		);
		const told = { ...input, columns: [input.columns[0]!, input.columns[1]!, asSame(input.columns[2]!)] };
		for (const condition of [undefined, bound(">=", auction, literal(500n, BIGINT))]) {
			const [output] = run(told, [channel, auction], condition);
			expect(output?.columns.map(({ same }) => same)).toEqual([true, undefined]);
			const wanted = rows.slice(condition === undefined ? 0 : 500).map(([key]) => ["Google", key]);
			expect(batchToRows(region, output as Batch)).toEqual(wanted);
		}
	});

	test("filters by MOD, as Nexmark q2, and keeps row kinds", () => {
		const kinds = rows.map((_, i) => (i % 2 === 0 ? RowKind.UPDATE_BEFORE : RowKind.UPDATE_AFTER));
		const input = rowsToBatch(region, schema, rows, kinds);
		const condition = bound("=", bound("%", auction, literal(123, notNull(INTEGER))), literal(0n, BIGINT));
		const [output] = run(input, [auction, price], condition);
		const wanted = rows.filter((row) => (row[0] as bigint) % 123n === 0n);
		expect(batchToRows(region, output as Batch)).toEqual(wanted.map((row) => [row[0], row[1]]));
		expect(batchKinds(region, output as Batch)).toEqual(wanted.map((row) => kinds[Number(row[0])]));
	});

	test("several conjuncts narrow one selection; NULL does not pass", () => {
		const input = rowsToBatch(region, schema, rows);
		const condition = bound(
			"AND",
			bound("=", channel, literal("Google", STRING)),
			bound(">", price, literal(100n, BIGINT)),
			bound("<=", auction, literal(900n, BIGINT)),
		);
		const [output] = run(input, [auction, bound("+", price, literal(1n, BIGINT))], condition);
		const wanted = rows.filter(
			([a, p, c]) => c === "Google" && p !== null && (p as bigint) > 100n && (a as bigint) <= 900n,
		);
		expect(batchToRows(region, output as Batch)).toEqual(wanted.map(([a, p]) => [a, (p as bigint) + 1n]));
	});

	test("nothing is emitted when no row passes or the batch is empty", () => {
		expect(run(rowsToBatch(region, schema, rows), [auction], bound("<", auction, literal(0n, BIGINT)))).toEqual([]);
		expect(run(rowsToBatch(region, schema, []), [auction])).toEqual([]);
	});

	test("a division by zero names the row of the batch", () => {
		const input = rowsToBatch(region, schema, rows);
		const condition = bound(">", auction, literal(5n, BIGINT));
		const divisor = bound("-", auction, literal(8n, BIGINT));
		const quotient = bound("/", literal(1n, BIGINT), divisor);
		expect(() => run(input, [quotient], condition)).toThrow(
			expect.objectContaining({ code: "DIVISION_BY_ZERO", row: 8 }),
		);
		const guarded: Expr = {
			kind: "case",
			branches: [{ when: bound("=", divisor, literal(0n, BIGINT)), then: literal(null, BIGINT) }],
			otherwise: quotient,
			type: BIGINT,
		};
		expect(batchToRows(region, run(input, [guarded], condition)[0] as Batch)[2]).toEqual([null]);
	});
});
