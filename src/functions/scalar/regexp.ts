// Regular expressions in Java's syntax. A malformed pattern gives NULL (FALSE for REGEXP), as in Flink.
import { array, BOOLEAN, INTEGER, STRING } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { AS_INTEGER, family, TEXT } from "../define.js";
import { compileJavaRegex } from "../java-regex.js";

function firstMatch(text: string, pattern: string): RegExpExecArray | null {
	const regex = compileJavaRegex(pattern);
	if (regex === null) return null;
	regex.lastIndex = 0;
	return regex.exec(text);
}

/** Every match from the start of the text: a compiled pattern is shared and remembers where its last search ended. */
function matchesOf(text: string, regex: RegExp): RegExpExecArray[] {
	regex.lastIndex = 0;
	return [...text.matchAll(regex)];
}

/** The group of a match, or undefined when the pattern has no such group. */
const groupOf = (match: RegExpExecArray, group: number): string | null | undefined =>
	group < 0 || group >= match.length ? undefined : (match[group] ?? null);

/** An alternative that matches nothing lets the pattern match, with all its groups. */
const groupCount = (regex: RegExp) => (new RegExp(`${regex.source}|`, regex.flags).exec("")?.length ?? 1) - 1;

function extractAll(text: string, pattern: string, group: number): Value {
	const regex = compileJavaRegex(pattern);
	if (regex === null || group < 0 || group > groupCount(regex)) return null;
	return matchesOf(text, regex).map((match) => match[group] ?? null);
}

/** Like Java, an empty match at the end of a match is not taken twice. */
function countMatches(text: string, pattern: string): number | null {
	const regex = compileJavaRegex(pattern);
	return regex === null ? null : matchesOf(text, regex).length;
}

export const regexpFunctions = family("string", [
	{
		name: "REGEXP",
		signatures: "REGEXP(string, pattern) -> BOOLEAN",
		doc: "Whether a part of the text matches; FALSE for an empty or malformed pattern.",
		example: "REGEXP('hello', 'l+') = TRUE",
		parameters: [TEXT, TEXT],
		result: BOOLEAN,
		run: (text, pattern) => pattern !== "" && firstMatch(text as string, pattern as string) !== null,
	},
	{
		name: "REGEXP_EXTRACT",
		signatures: "REGEXP_EXTRACT(string, pattern[, group]) -> STRING",
		doc: "The first match, or a group of it; NULL when nothing matches.",
		example: "REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 2) = 'bar'",
		parameters: [TEXT, TEXT, AS_INTEGER],
		optional: 1,
		result: STRING,
		nullable: true,
		run: (text, pattern, group = 0) => {
			const match = firstMatch(text as string, pattern as string);
			return match === null ? null : (groupOf(match, group as number) ?? null);
		},
	},
	{
		name: "REGEXP_REPLACE",
		signatures: "REGEXP_REPLACE(string, pattern, replacement) -> STRING",
		doc: "The text with every match replaced; the replacement is taken literally.",
		example: "REGEXP_REPLACE('foobar', 'oo|ar', '') = 'fb'",
		parameters: [TEXT, TEXT, TEXT],
		result: STRING,
		run: (text, pattern, replacement) => {
			const regex = compileJavaRegex(pattern as string);
			return regex === null ? null : (text as string).replace(regex, () => replacement as string);
		},
	},
	{
		name: "REGEXP_COUNT",
		signatures: "REGEXP_COUNT(string, pattern) -> INT",
		doc: "How many times the pattern matches.",
		example: "REGEXP_COUNT('banana', 'a') = 3",
		parameters: [TEXT, TEXT],
		result: INTEGER,
		nullable: true,
		run: (text, pattern) => countMatches(text as string, pattern as string),
	},
	{
		name: "REGEXP_EXTRACT_ALL",
		signatures: "REGEXP_EXTRACT_ALL(string, pattern[, group]) -> ARRAY<STRING>",
		doc: "A group (by default the first) of every match; NULL when the pattern has no such group.",
		example: "REGEXP_EXTRACT_ALL('a1b2', '([a-z])(\\d)', 2) = ARRAY['1', '2']",
		parameters: [TEXT, TEXT, AS_INTEGER],
		optional: 1,
		result: array(STRING),
		nullable: true,
		run: (text, pattern, group = 1) => extractAll(text as string, pattern as string, group as number),
	},
	{
		name: "REGEXP_INSTR",
		signatures: "REGEXP_INSTR(string, pattern) -> INT",
		doc: "Where the first match begins, in UTF-16 units from 1; 0 when nothing matches.",
		example: "REGEXP_INSTR('hello', 'l+') = 3",
		parameters: [TEXT, TEXT],
		result: INTEGER,
		nullable: true,
		run: (text, pattern) => {
			if (compileJavaRegex(pattern as string) === null) return null;
			const match = firstMatch(text as string, pattern as string);
			if (match === null) return 0;
			return match.index + 1;
		},
	},
	{
		name: "REGEXP_SUBSTR",
		signatures: "REGEXP_SUBSTR(string, pattern) -> STRING",
		doc: "The first match; NULL when nothing matches.",
		example: "REGEXP_SUBSTR('hello', 'l+') = 'll'",
		parameters: [TEXT, TEXT],
		result: STRING,
		nullable: true,
		run: (text, pattern) => firstMatch(text as string, pattern as string)?.[0] ?? null,
	},
]);
