// What functions borrow from Java's library: regular expressions, String.format, date patterns, digests, URLs.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "../../src/functions/base64.js";
import { formatterOf, parserOf } from "../../src/functions/date-formatter.js";
import { type DigestName, digestHex } from "../../src/functions/digest.js";
import { type FormatArgument, javaFormat } from "../../src/functions/java-format.js";
import { compileJavaRegex, javaSplit } from "../../src/functions/java-regex.js";
import { formatSimple, parseSimple } from "../../src/functions/simple-date-format.js";
import { urlPart } from "../../src/functions/url-parts.js";
import { bitmapOf, bitmapValues } from "../../src/types/bitmap.js";
import { parseTimestamp, timestampText } from "../../src/types/datetime-text.js";
import { UTC } from "../../src/types/time-zone.js";

describe("regular expressions", () => {
	const find = (pattern: string, text: string) => {
		const regex = compileJavaRegex(pattern);
		return regex === null ? "malformed" : (new RegExp(regex.source, regex.flags).exec(text)?.[0] ?? null);
	};
	test.each([
		["(?i)HELLO", "say hello", "hello"],
		["\\p{Alpha}+", "123abc", "abc"],
		["[\\p{L}&&[^a]]+", "aébc", "ébc"],
		["a++b", "aab", "aab"],
		["\\Qa.b\\E", "axb a.b", "a.b"],
		["[a-c[x-z]]+", "mxyzabc", "xyzabc"],
		["\\h+", "a \tb", " \t"],
		["^\\s*$", "\u00a0", null],
		["[&!-]+", "a-&!", "-&!"],
		["x$", "x\n", "x"],
		["\\u0041+", "AAA", "AAA"],
		["[", "x", "malformed"],
		["(", "x", "malformed"],
		["a{,3}", "a", "malformed"],
	])("%s", (pattern, text, expected) => expect(find(pattern, text)).toBe(expected));

	test("split", () => {
		expect(javaSplit("a,b,,", ",")).toEqual(["a", "b"]);
		expect(javaSplit("a=b=c", "=", 2)).toEqual(["a", "b=c"]);
		expect(javaSplit("abc", "")).toEqual(["a", "b", "c"]);
	});
});

describe("String.format", () => {
	const int = (value: number): FormatArgument => ({ kind: "integer", value: BigInt(value), bits: 32 });
	const double = (value: number, text = String(value)): FormatArgument => ({ kind: "double", value, text });
	const text = (value: string): FormatArgument => ({ kind: "other", text: value });
	test.each([
		["%05d", [int(-7)], "-0007"],
		["%x", [int(-7)], "fffffff9"],
		["%,d", [int(-42_000)], "-42,000"],
		["%+d|%(d", [int(5), int(-5)], "+5|(5)"],
		["%5.1f|%-5s|", [double(1.25), text("a")], "  1.3|a    |"],
		["%e", [double(12_345.678)], "1.234568e+04"],
		["%e", [double(0)], "0.000000e+00"],
		["%g", [double(0.00012, "1.2E-4")], "0.000120000"],
		["%,.2f", [double(1_234_567.891)], "1,234,567.89"],
		["%2$s %1$s", [text("a"), text("b")], "b a"],
		["%.2f", [{ kind: "null" }], "nu"],
		["100%%", [], "100%"],
		["%b", [int(1)], "true"],
		["%c", [int(65)], "A"],
		["%s %s", [int(1)], undefined],
		["%d", [text("x")], undefined],
		["%f", [int(1)], undefined],
	] as const)("%s", (pattern, args, expected) => expect(javaFormat(pattern, args)).toBe(expected));
});

