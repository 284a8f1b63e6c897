// JSON text → values with exact numbers. Reads one value and ignores what follows it, as Flink does.

/** A number as it was written. */
export class JsonNumber {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

export type Json = null | boolean | number | string | JsonNumber | readonly Json[] | { readonly [name: string]: Json };

/** The first value of a text, its numbers as JsonNumber. Throws SyntaxError. */
export function parseExact(text: string): Json {
	return new Parser(text).first();
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\.)*"/uy;
const WORDS: readonly (readonly [string, Json])[] = [
	["true", true],
	["false", false],
	["null", null],
];

class Parser {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	first(): Json {
		return this.#value();
	}

	#value(): Json {
		this.#skipBlanks();
		const char = this.#text[this.#at];
		if (char === "{") return this.#object();
		if (char === "[") return this.#array();
		if (char === '"') return this.#string();
		for (const [word, value] of WORDS) {
			if (!this.#text.startsWith(word, this.#at)) continue;
			this.#at += word.length;
			return value;
		}
		return new JsonNumber(this.#match(NUMBER));
	}

	#object(): Json {
		// No prototype: a field may be called __proto__.
		const found: Record<string, Json> = Object.create(null);
		this.#at++;
		if (this.#takes("}")) return found;
		do {
			this.#skipBlanks();
			const name = this.#string();
			this.#expect(":");
			found[name] = this.#value();
		} while (this.#takes(","));
		this.#expect("}");
		return found;
	}

	#array(): Json {
		const found: Json[] = [];
		this.#at++;
		if (this.#takes("]")) return found;
		do found.push(this.#value());
		while (this.#takes(","));
		this.#expect("]");
		return found;
	}

	#string(): string {
		return JSON.parse(this.#match(STRING)) as string;
	}

	#match(pattern: RegExp): string {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text);
		if (!found) throw this.#unexpected();
		this.#at += found[0].length;
		return found[0];
	}

	#takes(char: string): boolean {
		this.#skipBlanks();
		if (this.#text[this.#at] !== char) return false;
		this.#at++;
		return true;
	}

	#expect(char: string): void {
		if (!this.#takes(char)) throw this.#unexpected();
	}

	#skipBlanks(): void {
		while (" \t\r\n".includes(this.#text[this.#at] ?? "x")) this.#at++;
	}

	#unexpected(): SyntaxError {
		const char = this.#text[this.#at];
		const what = char === undefined ? "unexpected end" : `unexpected ${JSON.stringify(char)}`;
		return new SyntaxError(`${what} at column ${this.#at + 1}`);
	}
}
