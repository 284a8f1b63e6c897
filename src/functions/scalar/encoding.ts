// Text and bytes in other clothes: digests, hexadecimal, Base64, character sets, URLs, network addresses.
import { EngineError } from "../../errors.js";
import { BIGINT, BYTES, char, isCharacter, isNumeric, STRING, varchar } from "../../types/sql-type.js";
import { decodeUtf8, encodeUtf8 } from "../../types/utf8.js";
import type { Value } from "../../types/value.js";
import { hexText } from "../../types/value-text.js";
import { decodeBase64, encodeBase64 } from "../base64.js";
import { decodeText, encodeText } from "../charset.js";
import {
	AS_BIGINT,
	AS_INTEGER,
	BINARY_STRING,
	type Definition,
	family,
	INTEGRAL,
	parameter,
	TEXT,
	TEXT_OR_BINARY,
} from "../define.js";
import { type DigestName, digestHex } from "../digest.js";
import { urlPart, urlQueryValue } from "../url-parts.js";

const bytesOf = (value: Value | undefined): Uint8Array =>
	typeof value === "string" ? encodeUtf8(value) : (value as Uint8Array);

const digest = (name: DigestName, digits: number, example: string): Definition => ({
	name,
	signatures: `${name}(string or binary) -> CHAR(${digits})`,
	doc: `The ${name} digest as hexadecimal digits.`,
	example,
	parameters: [TEXT_OR_BINARY],
	result: char(digits),
	run: (value) => digestHex(name, bytesOf(value)),
});

const SHA2: Readonly<Record<number, DigestName>> = { 224: "SHA224", 256: "SHA256", 384: "SHA384", 512: "SHA512" };

function sha2(value: Value | undefined, bits: Value | undefined): string {
	const name = SHA2[Number(bits)];
	if (name !== undefined) return digestHex(name, bytesOf(value));
	throw new EngineError("INVALID_ARGUMENT", `SHA2 knows no digest of ${bits} bits`, {
		expected: "224, 256, 384 or 512",
	});
}

const HEXABLE = parameter(
	(type) => isCharacter(type) || INTEGRAL.accept(type) !== undefined,
	STRING,
	(type) => (isNumeric(type) ? BIGINT : type),
);

function unhex(text: string): Uint8Array | null {
	if (!/^[0-9a-fA-F]*$/.test(text)) return null;
	// Of an odd number of digits Flink takes the first for a zero byte.
	const odd = text.length % 2;
	const bytes = new Uint8Array((text.length + odd) / 2);
	for (let i = odd; i < text.length; i += 2) bytes[(i + odd) / 2] = Number.parseInt(text.slice(i, i + 2), 16);
	return bytes;
}

/** As application/x-www-form-urlencoded. */
function urlEncode(text: string): string {
	let result = "";
	for (const byte of encodeUtf8(text)) {
		const character = String.fromCharCode(byte);
		if (/[A-Za-z0-9.*_-]/.test(character)) result += character;
		else result += byte === 32 ? "+" : `%${hexText(Uint8Array.of(byte)).toUpperCase()}`;
	}
	return result;
}

function urlDecode(text: string): string | null {
	if (/%(?![0-9a-fA-F]{2})/.test(text)) return null;
	return text.replaceAll("+", " ").replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
		const bytes = run
			.slice(1)
			.split("%")
			.map((digits) => Number.parseInt(digits, 16));
		return decodeUtf8(Uint8Array.from(bytes));
	});
}

function addressNumber(text: string): bigint | null {
	const parts = text.split(".");
	if (parts.length > 4 || !parts.every((part) => /^\d{1,10}$/.test(part))) return null;
	const last = BigInt(parts.pop() as string);
	const limit = 256n ** BigInt(4 - parts.length);
	if (last >= limit || parts.some((part) => Number(part) > 255)) return null;
	let value = 0n;
	for (const part of parts) value = value * 256n + BigInt(part);
	return value * limit + last;
}

function addressText(value: bigint): string | null {
	if (value < 0n || value > 0xffffffffn) return null;
	return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
}

