// JSON text ⇄ tree. Numbers keep their digits, as Jackson's BigDecimal does (1.50 stays 1.50, 1e3 prints 1E+3), and
// objects their order; of equal names the last value counts.
import { parseDecimal } from "../../types/decimal.js";

/** A number by the text that it prints. */
export class JsonNumber {
	constructor(readonly text: string) {}

	toString(): string {
		return this.text;
	}
}

export type JsonNode = null | boolean | string | JsonNumber | readonly JsonNode[] | ReadonlyMap<string, JsonNode>;

export const isScalar = (node: JsonNode): boolean => !Array.isArray(node) && !(node instanceof Map);

/** The tree of a text, or undefined when it is no JSON. Text after the first value is ignored. */
export function parseJson(text: string): JsonNode | undefined {
	const reader = new Reader(text);
	try {
		return reader.value();
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const MAX_DEPTH = 1000;

class Reader {
	private at = 0;
	private depth = 0;

	constructor(private readonly text: string) {}

	value(): JsonNode {
		this.skipSpace();
		const character = this.text.charAt(this.at);
		switch (character) {
			case "{":
				return this.nested(() => this.object());
			case "[":
				return this.nested(() => this.array());
			case '"':
				return this.string();
			case "t":
				return this.word("true", true);
			case "f":
				return this.word("false", false);
			case "n":
				return this.word("null", null);
			default:
				return this.number();
		}
	}

	private nested<T>(read: () => T): T {
		if (++this.depth > MAX_DEPTH) throw new SyntaxError("nested too deeply");
		this.at++;
		const result = read();
		this.depth--;
		return result;
	}

	private skipSpace(): void {
		while (" \t\n\r".includes(this.text.charAt(this.at)) && this.at < this.text.length) this.at++;
	}

	private accept(character: string): boolean {
		this.skipSpace();
		if (this.text.charAt(this.at) !== character) return false;
		this.at++;
		return true;
	}

	private expect(character: string): void {
		if (!this.accept(character)) throw new SyntaxError(`expected ${character}`);
	}

	private object(): JsonNode {
		const fields = new Map<string, JsonNode>();
		if (this.accept("}")) return fields;
		do {
			this.skipSpace();
			const name = this.string();
			this.expect(":");
			fields.set(name, this.value());
		} while (this.accept(","));
		this.expect("}");
		return fields;
	}

	private array(): JsonNode {
		const items: JsonNode[] = [];
		if (this.accept("]")) return items;
		do items.push(this.value());
		while (this.accept(","));
		this.expect("]");
		return items;
	}

	private string(): string {
		if (this.text.charAt(this.at) !== '"') throw new SyntaxError("expected a string");
		let result = "";
		let start = ++this.at;
		for (;;) {
			const character = this.text.charAt(this.at);
			if (character === "" || character < " ") throw new SyntaxError("a string is not closed");
			if (character === '"') {
				result += this.text.slice(start, this.at++);
				return result;
			}
			if (character === "\\") {
				result += this.text.slice(start, this.at) + this.escape();
				start = this.at;
			} else this.at++;
		}
	}

	private escape(): string {
		const character = this.text.charAt(this.at + 1);
		this.at += 2;
		if (character === "u") {
			const digits = this.text.slice(this.at, this.at + 4);
			if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new SyntaxError("malformed \\u");
			this.at += 4;
			return String.fromCharCode(Number.parseInt(digits, 16));
		}
		if (character === '"' || character === "\\" || character === "/") return character;
		const plain = ESCAPES[character];
		if (plain === undefined) throw new SyntaxError("unknown escape");
		return plain;
	}

	private word<T extends JsonNode>(word: string, value: T): T {
		if (!this.text.startsWith(word, this.at) || /\w/.test(this.text.charAt(this.at + word.length))) {
			throw new SyntaxError("unknown word");
		}
		this.at += word.length;
		return value;
	}

	private number(): JsonNode {
		NUMBER.lastIndex = this.at;
		const match = NUMBER.exec(this.text);
		if (match === null || /[\w.]/.test(this.text.charAt(this.at + match[0].length)))
			throw new SyntaxError("not a number");
		this.at += match[0].length;
		const integer = match[1] === undefined && match[2] === undefined;
		return new JsonNumber(integer ? BigInt(match[0]).toString() : bigDecimalText(match[0]));
	}
}

/** BigDecimal.toString: plain unless the exponent is positive or the number is below 10^-6. */
export function bigDecimalText(text: string): string {
	const exact = parseDecimal(text);
	if (exact === undefined) return text;
	const [unscaled, scale] = exact;
	const sign = unscaled < 0n ? "-" : "";
	const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
	const exponent = digits.length - 1 - scale;
	if (scale === 0) return sign + digits;
	if (scale > 0 && exponent >= -6) {
		const whole = digits.padStart(scale + 1, "0");
		return `${sign}${whole.slice(0, -scale)}.${whole.slice(-scale)}`;
	}
	const mantissa = digits.length > 1 ? `${digits.charAt(0)}.${digits.slice(1)}` : digits;
	return `${sign}${mantissa}E${exponent > 0 ? "+" : ""}${exponent}`;
}

/** Compact JSON text, names of objects sorted. */
export function jsonText(node: JsonNode): string {
	if (node === null) return "null";
	if (typeof node === "string") return quoteJson(node);
	if (typeof node === "boolean") return String(node);
	if (node instanceof JsonNumber) return node.text;
	if (Array.isArray(node)) return `[${node.map(jsonText).join(",")}]`;
	const fields = [...(node as ReadonlyMap<string, JsonNode>)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
	return `{${fields.map(([name, value]) => `${quoteJson(name)}:${jsonText(value)}`).join(",")}}`;
}

const NAMED: Readonly<Record<string, string>> = {
	'"': '\\"',
	"\\": "\\\\",
	"\b": "\\b",
	"\f": "\\f",
	"\n": "\\n",
	"\r": "\\r",
	"\t": "\\t",
};

const unicode = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** As Jackson quotes: control characters in upper-case \u form. */
export const quoteJson = (text: string): string =>
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be escaped
	`"${text.replace(/["\\\u0000-\u001f]/g, (character) => NAMED[character] ?? unicode(character).toUpperCase().replace("\\U", "\\u"))}"`;

/**
 * As JSON_QUOTE quotes: the slash and everything outside ASCII too; control characters without a letter stay. Like Flink
 * it writes the whole code point in the place of a pair's first half, and the second half after it.
 */
export const quoteAscii = (text: string): string =>
	`"${text.replace(/["\\/\b\f\n\r\t\u0080-\uffff]/g, (character, at: number) => {
		if (character === "/") return "\\/";
		return NAMED[character] ?? `\\u${(text.codePointAt(at) as number).toString(16).padStart(4, "0")}`;
	})}"`;
