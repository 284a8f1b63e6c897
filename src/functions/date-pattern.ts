// Date patterns as a list of fields: the syntax that java.time.DateTimeFormatter and java.text.SimpleDateFormat share.
import { EngineError } from "../errors.js";

export type PatternPart =
	| { readonly kind: "literal"; readonly text: string }
	| { readonly kind: "field"; readonly letter: string; readonly count: number }
	/** `[…]`: printed if possible, parsed if there. */
	| { readonly kind: "optional"; readonly parts: readonly PatternPart[] };

export function invalidPattern(pattern: string, problem: string): EngineError {
	return new EngineError("INVALID_ARGUMENT", `Date pattern '${pattern}': ${problem}`, {
		expected: "a pattern such as 'yyyy-MM-dd HH:mm:ss'",
		remedy: "Put text that is no field between single quotes",
	});
}

/** The parts of a pattern. `letters` are those that mean something; `optionals` whether [ and ] do. */
export function readPattern(pattern: string, letters: string, optionals: boolean): readonly PatternPart[] {
	const stack: PatternPart[][] = [[]];
	let at = 0;
	const add = (part: PatternPart) => stack[stack.length - 1]?.push(part);
	while (at < pattern.length) {
		const character = pattern.charAt(at);
		if (/[A-Za-z]/.test(character)) {
			let count = 1;
			while (pattern.charAt(at + count) === character) count++;
			if (!letters.includes(character)) throw invalidPattern(pattern, `'${character}' is no field`);
			add({ kind: "field", letter: character, count });
			at += count;
		} else if (character === "'") {
			const [text, end] = readQuoted(pattern, at);
			add({ kind: "literal", text });
			at = end;
		} else if (optionals && character === "[") {
			stack.push([]);
			at++;
		} else if (optionals && character === "]") {
			const parts = stack.pop() as PatternPart[];
			if (stack.length === 0) throw invalidPattern(pattern, "a ] has no [");
			add({ kind: "optional", parts });
			at++;
		} else if (optionals && "{}#".includes(character)) {
			throw invalidPattern(pattern, `'${character}' is reserved`);
		} else {
			add({ kind: "literal", text: character });
			at++;
		}
	}
	while (stack.length > 1) {
		const parts = stack.pop() as PatternPart[];
		add({ kind: "optional", parts });
	}
	return stack[0] as PatternPart[];
}

/** Two quotes are one quote, inside and outside of quoted text. */
function readQuoted(pattern: string, start: number): [text: string, end: number] {
	if (pattern.charAt(start + 1) === "'") return ["'", start + 2];
	let text = "";
	for (let at = start + 1; at < pattern.length; at++) {
		if (pattern.charAt(at) !== "'") text += pattern.charAt(at);
		else if (pattern.charAt(at + 1) === "'") {
			text += "'";
			at++;
		} else return [text, at + 1];
	}
	throw invalidPattern(pattern, "a quote is not closed");
}

export const MONTHS = [
	"January",
	"February",
	"March",
	"April",
	"May",
	"June",
	"July",
	"August",
	"September",
	"October",
	"November",
	"December",
] as const;

/** From Sunday. */
export const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

/** Memoises a compiled pattern; patterns are few. */
export function cachedByPattern<T>(compile: (pattern: string) => T): (pattern: string) => T {
	const cache = new Map<string, T>();
	return (pattern) => {
		let compiled = cache.get(pattern);
		if (compiled === undefined) {
			if (cache.size > 500) cache.clear();
			compiled = compile(pattern);
			cache.set(pattern, compiled);
		}
		return compiled;
	};
}
