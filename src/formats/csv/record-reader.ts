// CSV text in pieces → records of fields. A quoted field may hold delimiters, quotes (doubled) and line ends.
import type { CsvOptions } from "./options.js";

export interface CsvRecord {
	readonly fields: readonly string[];
	/** 1-based line on which it begins. */
	readonly line: number;
}

/** Thrown for a record that is not CSV. */
export class CsvSyntaxError extends Error {}

export class CsvRecordReader {
	readonly #options: CsvOptions;
	readonly #decoder = new TextDecoder("utf-8");
	#text = "";
	#at = 0;
	#line = 1;

	constructor(options: CsvOptions) {
		this.#options = options;
	}

	push(bytes: Uint8Array): void {
		this.#text = this.#text.slice(this.#at) + this.#decoder.decode(bytes, { stream: true });
		this.#at = 0;
	}

	end(): void {
		this.#text = this.#text.slice(this.#at) + this.#decoder.decode();
		this.#at = 0;
		if (this.#text !== "" && !this.#text.endsWith("\n")) this.#text += "\n";
	}

	/** The line that the next record begins on. */
	get line(): number {
		return this.#line;
	}

	/** The next complete record. Throws CsvSyntaxError; the record is skipped then. */
	next(): CsvRecord | undefined {
		for (;;) {
			const end = this.#text.indexOf("\n", this.#at);
			if (end < 0) return undefined;
			if (this.#options.comments && this.#text[this.#at] === "#") {
				this.#advance(end + 1, 1);
				continue;
			}
			const line = this.#line;
			const { quote, escapeChar } = this.#options;
			const text = this.#text.slice(this.#at, this.#text[end - 1] === "\r" && end > this.#at ? end - 1 : end);
			if ((quote === undefined || !text.includes(quote)) && (escapeChar === undefined || !text.includes(escapeChar))) {
				this.#advance(end + 1, 1);
				return { fields: text.split(this.#options.delimiter), line };
			}
			const fields = this.#quoted();
			return fields && { fields, line };
		}
	}

	/** What is left when there are no more records: an unfinished one. */
	get rest(): string {
		return this.#text.slice(this.#at);
	}

	#advance(to: number, lines: number): void {
		this.#at = to;
		this.#line += lines;
	}

	/** A record with quotes or escapes; undefined when it is not complete. */
	#quoted(): string[] | undefined {
		const scan = new FieldScan(this.#text, this.#at, this.#options);
		const fields: string[] = [];
		for (;;) {
			const field = scan.field();
			if (field === undefined) return undefined;
			fields.push(field);
			const next = this.#text[scan.at];
			if (next === undefined) return undefined;
			if (next === this.#options.delimiter) {
				scan.at++;
				continue;
			}
			if (next === "\r") scan.at++;
			if (this.#text[scan.at] === undefined) return undefined;
			if (this.#text[scan.at] !== "\n") {
				this.#advance(this.#text.indexOf("\n", scan.at) + 1 || this.#text.length, scan.lines + 1);
				throw new CsvSyntaxError(`unexpected ${JSON.stringify(next)} after a quoted field`);
			}
			this.#advance(scan.at + 1, scan.lines + 1);
			return fields;
		}
	}
}

const ESCAPED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

/** Reads one field after the other from a position; `at` stops before the delimiter or line end. */
class FieldScan {
	readonly #text: string;
	readonly #options: CsvOptions;
	at: number;
	/** Line ends inside quoted fields. */
	lines = 0;

	constructor(text: string, at: number, options: CsvOptions) {
		this.#text = text;
		this.#options = options;
		this.at = at;
	}

	/** Undefined when the text ends first. */
	field(): string | undefined {
		const isQuoted = this.#options.quote !== undefined && this.#text[this.at] === this.#options.quote;
		return isQuoted ? this.#quoted() : this.#plain();
	}

	#plain(): string | undefined {
		const { delimiter, escapeChar } = this.#options;
		let value = "";
		for (; ; this.at++) {
			const char = this.#text[this.at];
			if (char === undefined) return undefined;
			if (char === delimiter || char === "\n" || (char === "\r" && this.#text[this.at + 1] === "\n")) return value;
			value += char === escapeChar ? this.#escaped() : char;
		}
	}

	#quoted(): string | undefined {
		const { quote, escapeChar } = this.#options;
		let value = "";
		for (this.at++; ; this.at++) {
			const char = this.#text[this.at];
			if (char === undefined) return undefined;
			if (char === quote) {
				if (this.#text[this.at + 1] !== quote) break;
				this.at++;
			}
			if (char === "\n") this.lines++;
			value += char === escapeChar ? this.#escaped() : char;
		}
		this.at++;
		return value;
	}

	#escaped(): string {
		this.at++;
		const char = this.#text[this.at] ?? "";
		return ESCAPED[char] ?? char;
	}
}
