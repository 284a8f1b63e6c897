// What Flink 2.3.0 writes: the expected lines are copied from files that it made from the same rows.
import { expect, test } from "vitest";
import { rowsToBatch } from "../../src/arrow/rows.js";
import { EngineError } from "../../src/errors.js";
import { formatFor, formatNames } from "../../src/formats/index.js";
import { RowKind } from "../../src/types/row-kind.js";
import type { Row } from "../../src/types/value.js";
import { Region } from "../../src/wasm/region.js";
import { schemaOf } from "./decode.js";

const bytes = (text: string) => new TextEncoder().encode(text);

const region = await Region.create({ build: "debug" });
for (const name of formatNames()) await formatFor(name).load();

function encode(
	format: string,
	columns: string,
	rows: readonly Row[],
	options: Record<string, string> = {},
	kinds?: RowKind[],
): string {
	const schema = schemaOf(columns);
	const encoder = formatFor(format).encoder!({ schema, columns: schema.map((_, i) => i), options, timeZone: "UTC" });
	const encoded = encoder.encode(region, rowsToBatch(region, schema, rows, kinds));
	return new TextDecoder().decode(encoded as Uint8Array) + new TextDecoder().decode(encoder.finish() as Uint8Array);
}

const ALL =
	"b BOOLEAN, ti TINYINT, i INT, l BIGINT, f FLOAT, d DOUBLE, de DECIMAL(10,3), s STRING, ch CHAR(5), `by` BYTES, " +
	"da DATE, t0 TIME, t3 TIMESTAMP(3), t6 TIMESTAMP(6), lt TIMESTAMP_LTZ(3), ar ARRAY<INT>, r ROW<a INT, x STRING>";
const JAN_2 = Date.UTC(2024, 0, 2, 3, 4, 5);
const FULL: Row = [
	true,
	1,
	2,
	3n,
	1.5,
	1e10,
	12_340n,
	'a"b,c',
	"ab   ",
	bytes("abc"),
	19_724,
	11_045_000,
	JAN_2 + 120,
	BigInt(JAN_2) * 1000n + 123_400n,
	JAN_2,
	[1, 2],
	[1, "x"],
];
const EMPTY: Row = [
	null,
	null,
	null,
	null,
	Math.fround(0.1),
	1e-7,
	null,
	null,
	null,
	null,
	null,
	null,
	JAN_2,
	null,
	null,
	null,
	null,
];

test("json", () => {
	expect(encode("json", ALL, [EMPTY, FULL])).toBe(
		`{"b":null,"ti":null,"i":null,"l":null,"f":0.1,"d":1.0E-7,"de":null,"s":null,"ch":null,"by":null,"da":null,"t0":null,"t3":"2024-01-02 03:04:05","t6":null,"lt":null,"ar":null,"r":null}
{"b":true,"ti":1,"i":2,"l":3,"f":1.5,"d":1.0E10,"de":12.34,"s":"a\\"b,c","ch":"ab   ","by":"YWJj","da":"2024-01-02","t0":"03:04:05","t3":"2024-01-02 03:04:05.12","t6":"2024-01-02 03:04:05.1234","lt":"2024-01-02 03:04:05Z","ar":[1,2],"r":{"a":1,"x":"x"}}
`,
	);
});

test("json with ISO times and plain decimals", () => {
	const options = { "timestamp-format.standard": "ISO-8601", "encode.decimal-as-plain-number": "true" };
	expect(encode("json", ALL, [FULL], options)).toBe(
		`{"b":true,"ti":1,"i":2,"l":3,"f":1.5,"d":1.0E10,"de":12.340,"s":"a\\"b,c","ch":"ab   ","by":"YWJj","da":"2024-01-02","t0":"03:04:05","t3":"2024-01-02T03:04:05.12","t6":"2024-01-02T03:04:05.1234","lt":"2024-01-02T03:04:05Z","ar":[1,2],"r":{"a":1,"x":"x"}}
`,
	);
});

test("json numbers", () => {
	const rows: Row[] = [
		[1e22, 1e10, 1_000_000_000n],
		[123456789.123, Math.fround(3.3), 1000n * 10n ** 20n],
		[100, 0, 0n],
	];
	expect(encode("json", "d DOUBLE, f FLOAT, e DECIMAL(30,20)", rows)).toBe(
		`{"d":1.0E22,"f":1.0E10,"e":1E-11}
{"d":1.23456789123E8,"f":3.3,"e":1E+3}
{"d":100.0,"f":0.0,"e":0}
`,
	);
	expect(
		encode(
			"csv",
			"f FLOAT, d DOUBLE, e DECIMAL(30,20)",
			rows.map(([d, f, e]) => [f!, d!, e!]),
		),
	).toBe("1.0E10,1.0E22,1E-11\n3.3,1.23456789123E8,1E+3\n0.0,100.0,0\n");
});

