// The loops by hand over typed arrays, which the kernels are compared with, compute what plain JavaScript does.
import { expect, test } from "vitest";
import { type Columns, type Results, SHAPES, textRoom } from "../../bench/kernels/shapes.js";

const L = [0, 7, 1, 13, 14, 500_001, 999_999, 2, 32, 500_001, 7];
const D = [0, 99.5, 100, 100.5, 3, 0.5, 499.5, 100, 7, 250, 101];
const ASCII = [
	"kkkkkk99",
	"9",
	"",
	"kk9k9k99...",
	"99kzaAZ`{",
	"kkkkk123..",
	"ab",
	"abc",
	"9k99",
	"k9",
	"x".repeat(24),
];
const WIDE = ["kkkéé99öö", "é", "", "日本語のテキスト", "99", "aß", "ab", "abé", "é9é99", "😀😀😀😀", "k"];

function columnsOf(s: readonly string[]): Columns {
	const bytes = new TextEncoder().encode(s.join(""));
	const texts = textRoom(bytes.length, s.length);
	texts.bytes.set(bytes);
	for (const [i, text] of s.entries()) texts.offsets[i + 1] = texts.offsets[i] + new TextEncoder().encode(text).length;
	return { l: new Int32Array(BigInt64Array.from(L.map(BigInt)).buffer), d: Float64Array.from(D), ...texts };
}

const roomForResults = (): Results => ({
	longs: new Int32Array(64),
	doubles: new Float64Array(32),
	flags: new Uint8Array(32),
	...textRoom(1024, 32),
});

/** Value `i` as the type of `like`; of a count only one word is written. */
function resultAt({ longs, doubles, flags, bytes, offsets }: Results, i: number, like: unknown, expr: string): unknown {
	if (typeof like === "string") return new TextDecoder().decode(bytes.subarray(offsets[i], offsets[i + 1]));
	if (typeof like === "boolean") return flags[i] === 1;
	if (expr.startsWith("CHAR_LENGTH")) return longs[i];
	if (/DOUBLE|d \*/.test(expr)) return doubles[i];
	return Number(new BigInt64Array(longs.buffer)[i]);
}

test.each(SHAPES.map((shape) => [shape.expr, shape] as const))("%s", (expr, { typed, idiomatic }) => {
	// JavaScript counts UTF-16 units, so the wide strings are compared where it counts nothing.
	const countsUnits = /SUBSTRING|CHAR_LENGTH/.test(expr);
	for (const s of [ASCII, ...(expr.startsWith("UPPER") ? [] : [countsUnits ? WIDE.with(9, "éé") : WIDE])]) {
		const expected = idiomatic({ l: L, d: D, s });
		for (const [from, to] of [
			[0, L.length],
			[3, 8],
		] as const) {
			const out = roomForResults();
			typed(columnsOf(s), from, to, out);
			for (let i = from; i < to; i++)
				expect(resultAt(out, i - from, expected[i], expr), `row ${i}`).toBe(expected[i] === 0 ? 0 : expected[i]);
		}
	}
});
