// Arrow columns whose buffers contradict their length, offsets, indexes or type: refused by name, row and reason, without a byte read outside them.
import { constants } from "node:buffer";
import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import { schemaOfArrow } from "../../src/arrow/arrow-type.js";
import { importBatch, importColumn } from "../../src/arrow/import.js";
import { batchToRows } from "../../src/arrow/rows.js";
import { EngineError } from "../../src/errors.js";
import { arrowRegion } from "./region.js";

const region = await arrowRegion();

type Props = Parameters<typeof arrow.makeData>[0];
const dataOf = (props: object): arrow.Data => arrow.makeData(props as Props);

/** The error of importing a column `c`; fails when there is none. */
function refusal(data: arrow.Data, type = data.type): EngineError {
	const [field] = schemaOfArrow(new arrow.Schema([new arrow.Field("c", type, true)]));
	try {
		importColumn(region, data, field!.type, { column: "c", firstRow: 100 });
	} catch (error) {
		expect(error).toBeInstanceOf(EngineError);
		const { code, expected, remedy } = error as EngineError;
		expect({ code, expected, remedy }).toEqual({
			code: "INVALID_ARGUMENT",
			expected: expect.stringMatching(/./),
			remedy: expect.stringMatching(/./),
		});
		return error as EngineError;
	}
	throw new Error("the column was taken");
}

const bytes = (text: string) => new TextEncoder().encode(text);
const int32 = (values: readonly number[]) => dataOf({ type: new arrow.Int32(), data: Int32Array.from(values) });
const ITEM = new arrow.Field("item", new arrow.Int32(), true);
const ENTRIES = new arrow.Struct<{ key: arrow.Int32; value: arrow.Int32 }>([
	new arrow.Field("key", new arrow.Int32(), false),
	new arrow.Field("value", new arrow.Int32(), true),
]);
const entries = dataOf({ type: ENTRIES, length: 3, nullCount: 0, children: [int32([1, 2, 3]), int32([4, 5, 6])] });

/** Columns with offsets into three bytes or elements. */
const OF_OFFSETS: readonly (readonly [type: arrow.DataType, props: object])[] = [
	[new arrow.Utf8(), { data: bytes("abc") }],
	[new arrow.Binary(), { data: bytes("abc") }],
	[new arrow.LargeUtf8(), { data: bytes("abc") }],
	[new arrow.LargeBinary(), { data: bytes("abc") }],
	[new arrow.List(ITEM), { child: int32([1, 2, 3]) }],
	[new arrow.LargeList(ITEM), { child: int32([1, 2, 3]) }],
	[new arrow.Map_(new arrow.Field("entries", ENTRIES, false) as never), { child: entries }],
];

const isLarge = ({ typeId }: arrow.DataType) =>
	[arrow.Type.LargeUtf8, arrow.Type.LargeBinary, arrow.Type.LargeList].includes(typeId);

function withOffsets([type, props]: (typeof OF_OFFSETS)[number], offsets: readonly number[], more: object = {}) {
	const valueOffsets = isLarge(type) ? BigInt64Array.from(offsets, BigInt) : Int32Array.from(offsets);
	return dataOf({ type, ...props, valueOffsets, ...more });
}

