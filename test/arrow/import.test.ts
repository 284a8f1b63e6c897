// Arrow RecordBatches in: every supported type, slices, offsets, dictionaries, units; refusals.
import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import { schemaOfArrow } from "../../src/arrow/arrow-type.js";
import { importBatch } from "../../src/arrow/import.js";
import { batchToRows } from "../../src/arrow/rows.js";
import * as sql from "../../src/types/sql-type.js";
import { typeText } from "../../src/types/type-text.js";
import type { Value } from "../../src/types/value.js";
import { arrowRegion } from "./region.js";

const region = await arrowRegion();

/** A batch of one column `c`. */
function recordBatch(data: arrow.Data, type = data.type): arrow.RecordBatch {
	const schema = new arrow.Schema([new arrow.Field("c", type, true)]);
	const struct = arrow.makeData({
		type: new arrow.Struct(schema.fields),
		length: data.length,
		nullCount: 0,
		children: [data],
	});
	return new arrow.RecordBatch(schema, struct);
}

const ofVector = (vector: arrow.Vector) => recordBatch(vector.data[0] as arrow.Data, vector.type);

const importedValues = (batch: arrow.RecordBatch): Value[] =>
	batchToRows(region, importBatch(region, batch)).map((row) => row[0] as Value);

const importedType = (batch: arrow.RecordBatch): string => typeText(schemaOfArrow(batch.schema)[0]!.type);

const bitmap = (...valid: boolean[]) => {
	const bits = new Uint8Array(8);
	for (const [i, isValid] of valid.entries()) if (isValid) (bits[i >> 3] as number) |= 1 << (i & 7);
	return bits;
};

const longText = "a text longer than twelve bytes";

