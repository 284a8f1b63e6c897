// Text ⇄ UTF-8 bytes, and strings as sequences of code points.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Lone surrogates become `?`, as in Java. */
export const encodeUtf8 = (text: string): Uint8Array => encoder.encode(wellFormed(text));

/** Malformed bytes become U+FFFD. */
export const decodeUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);

/** The text with `?` for every half of a surrogate pair that stands alone. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "?");

const SURROGATE = /[\ud800-\udfff]/;

/** Whether UTF-16 units are code points in this text, which is the usual and cheap case. */
export const isPlain = (text: string): boolean => !SURROGATE.test(text);

export const codePointLength = (text: string): number => (isPlain(text) ? text.length : [...text].length);

/** Code points `start` to `end` (exclusive), from 0. */
export function sliceCodePoints(text: string, start: number, end?: number): string {
	return isPlain(text) ? text.slice(start, end) : [...text].slice(start, end).join("");
}