describe.each(OF_OFFSETS)("%s", (...of) => {
	test("offsets that are as they should are taken", () => {
		const column = withOffsets(of, [1, 1, 3]);
		const batch = new arrow.RecordBatch({ c: column });
		expect(batchToRows(region, importBatch(region, batch))).toHaveLength(2);
	});

	test.each([
		["fall in between", [0, 2, 1, 3], 1, /from 2 to 1 of 3/],
		["leave the values and come back", [0, 1, 200_000_000, 2], 1, /from 1 to 200000000 of 3/],
		["fall below zero in between", [0, 1, -1, 2], 1, /from 1 to -1 of 3/],
		["end behind the values", [0, 1, 4], 1, /from 1 to 4 of 3/],
		["end before they begin", [2, 2, 1], 1, /from 2 to 1 of 3/],
		["begin below zero", [-1, 1, 2], 0, /from -1 to 1 of 3/],
		["are all beyond", [9, 9, 9], 0, /from 9 to 9 of 3/],
	] as const)("offsets that %s", (_, offsets, row, problem) => {
		const error = refusal(withOffsets(of, offsets));
		expect(error.row).toBe(100 + row);
		expect(error.message).toMatch(/^Column 'c' of the batch: /);
		expect(error.message).toMatch(problem);
		// NULLs have offsets, too.
		const nullBitmap = Uint8Array.of(0b1111 ^ (1 << row));
		const isPadding = row === offsets.length - 2;
		if (!isPadding) expect(refusal(withOffsets(of, offsets, { nullBitmap, nullCount: 1 })).row).toBe(100 + row);
	});

	test("fewer offsets than rows", () => {
		const error = refusal(withOffsets(of, [0, 1], { length: 3 }));
		expect(error.problem).toMatch(/it has 2 offsets/);
		expect(error.row).toBe(101);
		expect(refusal(withOffsets(of, [], { length: 3 })).problem).toMatch(/it has 0 offsets/);
	});

	test("offsets of another width, or none", () => {
		for (const valueOffsets of [new Uint8Array(4), new Float64Array(4), undefined, [0, 1, 2, 3], 7]) {
			const data = withOffsets(of, [0, 1, 2, 3]);
			Object.defineProperty(data, "valueOffsets", { value: valueOffsets });
			expect(refusal(data).problem).toMatch(/for offsets/);
		}
	});
});

describe("64-bit offsets", () => {
	const large = (offsets: readonly bigint[], data: Uint8Array) =>
		dataOf({ type: new arrow.LargeUtf8(), valueOffsets: BigInt64Array.from(offsets), data });

	test("are not cut to 32 bits", () => {
		for (const high of [1n << 32n, 1n << 62n, -(1n << 32n)]) {
			refusal(large([high, high + 2n], bytes("abc")));
			expect(refusal(large([0n, 1n, high + 2n, 3n], bytes("abc"))).row).toBe(101);
		}
	});

	// Node.js 20 has no arrays as long as that.
	test.skipIf(constants.MAX_LENGTH < 2 ** 32 + 100)("beyond 4 GiB are read where there are as many bytes", () => {
		// Pages that nobody touches take no memory.
		const values = new Uint8Array(2 ** 32 + 100);
		const at = 2n ** 32n;
		values.set(bytes("a text behind four gigabytes"), 2 ** 32 - 2);
		const imported = (...offsets: readonly bigint[]) => {
			return batchToRows(region, importBatch(region, new arrow.RecordBatch({ c: large(offsets, values) })));
		};
		expect(imported(at - 2n, at, at + 26n)).toEqual([["a "], ["text behind four gigabytes"]]);
		expect(refusal(large([at, at + 101n], values)).row).toBe(100);
		expect(() => imported(0n, at + 1n)).toThrow(expect.objectContaining({ code: "OUT_OF_MEMORY" }));
	});
});

