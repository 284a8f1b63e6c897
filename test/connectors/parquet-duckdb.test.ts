// Parquet files between Millrace and DuckDB, in both directions: what one writes, the other reads as the same values.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EngineError } from "../../src/errors.js";
import type { Row, Value } from "../../src/types/value.js";
import { read, table, write } from "./tables.js";

let duckdb: DuckDBConnection;
let folder: string;
beforeAll(async () => {
	duckdb = await DuckDBConnection.create();
	await duckdb.run("SET threads = 1; SET preserve_insertion_order = true");
});
afterAll(() => duckdb.closeSync());
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "millrace-parquet-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const COLUMNS =
	"id BIGINT, bo BOOLEAN, ti TINYINT, si SMALLINT, i INT, l BIGINT, f FLOAT, d DOUBLE, de4 DECIMAL(7,2), de8 DECIMAL(15,3), " +
	"de16 DECIMAL(30,5), s STRING, few STRING, y BYTES, da DATE, t TIME(3), t3 TIMESTAMP(3), t6 TIMESTAMP(6), t9 TIMESTAMP(9)";

/** What DuckDB makes of row number r; `x` is a hash, by which some values are NULL. */
const MADE = `
	SELECT r AS id, nullable(x % 2 = 0, x) AS bo, nullable(x % 256 - 128, x + 1)::TINYINT AS ti,
		nullable(x % 65536 - 32768, x + 2)::SMALLINT AS si, nullable(x % 4294967296 - 2147483648, x + 3)::INT AS i,
		nullable((x * 1000003) % 1000000007, x + 4)::BIGINT - 500000000 AS l, nullable(x % 1000 / 8, x + 5)::FLOAT AS f,
		nullable(x % 100000 / 7, x + 6)::DOUBLE AS d, nullable((x % 9999999)::DECIMAL(18,0) / 100, x + 7)::DECIMAL(7,2) AS de4,
		(nullable(x % 999999999, x + 8)::DECIMAL(15,3) - 5000000)::DECIMAL(15,3) AS de8,
		(nullable(x // 1000000000, x + 9)::DECIMAL(18,5) * -12345678901)::DECIMAL(30,5) AS de16,
		nullable('text ' || x || repeat('ü€', (x % 9)::INT), x + 10) AS s, nullable('value ' || x % 7, x + 11) AS few,
		nullable(encode('b' || x % 1000), x + 12) AS y, nullable(DATE '1900-01-01' + (x % 60000)::INT, x + 13) AS da,
		nullable(TIME '00:00:00' + to_milliseconds((x % 86400000)::BIGINT), x + 14) AS t,
		nullable(make_timestamp_ms((x % 10000000000000)::BIGINT - 3000000000000), x + 15)::TIMESTAMP_MS AS t3,
		nullable(make_timestamp((x % 8000000000000000)::BIGINT - 1000000000000000), x + 16) AS t6,
		nullable(make_timestamp_ns((x % 4000000000000000000)::BIGINT - 1000000000000000000), x + 17) AS t9
	FROM (SELECT range AS r, hash(range)::HUGEINT % 9000000000000000000 AS x FROM range(ROWS))`;

/** The values of row id in our form, as text. */
const SHOWN = `id::VARCHAR, bo::VARCHAR, ti::VARCHAR, si::VARCHAR, i::VARCHAR, l::VARCHAR, f::DOUBLE, d, replace(de4::VARCHAR, '.', ''),
	replace(de8::VARCHAR, '.', ''), replace(de16::VARCHAR, '.', ''), s, few, hex(y), (da - DATE '1970-01-01')::VARCHAR,
	(epoch_ms(t) % 86400000)::VARCHAR, epoch_ms(t3::TIMESTAMP)::VARCHAR, epoch_us(t6)::VARCHAR, epoch_ns(t9)::VARCHAR`;

const makeTable = (rows: number, nulls: boolean) =>
	duckdb.run(
		`CREATE OR REPLACE MACRO nullable(v, x) AS ${nulls ? "CASE WHEN x % 5 = 0 THEN NULL ELSE v END" : "v"};
		CREATE OR REPLACE TABLE made AS ${MADE.replace("ROWS", String(rows))}`,
	);

async function rowsOf(sql: string): Promise<unknown[][]> {
	const reader = await duckdb.runAndReadAll(sql);
	return reader.getRows().map((row) => row.map((value, i) => (DECIMALS.has(i) ? digits(value) : value)));
}

const DECIMALS = new Set([8, 9, 10]);
/** 0.05 is 5, -0.05 is -5. */
const digits = (text: unknown) => (text === null ? null : String(BigInt(text as string)));

const shown = (rows: readonly Row[]): unknown[][] =>
	rows.map((row) => row.map((value, i) => (i === 6 || i === 7 ? value : textOf(value))));

function textOf(value: Value): string | null {
	if (value === null) return null;
	return value instanceof Uint8Array ? Buffer.from(value).toString("hex").toUpperCase() : String(value);
}

const files = (columns = COLUMNS, options: Record<string, string> = {}) =>
	table(columns, { connector: "filesystem", path: folder, format: "parquet", ...options });

