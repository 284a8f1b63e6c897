// Rows go into a batch and come back as they were, for every type; equal nested values have equal bytes.
import { beforeAll, describe, expect, test } from "vitest";
import { NestedWriter } from "../../src/arrow/nested.js";
import { batchKinds, batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import { RowKind } from "../../src/types/row-kind.js";
import type { SqlType } from "../../src/types/sql-type.js";
import * as sql from "../../src/types/sql-type.js";
import { typeText } from "../../src/types/type-text.js";
import type { Value } from "../../src/types/value.js";
import { Region } from "../../src/wasm/region.js";

const point = sql.row([
	{ name: "x", type: sql.BIGINT },
	{ name: "name", type: sql.STRING },
	{ name: "inner", type: sql.row([{ name: "flag", type: sql.BOOLEAN }]) },
]);

const samples: [SqlType, Value[]][] = [
	[sql.NULL, [null]],
	[sql.BOOLEAN, [true, false]],
	[sql.TINYINT, [-128, 0, 127]],
	[sql.SMALLINT, [-32768, 32767]],
	[sql.INTEGER, [-2147483648, 2147483647]],
	[sql.BIGINT, [-(2n ** 63n), 2n ** 63n - 1n, 0n]],
	[sql.FLOAT, [Math.fround(1.1), NaN, -Infinity]],
	[sql.DOUBLE, [1.1, -0, NaN, 1e308]],
	[sql.decimal(18, 4), [-(10n ** 18n) + 1n, 10n ** 18n - 1n]],
	[sql.decimal(38, 18), [-(10n ** 38n) + 1n, 10n ** 38n - 1n, -1n, 1n]],
	[sql.STRING, ["", "a", "exactly 12 b", "thirteen byte", "é😀é", "\uFEFFbom", "long ".repeat(50)]],
	[sql.char(3), ["abc"]],
	[sql.BYTES, [new Uint8Array(), new Uint8Array([0, 255]), new Uint8Array(20).fill(7)]],
	[sql.DATE, [-719162, 0, 19000]],
	[sql.time(3), [0, 86_399_999]],
	[sql.timestamp(3), [-62_135_596_800_000, -1, 1_436_918_400_123]],
	[sql.timestamp(6), [-1n, 1_436_918_400_123_456n]],
	[sql.timestampLtz(9), [1_436_918_400_123_456_789n]],
	[{ kind: "INTERVAL_YEAR_MONTH", unit: "YEAR", precision: 2, nullable: true }, [-14, 14]],
	[{ kind: "INTERVAL_DAY_TIME", unit: "DAY", precision: 2, fraction: 3, nullable: true }, [-86_400_001]],
	[sql.array(sql.INTEGER), [[], [1, null, 3], new Array(20).fill(5)]],
	[sql.array(sql.array(sql.STRING)), [[["a", null], [], null, ["a string that is long"]]]],
	[
		sql.map(sql.STRING, sql.decimal(38, 2)),
		[
			[],
			[
				["a", 1n],
				["b", null],
			],
		],
	],
	[
		sql.multiset(sql.BIGINT),
		[
			[
				[1n, 2],
				[7n, 1],
			],
		],
	],
	[
		point,
		[
			[1n, "one", [true]],
			[null, null, null],
			[2n, "a rather long name", [null]],
		],
	],
];

describe.each(["release", "debug"] as const)("%s kernels", (build) => {
	let region: Region;
	beforeAll(async () => {
		region = await Region.create({ build });
	});

	test.each(samples.map(([type, values]) => [typeText(type), type, values] as const))("%s", (_, type, values) => {
		const rows = [null, ...values, null, ...values].map((value) => [value]);
		const schema = [{ name: "c", type }];
		expect(batchToRows(region, rowsToBatch(region, schema, rows))).toEqual(rows);
		const present = values.filter((value) => value !== null).map((value) => [value]);
		const batch = rowsToBatch(region, schema, present);
		expect(batch.columns[0]?.validity).toBe(0);
		expect(batchToRows(region, batch)).toEqual(present);
		expect(batchToRows(region, rowsToBatch(region, schema, []))).toEqual([]);
	});

	test("many rows, several columns, kinds", () => {
		const schema = [
			{ name: "id", type: sql.notNull(sql.BIGINT) },
			{ name: "text", type: sql.STRING },
		];
		const rows = Array.from({ length: 5000 }, (_, i) => [BigInt(i), i % 7 === 0 ? null : `row ${i} ü`.repeat(i % 5)]);
		const kinds = rows.map((_, i) => (i % 2 === 0 ? RowKind.INSERT : RowKind.DELETE));
		const mark = region.arena.mark();
		const batch = rowsToBatch(region, schema, rows, kinds);
		expect(batchToRows(region, batch)).toEqual(rows);
		expect(batchKinds(region, batch)).toEqual(kinds);
		region.arena.release(mark);
	});

	test("bytes that are not UTF-8 are read as replacement characters, not as other rows", () => {
		const batch = rowsToBatch(
			region,
			[{ name: "b", type: sql.BYTES }],
			[[new Uint8Array([0xe2, 0x82])], [new Uint8Array([0x41])]],
		);
		const column = { ...(batch.columns[0] as NonNullable<(typeof batch.columns)[0]>), type: sql.STRING };
		expect(batchToRows(region, { ...batch, columns: [column] })).toEqual([["\uFFFD"], ["A"]]);
	});
});

test("equal nested values have equal bytes", () => {
	const bytesOf = (value: Value, type: SqlType) => {
		const writer = new NestedWriter();
		writer.write(value, type);
		return [...writer.bytes()];
	};
	const type = sql.map(sql.STRING, sql.DOUBLE);
	expect(
		bytesOf(
			[
				["b", -0],
				["a", NaN],
			],
			type,
		),
	).toEqual(
		bytesOf(
			[
				["a", NaN],
				["b", 0],
			],
			type,
		),
	);
	expect(
		bytesOf(
			[
				["ab", 1],
				["c", 1],
			],
			type,
		),
	).not.toEqual(
		bytesOf(
			[
				["a", 1],
				["bc", 1],
			],
			type,
		),
	);
	const strings = sql.array(sql.STRING);
	expect(bytesOf(["a", ""], strings)).not.toEqual(bytesOf(["a", null], strings));
	expect(bytesOf(["a", ""], strings)).not.toEqual(bytesOf(["", "a"], strings));
});
