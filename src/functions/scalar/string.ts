// Text: length, case, parts, padding, joining. Positions and lengths count code points unless Flink counts UTF-16 units
// (OVERLAY, LPAD, RPAD, REPLACE), where half an emoji becomes `?`.
import { fitText } from "../../types/cast-text.js";
import { leastCommonType } from "../../types/coercion.js";
import { char, INTEGER, isCharacter, MAX_LENGTH, type SqlType, STRING, varchar } from "../../types/sql-type.js";
import { codePointLength, encodeUtf8, sliceCodePoints, wellFormed } from "../../types/utf8.js";
import type { Value } from "../../types/value.js";
import { AS_INTEGER, family, parameter, sameAs, TEXT } from "../define.js";
import type { ScalarImplementation } from "../function.js";

/** VARCHAR of the length of argument `index`. */
export const varcharOf =
	(index: number) =>
	(types: readonly SqlType[]): SqlType => {
		const type = types[index];
		return type?.kind === "CHAR" || type?.kind === "VARCHAR" ? varchar(type.length) : STRING;
	};

/** CHAR || CHAR is CHAR of both lengths, else VARCHAR. */
function joinedType([left, right]: readonly SqlType[]): SqlType | undefined {
	if (left === undefined || right === undefined || !("length" in left) || !("length" in right)) return undefined;
	const length = Math.min(MAX_LENGTH, left.length + right.length);
	return left.kind === "CHAR" && right.kind === "CHAR" ? char(length) : varchar(length);
}

/** As long as both together. */
function overlaidType([text, replacement]: readonly SqlType[]): SqlType {
	const [a, b] = [text, replacement].map((type) => (type !== undefined && "length" in type ? type.length : MAX_LENGTH));
	return varchar(Math.min(MAX_LENGTH, (a as number) + (b as number)));
}

function substring(text: string, position: number, count: number): string | null {
	if (count < 0) return null;
	const length = codePointLength(text);
	const start = position > 0 ? position - 1 : position < 0 ? length + position : 0;
	if (start < 0 || start >= length) return "";
	return sliceCodePoints(text, start, Math.min(length, start + count));
}

function overlay(text: string, replacement: string, start: number, count: number): string {
	if (start <= 0 || start > text.length) return text;
	const rest = start + count <= text.length && count > 0 ? text.slice(start - 1 + count) : "";
	return wellFormed(text.slice(0, start - 1) + replacement + rest);
}

function padding(text: string, length: number, pad: string): string | null {
	if (length < 0 || pad === "") return null;
	const missing = Math.max(0, length - text.length);
	return pad.repeat(Math.ceil(missing / pad.length)).slice(0, missing);
}

/** A change of case can make text longer (ß, SS); a CHAR keeps its length. */
function recased(type: SqlType, change: (text: string) => string): ScalarImplementation {
	if (type.kind !== "CHAR") return (text) => change(text as string);
	const shorten = fitText(type);
	return (text) => shorten(change(text as string));
}

/** Only ASCII letters and digits make words. */
export const initialCapitals = (text: string): string =>
	text.replace(/[A-Za-z0-9]+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());

const reverse = (text: string): string => [...text].reverse().join("");

function translate(text: string, from: string, to: string): string {
	const targets = [...to];
	const table = new Map<string, string>();
	for (const [i, source] of [...from].entries()) if (!table.has(source)) table.set(source, targets[i] ?? "");
	let result = "";
	for (const point of text) result += table.get(point) ?? point;
	return result;
}

/** All but NULLs among `items`, with the separator between. */
const joinWith = (separator: Value, ...items: Value[]) =>
	separator === null ? null : items.filter((item) => item !== null).join(separator as string);

const TEXT_OR_BYTES = parameter(
	(type) => isCharacter(type) || type.kind === "BINARY" || type.kind === "VARBINARY",
	STRING,
);

