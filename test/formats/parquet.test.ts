// The Parquet format against the library hyparquet over random columns, and damaged files: typed errors, nothing read or written elsewhere.
import fc from "fast-check";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { beforeAll, describe, expect, test } from "vitest";
import { batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import { EngineError } from "../../src/errors.js";
import { ParquetDecoder } from "../../src/formats/parquet/decode.js";
import { ParquetEncoder } from "../../src/formats/parquet/encode.js";
import { loadParquetWriter } from "../../src/formats/parquet/library-writer.js";
import type { Schema } from "../../src/types/sql-type.js";
import type { Row, Value } from "../../src/types/value.js";
import { Region } from "../../src/wasm/region.js";
import { schemaOf } from "./decode.js";

const RUNS = Number(process.env.PARQUET_RUNS ?? 25);

let region: Region;
beforeAll(async () => {
	await loadParquetWriter();
	region = await Region.create({ build: "debug" });
});

/** Bytes in the heap but not in the arena's blocks. */
const held = () => region.heap.usedBytes - region.arena.heldBytes;

async function decode(bytes: Uint8Array, schema: Schema, maxRows = 1000): Promise<Row[]> {
	const projection = schema.map((_, index) => [index]);
	const context = { schema, projection, output: schema, filters: [], options: {}, timeZone: "UTC", source: "file" };
	const file = {
		byteLength: bytes.length,
		slice: async (start: number, end = bytes.length) => bytes.slice(start, end).buffer as ArrayBuffer,
	};
	const decoder = new ParquetDecoder(context, file);
	const rows: Row[] = [];
	const mark = region.arena.mark();
	try {
		for (;;) {
			const batch = decoder.take(region, maxRows);
			if (batch) rows.push(...batchToRows(region, batch));
			else if (!(await decoder.load())) return rows;
			region.arena.release(mark);
		}
	} finally {
		region.arena.release(mark);
		decoder.dispose();
	}
}

interface Written {
	readonly rows: readonly Row[];
	readonly batchRows: number;
	readonly limits: { pageRows: number; dictionaryValues: number; groupRows: number };
	readonly codec: "SNAPPY" | "UNCOMPRESSED";
}

function encode(schema: Schema, { rows, batchRows, limits, codec }: Written): Uint8Array {
	const columns = schema.map((_, index) => index);
	const encoder = new ParquetEncoder({ schema, columns, options: {}, timeZone: "UTC" }, codec, limits);
	const parts: Uint8Array[] = [];
	const mark = region.arena.mark();
	for (let from = 0; from < rows.length; from += batchRows) {
		parts.push(encoder.encode(region, rowsToBatch(region, schema, rows.slice(from, from + batchRows))).slice());
		region.arena.release(mark);
	}
	parts.push(encoder.finish());
	return Uint8Array.from(Buffer.concat(parts));
}

const text = fc.oneof(
	fc.string({ unit: "grapheme", maxLength: 40 }),
	fc.constantFrom("", "a", "twelve bytes", "thirteen byte", "ß".repeat(300)),
	fc.string({ minLength: 100, maxLength: 3000 }),
);
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const digits = (count: number) => fc.bigInt({ min: -(10n ** BigInt(count)) + 1n, max: 10n ** BigInt(count) - 1n });

/** Types with their values. */
const VALUES: Readonly<Record<string, fc.Arbitrary<Value>>> = {
	BOOLEAN: fc.boolean(),
	TINYINT: fc.integer({ min: -128, max: 127 }),
	SMALLINT: fc.integer({ min: -32768, max: 32767 }),
	INT: fc.integer(),
	BIGINT: i64,
	FLOAT: fc.float(),
	DOUBLE: fc.double(),
	"DECIMAL(7,2)": digits(7),
	"DECIMAL(18,6)": digits(18),
	"DECIMAL(20,0)": digits(20),
	"DECIMAL(38,5)": digits(38),
	STRING: text,
	BYTES: fc.uint8Array({ maxLength: 30 }),
	DATE: fc.integer({ min: -700_000, max: 2_900_000 }),
	"TIMESTAMP(3)": fc.integer({ min: -62_000_000_000_000, max: 250_000_000_000_000 }),
	"TIMESTAMP(6)": fc.bigInt({ min: -(10n ** 16n), max: 10n ** 17n }),
	"TIMESTAMP(9)": i64,
};

/** Some values again and again, or all different; NULLs never, now and then, or always. */
const column = (type: string): fc.Arbitrary<(row: number) => Value> =>
	fc
		.record({
			values: fc.array(VALUES[type]!, { minLength: 1, maxLength: 12 }),
			fresh: fc.array(VALUES[type]!, { minLength: 1, maxLength: 150 }),
			run: fc.constantFrom(1, 1, 3, 20, 100),
			repeats: fc.boolean(),
			nullEvery: fc.constantFrom(0, 0, 1, 2, 7, 30),
		})
		.map(({ values, fresh, run, repeats, nullEvery }) => (row) => {
			if (nullEvery > 0 && row % nullEvery === 0) return null;
			const from = repeats ? values : fresh;
			return from[Math.floor(row / run) % from.length]!;
		});

const rowCounts = fc.oneof(fc.constantFrom(0, 1, 2, 7, 8, 9, 63, 64, 65), fc.integer({ min: 0, max: 400 }));

const tables = fc
	.array(fc.constantFrom(...Object.keys(VALUES)), { minLength: 1, maxLength: 4 })
	.chain((types) => fc.tuple(fc.constant(types), fc.tuple(...types.map(column)), rowCounts))
	.map(([types, columns, count]) => ({
		schema: schemaOf(types.map((type, i) => `c${i} ${type}`).join(", ")),
		rows: Array.from({ length: count }, (_, row): Row => columns.map((value) => value(row))),
	}));

const written = fc.record({
	batchRows: fc.integer({ min: 1, max: 200 }),
	limits: fc.record({
		pageRows: fc.constantFrom(1, 10, 33, 1000),
		dictionaryValues: fc.constantFrom(1, 4, 1000),
		groupRows: fc.constantFrom(1, 50, 170, 1000),
	}),
	codec: fc.constantFrom("SNAPPY" as const, "UNCOMPRESSED" as const),
});

/** What the library gives for our values. */
function librarys(value: unknown, kind: Schema[number]["type"]["kind"]): unknown {
	if (value === null || value === undefined) return null;
	if (kind === "TIMESTAMP") return value instanceof Date ? value.getTime() : value;
	return value;
}

test("what is written comes back, and the library reads the same", async () => {
	await fc.assert(
		fc.asyncProperty(tables, written, fc.integer({ min: 1, max: 150 }), async ({ schema, rows }, how, maxRows) => {
			const bytes = encode(schema, { rows, ...how });
			expect(await decode(bytes, schema, maxRows)).toEqual(rows);
			expect(held()).toBe(0);
			const file = bytes.buffer as ArrayBuffer;
			const { num_rows } = parquetMetadata(file, { parsers: RAW });
			expect(Number(num_rows)).toBe(rows.length);
			const objects = await parquetReadObjects({ file, parsers: RAW });
			for (const [i, { name, type }] of schema.entries()) {
				if (type.kind === "DECIMAL" || type.kind === "BOOLEAN" || type.kind === "VARBINARY") continue;
				const expected = rows.map((row) =>
					type.kind === "TIMESTAMP" && row[i] !== null ? BigInt(row[i] as bigint) : row[i],
				);
				expect(objects.map((row) => librarys(row[name], type.kind))).toEqual(expected);
			}
		}),
		{ numRuns: RUNS },
	);
}, 120_000);

const RAW = {
	timestampFromMilliseconds: (value: bigint) => value,
	timestampFromMicroseconds: (value: bigint) => value,
	timestampFromNanoseconds: (value: bigint) => value,
	dateFromDays: (value: number) => value,
};

const LIBRARY_TYPES = {
	BOOLEAN: "BOOLEAN",
	INT: "INT32",
	BIGINT: "INT64",
	FLOAT: "FLOAT",
	DOUBLE: "DOUBLE",
	STRING: "STRING",
} as const;

test("what the library writes comes back, in any encoding and cut into pages anywhere", async () => {
	const names = fc.array(fc.constantFrom(...(Object.keys(LIBRARY_TYPES) as (keyof typeof LIBRARY_TYPES)[])), {
		minLength: 1,
		maxLength: 3,
	});
	const cases = names.chain((types) => fc.tuple(fc.constant(types), fc.tuple(...types.map(column)), rowCounts));
	const cuts = fc.record({
		pageSize: fc.constantFrom(1, 30, 1000, 100_000),
		rowGroupSize: fc.constantFrom(1, 40, 1000),
		dictionarySize: fc.constantFrom(1, 100, 100_000),
		codec: fc.constantFrom("SNAPPY" as const, "UNCOMPRESSED" as const),
	});
	await fc.assert(
		fc.asyncProperty(cases, cuts, fc.integer({ min: 1, max: 150 }), async ([types, columns, count], how, maxRows) => {
			const rows = Array.from({ length: count }, (_, row): Row => columns.map((value) => value(row)));
			const columnData = types.map((type, i) => ({
				name: `c${i}`,
				data: rows.map((row) => row[i]),
				type: LIBRARY_TYPES[type],
				nullable: true,
			}));
			const bytes = new Uint8Array(parquetWriteBuffer({ columnData, ...how }));
			const schema = schemaOf(types.map((type, i) => `c${i} ${type}`).join(", "));
			expect(await decode(bytes, schema, maxRows)).toEqual(rows);
			expect(held()).toBe(0);
		}),
		{ numRuns: RUNS },
	);
}, 120_000);

test("bounds of the footer hold all values", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(text, { maxLength: 40 }),
			fc.array(fc.double(), { maxLength: 40 }),
			written,
			async (texts, numbers, how) => {
				const schema = schemaOf("s STRING, d DOUBLE");
				const count = Math.max(texts.length, numbers.length);
				const rows = Array.from({ length: count }, (_, i): Row => [texts[i] ?? null, numbers[i] ?? null]);
				const bytes = encode(schema, { rows, ...how, limits: { ...how.limits, groupRows: 1000 } });
				for (const { columns } of parquetMetadata(bytes.buffer as ArrayBuffer).row_groups) {
					const [s, d] = columns.map(({ meta_data }) => meta_data!.statistics!);
					expect(Number(s!.null_count)).toBe(rows.filter(([value]) => value === null).length);
					const real = numbers.filter((value) => !Number.isNaN(value));
					if (real.length > 0)
						expect([d!.min_value, d!.max_value]).toEqual([Math.min(...real) || -0, Math.max(...real) || 0]);
					for (const value of texts) {
						if (s!.min_value === undefined || s!.max_value === undefined) continue;
						expect(Buffer.compare(Buffer.from(s!.min_value as string), Buffer.from(value))).toBeLessThanOrEqual(0);
						expect(Buffer.compare(Buffer.from(s!.max_value as string), Buffer.from(value))).toBeGreaterThanOrEqual(0);
					}
				}
			},
		),
		{ numRuns: RUNS },
	);
}, 60_000);