describe("date patterns", () => {
	const moment = { ms: (parseTimestamp("2020-02-29 12:34:56.789") as { ms: number }).ms, nanos: 0 };
	test.each([
		["yy/M/d", "20/2/29"],
		["hh:mm a", "12:34 PM"],
		["EEEE, MMM d", "Saturday, Feb 29"],
		["D DDD w e Q QQQ", "60 060 9 7 1 Q1"],
		["YYYY-'W'ww", "2020-W09"],
		["SSSSSS n A", "789000 789000000 45296789"],
		["k K G L c B", "12 0 AD 2 7 in the afternoon"],
		["''yyyy''", "'2020'"],
	])("%s", (pattern, expected) => expect(formatterOf(pattern)(moment)).toBe(expected));

	test("unknown letters and open quotes are refused", () => {
		expect(() => formatterOf("invalid")).toThrow(/'i' is no field/);
		expect(() => formatterOf("yyyy 'x")).toThrow(/quote is not closed/);
	});

	test.each([
		["yyyyMMddHHmmss", "20200229123456", "2020-02-29 12:34:56"],
		["MMM d yyyy", "Jan 5 2020", "2020-01-05 00:00:00"],
		["yyyy-DDD", "2020-060", "2020-02-29 00:00:00"],
		["hh:mm a", "05:30 PM", "1970-01-01 17:30:00"],
		["yyyy-MM-dd[ HH:mm]", "2020-01-02", "2020-01-02 00:00:00"],
		["yyyy-MM-dd", "2020-02-31", "2020-02-29 00:00:00"],
		["yyyy-MM-dd", "2020-2-3", undefined],
		["HH:mm", "25:00", undefined],
	])("reads %s", (pattern, text, expected) => {
		const parsed = parserOf(pattern)(text);
		expect(parsed && timestampText(parsed.ms, 0)).toBe(expected);
	});

	test("what is printed reads back", () => {
		fc.assert(
			fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (seconds) => {
				const time = { ms: seconds * 1000, nanos: 0 };
				const pattern = "yyyy-MM-dd'T'HH:mm:ss";
				expect(parserOf(pattern)(formatterOf(pattern)(time))).toEqual(time);
			}),
		);
	});

	test("SimpleDateFormat carries over, reads a prefix, and counts old dates by the Julian calendar", () => {
		const seconds = (pattern: string, text: string) => (parseSimple(pattern, text, UTC) ?? Number.NaN) / 1000;
		expect(seconds("yyyy-MM-dd", "2020-02-30 rest")).toBe(1_583_020_800);
		expect(seconds("yyyyMMdd", "2020-02-29 12:34:56")).toBe(1_575_244_800);
		expect(seconds("yyyy-MM-dd HH:mm:ss", "0001-01-01 00:00:00")).toBe(-62_135_769_600);
		expect(seconds("yyyy-MM-dd HH:mm:ss", "2020-02-29")).toBeNaN();
		expect(formatSimple("EEE, d MMM yyyy HH:mm:ss Z", 1_600_000_000_000, UTC)).toBe("Sun, 13 Sep 2020 12:26:40 +0000");
		expect(formatSimple("u F w W D k K h a X", 1_600_000_000_000, UTC)).toBe("7 2 38 3 257 12 0 12 PM Z");
	});
});

test("digests, as node:crypto has them", () => {
	const names: readonly (readonly [DigestName, string])[] = [
		["MD5", "md5"],
		["SHA1", "sha1"],
		["SHA224", "sha224"],
		["SHA256", "sha256"],
		["SHA384", "sha384"],
		["SHA512", "sha512"],
	];
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
			for (const [name, algorithm] of names) {
				expect(digestHex(name, bytes)).toBe(createHash(algorithm).update(bytes).digest("hex"));
			}
		}),
	);
});

test("Base64, as Buffer has it", () => {
	fc.assert(
		fc.property(fc.uint8Array(), (bytes) => {
			const text = encodeBase64(bytes);
			expect(text).toBe(Buffer.from(bytes).toString("base64"));
			expect(decodeBase64(text)).toEqual(bytes);
		}),
	);
	expect(() => decodeBase64("@@@")).toThrow(/not Base64/);
});

test("bitmaps read back, small and dense", () => {
	fc.assert(
		fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 32 - 1 })), (values) => {
			expect(Array.from(bitmapValues(bitmapOf(values)) as Uint32Array)).toEqual([...values].sort((a, b) => a - b));
		}),
	);
	const dense = Array.from({ length: 5000 }, (_, i) => i * 3);
	expect(Array.from(bitmapValues(bitmapOf(dense)) as Uint32Array)).toEqual(dense);
	expect(bitmapValues(Uint8Array.of(1, 2, 3))).toBeUndefined();
});

test("parts of URLs", () => {
	const url = "http://user:pw@example.com:8080/path/p1.php?query=1&k2=v2#Ref";
	expect(
		["HOST", "PATH", "QUERY", "REF", "PROTOCOL", "AUTHORITY", "FILE", "USERINFO"].map((part) => urlPart(url, part)),
	).toEqual([
		"example.com",
		"/path/p1.php",
		"query=1&k2=v2",
		"Ref",
		"http",
		"user:pw@example.com:8080",
		"/path/p1.php?query=1&k2=v2",
		"user:pw",
	]);
	expect(urlPart("not a url", "HOST")).toBeNull();
});
