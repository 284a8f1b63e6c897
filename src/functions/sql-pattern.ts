// LIKE and SIMILAR TO patterns as predicates.
import { EngineError } from "../errors.js";
import { compileJavaRegex } from "./java-regex.js";

type Predicate = (text: string) => boolean;

/** `_` any character, `%` any text; `mark` (ESCAPE) makes the next `_`, `%` or itself literal. */
export function likePattern(pattern: string, mark: string | undefined): Predicate {
	const parts = likeParts(pattern, checkedEscape(mark));
	const [first = "", second] = parts;
	if (typeof first === "string" && parts.length <= 1) return (text) => text === first;
	if (parts.length === 2 && second === ANY_TEXT && typeof first === "string") return (text) => text.startsWith(first);
	if (parts.length === 2 && first === ANY_TEXT && typeof second === "string") return (text) => text.endsWith(second);
	if (parts.length === 3 && first === ANY_TEXT && typeof second === "string" && parts[2] === ANY_TEXT) {
		return (text) => text.includes(second);
	}
	const source = parts.map((part) =>
		part === ANY_TEXT ? "[\\s\\S]*" : part === ANY_CHARACTER ? NO_LINE_END : quote(part as string),
	);
	const regex = new RegExp(`^${source.join("")}$`, "u");
	return (text) => regex.test(text);
}

/** What `_` matches, as the dot of Java's regular expressions. */
const NO_LINE_END = "[^\\n\\r\\u0085\\u2028\\u2029]";

const ANY_TEXT = Symbol("%");
const ANY_CHARACTER = Symbol("_");

function likeParts(pattern: string, mark: string | undefined): (string | symbol)[] {
	const parts: (string | symbol)[] = [];
	let literal = "";
	const flush = () => {
		if (literal !== "") parts.push(literal);
		literal = "";
	};
	for (let i = 0; i < pattern.length; i++) {
		const character = pattern.charAt(i);
		if (character === mark) {
			const next = pattern.charAt(++i);
			if (next !== "_" && next !== "%" && next !== mark) throw invalidEscape(pattern, i - 1);
			literal += next;
		} else if (character === "%" || character === "_") {
			flush();
			if (character === "_") parts.push(ANY_CHARACTER);
			else if (parts[parts.length - 1] !== ANY_TEXT) parts.push(ANY_TEXT);
		} else literal += character;
	}
	flush();
	return parts;
}

const quote = (text: string) => text.replace(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");

function checkedEscape(mark: string | undefined): string | undefined {
	if (mark === undefined || mark.length === 1) return mark;
	throw new EngineError("INVALID_ARGUMENT", `Invalid escape character '${mark}'`, { expected: "a single character" });
}

const invalidEscape = (pattern: string, at: number) =>
	new EngineError("INVALID_ARGUMENT", `Invalid escape sequence at character ${at + 1} of pattern '${pattern}'`, {
		expected: "the escape character before a wildcard or itself",
	});

const SPECIAL = "_%|*+?(){}[]^-";

const NAMED_CLASSES: Readonly<Record<string, string>> = {
	"[:ALPHA:]": "\\p{Alpha}",
	"[:alpha:]": "\\p{Alpha}",
	"[:UPPER:]": "\\p{Upper}",
	"[:upper:]": "\\p{Upper}",
	"[:LOWER:]": "\\p{Lower}",
	"[:lower:]": "\\p{Lower}",
	"[:DIGIT:]": "\\d",
	"[:digit:]": "\\d",
	"[:SPACE:]": " ",
	"[:space:]": " ",
	"[:WHITESPACE:]": "\\s",
	"[:whitespace:]": "\\s",
	"[:ALNUM:]": "\\p{Alnum}",
	"[:alnum:]": "\\p{Alnum}",
};

/** SQL's regular expressions: those of Java but for `_`, `%` and the named classes. */
export function similarPattern(pattern: string, mark: string | undefined): Predicate {
	const regex = compileJavaRegex(`^(?:${similarSource(pattern, checkedEscape(mark))})\\z`);
	if (regex === null) {
		throw new EngineError("INVALID_ARGUMENT", `'${pattern}' is no pattern for SIMILAR TO`);
	}
	return (text) => {
		regex.lastIndex = 0;
		return regex.test(text);
	};
}

function similarSource(pattern: string, mark: string | undefined): string {
	let source = "";
	let inClass = false;
	for (let i = 0; i < pattern.length; i++) {
		const character = pattern.charAt(i);
		if (character === mark) {
			const next = pattern.charAt(++i);
			if (next === "" || (!SPECIAL.includes(next) && next !== mark)) throw invalidEscape(pattern, i - 1);
			source += `\\${next}`;
			continue;
		}
		const named = inClass && character === "[" ? /^\[:\w+:\]/.exec(pattern.slice(i))?.[0] : undefined;
		if (named !== undefined) {
			source += NAMED_CLASSES[named] ?? named;
			i += named.length - 1;
		} else if (character === "\\") {
			source += "\\\\";
		} else if (inClass) {
			inClass = character !== "]";
			source += character;
		} else {
			inClass = character === "[";
			source += character === "_" ? "." : character === "%" ? "[\\s\\S]*" : character;
		}
	}
	return source;
}