describe("buffers shorter than the column", () => {
	const FIXED: readonly (readonly [type: arrow.DataType, bytes: number])[] = [
		[new arrow.Int8(), 1],
		[new arrow.Uint16(), 2],
		[new arrow.Int32(), 4],
		[new arrow.Int64(), 8],
		[new arrow.Uint64(), 8],
		[new arrow.Float16(), 2],
		[new arrow.Float32(), 4],
		[new arrow.Float64(), 8],
		[new arrow.Decimal(2, 10, 128), 16],
		[new arrow.Decimal(2, 30, 128), 16],
		[new arrow.DateDay(), 4],
		[new arrow.DateMillisecond(), 8],
		[new arrow.TimeSecond(), 4],
		[new arrow.TimeNanosecond(), 8],
		[new arrow.TimestampSecond(), 8],
		[new arrow.TimestampMicrosecond("UTC"), 8],
		[new arrow.DurationSecond(), 8],
		[new arrow.IntervalYearMonth(), 4],
		[new arrow.IntervalDayTime(), 8],
		[new arrow.FixedSizeBinary(5), 5],
	];

	test.each(FIXED)("%s", (type, width) => {
		const Values = type.ArrayType as { new (n: number): ArrayBufferView; BYTES_PER_ELEMENT: number };
		const data = new Values((3 * width) / Values.BYTES_PER_ELEMENT);
		const error = refusal(dataOf({ type, data, length: 5, nullCount: 0 }));
		expect(error.problem).toMatch(`its values have ${3 * width} bytes`);
		expect(error.expected).toBe(`${5 * width} for 5 rows`);
		expect(error.row).toBe(103);
		// NULLs need none, as where apache-arrow has made the column longer.
		const padded = dataOf({ type, data, length: 5, nullCount: 2, nullBitmap: Uint8Array.of(0b00111) });
		const rows = batchToRows(region, importBatch(region, new arrow.RecordBatch({ c: padded })));
		expect(rows.map(([value]) => value === null)).toEqual([false, false, false, true, true]);
	});

	test("Bool, from any bit on", () => {
		const data = new Uint8Array(1);
		expect(refusal(dataOf({ type: new arrow.Bool(), data, length: 9 })).row).toBe(108);
		expect(refusal(dataOf({ type: new arrow.Bool(), data, offset: 5, length: 4 })).row).toBe(103);
	});

	test("a buffer that was transferred to somebody else", () => {
		const column = int32([1, 2, 3]);
		structuredClone(column.values.buffer, { transfer: [column.values.buffer] });
		expect(refusal(column).problem).toMatch(/its values have 0 bytes/);
	});

	test("a validity bitmap", () => {
		for (const [type, props] of [
			[new arrow.Int32(), { data: new Int32Array(20) }],
			[new arrow.Utf8(), { data: bytes(""), valueOffsets: new Int32Array(21) }],
			[new arrow.Utf8View(), { views: new Uint8Array(320) }],
			[new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()), { data: new Int8Array(20) }],
			[new arrow.Struct([ITEM]), { children: [int32(new Array(20).fill(0))], length: 20 }],
		] as const) {
			for (const nullCount of [-1, 0, 1]) {
				const error = refusal(dataOf({ type, ...props, nullBitmap: Uint8Array.of(255, 254), nullCount }));
				expect(error.problem).toMatch(/its validity bitmap has 16 bits/);
				expect(error.row).toBe(116);
			}
		}
	});
});

describe("dictionaries", () => {
	const dictionary = arrow.vectorFromArray(["a", "b", "c"], new arrow.Utf8());
	const indexed = (indices: arrow.DataType, data: ArrayBufferView, more: object = {}) =>
		dataOf({ type: new arrow.Dictionary(new arrow.Utf8(), indices as arrow.Int32), data, dictionary, ...more });

	test.each([
		[new arrow.Int8(), Int8Array.of(0, 2, 3)],
		[new arrow.Int8(), Int8Array.of(0, 2, -1)],
		[new arrow.Uint8(), Uint8Array.of(0, 2, 255)],
		[new arrow.Int16(), Int16Array.of(0, 2, -300)],
		[new arrow.Uint16(), Uint16Array.of(0, 2, 3)],
		[new arrow.Int32(), Int32Array.of(0, 2, 2 ** 30)],
		[new arrow.Uint32(), Uint32Array.of(0, 2, 2 ** 32 - 1)],
		[new arrow.Int64(), BigInt64Array.of(0n, 2n, 2n ** 32n)],
		[new arrow.Int64(), BigInt64Array.of(0n, 2n, -(2n ** 63n))],
	] as const)("an index of %s that is none: %s", (indices, data) => {
		const error = refusal(indexed(indices, data));
		expect(error.problem).toMatch(`its index is ${data[2]}`);
		expect(error.row).toBe(102);
		const nullBitmap = Uint8Array.of(0b011);
		const batch = new arrow.RecordBatch({ c: indexed(indices, data, { nullBitmap, nullCount: 1 }) });
		expect(batchToRows(region, importBatch(region, batch))).toEqual([["a"], ["c"], [null]]);
	});

	test("in any of many rows", () => {
		for (const row of [0, 15, 16, 17, 31, 32, 36]) {
			const data = new Int32Array(37).fill(2);
			data[row] = 3;
			expect(refusal(indexed(new arrow.Int32(), data)).row).toBe(100 + row);
		}
	});

	test("that are empty or missing", () => {
		const none = arrow.vectorFromArray([], new arrow.Utf8());
		expect(refusal(indexed(new arrow.Int8(), Int8Array.of(0), { dictionary: none })).expected).toMatch(/0 values/);
		const missing = indexed(new arrow.Int8(), Int8Array.of(0));
		missing.dictionary = undefined as never;
		expect(refusal(missing).expected).toMatch(/0 values/);
	});

	test("whose own values lie", () => {
		const values = dataOf({ type: new arrow.Utf8(), data: bytes("abc"), valueOffsets: Int32Array.of(0, 3, 1, 2) });
		const error = refusal(indexed(new arrow.Int8(), Int8Array.of(0), { dictionary: arrow.makeVector(values) }));
		expect(error.problem).toMatch(/'c \(dictionary\)' of the batch, value 1: /);
		expect(error.row).toBe(undefined);
	});
});

