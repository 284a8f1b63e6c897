// Rank, Deduplicate, Sort and Limit: the folded changelog is the baseline's, whatever the types, ties, batch cuts and snapshots.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OperatorSpec, RankSpec, SortKey } from "../../src/job/specs.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import { type Change, drive, fold, foldUpserts, type Step } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const PROPERTIES = { Rank: propertyOf(49), Deduplicate: propertyOf(14), Sort: propertyOf(7), Limit: propertyOf(4) };

const schemaOf = (...types: sql.SqlType[]): sql.Schema => types.map((type, i) => ({ name: `c${i}`, type }));
const asc = (column: number, nullsFirst = true): SortKey => ({ column, ascending: true, nullsFirst });
const desc = (column: number, nullsFirst = false): SortKey => ({ column, ascending: false, nullsFirst });

const rankOf = (more: Partial<RankSpec>): RankSpec => ({
	operator: "Rank",
	function: "ROW_NUMBER",
	partition: [0],
	order: [desc(1)],
	from: 1,
	to: 1,
	outputRank: false,
	inputUpdates: false,
	updateBefore: true,
	final: false,
	...more,
});

const rankColumn = { name: "rank", type: sql.notNull(sql.BIGINT) };
const outputOf = (spec: OperatorSpec, input: sql.Schema) =>
	spec.operator === "Rank" && spec.outputRank ? [...input, rankColumn] : input;

type Tested = Extract<OperatorSpec, { operator: keyof typeof PROPERTIES }>;

async function agrees(spec: Tested, input: sql.Schema, upsertKey?: readonly number[]): Promise<void> {
	const batch = "final" in spec && spec.final;
	const driven = { spec, inputs: [input], output: outputOf(spec, input), batch };
	await fc.assert(
		fc.asyncProperty(stepsOf([{ schema: input, updates: false }]), async (steps) => {
			const { changes } = await drive(driven, steps);
			const oracle = expected(driven, steps);
			const left = (of: readonly Change[]) =>
				upsertKey ? foldUpserts(of, driven.output, upsertKey) : fold(of, driven.output);
			expect(left(changes)).toEqual(left(oracle.changes));
		}),
		PROPERTIES[spec.operator],
	);
}

const input = schemaOf(sql.BIGINT, sql.DOUBLE, sql.STRING, sql.notNull(sql.INTEGER), sql.decimal(30, 2));

describe("Rank", () => {
	const orders: readonly (readonly [string, readonly SortKey[]])[] = [
		["DOUBLE DESC", [desc(1)]],
		["DOUBLE ASC NULLS LAST", [asc(1, false)]],
		["DECIMAL(30, 2), INT DESC", [asc(4), desc(3)]],
		["BIGINT DESC NULLS FIRST, DECIMAL DESC", [desc(0, true), desc(4)]],
	];
	const ranges: readonly (readonly [number, number])[] = [
		[1, 1],
		[1, 3],
		[2, 4],
	];
	describe.each(orders)("ORDER BY %s", (_, order) => {
		test.each(ranges)("ranks %i to %i", async (from, to) => {
			await agrees(rankOf({ order, from, to, partition: [3] }), input);
			await agrees(rankOf({ order, from, to, partition: [3], outputRank: true }), input);
			await agrees(rankOf({ order, from, to, partition: [2, 3], outputRank: true, final: true }), input);
		});
	});

	test.each([[[]], [[0]], [[2]], [[2, 4]]])("PARTITION BY columns %j", async (partition) => {
		await agrees(rankOf({ partition, to: 2 }), input);
	});

	test("without -U the key and the rank identify the rows", async () => {
		const places = rankOf({ partition: [3], to: 3, outputRank: true, updateBefore: false });
		await agrees(places, input, [3, input.length]);
		await agrees(rankOf({ partition: [3], updateBefore: false }), input, [3]);
	});

	test.each([sql.TINYINT, sql.SMALLINT, sql.BOOLEAN, sql.FLOAT, sql.DATE, sql.timestamp(3), sql.notNull(sql.BIGINT)])(
		"order by $kind",
		async (type) => {
			await agrees(rankOf({ partition: [0], to: 2 }), schemaOf(sql.INTEGER, type, sql.STRING));
		},
	);

	test("a batch sends net changes: a row that came and went within it is not seen", async () => {
		const schema = schemaOf(sql.INTEGER, sql.INTEGER);
		const steps: Step[] = [
			{ changes: [1, 2, 3].map((value) => [RowKind.INSERT, [7, value]]) },
			{ changes: [5, 4].map((value) => [RowKind.INSERT, [7, value]]) },
		];
		const { changes } = await drive({ spec: rankOf({}), inputs: [schema], output: schema }, steps);
		expect(changes).toEqual([
			[RowKind.INSERT, [7, 3]],
			[RowKind.UPDATE_BEFORE, [7, 3]],
			[RowKind.UPDATE_AFTER, [7, 5]],
		]);
	});
});