test("json maps and NULL fields", () => {
	const maps: Row = [
		[
			["a", 1],
			["b", null],
		],
		[[null, 2]],
	];
	const columns = "m MAP<STRING, INT>, n MAP<STRING, INT>";
	const literal = { "map-null-key.mode": "LITERAL", "map-null-key.literal": "nul" };
	expect(encode("json", columns, [maps], literal)).toBe('{"m":{"a":1,"b":null},"n":{"nul":2}}\n');
	expect(encode("json", columns, [maps], { "map-null-key.mode": "DROP" })).toBe('{"m":{"a":1,"b":null},"n":{}}\n');
	expect(() => encode("json", columns, [maps])).toThrow(EngineError);
	expect(encode("json", "a INT, b STRING", [[1, null]], { "encode.ignore-null-fields": "true" })).toBe('{"a":1}\n');
});

test("times of other precisions", () => {
	const row: Row = [3_723_120, JAN_2, BigInt(JAN_2) * 1_000_000n + 100_000_000n, BigInt(JAN_2) * 1000n + 1n];
	expect(encode("json", "t TIME(3), a TIMESTAMP(0), b TIMESTAMP(9), c TIMESTAMP(6)", [row])).toBe(
		'{"t":"01:02:03.12","a":"2024-01-02 03:04:05","b":"2024-01-02 03:04:05.1","c":"2024-01-02 03:04:05.000001"}\n',
	);
});

test("csv", () => {
	expect(encode("csv", ALL, [FULL, EMPTY])).toBe(
		`true,1,2,3,1.5,1.0E10,12.34,"a""b,c","ab   ",YWJj,2024-01-02,03:04:05,"2024-01-02 03:04:05.12","2024-01-02 03:04:05.1234","2024-01-02 03:04:05Z",1;2,1;x
,,,,0.1,1.0E-7,,,,,,,"2024-01-02 03:04:05",,,,
`,
	);
});

test("csv quotes", () => {
	const texts = [
		["abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstuvwx"],
		["abcdefghijklmnopqrstuvwxy", '"abcdefghijklmnopqrstuvwxy"'],
		["a-b", "a-b"],
		["a.b", "a.b"],
		["a:b", "a:b"],
		["a/b", "a/b"],
		["!x", '"!x"'],
		["a+b", '"a+b"'],
		["", ""],
		["é à", '"é à"'],
		["日本", "日本"],
		["l1\nl2", '"l1\nl2"'],
		['q"', '"q"""'],
		["a;b", "a;b"],
	];
	for (const [text, written] of texts) expect(encode("csv", "b STRING", [[text!]])).toBe(`${written}\n`);
	const pairs: Row[] = [
		[1, "a,b"],
		[2, "c|d"],
		[3, "e'f"],
	];
	const delimiters = { "field-delimiter": "|", "quote-character": "'" };
	expect(encode("csv", "a INT, b STRING", pairs, delimiters)).toBe("1|'a,b'\n2|'c|d'\n3|'e''f'\n");
	expect(encode("csv", "a INT, b STRING", pairs, { "disable-quote-character": "true" })).toBe("1,a,b\n2,c|d\n3,e'f\n");
	expect(
		encode(
			"csv",
			"a INT, b STRING",
			[
				[null, "NULL"],
				[1, null],
			],
			{ "null-literal": "NULL" },
		),
	).toBe("NULL,NULL\n1,NULL\n");
	const escapes: Row[] = [
		[1, 'a"b'],
		[2, "a\\b"],
		[3, "a,b"],
	];
	expect(encode("csv", "a INT, b STRING", escapes, { "escape-character": "\\" })).toBe(
		'1,"a""b"\n2,"a\\\\b"\n3,"a,b"\n',
	);
});

test("debezium-json", () => {
	const rows: Row[] = [
		[1, "a"],
		[1, "a"],
		[1, "b"],
		[2, "c"],
	];
	const kinds = [RowKind.INSERT, RowKind.UPDATE_BEFORE, RowKind.UPDATE_AFTER, RowKind.DELETE];
	expect(encode("debezium-json", "id INT, v STRING", rows, {}, kinds)).toBe(
		`{"before":null,"after":{"id":1,"v":"a"},"op":"c"}
{"before":{"id":1,"v":"a"},"after":null,"op":"d"}
{"before":null,"after":{"id":1,"v":"b"},"op":"c"}
{"before":{"id":2,"v":"c"},"after":null,"op":"d"}
`,
	);
});

test.each([
	["canal-json", '{"data":[{"id":1,"v":"a"}],"type":"INSERT"}', '{"data":[{"id":2,"v":null}],"type":"DELETE"}'],
	["maxwell-json", '{"data":{"id":1,"v":"a"},"type":"insert"}', '{"data":{"id":2,"v":null},"type":"delete"}'],
	[
		"ogg-json",
		'{"before":null,"after":{"id":1,"v":"a"},"op_type":"I"}',
		'{"before":{"id":2,"v":null},"after":null,"op_type":"D"}',
	],
])("%s", (format, added, removed) => {
	const rows: Row[] = [
		[1, "a"],
		[2, null],
	];
	expect(encode(format, "id INT, v STRING", rows, {}, [RowKind.UPDATE_AFTER, RowKind.DELETE])).toBe(
		`${added}\n${removed}\n`,
	);
	expect(encode(format, "id INT, v STRING", [[1, "a"]])).toBe(`${added}\n`);
});

test("raw", () => {
	expect(encode("raw", "line STRING", [["a,b"], [null], ["ü"]])).toBe("a,b\n\nü\n");
});
