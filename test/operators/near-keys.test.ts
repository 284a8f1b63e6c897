// Aggregates by integer keys whose values lie close together, apart, in ranges that grow and move on, beside outliers, and near the ends of
// the type; alone, NULL, and with other columns; with groups that go and come back.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowsToBatch } from "../../src/arrow/rows.js";
import type { GroupAggregateSpec } from "../../src/job/specs.js";
import { GroupIndex } from "../../src/operators/state/group-index.js";
import { keyLayout } from "../../src/operators/state/key-layout.js";
import { RowLayout } from "../../src/operators/state/row-layout.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import { memoryOwner } from "../../src/wasm/heap.js";
import { Region } from "../../src/wasm/region.js";
import { type Change, drive, fold } from "./drive.js";
import { propertyOf } from "./random.js";

const PROPERTY = propertyOf(47);
const GREATEST = 2n ** 63n - 1n;
const NAMES = ["", "short", "one of more than twelve bytes", "one of more than twelve bytez"];

const HOW = [{ where: "checked memory" }, { where: "high addresses", high: true }] as const;

type Value = bigint | number | string | null;
type Place = (key: number, batch: number) => bigint;

/** Key columns, and the key of a drawn integer. */
interface Shape {
	readonly name: string;
	readonly types: readonly sql.SqlType[];
	keyOf(value: bigint, key: number, variant: number, batch: number): readonly Value[];
}

const narrow = (value: bigint) => Number(BigInt.asIntN(32, value));
const shapes: readonly Shape[] = [
	{ name: "BIGINT", types: [sql.notNull(sql.BIGINT)], keyOf: (value) => [value] },
	{ name: "nullable", types: [sql.BIGINT], keyOf: (value, key) => [key % 13 === 5 ? null : value] },
	{ name: "INT", types: [sql.INTEGER], keyOf: (value) => [narrow(value)] },
	{
		name: "id and text",
		types: [sql.BIGINT, sql.STRING],
		keyOf: (value, key, variant) => [key % 17 === 3 ? null : value, key % 5 === 0 ? NAMES[variant]! : `name ${key}`],
	},
	{
		name: "text and INT",
		types: [sql.notNull(sql.STRING), sql.notNull(sql.INTEGER)],
		keyOf: (value, key) => [`name of more than ${key}`, narrow(value)],
	},
	{
		name: "few values and id",
		types: [sql.notNull(sql.BIGINT), sql.BIGINT],
		keyOf: (value, _, variant) => [BigInt(variant), value],
	},
	{
		name: "id and a text of the batch",
		types: [sql.notNull(sql.BIGINT), sql.STRING],
		keyOf: (value, _key, _variant, batch) => [value, NAMES[batch % 2]!],
	},
	{
		name: "id, an INT and a text of the batch",
		types: [sql.BIGINT, sql.INTEGER, sql.notNull(sql.STRING)],
		keyOf: (value, key, _, batch) => [batch % 5 === 4 && key % 9 === 0 ? null : value, batch % 3, NAMES[1]!],
	},
];

const places = fc.constantFrom<Place>(
	(key) => BigInt(key),
	(key) => BigInt(key) * 3n - 40n,
	(key) => -GREATEST - 1n + BigInt(key),
	(key) => GREATEST - BigInt(key),
	(key) => 7n + BigInt(key) * 10n ** 12n,
	(key, batch) => BigInt(key + 60 * batch),
	(key, batch) => BigInt(key - 300 * batch),
	(key, batch) => BigInt(key + 20_000 * batch),
	(key) => BigInt(key % 20 === 7 ? key * 10 ** 9 : key),
	// Far ahead, and reached by the others later.
	(key, batch) => BigInt(key + 400 * batch + (key % 20 === 7 ? 2500 : 0)),
);
const batches = fc.array(
	fc.array(fc.record({ key: fc.nat(400), variant: fc.nat(3), isBack: fc.boolean() }), {
		minLength: 1,
		maxLength: 150,
	}),
	{ minLength: 2, maxLength: 20 },
);

describe("groups are those of a Map, whatever comes and goes", () => {
	const cases = shapes.flatMap((shape) => HOW.map((how) => ({ ...shape, ...how })));
	test.each(cases)("$name, $where", async ({ types, keyOf, where: _, ...how }) => {
		const input = [...types, sql.notNull(sql.BIGINT)].map((type, i) => ({ name: `c${i}`, type }));
		const output = [...input, { name: "n", type: sql.notNull(sql.BIGINT) }];
		const spec = specOf(types.length);
		await fc.assert(
			fc.asyncProperty(places, batches, async (place, drawn) => {
				const groups = new Map<string, { readonly key: readonly Value[]; readonly values: bigint[] }>();
				let next = 0n;
				const steps = drawn.map((batch, number) => ({
					input: 0,
					changes: batch.map(({ key: drawnKey, variant, isBack }): Change => {
						const key = keyOf(place(drawnKey, number), drawnKey, variant, number);
						const name = key.map((value) => `${typeof value} ${value}`).join();
						const group = groups.get(name) ?? { key, values: [] };
						groups.set(name, group);
						const taken = isBack ? group.values.pop() : undefined;
						if (taken !== undefined) return [RowKind.DELETE, [...key, taken]];
						group.values.push(next);
						return [RowKind.INSERT, [...key, next++]];
					}),
				}));
				const { changes } = await drive({ spec, inputs: [input], output, ...how }, steps);
				const wanted = [...groups.values()]
					.filter(({ values }) => values.length > 0)
					.map(({ key, values }): Change => {
						const total = values.reduce((sum, value) => sum + value, 0n);
						return [RowKind.INSERT, [...key, total, BigInt(values.length)]];
					});
				expect(fold(changes, output)).toEqual(fold(wanted, output));
			}),
			PROPERTY,
		);
	});
});