describe("Deduplicate", () => {
	const schema = schemaOf(sql.BIGINT, sql.notNull(sql.timestamp(3)), sql.STRING);
	const cases = (["first", "last"] as const).flatMap((keep) =>
		[undefined, 1].flatMap((order) => [false, true].map((final) => ({ keep, order, final }))),
	);
	// The first row by event time waits for the watermark: no kernels.
	const withKernels = cases.filter(({ keep, order, final }) => keep === "last" || order === undefined || final);
	test.each(withKernels)("keep $keep by $order, final $final", async (of) => {
		await agrees({ operator: "Deduplicate", keys: [0], updateBefore: true, ...of }, schema);
		await agrees({ operator: "Deduplicate", keys: [2, 0], updateBefore: false, ...of }, schema, [2, 0]);
	});
});

test.each([
	[0, 3, false],
	[2, 3, false],
	[0, 1, false],
	[0, 1000, true],
	[3, 4, true],
	[0, undefined, true],
	[3, 2000, true],
])("Sort OFFSET %i FETCH %i, final %s", async (offset, fetch, final) => {
	await agrees({ operator: "Sort", order: [asc(3), desc(1)], offset, fetch, inputUpdates: false, final }, input);
});

test.each([
	[0, 0],
	[0, 7],
	[5, 9],
	[2, 1000],
])("Limit OFFSET %i FETCH %i", async (offset, fetch) => {
	await agrees({ operator: "Limit", offset, fetch, inputUpdates: false }, input);
});

test.each([9, undefined])("a final Sort with FETCH %s sends the rows in order", async (fetch) => {
	const schema = schemaOf(sql.INTEGER, sql.STRING);
	const rows: Change[] = [3, null, 1, 3].map((value, i) => [RowKind.INSERT, [value, `r${i}`]]);
	const order = [desc(0)];
	const spec = { operator: "Sort", order, offset: 1, fetch, inputUpdates: false, final: true } as const;
	const { changes } = await drive({ spec, inputs: [schema], output: schema, batch: true }, [{ changes: rows }]);
	expect(changes.map(([, row]) => row)).toEqual([
		[3, "r3"],
		[1, "r2"],
		[null, "r1"],
	]);
});

test("a final Sort of more rows than a batch is stable", async () => {
	const schema = schemaOf(sql.INTEGER, sql.notNull(sql.INTEGER));
	const rows = Array.from({ length: 10_000 }, (_, i): Change => [RowKind.INSERT, [(i * 7919) % 101, i]]);
	const spec = { operator: "Sort", order: [asc(0)], offset: 0, inputUpdates: false, final: true } as const;
	const steps = [0, 3000, 3001, 9000].map((from, i, cuts) => ({ changes: rows.slice(from, cuts[i + 1]) }));
	const { changes } = await drive({ spec, inputs: [schema], output: schema, batch: true }, steps);
	const byKey = rows.map(([, row]) => row as readonly [number, number]).sort(([a, i], [b, j]) => a - b || i - j);
	expect(changes.map(([, row]) => row)).toEqual(byKey);
});
