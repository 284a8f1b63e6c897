// Batches out to Arrow: the Arrow type of each SQL type, values that come back the same, buffers that are not copied, refusals.
import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import { BatchExporter } from "../../src/arrow/export.js";
import { importBatch } from "../../src/arrow/import.js";
import { batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import type { SqlType } from "../../src/types/sql-type.js";
import * as sql from "../../src/types/sql-type.js";
import { typeText } from "../../src/types/type-text.js";
import type { Row, Value } from "../../src/types/value.js";
import { arrowRegion } from "./region.js";

const region = await arrowRegion();

const longText = "a text longer than twelve bytes";

describe("export", () => {
	const point = sql.row([
		{ name: "x", type: sql.BIGINT },
		{ name: "name", type: sql.STRING },
	]);
	const interval: SqlType = { kind: "INTERVAL_DAY_TIME", unit: "SECOND", precision: 2, fraction: 3, nullable: true };
	const months: SqlType = { kind: "INTERVAL_YEAR_MONTH", unit: "MONTH", precision: 2, nullable: true };
	const samples: [SqlType, Value[], string][] = [
		[sql.NULL, [null], "Null"],
		[sql.BOOLEAN, [true, false], "Bool"],
		[sql.TINYINT, [-128, 127], "Int8"],
		[sql.SMALLINT, [-32768], "Int16"],
		[sql.INTEGER, [7], "Int32"],
		[sql.BIGINT, [2n ** 62n], "Int64"],
		[sql.FLOAT, [1.5], "Float32"],
		[sql.DOUBLE, [0.1], "Float64"],
		[sql.decimal(10, 2), [-123n], "Decimal[10e+2]"],
		[sql.decimal(38, 18), [-(10n ** 38n) + 1n], "Decimal[38e+18]"],
		[sql.STRING, ["", longText, "é😀"], "Utf8"],
		[sql.BYTES, [Uint8Array.of(1, 2), new Uint8Array(30)], "Binary"],
		[sql.DATE, [19000], "Date32<DAY>"],
		[sql.time(3), [86_399_999], "Time32<MILLISECOND>"],
		[sql.timestamp(3), [1_436_918_400_123], "Timestamp<MILLISECOND>"],
		[sql.timestamp(6), [-1n], "Timestamp<MICROSECOND>"],
		[sql.timestampLtz(9), [5n], "Timestamp<NANOSECOND, UTC>"],
		[interval, [-86_400_001], "Duration<MILLISECOND>"],
		[months, [-14], "Interval<YEAR_MONTH>"],
		[sql.array(sql.STRING), [["a", null, longText], []], "List<Utf8>"],
		[
			sql.map(sql.notNull(sql.STRING), sql.INTEGER),
			[
				[],
				[
					["a", 1],
					["b", null],
				],
			],
			"Map<{key:Utf8, value:Int32}>",
		],
		[
			point,
			[
				[1n, "one"],
				[null, null],
			],
			"Struct<{x:Int64, name:Utf8}>",
		],
		[sql.array(point), [[[1n, "one"], null]], "List<Struct<{x:Int64, name:Utf8}>>"],
	];

	test.each(samples.map(([type, values, text]) => [typeText(type), type, values, text] as const))(
		"%s",
		(_, type, values, text) => {
			const rows = [...values, null, ...values].map((value) => [value]);
			const schema = [{ name: "c", type }];
			const exported = new BatchExporter(schema).export(region, rowsToBatch(region, schema, rows));
			expect(String(exported.schema.fields[0]?.type)).toBe(text);
			// Through the IPC format, so that apache-arrow itself checks the buffers.
			const [read] = arrow.tableFromIPC(arrow.tableToIPC(new arrow.Table([exported]))).batches;
			expect(batchToRows(region, importBatch(region, read as arrow.RecordBatch))).toEqual(rows);
			const empty = new BatchExporter(schema).export(region, rowsToBatch(region, schema, []));
			expect(empty.numRows).toBe(0);
			expect(batchToRows(region, importBatch(region, empty))).toEqual([]);
		},
	);

	test("apache-arrow reads the values that went in", () => {
		const schema = [
			{ name: "id", type: sql.notNull(sql.BIGINT) },
			{ name: "text", type: sql.STRING },
			{ name: "flag", type: sql.BOOLEAN },
		];
		const rows: Row[] = Array.from({ length: 100 }, (_, i) => [
			BigInt(i),
			i % 3 ? `text ${i} ${"x".repeat(i)}` : null,
			i % 2 === 0,
		]);
		const exported = new BatchExporter(schema).export(region, rowsToBatch(region, schema, rows));
		expect(exported.toArray().map((row) => Object.values(row?.toJSON() ?? {}))).toEqual(rows);
		expect(exported.schema.fields[0]?.nullable).toBe(false);
	});

	test("fixed-width columns and bitmaps leave without a copy, on demand", () => {
		const types = [
			sql.TINYINT,
			sql.SMALLINT,
			sql.INTEGER,
			sql.BIGINT,
			sql.FLOAT,
			sql.DOUBLE,
			sql.DATE,
			sql.time(3),
			sql.timestamp(3),
			sql.decimal(38, 2),
		];
		const schema = types.map((type, i) => ({ name: `c${i}`, type }));
		const row = [1, 2, 3, 4n, 5, 6, 7, 8, 9, 10n];
		const batch = rowsToBatch(region, schema, [row, row.map(() => null)]);
		const exporter = new BatchExporter(schema);
		const views = exporter.export(region, batch, { copy: false });
		for (const [index, child] of views.data.children.entries()) {
			expect(child.values.buffer).toBe(region.kernels.memory.buffer);
			expect(child.values.byteOffset).toBe(batch.columns[index]?.data);
			expect(child.nullBitmap.byteOffset).toBe(batch.columns[index]?.validity);
		}
		const copies = exporter.export(region, batch);
		for (const child of copies.data.children) expect(child.values.buffer).not.toBe(region.kernels.memory.buffer);
	});

	test("a type without an Arrow type is refused by name", () => {
		expect(() => new BatchExporter([{ name: "v", type: { kind: "VARIANT", nullable: true } }])).toThrow(
			expect.objectContaining({ code: "UNSUPPORTED_ARROW_TYPE", problem: expect.stringContaining("'v'") }),
		);
	});
});