describe("import", () => {
	const integers: [arrow.DataType, ArrayBufferView, string, Value[]][] = [
		[new arrow.Int8(), Int8Array.of(-128, 127), "TINYINT", [-128, 127]],
		[new arrow.Int16(), Int16Array.of(-32768, 7), "SMALLINT", [-32768, 7]],
		[new arrow.Int32(), Int32Array.of(-(2 ** 31), 7), "INT", [-(2 ** 31), 7]],
		[new arrow.Int64(), BigInt64Array.of(-(2n ** 63n), 7n), "BIGINT", [-(2n ** 63n), 7n]],
		[new arrow.Uint8(), Uint8Array.of(255, 1), "SMALLINT", [255, 1]],
		[new arrow.Uint16(), Uint16Array.of(65535, 1), "INT", [65535, 1]],
		[new arrow.Uint32(), Uint32Array.of(2 ** 32 - 1, 1), "BIGINT", [2n ** 32n - 1n, 1n]],
		[new arrow.Uint64(), BigUint64Array.of(2n ** 64n - 1n, 1n), "DECIMAL(20, 0)", [2n ** 64n - 1n, 1n]],
		[new arrow.Float16(), Uint16Array.of(0x3e00, 0xfc00), "FLOAT", [1.5, Number.NEGATIVE_INFINITY]],
		[new arrow.Float32(), Float32Array.of(1.5, Number.NaN), "FLOAT", [1.5, Number.NaN]],
		[new arrow.Float64(), Float64Array.of(0.1, -0), "DOUBLE", [0.1, -0]],
		[
			new arrow.Decimal(2, 10, 128),
			Uint32Array.of(5, 0, 0, 0, 0xffff_fffb, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff),
			"DECIMAL(10, 2)",
			[5n, -5n],
		],
		[
			new arrow.Decimal(2, 30, 128),
			Uint32Array.of(5, 0, 1, 0, 0xffff_fffb, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff),
			"DECIMAL(30, 2)",
			[2n ** 64n + 5n, -5n],
		],
		[new arrow.DateDay(), Int32Array.of(-1, 19000), "DATE", [-1, 19000]],
		[new arrow.DateMillisecond(), BigInt64Array.of(-86_400_000n, 86_400_000n * 19000n), "DATE", [-1, 19000]],
		[new arrow.TimeSecond(), Int32Array.of(1, 86_399), "TIME(0)", [1000, 86_399_000]],
		[new arrow.TimeMillisecond(), Int32Array.of(1, 86_399_999), "TIME(3)", [1, 86_399_999]],
		[new arrow.TimeMicrosecond(), BigInt64Array.of(1999n, 86_399_999_999n), "TIME(3)", [1, 86_399_999]],
		[new arrow.TimeNanosecond(), BigInt64Array.of(1_999_999n, 0n), "TIME(3)", [1, 0]],
		[new arrow.TimestampSecond(), BigInt64Array.of(-1n, 1_436_918_400n), "TIMESTAMP(0)", [-1000, 1_436_918_400_000]],
		[new arrow.TimestampMillisecond(), BigInt64Array.of(-1n, 5n), "TIMESTAMP(3)", [-1, 5]],
		[new arrow.TimestampMicrosecond(), BigInt64Array.of(-1n, 5n), "TIMESTAMP(6)", [-1n, 5n]],
		[new arrow.TimestampNanosecond(), BigInt64Array.of(-1n, 5n), "TIMESTAMP(9)", [-1n, 5n]],
		[new arrow.TimestampMillisecond("UTC"), BigInt64Array.of(-1n, 5n), "TIMESTAMP_LTZ(3)", [-1, 5]],
		[new arrow.TimestampNanosecond("Europe/Berlin"), BigInt64Array.of(-1n, 5n), "TIMESTAMP_LTZ(9)", [-1n, 5n]],
		[new arrow.DurationSecond(), BigInt64Array.of(-1n, 5n), "INTERVAL SECOND(3)", [-1000, 5000]],
		[new arrow.DurationNanosecond(), BigInt64Array.of(1_999_999n, 0n), "INTERVAL SECOND(3)", [1, 0]],
		[new arrow.IntervalYearMonth(), Int32Array.of(-14, 3), "INTERVAL MONTH", [-14, 3]],
		[new arrow.IntervalDayTime(), Int32Array.of(-1, 5, 2, 7), "INTERVAL SECOND(3)", [-86_399_995, 172_800_007]],
	];

	test.each(integers)("%s", (type, data, text, [first, second]) => {
		const props = { type, data, length: 2 } as unknown as Parameters<typeof arrow.makeData>[0];
		const whole = arrow.makeData(props);
		expect(importedType(recordBatch(whole))).toBe(text);
		expect(importedValues(recordBatch(whole))).toEqual([first, second]);
		expect(importedValues(recordBatch(whole.slice(1, 1)))).toEqual([second]);
		expect(importedValues(recordBatch(whole.slice(1, 0)))).toEqual([]);
		const withNull = arrow.makeData({ ...props, nullBitmap: bitmap(false, true), nullCount: 1 } as typeof props);
		expect(importedValues(recordBatch(withNull))).toEqual([null, second]);
		expect(importedValues(recordBatch(withNull.slice(1, 1)))).toEqual([second]);
	});

	const texts = ["", "short", null, longText, "é😀", "exactly12byt"];
	test.each([new arrow.Utf8(), new arrow.LargeUtf8(), new arrow.Utf8View()])("%s", (type) => {
		const vector = arrow.vectorFromArray(texts, type);
		expect(importedType(ofVector(vector))).toBe("VARCHAR(2147483647)");
		expect(importedValues(ofVector(vector))).toEqual(texts);
		expect(importedValues(ofVector(vector.slice(2, 5)))).toEqual(texts.slice(2, 5));
		expect(importedValues(ofVector(vector.slice(1, 1)))).toEqual([]);
	});

	const binaries = [Uint8Array.of(0, 255), null, new Uint8Array(20).fill(3), new Uint8Array()];
	test.each([new arrow.Binary(), new arrow.LargeBinary(), new arrow.BinaryView()])("%s", (type) => {
		const vector = arrow.vectorFromArray(binaries, type);
		expect(importedValues(ofVector(vector))).toEqual(binaries);
		expect(importedValues(ofVector(vector.slice(1, 3)))).toEqual(binaries.slice(1, 3));
	});

	test("FixedSizeBinary", () => {
		const vector = arrow.vectorFromArray(
			[Uint8Array.of(1, 2), null, Uint8Array.of(3, 4)],
			new arrow.FixedSizeBinary(2),
		);
		expect(importedType(ofVector(vector))).toBe("BINARY(2)");
		expect(importedValues(ofVector(vector.slice(1)))).toEqual([null, Uint8Array.of(3, 4)]);
	});

	test("Bool at any bit offset", () => {
		const values = Array.from({ length: 50 }, (_, i) => (i % 7 === 0 ? null : i % 3 === 0));
		const vector = arrow.vectorFromArray(values, new arrow.Bool());
		for (const start of [0, 1, 7, 8, 9, 33]) {
			expect(importedValues(ofVector(vector.slice(start, 45)))).toEqual(values.slice(start, 45));
		}
	});

	test("Null", () => {
		expect(importedValues(recordBatch(arrow.makeData({ type: new arrow.Null(), length: 3 })))).toEqual([
			null,
			null,
			null,
		]);
	});

	test.each([new arrow.Int8(), new arrow.Uint16(), new arrow.Int32()])("Dictionary by %s", (indices) => {
		const values = ["a", longText, null, "a", "b", longText];
		const vector = arrow.vectorFromArray(values, new arrow.Dictionary(new arrow.Utf8(), indices));
		expect(importedType(ofVector(vector))).toBe("VARCHAR(2147483647)");
		expect(importedValues(ofVector(vector))).toEqual(values);
		expect(importedValues(ofVector(vector.slice(1, 5)))).toEqual(values.slice(1, 5));
	});

	test.each([
		[new arrow.Int64(), [5n, null, -7n, 5n]],
		[new arrow.Float64(), [0.5, null, -2, 0.5]],
		[new arrow.TimestampMicrosecond("UTC"), [1000, null, 2000, 1000], [1_000_000n, null, 2_000_000n, 1_000_000n]],
		[new arrow.DateDay(), [new Date(0), null, new Date(86_400_000 * 3), new Date(0)], [0, null, 3, 0]],
		[new arrow.Binary(), [Uint8Array.of(1), null, new Uint8Array(20), Uint8Array.of(1)]],
		[new arrow.Bool(), [true, null, false, true]],
	] as [of: arrow.DataType, values: unknown[], read?: Value[]][])("Dictionary of %s", (of, values, read) => {
		const wanted = read ?? (values as Value[]);
		const vector = arrow.vectorFromArray(values as never[], new arrow.Dictionary(of, new arrow.Int32()));
		expect(importedValues(ofVector(vector))).toEqual(wanted);
		expect(importedValues(ofVector(vector.slice(1, 3)))).toEqual(wanted.slice(1, 3));
		expect(importedValues(ofVector(vector.slice(2, 2)))).toEqual([]);
	});

	test("dictionaries within lists and structs", () => {
		const words = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int16());
		const lists = [["a", longText, null], null, [], ["a", "b"]];
		const vector = arrow.vectorFromArray(lists, new arrow.List(new arrow.Field("item", words, true)));
		expect(importedValues(ofVector(vector))).toEqual(lists);
		expect(importedValues(ofVector(vector.slice(2)))).toEqual(lists.slice(2));
		const struct = new arrow.Struct<{ w: typeof words }>([new arrow.Field("w", words, true)]);
		const rows = arrow.vectorFromArray([{ w: longText }, null, { w: null }, { w: longText }], struct);
		expect(importedValues(ofVector(rows))).toEqual([[longText], null, [null], [longText]]);
		expect(importedValues(ofVector(rows.slice(1)))).toEqual([null, [null], [longText]]);
	});

	const units = [
		[arrow.TimestampSecond, 1000n, "0"],
		[arrow.TimestampMillisecond, 1n, "3"],
		[arrow.TimestampMicrosecond, 1n, "6"],
		[arrow.TimestampNanosecond, 1n, "9"],
	] as const;
	test.each(units)("%o with zones", (Type, scale, precision) => {
		for (const zone of ["UTC", "+02:00", "America/New_York", "Asia/Kolkata"]) {
			const data = BigInt64Array.of(-3n, 0n, 1_436_918_400n);
			const type = new Type(zone) as arrow.Timestamp;
			const whole = arrow.makeData({ type, data, length: 3, nullBitmap: bitmap(true, false, true), nullCount: 1 });
			expect(importedType(recordBatch(whole))).toBe(`TIMESTAMP_LTZ(${precision})`);
			const value = (of: bigint) => (Number(precision) <= 3 ? Number(of * scale) : of * scale);
			expect(importedValues(recordBatch(whole))).toEqual([value(-3n), null, value(1_436_918_400n)]);
			expect(importedValues(recordBatch(whole.slice(1, 2)))).toEqual([null, value(1_436_918_400n)]);
		}
	});

	test("a dictionary with NULL among its values, and one in several chunks", () => {
		const chunks = arrow
			.vectorFromArray(["a", null], new arrow.Utf8())
			.concat(arrow.vectorFromArray(["c"], new arrow.Utf8()));
		const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32());
		const data = arrow.makeData({
			type,
			data: Int32Array.of(2, 1, 0, 99),
			nullBitmap: bitmap(true, true, true, false),
			nullCount: 1,
			dictionary: chunks,
		});
		expect(importedValues(recordBatch(data))).toEqual(["c", null, "a", null]);
	});

	test("Struct, List, FixedSizeList, Map", () => {
		const point = new arrow.Struct<{ x: arrow.Int32; name: arrow.Utf8 }>([
			new arrow.Field("x", new arrow.Int32(), true),
			new arrow.Field("name", new arrow.Utf8(), true),
		]);
		const points = arrow.vectorFromArray([{ x: 1, name: "a" }, null, { x: null, name: longText }], point);
		expect(importedType(ofVector(points))).toBe("ROW<`x` INT, `name` VARCHAR(2147483647)>");
		expect(importedValues(ofVector(points))).toEqual([[1, "a"], null, [null, longText]]);
		expect(importedValues(ofVector(points.slice(1)))).toEqual([null, [null, longText]]);

		const list = new arrow.List(new arrow.Field("item", new arrow.Int64(), true));
		const lists = arrow.vectorFromArray([[1n, null], [], null, [3n]], list);
		expect(importedValues(ofVector(lists))).toEqual([[1n, null], [], null, [3n]]);
		expect(importedValues(ofVector(lists.slice(2)))).toEqual([null, [3n]]);

		const fixed = new arrow.FixedSizeList(2, new arrow.Field("item", new arrow.Int32(), true));
		const pairs = arrow.vectorFromArray(
			[
				[1, 2],
				[3, 4],
				[5, 6],
			],
			fixed,
		);
		expect(importedValues(ofVector(pairs.slice(1)))).toEqual([
			[3, 4],
			[5, 6],
		]);

		const map = new arrow.Map_(
			new arrow.Field(
				"entries",
				new arrow.Struct<{ key: arrow.Utf8; value: arrow.Int32 }>([
					new arrow.Field("key", new arrow.Utf8(), false),
					new arrow.Field("value", new arrow.Int32(), true),
				]),
				false,
			),
		);
		const maps = arrow.vectorFromArray(
			[
				new Map([["a", 1]]),
				null,
				new Map<string, number | null>([
					["b", null],
					["c", 3],
				]),
			],
			map as never,
		);
		expect(importedType(ofVector(maps))).toBe("MAP<VARCHAR(2147483647) NOT NULL, INT>");
		expect(importedValues(ofVector(maps.slice(1)))).toEqual([
			null,
			[
				["b", null],
				["c", 3],
			],
		]);
	});

	test("columns that apache-arrow has made as long as the longest one end in NULLs", () => {
		const inner = [new arrow.Field("x", new arrow.Int32(), true), new arrow.Field("y", new arrow.Utf8(), true)];
		const columns: Record<string, [arrow.DataType, unknown[], Value[]]> = {
			utf8: [new arrow.Utf8(), [longText, "b"], [longText, "b"]],
			largeUtf8: [new arrow.LargeUtf8(), [longText, "b"], [longText, "b"]],
			binary: [new arrow.Binary(), [Uint8Array.of(7)], [Uint8Array.of(7)]],
			fixedBinary: [new arrow.FixedSizeBinary(1), [Uint8Array.of(7)], [Uint8Array.of(7)]],
			bool: [new arrow.Bool(), [true, false], [true, false]],
			double: [new arrow.Float64(), [1.5], [1.5]],
			dictionary: [new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()), ["d", "e"], ["d", "e"]],
			list: [new arrow.List(new arrow.Field("item", new arrow.Int32(), true)), [[1, 2], [3]], [[1, 2], [3]]],
			struct: [new arrow.Struct(inner), [{ x: 1, y: "a" }], [[1, "a"]]],
		};
		const long = arrow.makeData({ type: new arrow.Int32(), length: 11, data: new Int32Array(11) });
		for (const [name, [type, values, expected]] of Object.entries(columns)) {
			for (const count of [values.length, 0]) {
				const [data] = arrow.vectorFromArray(values.slice(0, count), type).data;
				const batch = new arrow.RecordBatch({ long, c: data as arrow.Data });
				const found = batchToRows(region, importBatch(region, batch)).map((row) => row[1]);
				expect(found, `${name}, ${count} values`).toEqual([
					...expected.slice(0, count),
					...new Array(11 - count).fill(null),
				]);
			}
		}
	});

	test("what cannot be imported is refused by name and type", () => {
		const union = new arrow.SparseUnion([0], [new arrow.Field("a", new arrow.Int32())]);
		const nested = new arrow.Struct([new arrow.Field("deep", union)]);
		const schema = new arrow.Schema([new arrow.Field("outer", nested)]);
		expect(() => schemaOfArrow(schema)).toThrow(
			expect.objectContaining({
				code: "UNSUPPORTED_ARROW_TYPE",
				problem: expect.stringMatching(/'outer\.deep'.*Union/),
			}),
		);
		const wide = new arrow.Schema([new arrow.Field("wide", new arrow.Decimal(2, 50, 256))]);
		expect(() => schemaOfArrow(wide)).toThrow(/'wide'/);
	});

	test("a batch of another schema is refused", () => {
		const batch = ofVector(arrow.vectorFromArray([1], new arrow.Int32()));
		const error = (code: string, text: RegExp) =>
			expect.objectContaining({ code, message: expect.stringMatching(text) });
		expect(() => importBatch(region, batch, [{ name: "c", type: sql.STRING }])).toThrow(
			error("INVALID_SCHEMA", /'c'.*INT.*VARCHAR/),
		);
		expect(() => importBatch(region, batch, [{ name: "d", type: sql.INTEGER }])).toThrow(
			error("INVALID_SCHEMA", /'c'.*'d'/),
		);
		expect(() => importBatch(region, batch, [])).toThrow(error("INVALID_SCHEMA", /1 columns/));
	});
});
