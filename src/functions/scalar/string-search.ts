// Finding and trimming in text: POSITION and its kin, LIKE, SIMILAR TO, STARTSWITH, TRIM, SPLIT.
import { EngineError } from "../../errors.js";
import { array, BOOLEAN, INTEGER, isCharacter, map, type SqlType, STRING } from "../../types/sql-type.js";
import { codePointLength, isPlain, wellFormed } from "../../types/utf8.js";
import type { Value } from "../../types/value.js";
import {
	AS_INTEGER,
	type Definition,
	family,
	parameter,
	type ResultRule,
	TEXT,
	TEXT_OR_BINARY,
	UNIT,
} from "../define.js";
import type { BoundCall, ScalarImplementation } from "../function.js";
import { javaSplit } from "../java-regex.js";
import { likePattern, similarPattern } from "../sql-pattern.js";
import { varcharOf } from "./string.js";

/** The place of `sought` counted from 1, at or after `from`; 0 when there is none, 1 for empty text. */
function position(sought: string, text: string, from: number): number {
	if (sought === "") return 1;
	if (isPlain(text)) return text.indexOf(sought, Math.max(0, from - 1)) + 1;
	const points = [...text];
	const start = points.slice(0, Math.max(0, from - 1)).join("").length;
	const found = text.indexOf(sought, start);
	return found < 0 ? 0 : codePointLength(text.slice(0, found)) + 1;
}

function nthPosition(text: string, sought: string, from: number, nth: number): number {
	if (nth <= 0) {
		throw new EngineError("INVALID_ARGUMENT", "INSTR looks for an occurrence that is not positive", {
			expected: "1, 2, 3 …",
		});
	}
	if (from === 0) return 0;
	if (from < 0) {
		const backwards = (value: string) => [...value].reverse().join("");
		const place = nthPosition(backwards(text), backwards(sought), -from, nth);
		return place === 0 ? 0 : codePointLength(text) + 2 - place - codePointLength(sought);
	}
	let place = 0;
	for (let i = 0, start = from; i < nth; i++, start = place + 1) {
		place = position(sought, text, start);
		if (place === 0) return 0;
	}
	return place;
}

function trimSet(text: string, set: string, leading: boolean, trailing: boolean): string {
	const points = isPlain(text) ? text : [...text];
	const drop = new Set(set);
	let start = 0;
	let end = points.length;
	if (leading) while (start < end && drop.has(points[start] as string)) start++;
	if (trailing) while (end > start && drop.has(points[end - 1] as string)) end--;
	return typeof points === "string" ? points.slice(start, end) : points.slice(start, end).join("");
}

const trimFunction = (name: string, leading: boolean, trailing: boolean, result: ResultRule): Definition => ({
	name,
	signatures: `${name}(string[, characters]) -> STRING`,
	doc: `The text without blanks, or without any of \`characters\`, ${leading && trailing ? "at both ends" : leading ? "at its start" : "at its end"}.`,
	example: leading ? `${name}('xxhi', 'x') = 'hi'` : `${name}('hixx', 'x') = 'hi'`,
	parameters: [TEXT, TEXT],
	optional: 1,
	result,
	run: (text, set = " ") => trimSet(text as string, set as string, leading, trailing),
});

/** Compiles a pattern once when it is a literal, else once per distinct pattern. */
function patternMatcher(
	{ args }: BoundCall,
	compile: (pattern: string, mark: string | undefined) => (text: string) => boolean,
): ScalarImplementation {
	const [, pattern, escapeMark] = args;
	if (typeof pattern?.literal === "string" && (escapeMark === undefined || typeof escapeMark.literal === "string")) {
		const matches = compile(pattern.literal, escapeMark?.literal as string | undefined);
		return (text) => matches(text as string);
	}
	const compiled = new Map<string, (text: string) => boolean>();
	return (text, source, mark) => {
		const key = `${mark ?? ""}\u0000${source}`;
		let matches = compiled.get(key);
		if (matches === undefined) {
			if (compiled.size > 1000) compiled.clear();
			matches = compile(source as string, mark as string | undefined);
			compiled.set(key, matches);
		}
		return matches(text as string);
	};
}

const edgeFunction = (name: string, example: string, atStart: boolean): Definition => ({
	name,
	signatures: [`${name}(string, string) -> BOOLEAN`, `${name}(binary, binary) -> BOOLEAN`],
	doc: `Whether the first value ${atStart ? "begins" : "ends"} with the second.`,
	example,
	parameters: [TEXT_OR_BINARY, TEXT_OR_BINARY],
	result: ([left, right]) => (isCharacter(left as SqlType) === isCharacter(right as SqlType) ? BOOLEAN : undefined),
	run: (whole, part) => {
		if (typeof whole === "string") return atStart ? whole.startsWith(part as string) : whole.endsWith(part as string);
		const bytes = whole as Uint8Array;
		const sought = part as Uint8Array;
		const start = atStart ? 0 : bytes.length - sought.length;
		return start >= 0 && sought.every((byte, i) => bytes[start + i] === byte);
	},
});

/** Flink splits by the whole separator and keeps empty parts; an empty separator splits at white space. */
function splitParts(text: string, separator: string): string[] {
	if (text === "") return [];
	return separator === "" ? text.split(/\s/) : text.split(separator);
}

const SEPARATOR = parameter((type) => isCharacter(type) || AS_INTEGER.accept(type) !== undefined, STRING);

