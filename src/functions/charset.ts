// Text in the character sets that ENCODE and DECODE know, as Java's String does it: what a set lacks becomes `?`,
// malformed bytes become U+FFFD, UTF-16 is big-endian with a byte order mark.
import { EngineError } from "../errors.js";
import { decodeUtf8, encodeUtf8 } from "../types/utf8.js";

const NAMES: Readonly<Record<string, string>> = {
	"US-ASCII": "US-ASCII",
	ASCII: "US-ASCII",
	"ISO-8859-1": "ISO-8859-1",
	LATIN1: "ISO-8859-1",
	"UTF-8": "UTF-8",
	UTF8: "UTF-8",
	"UTF-16BE": "UTF-16BE",
	"UTF-16LE": "UTF-16LE",
	"UTF-16": "UTF-16",
};

function charsetOf(name: string): string {
	const charset = NAMES[name.toUpperCase()];
	if (charset !== undefined) return charset;
	throw new EngineError("INVALID_ARGUMENT", `Unknown character set '${name}'`, {
		expected: "US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE or UTF-16",
	});
}

export function encodeText(text: string, charsetName: string): Uint8Array {
	const charset = charsetOf(charsetName);
	if (charset === "UTF-8") return encodeUtf8(text);
	if (charset === "US-ASCII" || charset === "ISO-8859-1") {
		const limit = charset === "US-ASCII" ? 0x80 : 0x100;
		return Uint8Array.from(text, (point) =>
			(point.codePointAt(0) as number) < limit ? (point.codePointAt(0) as number) : 63,
		);
	}
	const mark = charset === "UTF-16" && text !== "" ? 2 : 0;
	const view = new DataView(new ArrayBuffer(text.length * 2 + mark));
	if (mark > 0) view.setUint16(0, 0xfeff);
	for (let i = 0; i < text.length; i++) view.setUint16(mark + i * 2, text.charCodeAt(i), charset === "UTF-16LE");
	return new Uint8Array(view.buffer);
}

export function decodeText(bytes: Uint8Array, charsetName: string): string {
	const charset = charsetOf(charsetName);
	if (charset === "UTF-8") return decodeUtf8(bytes);
	if (charset === "US-ASCII")
		return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : "\ufffd")).join("");
	if (charset === "ISO-8859-1") return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const mark = charset === "UTF-16" && bytes.length >= 2 ? view.getUint16(0) : 0;
	const little = charset === "UTF-16LE" || mark === 0xfffe;
	let text = "";
	for (let i = mark === 0xfeff || mark === 0xfffe ? 2 : 0; i + 1 < bytes.length; i += 2) {
		text += String.fromCharCode(view.getUint16(i, little));
	}
	const whole = bytes.length % 2 === 0 ? text : `${text}\ufffd`;
	return whole.replace(/\p{Surrogate}/gu, "\ufffd");
}