describe.each([new arrow.Utf8View(), new arrow.BinaryView()])("%s", (type) => {
	const TEXT = bytes("a text of more than twelve bytes");
	/** Views of 20 bytes at `offset` of buffer `buffer`. */
	const viewing = (...places: readonly (readonly [length: number, buffer: number, offset: number])[]) => {
		const views = new Uint8Array(places.length * 16);
		const words = new Int32Array(views.buffer);
		for (const [row, [length, buffer, offset]] of places.entries()) words.set([length, 0, buffer, offset], row * 4);
		return { type, views, variadicBuffers: [TEXT, TEXT] };
	};

	test.each([
		["of a buffer that there is not", [20, 2, 0], /buffer 2/],
		["of a negative buffer", [20, -1, 0], /buffer 4294967295/],
		["that ends behind its buffer", [20, 1, 13], /bytes 13 to 33 of buffer 1/],
		["that begins behind its buffer", [20, 0, 2 ** 31 - 1], /bytes 2147483647 to/],
		["of a negative offset", [20, 0, -20], /buffer 0/],
		["of a negative length", [-1, 0, 0], /bytes 0 to 4294967295/],
		["whose end wraps around", [2 ** 31 - 1, 0, -(2 ** 31)], /buffer 0/],
	] as const)("a view %s", (_, view, problem) => {
		const error = refusal(dataOf(viewing([20, 1, 12], view)));
		expect(error.problem).toMatch(problem);
		expect(error.row).toBe(101);
		const column = dataOf({ ...viewing([20, 1, 12], view), nullBitmap: Uint8Array.of(0b01) });
		const rows = batchToRows(region, importBatch(region, new arrow.RecordBatch({ c: column })));
		expect(rows[1]).toEqual([null]);
	});

	test("fewer views than rows", () => {
		expect(refusal(dataOf({ ...viewing([1, 0, 0]), length: 2 })).problem).toMatch(/its values have 16 bytes/);
	});
});

describe("children", () => {
	const struct = new arrow.Struct<{ x: arrow.Int32 }>([new arrow.Field("x", new arrow.Int32(), true)]);

	test("that are too short", () => {
		const short = dataOf({ type: struct, length: 3, nullCount: 0, children: [int32([1, 2])] });
		expect(refusal(short)).toMatchObject({ row: 102, problem: expect.stringMatching(/child of it has 2 values/) });
		const fixed = new arrow.FixedSizeList(2, ITEM);
		const list = dataOf({ type: fixed, length: 2, nullCount: 0, child: int32([1, 2, 3]) });
		expect(refusal(list)).toMatchObject({ row: 101, problem: expect.stringMatching(/child of it has 3 values/) });
	});

	test("whose buffers are too short", () => {
		const x = dataOf({ type: new arrow.Int32(), data: Int32Array.of(1), length: 3, nullCount: 0 });
		const rows = dataOf({ type: struct, length: 3, nullCount: 0, children: [x] });
		expect(refusal(rows)).toMatchObject({ row: 101, problem: expect.stringMatching(/^Column 'c\.x' of the batch: /) });
		const list = dataOf({ type: new arrow.List(ITEM), valueOffsets: Int32Array.of(0, 3), child: x });
		expect(refusal(list).problem).toMatch(/^Column 'c\[\]' of the batch, value 1: /);
		const keys = dataOf({ type: ENTRIES, length: 3, nullCount: 0, children: [int32([1, 2, 3]), x] });
		const type = new arrow.Map_(new arrow.Field("entries", ENTRIES, false) as never);
		const map = dataOf({ type, valueOffsets: Int32Array.of(0, 3), child: keys });
		expect(refusal(map).problem).toMatch(/^Column 'c\.value' of the batch, value 1: /);
	});

	test("that are missing or nothing of the kind", () => {
		const list = withOffsets(OF_OFFSETS[4]!, [0, 3]);
		const map = withOffsets(OF_OFFSETS[6]!, [0, 3]);
		const rows = dataOf({ type: struct, length: 3, nullCount: 0, children: [int32([1, 2, 3])] });
		for (const data of [list, map, rows]) {
			for (const child of [undefined, null, {}, 5, { length: 3, offset: 0, type: {} }]) {
				refusal(data.clone(data.type, 0, data.length, 0, data as never, [child as never]));
			}
			refusal(data.clone(data.type, 0, data.length, 0, data as never, []));
		}
		refusal(
			map.clone(map.type, 0, 1, 0, map as never, [
				entries.clone(ENTRIES, 0, 3, 0, entries as never, [int32([1, 2, 3])]),
			]),
		);
	});

	test("more elements than JavaScript could hold", () => {
		const nulls = dataOf({ type: new arrow.Null(), length: 2 ** 31 - 1 });
		const type = new arrow.List(new arrow.Field("item", new arrow.Null(), true));
		const list = dataOf({ type, valueOffsets: Int32Array.of(0, 2 ** 31 - 1), child: nulls });
		expect(refusal(list).problem).toMatch(/'c' has 2147483647 elements in 1 rows/);
		const fixed = new arrow.FixedSizeList(2 ** 31 - 1, new arrow.Field("item", new arrow.Null(), true));
		expect(refusal(dataOf({ type: fixed, length: 1, child: nulls })).problem).toMatch(/2147483647 elements/);
	});
});