function specOf(keys: number): GroupAggregateSpec {
	const call = { distinct: false, type: sql.notNull(sql.BIGINT) };
	return {
		operator: "GroupAggregate",
		keys: [...Array(keys).keys()],
		calls: [
			{ ...call, function: "SUM", args: [keys], argTypes: [sql.notNull(sql.BIGINT)], name: "s" },
			{ ...call, function: "COUNT", args: [], argTypes: [], name: "n" },
		],
		inputUpdates: true,
		updateBefore: true,
		final: false,
		emitEmpty: false,
	};
}

/** An index of BIGINT keys, and what adds `count` consecutive ones to it. */
async function indexOfBigints() {
	const region = await Region.create({ build: "debug" });
	const owner = memoryOwner("test");
	const key = keyLayout([sql.notNull(sql.BIGINT)]);
	const index = new GroupIndex(region, owner, key, new RowLayout(key.bytes).stride);
	const add = (from: bigint, count: number) => {
		const mark = region.arena.mark();
		const data = region.arena.allocate(count * 8);
		for (let i = 0; i < count; i++) region.i64[data / 8 + i] = from + BigInt(i);
		index.find([{ type: sql.notNull(sql.BIGINT), physical: "i64", data, validity: 0 }], count);
		region.arena.release(mark);
	};
	return { index, owner, add };
}

test("keys far ahead of the others have their place once the others have reached them", async () => {
	const { index, add } = await indexOfBigints();
	add(0n, 50);
	expect(index.range).toEqual([0n, 49n]);
	add(4000n, 5);
	expect(index.range).toBeUndefined();
	add(50n, 4100);
	expect(index.size).toBe(4150);
	expect(index.range).toEqual([0n, 4149n]);
	index.dispose();
});

test("an emptied index makes room for as many keys as it had, not for any number", async () => {
	const { index, owner, add } = await indexOfBigints();
	for (let from = 0n; from < 1_000_000n; from += 100_000n) add(from, 100_000);
	expect(owner.bytes).toBeGreaterThan(12_000_000);
	index.clear();
	expect(owner.bytes).toBeLessThan(4096);
	add(5_000_000n, 1000);
	expect(index.range).toEqual([5_000_000n, 5_000_999n]);
	expect(owner.bytes).toBeLessThan(4_000_000);
	index.clear();
	add(0n, 1000);
	expect(owner.bytes).toBeLessThan(100_000);
	index.dispose();
	expect(owner.bytes).toBe(0);
});

test("ids with one text, near ones and then scattered ones, for which the array is given up in between", async () => {
	const region = await Region.create({ build: "debug" });
	const owner = memoryOwner("test");
	const types = [sql.notNull(sql.BIGINT), sql.notNull(sql.STRING)];
	const schema = types.map((type, i) => ({ name: `c${i}`, type }));
	const key = keyLayout(types);
	const index = new GroupIndex(region, owner, key, new RowLayout(key.bytes).stride);
	/** The state row of each id, found after as many as `created` new ones. */
	const rowsOf = (ids: readonly bigint[], text: string, created: number) => {
		const mark = region.arena.mark();
		const { columns } = rowsToBatch(
			region,
			schema,
			ids.map((id) => [id, text]),
		);
		const found = index.find(columns, ids.length);
		expect(found.createdCount).toBe(created);
		const rows = ids.map((_, i) => region.u32[found.rows / 4 + i]!);
		region.arena.release(mark);
		return rows;
	};
	const near = Array.from({ length: 100 }, (_, i) => BigInt(i));
	const far = Array.from({ length: 5000 }, (_, i) => BigInt(i) * 10n ** 12n + 7n);
	for (const text of ["2026-01-01", "one of more than twelve bytes"]) {
		const rows = [...rowsOf(near, text, 100), ...rowsOf(far, text, 4999)];
		expect(new Set(rows).size).toBe(5099);
		expect(rowsOf([...near, ...far], text, 0)).toEqual(rows);
	}
	expect(index.size).toBe(2 * 5099);
	index.dispose();
	expect(owner.bytes).toBe(0);
});