describe("damaged files", () => {
	const schema = schemaOf("i BIGINT, s STRING, few STRING, d DECIMAL(25,3), b BOOLEAN, t TIMESTAMP(3)");
	const rows = Array.from(
		{ length: 300 },
		(_, i): Row =>
			i % 5 === 0
				? schema.map(() => null)
				: [BigInt(i) * 7n, `a text of row ${i}`, `v${i % 4}`, BigInt(i) * 10n ** 15n, i % 3 === 0, i],
	);
	const file = (codec: Written["codec"]) =>
		encode(schema, { rows, batchRows: 100, limits: { pageRows: 100, dictionaryValues: 50, groupRows: 200 }, codec });

	/** Rows, or an error that names the file. */
	async function outcome(bytes: Uint8Array): Promise<void> {
		const failure = await decode(bytes, schema).then(
			() => undefined,
			(error: unknown) => error,
		);
		expect(held()).toBe(0);
		if (failure === undefined) return;
		expect(failure).toBeInstanceOf(EngineError);
		expect((failure as EngineError).code).toMatch(/^(CONNECTOR|INVALID_SCHEMA|UNSUPPORTED|OUT_OF_MEMORY)$/);
		expect((failure as EngineError).message).toContain("file");
	}

	test.each(["SNAPPY", "UNCOMPRESSED"] as const)(
		"bytes that are others: %s",
		async (codec) => {
			const whole = file(codec);
			const damage = fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 })), {
				minLength: 1,
				maxLength: 3,
			});
			await fc.assert(
				fc.asyncProperty(damage, async (changes) => {
					const bytes = whole.slice();
					for (const [at, value] of changes) bytes[at] = value;
					await outcome(bytes);
				}),
				{ numRuns: RUNS * 5 },
			);
		},
		120_000,
	);

	test("bytes that are missing", async () => {
		const whole = file("SNAPPY");
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 200 }), async (at, count) => {
				await outcome(whole.slice(0, at));
				await outcome(Uint8Array.from(Buffer.concat([whole.subarray(0, at), whole.subarray(at + count)])));
			}),
			{ numRuns: RUNS },
		);
	}, 60_000);

	test("the error says where", async () => {
		const bytes = file("SNAPPY");
		const { data_page_offset } = parquetMetadata(bytes.buffer as ArrayBuffer).row_groups[1]!.columns[1]!.meta_data!;
		bytes.fill(0xff, Number(data_page_offset), Number(data_page_offset) + 40);
		await expect(decode(bytes, schema)).rejects.toMatchObject({
			code: "CONNECTOR",
			message: expect.stringMatching(new RegExp(`column 's' of file.* byte ${data_page_offset}`)),
		});
	});
});
