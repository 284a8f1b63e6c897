// The kernel that writes whole batches as text against the row-at-a-time writers, which the golden lines check.
import fc from "fast-check";
import { expect, test } from "vitest";
import { rowsToBatch } from "../../src/arrow/rows.js";
import { formatFor } from "../../src/formats/index.js";
import { RowKind } from "../../src/types/row-kind.js";
import type { Row, Value } from "../../src/types/value.js";
import { Region } from "../../src/wasm/region.js";
import { schemaOf } from "./decode.js";

const region = await Region.create({ build: "debug" });
const orNull = (values: fc.Arbitrary<Value>) =>
	fc.oneof({ weight: 5, arbitrary: values }, { weight: 1, arbitrary: fc.constant(null) });
const moment = fc.integer({ min: -62_135_596_800_000, max: Date.UTC(9999, 11, 31) });
/** Anywhere, and within a few seconds before and after 1970, where neighbours share a second. */
const ms = fc.oneof(moment, fc.integer({ min: -3000, max: 3000 }));
const text = fc.oneof(
	fc.string({ unit: "binary", maxLength: 60 }),
	fc.string({
		unit: fc.constantFrom("a", "Z", '"', "'", "\\", ",", ";", "|", " ", "\n", "\t", "é", "日", "😀", "-"),
		maxLength: 40,
	}),
);

const COLUMNS: readonly (readonly [string, fc.Arbitrary<Value>])[] = [
	["a BOOLEAN", fc.boolean()],
	["b TINYINT", fc.integer({ min: -128, max: 127 })],
	["c SMALLINT", fc.integer({ min: -32_768, max: 32_767 })],
	["d INT", fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
	["e BIGINT", fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
	["f DECIMAL(18, 4)", fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n })],
	["g DECIMAL(9, 0)", fc.bigInt({ min: -999_999_999n, max: 999_999_999n })],
	["h DECIMAL(18, 18)", fc.bigInt({ min: -5000n, max: 5000n })],
	["i DECIMAL(30, 2)", fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n })],
	["j FLOAT", fc.float({ noNaN: true })],
	["k DOUBLE", fc.double()],
	["l STRING", text],
	["m CHAR(3)", fc.string({ minLength: 3, maxLength: 3 })],
	["n BYTES", fc.uint8Array({ maxLength: 20 })],
	["o DATE", fc.integer({ min: -719_162, max: 2_932_896 })],
	["p TIME(3)", fc.integer({ min: 0, max: 86_399_999 })],
	["q TIMESTAMP(3)", ms],
	["r TIMESTAMP(0)", ms.map((value) => Math.floor(value / 1000) * 1000)],
	["s TIMESTAMP(6)", ms.chain((value) => fc.bigInt({ min: 0n, max: 999n }).map((us) => BigInt(value) * 1000n + us))],
	["t TIMESTAMP(9)", fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })],
	["u TIMESTAMP_LTZ(3)", ms],
	["v ARRAY<STRING>", fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 })],
	["w ROW<x INT, y STRING>", fc.tuple(fc.integer({ min: 0, max: 9 }), fc.string({ maxLength: 30 }))],
];

const schema = schemaOf(COLUMNS.map(([column]) => column).join(", "));
const rows = fc.array(fc.tuple(...COLUMNS.map(([, values]) => orNull(values))), { minLength: 1, maxLength: 12 });

const FORMATS: readonly (readonly [string, Record<string, string>])[] = [
	["csv", {}],
	["csv", { "null-literal": "\\N", "field-delimiter": "|", "quote-character": "'" }],
	["csv", { "escape-character": "\\", "field-delimiter": "\\t" }],
	[
		"csv",
		{ "disable-quote-character": "true", "field-delimiter": ";", "write-bigdecimal-in-scientific-notation": "false" },
	],
	["csv", { "field-delimiter": "§" }],
	["json", {}],
	["json", { "timestamp-format.standard": "ISO-8601", "encode.decimal-as-plain-number": "true" }],
	["json", { "encode.ignore-null-fields": "true" }],
	["debezium-json", {}],
];

test.each(FORMATS)("%s %j", async (name, options) => {
	const format = formatFor(name);
	await format.load();
	const context = { schema, columns: schema.map((_, index) => index), options, timeZone: "UTC" };
	fc.assert(
		fc.property(rows, (values) => {
			const mark = region.arena.mark();
			const write = format.rowWriter!(context);
			const expected = values.map((row) => write(row as Row, RowKind.INSERT)).join("");
			const encoded = format.encoder!(context).encode(region, rowsToBatch(region, schema, values as Row[]));
			region.arena.release(mark);
			// Lone surrogates have no UTF-8: both write the replacement character.
			expect(new TextDecoder().decode(encoded as Uint8Array)).toBe(
				new TextDecoder().decode(new TextEncoder().encode(expected)),
			);
		}),
		{ numRuns: 150 },
	);
});
