// Base64 (RFC 4648) of bytes.
import { EngineError } from "../errors.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function encodeBase64(bytes: Uint8Array): string {
	let text = "";
	for (let i = 0; i < bytes.length; i += 3) {
		const [a, b = 0, c = 0] = bytes.subarray(i, i + 3) as unknown as number[];
		const group = ((a as number) << 16) | (b << 8) | c;
		const count = Math.min(3, bytes.length - i);
		for (let digit = 0; digit < 4; digit++) {
			text += digit > count ? "=" : ALPHABET.charAt((group >> (18 - 6 * digit)) & 63);
		}
	}
	return text;
}

/** Padding may be left out; other text is an error. */
export function decodeBase64(text: string): Uint8Array {
	const digits = text.replace(/={0,2}$/, "");
	const malformed = !/^[A-Za-z0-9+/]*$/.test(digits) || digits.length % 4 === 1;
	if (malformed || (text.length > digits.length && text.length % 4 !== 0)) {
		throw new EngineError("INVALID_ARGUMENT", `'${text}' is not Base64`);
	}
	const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
	let group = 0;
	let bits = 0;
	let at = 0;
	for (const digit of digits) {
		group = ((group << 6) | ALPHABET.indexOf(digit)) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			bytes[at++] = (group >> bits) & 255;
		}
	}
	return bytes;
}
