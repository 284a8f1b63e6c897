// Base64 (RFC 4648, padded), as JSON and CSV hold binary values.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CODES = new Map([...ALPHABET].map((char, code) => [char, code]));

export function encodeBase64(bytes: Uint8Array): string {
	let text = "";
	for (let i = 0; i < bytes.length; i += 3) {
		const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
		for (let shift = 18; shift >= 0; shift -= 6) text += ALPHABET[(bits >> shift) & 63];
	}
	const padding = (3 - (bytes.length % 3)) % 3;
	return padding === 0 ? text : text.slice(0, -padding) + "=".repeat(padding);
}

/** Undefined when the text is not base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
	if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
	const digits = text.replace(/=+$/, "");
	const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
	let bits = 0;
	let at = 0;
	for (const [i, char] of [...digits].entries()) {
		bits = ((bits << 6) | (CODES.get(char) as number)) & 0xffffff;
		const filled = ((i % 4) + 1) * 6;
		if (i % 4 > 0) bytes[at++] = (bits >> (filled % 8)) & 255;
	}
	return bytes;
}