describe("data of another type than its field", () => {
	test.each([
		[new arrow.Int64(), int32([1, 2, 3])],
		[new arrow.Utf8(), int32([1, 2, 3])],
		[new arrow.Int32(), withOffsets(OF_OFFSETS[0]!, [0, 1, 2, 3])],
		[new arrow.Decimal(2, 30, 128), int32([1, 2, 3])],
		[new arrow.TimestampNanosecond(), dataOf({ type: new arrow.TimestampSecond(), data: new BigInt64Array(3) })],
		[new arrow.Struct([ITEM]), int32([1, 2, 3])],
		[new arrow.List(ITEM), entries],
	] as const)("%s: %s", (type, data) => {
		expect(refusal(data, type).problem).toMatch(/its data is of the Arrow type/);
	});

	test("within a list", () => {
		const list = dataOf({ type: new arrow.List(ITEM), valueOffsets: Int32Array.of(0, 1), child: entries });
		expect(refusal(list).problem).toMatch(/'c\[\]' of the batch: its data is of the Arrow type Struct/);
	});
});

test("columns of another length than the batch", () => {
	const batch = new arrow.RecordBatch({ c: int32([1, 2, 3]) });
	for (const length of [2, 4]) {
		const column = int32(new Array(length).fill(0));
		Object.defineProperty(batch.data, "children", { value: [column], configurable: true });
		expect(() => importBatch(region, batch)).toThrow(/Column 'c' of the batch: it has . rows; expected 3/);
	}
	Object.defineProperty(batch.data, "children", { value: [] });
	expect(() => importBatch(region, batch)).toThrow(/Column 'c' of the batch: it has no data/);
});

test("frozen data is taken", () => {
	const nullBitmap = Uint8Array.of(0b101);
	const plain = dataOf({ type: new arrow.Int32(), data: Int32Array.of(1, 2, 3), nullBitmap });
	const point = new arrow.Struct<{ x: arrow.Int32 }>([new arrow.Field("x", new arrow.Int32(), true)]);
	const nested = dataOf({ type: point, length: 3, children: [plain], nullBitmap: Uint8Array.of(0b110) });
	const batch = new arrow.RecordBatch({ plain, nested });
	const expected = batchToRows(region, importBatch(region, batch));
	const frozen = new arrow.RecordBatch({
		plain: plain.clone(plain.type, 0, 3, -1),
		nested: nested.clone(nested.type, 0, 3, -1, nested as never, [
			Object.freeze(plain.clone(plain.type, 0, 3, -1)) as never,
		]),
	});
	for (const part of [...frozen.data.children, frozen.data.children, frozen.data, frozen]) Object.freeze(part);
	expect(batchToRows(region, importBatch(region, frozen))).toEqual(expected);
	expect(expected).toEqual([
		[1, null],
		[null, [null]],
		[3, [3]],
	]);
});