function splitIndex(text: string, separator: Value, index: number): string | null {
	if (index < 0) return null;
	if (typeof separator === "string") return splitParts(text, separator)[index] ?? null;
	const code = Number(separator);
	return code < 1 || code > 255 ? null : (splitParts(text, String.fromCharCode(code))[index] ?? null);
}

function textToMap(text: string, pairs: string, separator: string): Value {
	const entries = new Map<string, string | null>();
	for (const pair of text === "" ? [] : javaSplit(text, pairs)) {
		const parts = javaSplit(pair, separator, 2);
		if (parts.length < 2) entries.set(pair, null);
		else entries.set(parts[0] as string, parts[1] as string);
	}
	return [...entries];
}

export const stringSearchFunctions = family("string", [
	{
		name: "POSITION",
		signatures: "POSITION(sought IN string [FROM start]) -> INT",
		doc: "Where a text is found first, counted from 1; 0 if nowhere.",
		example: "POSITION('l' IN 'hello') = 3",
		parameters: [TEXT, TEXT, AS_INTEGER],
		optional: 1,
		result: INTEGER,
		run: (sought, text, from = 1) => position(sought as string, text as string, from as number),
	},
	{
		name: "LOCATE",
		signatures: "LOCATE(sought, string[, start]) -> INT",
		doc: "Where a text is found first, counted from 1; 0 if nowhere.",
		example: "LOCATE('l', 'hello', 4) = 4",
		parameters: [TEXT, TEXT, AS_INTEGER],
		optional: 1,
		result: INTEGER,
		run: (sought, text, from = 1) => position(sought as string, text as string, from as number),
	},
	{
		name: "INSTR",
		signatures: "INSTR(string, sought[, start[, occurrence]]) -> INT",
		doc: "Where the nth occurrence of a text begins; a negative start looks backwards.",
		example: "INSTR('hello', 'l', 1, 2) = 4",
		parameters: [TEXT, TEXT, AS_INTEGER, AS_INTEGER],
		optional: 2,
		result: INTEGER,
		run: (text, sought, from = 1, nth = 1) =>
			nthPosition(text as string, sought as string, from as number, nth as number),
	},
	edgeFunction("STARTSWITH", "STARTSWITH('hello', 'he') = TRUE", true),
	edgeFunction("ENDSWITH", "ENDSWITH('hello', 'lo') = TRUE", false),
	{
		name: "LIKE",
		signatures: "string LIKE pattern [ESCAPE character] -> BOOLEAN",
		doc: "Whether the whole text matches a pattern: `_` is any character, `%` any text.",
		example: "('hello' LIKE 'h%o') = TRUE",
		parameters: [TEXT, TEXT, TEXT],
		optional: 1,
		result: BOOLEAN,
		implement: (call) => patternMatcher(call, likePattern),
	},
	{
		name: "SIMILAR TO",
		signatures: "string SIMILAR TO pattern [ESCAPE character] -> BOOLEAN",
		doc: "Whether the whole text matches an SQL regular expression.",
		example: "('abc' SIMILAR TO '(a|b)+c') = TRUE",
		parameters: [TEXT, TEXT, TEXT],
		optional: 1,
		result: BOOLEAN,
		implement: (call) => patternMatcher(call, similarPattern),
	},
	{
		name: "TRIM",
		signatures: "TRIM([BOTH | LEADING | TRAILING] [characters FROM] string) -> STRING",
		doc: "The text without blanks, or without any of `characters`, at its ends.",
		example: "TRIM(BOTH 'x' FROM 'xhix') = 'hi'",
		parameters: [UNIT, TEXT, TEXT],
		result: varcharOf(2),
		implement: ({ args }) => {
			const side = args[0]?.literal;
			const [leading, trailing] = [side !== "TRAILING", side !== "LEADING"];
			return (_, set, text) => trimSet(text as string, set as string, leading, trailing);
		},
	},
	trimFunction("BTRIM", true, true, STRING),
	trimFunction("LTRIM", true, false, varcharOf(0)),
	trimFunction("RTRIM", false, true, varcharOf(0)),
	{
		name: "SPLIT_INDEX",
		signatures: ["SPLIT_INDEX(string, separator, index) -> STRING", "SPLIT_INDEX(string, code, index) -> STRING"],
		doc: "The part at a place (from 0) of a text split at a separator; NULL outside.",
		example: "SPLIT_INDEX('a,b,c', ',', 1) = 'b'",
		parameters: [TEXT, SEPARATOR, AS_INTEGER],
		result: STRING,
		nullable: true,
		run: (text, separator, index) => splitIndex(text as string, separator as Value, index as number),
	},
	{
		name: "SPLIT",
		signatures: "SPLIT(string, separator) -> ARRAY<STRING>",
		doc: "The parts of a text split at a separator; each UTF-16 unit if the separator is empty.",
		example: "CARDINALITY(SPLIT('a,b', ',')) = 2",
		parameters: [TEXT, TEXT],
		result: array(STRING),
		run: (text, separator) => {
			return text === "" ? [] : (text as string).split(separator as string).map(wellFormed);
		},
	},
	{
		name: "STR_TO_MAP",
		signatures: "STR_TO_MAP(string[, pair separator, key separator]) -> MAP<STRING, STRING>",
		doc: "The map written in a text such as `k1=v1,k2=v2`; the separators are regular expressions.",
		example: "STR_TO_MAP('k1=v1,k2=v2')['k2'] = 'v2'",
		parameters: [TEXT, TEXT, TEXT],
		optional: 2,
		result: map(STRING, STRING),
		nullable: true,
		run: (text, pairs = ",", separator = "=") => textToMap(text as string, pairs as string, separator as string),
	},
]);