export const stringFunctions = family("string", [
	{
		name: "||",
		signatures: "string || string -> STRING",
		doc: "The two texts joined.",
		example: "'a' || 'b' = 'ab'",
		parameters: [TEXT, TEXT],
		result: joinedType,
		run: (left, right) => (left as string) + (right as string),
	},
	{
		name: "CHAR_LENGTH",
		aliases: ["CHARACTER_LENGTH"],
		signatures: "CHAR_LENGTH(string) -> INT",
		doc: "The number of characters (code points).",
		example: "CHAR_LENGTH('héllo') = 5",
		parameters: [TEXT],
		result: INTEGER,
		run: (text) => codePointLength(text as string),
	},
	{
		name: "UPPER",
		signatures: "UPPER(string) -> STRING",
		doc: "The text in upper case.",
		example: "UPPER('abc') = 'ABC'",
		parameters: [TEXT],
		result: sameAs(0),
		implement: ({ result }) => recased(result, (text) => text.toUpperCase()),
	},
	{
		name: "LOWER",
		signatures: "LOWER(string) -> STRING",
		doc: "The text in lower case.",
		example: "LOWER('ABC') = 'abc'",
		parameters: [TEXT],
		result: sameAs(0),
		implement: ({ result }) => recased(result, (text) => text.toLowerCase()),
	},
	{
		name: "INITCAP",
		signatures: "INITCAP(string) -> STRING",
		doc: "Each word (of ASCII letters and digits) with a capital first letter, the rest in lower case.",
		example: "INITCAP('hello wORLD') = 'Hello World'",
		parameters: [TEXT],
		result: sameAs(0),
		run: (text) => initialCapitals(text as string),
	},
	{
		name: "REVERSE",
		signatures: "REVERSE(string) -> STRING",
		doc: "The characters in reverse order.",
		example: "REVERSE('abc') = 'cba'",
		parameters: [TEXT],
		result: STRING,
		nullable: true,
		run: (text) => reverse(text as string),
	},
	{
		name: "SUBSTRING",
		aliases: ["SUBSTR"],
		signatures: ["SUBSTRING(string, start[, length]) -> STRING", "SUBSTRING(string FROM start [FOR length]) -> STRING"],
		doc: "The characters from `start` (1 is the first, negative counts from the end), at most `length`.",
		example: "SUBSTRING('hello', 2, 3) = 'ell'",
		parameters: [TEXT, AS_INTEGER, AS_INTEGER],
		optional: 1,
		result: varcharOf(0),
		nullable: true,
		run: (text, start, count = MAX_LENGTH) => substring(text as string, start as number, count as number),
	},
	{
		name: "LEFT",
		signatures: "LEFT(string, integer) -> STRING",
		doc: "The first characters.",
		example: "LEFT('hello', 2) = 'he'",
		parameters: [TEXT, AS_INTEGER],
		result: varcharOf(0),
		nullable: true,
		run: (text, count) => ((count as number) <= 0 ? "" : sliceCodePoints(text as string, 0, count as number)),
	},
	{
		name: "RIGHT",
		signatures: "RIGHT(string, integer) -> STRING",
		doc: "The last characters.",
		example: "RIGHT('hello', 2) = 'lo'",
		parameters: [TEXT, AS_INTEGER],
		result: varcharOf(0),
		nullable: true,
		run: (text, count) => ((count as number) <= 0 ? "" : sliceCodePoints(text as string, -(count as number))),
	},
	{
		name: "CONCAT",
		signatures: "CONCAT(string, ...) -> STRING",
		doc: "All texts joined; NULL if one is.",
		example: "CONCAT('a', 'b', 'c') = 'abc'",
		parameters: [TEXT],
		rest: TEXT,
		result: STRING,
		run: (...texts) => texts.join(""),
	},
	{
		name: "CONCAT_WS",
		signatures: "CONCAT_WS(separator, string, ...) -> STRING",
		doc: "All texts that are not NULL, joined with a separator.",
		example: "CONCAT_WS('-', 'a', CAST(NULL AS STRING), 'b') = 'a-b'",
		nulls: "custom",
		parameters: [TEXT],
		rest: TEXT,
		result: STRING,
		run: (separator, ...items) => joinWith(separator as Value, ...items),
	},
	{
		name: "REPEAT",
		signatures: "REPEAT(string, integer) -> STRING",
		doc: "The text so many times.",
		example: "REPEAT('ab', 3) = 'ababab'",
		parameters: [TEXT, AS_INTEGER],
		result: STRING,
		run: (text, count) => (text as string).repeat(Math.max(0, count as number)),
	},
	{
		name: "REPLACE",
		signatures: "REPLACE(string, old, new) -> STRING",
		doc: "The text with every `old` replaced.",
		example: "REPLACE('hello', 'l', 'L') = 'heLLo'",
		parameters: [TEXT, TEXT, TEXT],
		result: STRING,
		run: (text, from, to) => {
			const replaced = (text as string).split(from as string).join(to as string);
			return from === "" ? wellFormed(to + replaced + ((text as string) === "" ? "" : to)) : replaced;
		},
	},
	{
		name: "TRANSLATE",
		aliases: ["TRANSLATE3"],
		signatures: "TRANSLATE(string, from, to) -> STRING",
		doc: "Each character of `from` replaced by the one at the same place of `to`, or removed if there is none.",
		example: "TRANSLATE('hello', 'lo', '01') = 'he001'",
		nulls: "custom",
		parameters: [TEXT, TEXT, TEXT],
		result: STRING,
		run: (text, from, to) => {
			if (text === null) return null;
			return from === null || from === ""
				? (text as string)
				: translate(text as string, from as string, (to ?? "") as string);
		},
	},
	{
		name: "OVERLAY",
		signatures: "OVERLAY(string PLACING replacement FROM start [FOR length]) -> STRING",
		doc: "The text with `length` characters from `start` replaced (default: as many as the replacement has).",
		example: "OVERLAY('xxxxxtest' PLACING 'xxxx' FROM 6) = 'xxxxxxxxx'",
		parameters: [TEXT, TEXT, AS_INTEGER, AS_INTEGER],
		optional: 1,
		result: overlaidType,
		run: (text, replacement, start, count = (replacement as string).length) =>
			overlay(text as string, replacement as string, start as number, count as number),
	},
	{
		name: "LPAD",
		signatures: "LPAD(string, length, pad) -> STRING",
		doc: "The text filled on the left, or cut, to a length; NULL if the length is negative or the filling empty.",
		example: "LPAD('hi', 4, '??') = '??hi'",
		parameters: [TEXT, AS_INTEGER, TEXT],
		result: STRING,
		run: (text, length, pad) => {
			const fill = padding(text as string, length as number, pad as string);
			return fill === null ? null : wellFormed((fill + text).slice(0, length as number));
		},
	},
	{
		name: "RPAD",
		signatures: "RPAD(string, length, pad) -> STRING",
		doc: "The text filled on the right, or cut, to a length; NULL if the length is negative or the filling empty.",
		example: "RPAD('hi', 4, '??') = 'hi??'",
		parameters: [TEXT, AS_INTEGER, TEXT],
		result: STRING,
		run: (text, length, pad) => {
			const fill = padding(text as string, length as number, pad as string);
			return fill === null ? null : wellFormed((text + fill).slice(0, length as number));
		},
	},
	{
		name: "ASCII",
		signatures: "ASCII(string) -> INT",
		doc: "The first byte of the UTF-8 text as a signed number; 0 for empty text.",
		example: "ASCII('abc') = 97",
		parameters: [TEXT],
		result: INTEGER,
		run: (text) => ((encodeUtf8((text as string).slice(0, 2))[0] ?? 0) << 24) >> 24,
	},
	{
		name: "CHR",
		signatures: "CHR(integer) -> STRING",
		doc: "The character of a code modulo 256; empty for negative codes.",
		example: "CHR(97) = 'a'",
		parameters: [parameter((type) => AS_INTEGER.accept(type) !== undefined, INTEGER)],
		result: STRING,
		nullable: true,
		run: (code) => ((code as number) < 0 ? "" : String.fromCharCode(Number(BigInt.asUintN(8, BigInt(code as number))))),
	},
	{
		name: "ELT",
		signatures: "ELT(index, string, ...) -> STRING",
		doc: "The text at a place, counted from 1; NULL outside.",
		example: "ELT(2, 'a', 'b') = 'b'",
		nulls: "custom",
		parameters: [AS_INTEGER],
		rest: TEXT_OR_BYTES,
		result: ([, ...types]) => leastCommonType(types),
		nullable: true,
		run: (index, ...items) => (index === null ? null : (items[(index as number) - 1] ?? null)),
	},
]);