export const encodingFunctions = family("hash", [
	digest("MD5", 32, "MD5('hello') = '5d41402abc4b2a76b9719d911017c592'"),
	digest("SHA1", 40, "SHA1('hello') = 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d'"),
	digest("SHA224", 56, "CHAR_LENGTH(SHA224('hello')) = 56"),
	digest("SHA256", 64, "SHA256('') = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'"),
	digest("SHA384", 96, "CHAR_LENGTH(SHA384('hello')) = 96"),
	digest("SHA512", 128, "CHAR_LENGTH(SHA512('hello')) = 128"),
	{
		name: "SHA2",
		signatures: "SHA2(string or binary, bits) -> VARCHAR(128)",
		doc: "The SHA-2 digest of 224, 256, 384 or 512 bits as hexadecimal digits.",
		example: "SHA2('hello', 256) = SHA256('hello')",
		parameters: [TEXT_OR_BINARY, AS_INTEGER],
		result: varchar(128),
		run: sha2,
	},
	{
		name: "HEX",
		signatures: ["HEX(integer) -> STRING", "HEX(string) -> STRING"],
		doc: "Hexadecimal digits of a number (64 bits if negative) or of a text's UTF-8 bytes.",
		example: "HEX('hi') = '6869'",
		parameters: [HEXABLE],
		result: STRING,
		run: (value) =>
			(typeof value === "bigint"
				? BigInt.asUintN(64, value).toString(16)
				: hexText(encodeUtf8(value as string))
			).toUpperCase(),
	},
	{
		name: "UNHEX",
		signatures: "UNHEX(string) -> BYTES",
		doc: "The bytes of hexadecimal digits; NULL for other text.",
		example: "UNHEX('6869') = x'6869'",
		parameters: [TEXT],
		result: BYTES,
		nullable: true,
		run: (text) => unhex(text as string),
	},
	{
		name: "BIN",
		signatures: "BIN(integer) -> STRING",
		doc: "Binary digits of a number (64 bits if negative).",
		example: "BIN(4) = '100'",
		parameters: [AS_BIGINT],
		result: STRING,
		run: (value) => BigInt.asUintN(64, value as bigint).toString(2),
	},
	{
		name: "TO_BASE64",
		signatures: "TO_BASE64(string or binary) -> STRING",
		doc: "Base64 of a text's UTF-8 bytes or of bytes.",
		example: "TO_BASE64('hello') = 'aGVsbG8='",
		parameters: [TEXT_OR_BINARY],
		result: STRING,
		run: (value) => encodeBase64(bytesOf(value)),
	},
	{
		name: "FROM_BASE64",
		signatures: "FROM_BASE64(string) -> STRING",
		doc: "The text of Base64.",
		example: "FROM_BASE64('aGVsbG8=') = 'hello'",
		parameters: [TEXT_OR_BINARY],
		result: STRING,
		run: (value) => decodeUtf8(decodeBase64(typeof value === "string" ? value : decodeUtf8(value as Uint8Array))),
	},
	{
		name: "ENCODE",
		signatures: "ENCODE(string, charset) -> BYTES",
		doc: "The bytes of a text in a character set (US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE, UTF-16).",
		example: "ENCODE('hi', 'UTF-8') = x'6869'",
		parameters: [TEXT, TEXT],
		result: BYTES,
		run: (text, charset) => encodeText(text as string, charset as string),
	},
	{
		name: "DECODE",
		signatures: "DECODE(binary, charset) -> STRING",
		doc: "The text of bytes in a character set.",
		example: "DECODE(x'6869', 'UTF-8') = 'hi'",
		parameters: [BINARY_STRING, TEXT],
		result: STRING,
		run: (bytes, charset) => decodeText(bytes as Uint8Array, charset as string),
	},
	{
		name: "URL_ENCODE",
		signatures: "URL_ENCODE(string) -> STRING",
		doc: "The text as it stands in a URL's query.",
		example: "URL_ENCODE('a b&c') = 'a+b%26c'",
		parameters: [TEXT],
		result: STRING,
		nullable: true,
		run: (text) => urlEncode(text as string),
	},
	{
		name: "URL_DECODE",
		signatures: "URL_DECODE(string) -> STRING",
		doc: "The text of a URL's query; NULL when it is malformed.",
		example: "URL_DECODE('a+b%26c') = 'a b&c'",
		parameters: [TEXT],
		result: STRING,
		nullable: true,
		run: (text) => urlDecode(text as string),
	},
	{
		name: "PARSE_URL",
		signatures: "PARSE_URL(url, part[, key]) -> STRING",
		doc: "A part of a URL (HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY, USERINFO), or the value of a key in its QUERY.",
		example: "PARSE_URL('http://a.org/p?q=1', 'QUERY', 'q') = '1'",
		parameters: [TEXT, TEXT, TEXT],
		optional: 1,
		result: STRING,
		nullable: true,
		run: (url, part, key) =>
			key === undefined
				? urlPart(url as string, part as string)
				: part === "QUERY"
					? urlQueryValue(url as string, key as string)
					: null,
	},
	{
		name: "INET_ATON",
		signatures: "INET_ATON(string) -> BIGINT",
		doc: "The number of an IPv4 address; NULL when it is malformed.",
		example: "INET_ATON('127.0.0.1') = 2130706433",
		parameters: [TEXT],
		result: BIGINT,
		nullable: true,
		run: (text) => addressNumber(text as string),
	},
	{
		name: "INET_NTOA",
		signatures: "INET_NTOA(integer) -> STRING",
		doc: "The IPv4 address of a number; NULL outside its range.",
		example: "INET_NTOA(2130706433) = '127.0.0.1'",
		parameters: [AS_BIGINT],
		result: STRING,
		nullable: true,
		run: (value) => addressText(value as bigint),
	},
]);