describe.each([
	["snappy, with nulls", 2500, true, "CODEC 'SNAPPY'"],
	["snappy, without nulls", 2500, false, "CODEC 'SNAPPY'"],
	["uncompressed", 2500, true, "CODEC 'UNCOMPRESSED'"],
	["gzip", 3000, true, "CODEC 'GZIP'"],
	["small row groups", 6000, true, "CODEC 'SNAPPY', ROW_GROUP_SIZE 2048"],
	["no dictionaries", 2500, true, "CODEC 'SNAPPY', DICTIONARY_SIZE_LIMIT 1"],
	["version 2: delta encodings", 3000, true, "CODEC 'UNCOMPRESSED', PARQUET_VERSION 'V2'"],
	["version 2, dictionaries, nothing is NULL", 3000, false, "CODEC 'SNAPPY', PARQUET_VERSION 'V2'"],
	["one row", 1, false, "CODEC 'SNAPPY'"],
	["no row", 0, true, "CODEC 'SNAPPY'"],
] as const)("DuckDB writes: %s", (_, rows, nulls, options) => {
	test("its values come back", async () => {
		await makeTable(rows, nulls);
		await duckdb.run(`COPY made TO '${join(folder, "made.parquet")}' (FORMAT PARQUET, ${options})`);
		const expected = await rowsOf(`SELECT ${SHOWN} FROM made ORDER BY id`);
		expect(expected).toHaveLength(rows);
		expect(shown((await read(files())).rows)).toEqual(expected);
		const few = await read(files(), { select: ["few", "i"], batchRows: 1000 });
		expect(few.rows.map(([text, value]) => [text, textOf(value!)])).toEqual(expected.map((row) => [row[12], row[4]]));
	});
});

test("several row groups and pages of texts that are long, and the same again and again", async () => {
	await duckdb.run(`CREATE OR REPLACE TABLE texts AS
		SELECT range AS id, repeat('long ' || range || ' ', 60) AS long, repeat('same ', 100) AS same FROM range(60000)`);
	await duckdb.run(`COPY texts TO '${join(folder, "texts.parquet")}' (FORMAT PARQUET, ROW_GROUP_SIZE 20000)`);
	const { rows } = await read(files("id BIGINT, long STRING, same STRING"), { batchRows: 10_000 });
	expect(rows).toHaveLength(60_000);
	const wrong = rows.filter(
		([id, long, same]) => long !== `long ${id} `.repeat(60) || same !== "same ".repeat(100) || typeof id !== "bigint",
	);
	expect(wrong).toEqual([]);
});

test("a codec that is not known is named", async () => {
	await makeTable(100, true);
	await duckdb.run(`COPY made TO '${join(folder, "made.parquet")}' (FORMAT PARQUET, CODEC 'ZSTD')`);
	const failure = await read(files()).catch((error: unknown) => error);
	expect(failure).toBeInstanceOf(EngineError);
	expect(failure).toMatchObject({ code: "UNSUPPORTED", message: expect.stringMatching(/'id'.*made\.parquet.*ZSTD/) });
});

test("types wider and narrower than the file's", async () => {
	await duckdb.run(`COPY (SELECT range::INT AS a, (range * 1000)::UINTEGER AS u, range / 4 AS d, (range / 2)::FLOAT AS f,
		(range / 8)::DECIMAL(9,3) AS de, (range / 100)::DECIMAL(5,2) AS small, make_timestamp(range * 1001) AS t
		FROM range(10)) TO '${join(folder, "a.parquet")}' (FORMAT PARQUET)`);
	const of = files("a BIGINT, u BIGINT, d FLOAT, f DOUBLE, de DECIMAL(38,3), small DECIMAL(12,4), t TIMESTAMP(3)");
	expect((await read(files("a SMALLINT, t TIMESTAMP(9), d DOUBLE, f FLOAT"))).rows[9]).toEqual([
		9,
		9_009_000n,
		2.25,
		4.5,
	]);
	expect((await read(of)).rows).toEqual(
		Array.from({ length: 10 }, (_, i) => [
			BigInt(i),
			BigInt(i * 1000),
			i / 4,
			i / 2,
			BigInt(i * 125),
			BigInt(i * 100),
			i,
		]),
	);
});

describe.each(["SNAPPY", "UNCOMPRESSED"])("Millrace writes: %s", (compression) => {
	test.each([
		["with nulls", 2500, true],
		["without nulls", 2500, false],
		["one row", 1, false],
	])("DuckDB reads the same values %s", async (_, rows, nulls) => {
		await makeTable(rows, nulls);
		const source = mkdtempSync(join(tmpdir(), "millrace-parquet-"));
		await duckdb.run(`COPY made TO '${join(source, "made.parquet")}' (FORMAT PARQUET)`);
		const made = await read(table(COLUMNS, { connector: "filesystem", path: source, format: "parquet" }));
		rmSync(source, { recursive: true });
		const batches = [made.rows.slice(0, 1000), made.rows.slice(1000, 1001), made.rows.slice(1001)];
		await write(files(COLUMNS, { "parquet.compression": compression }), batches);
		const expected = await rowsOf(`SELECT ${SHOWN} FROM made ORDER BY id`);
		const [file] = readdirSync(folder);
		expect(await rowsOf(`SELECT ${SHOWN} FROM read_parquet('${join(folder, file!)}') ORDER BY id`)).toEqual(expected);
		expect(shown((await read(files())).rows)).toEqual(expected);
	});
});
