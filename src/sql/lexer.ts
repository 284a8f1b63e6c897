// Text to tokens, one pass over char codes, no regular expressions. Never throws: what is no token becomes an Invalid one
// that carries its message, so that the parser reports it at its place. The last token is always End.
import { resolveBackslashes } from "./escapes.js";
import { type Token, TokenType } from "./token.js";

const TAB = 9;
const LINE_FEED = 10;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;
const AMPERSAND = 38;
const QUOTE = 39;
const STAR = 42;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const SLASH = 47;
const BACKSLASH = 92;
const BACK_QUOTE = 96;
const LETTER_E = 101;
const LETTER_N = 110;
const LETTER_U = 117;
const LETTER_X = 120;
const UNDERSCORE = 95;

const IS_LETTER = 1;
const IS_DIGIT = 2;
const IS_BLANK = 4;

/** Classes of the ASCII codes. */
const classes = new Uint8Array(128);
for (let code = 0; code <= SPACE; code++) if (code === SPACE || (code >= TAB && code <= 13)) classes[code] = IS_BLANK;
for (let code = 48; code <= 57; code++) classes[code] = IS_DIGIT;
for (let code = 97; code <= 122; code++) {
	classes[code] = IS_LETTER;
	classes[code - 32] = IS_LETTER;
}
classes[UNDERSCORE] = IS_LETTER;
classes[DOLLAR] = IS_LETTER;

/** Longest first. */
const SYMBOLS = ["<>", "<=", ">=", "!=", "=>", "||", "::", ..."()[]{}<>=+-*/%,.;?|^$:"];

function classOf(code: number): number {
	if (code < 128) return classes[code] as number;
	if (code === 0xa0 || code === 0x3000 || code === 0xfeff || (code >= 0x2000 && code <= 0x200a)) return IS_BLANK;
	return code === 0x2028 || code === 0x2029 ? IS_BLANK : IS_LETTER;
}

export function tokenize(source: string): Token[] {
	const lexer = new Lexer(source);
	while (lexer.scan().type !== TokenType.End);
	return lexer.tokens;
}

class Lexer {
	readonly tokens: Token[] = [];
	private at = 0;
	private line = 1;
	/** Offset of the first character of the line. */
	private lineStart = 0;
	private insideHint = false;

	constructor(private readonly source: string) {}

	/** Appends the next token. */
	scan(): Token {
		const unclosed = this.skipBlanks();
		if (unclosed) return unclosed;
		const { source, at: start } = this;
		if (start >= source.length) return this.push(TokenType.End, "", "", start, start);
		const code = source.charCodeAt(start);
		const kind = classOf(code);
		if (kind === IS_LETTER) return this.scanWord(start, code);
		if (kind === IS_DIGIT || (code === DOT && this.classAt(start + 1) === IS_DIGIT)) return this.scanNumber(start);
		if (code === QUOTE) return this.scanQuoted(start, start, QUOTE, TokenType.String);
		if (code === BACK_QUOTE) return this.scanQuoted(start, start, BACK_QUOTE, TokenType.QuotedName);
		if (code === DOUBLE_QUOTE) return this.scanDoubleQuoted(start);
		if (code === SLASH && source.startsWith("/*+", start)) {
			this.insideHint = true;
			return this.push(TokenType.HintStart, "/*+", "/*+", start, start + 3);
		}
		if (code === STAR && this.insideHint && source.charCodeAt(start + 1) === SLASH) {
			this.insideHint = false;
			return this.push(TokenType.HintEnd, "*/", "*/", start, start + 2);
		}
		return this.scanSymbol(start);
	}

	private push(type: TokenType, word: string, text: string, start: number, end: number, detail = ""): Token {
		const column = start - this.lineStart + 1;
		const token: Token = { type, word, text, detail, line: this.line, column, start, end };
		this.tokens.push(token);
		this.at = end;
		if (type === TokenType.QuotedName || type >= TokenType.String) this.countLines(start, end);
		return token;
	}

	/** Counts the lines of a token or comment that has been passed. */
	private countLines(from: number, to: number): void {
		for (let index = from; index < to; index++) {
			if (this.source.charCodeAt(index) !== LINE_FEED) continue;
			this.line++;
			this.lineStart = index + 1;
		}
	}

	private classAt(index: number): number {
		return index < this.source.length ? classOf(this.source.charCodeAt(index)) : 0;
	}

	/** Skips white space and comments; gives an unclosed comment as a token. */
	private skipBlanks(): Token | undefined {
		const { source } = this;
		for (;;) {
			const code = source.charCodeAt(this.at);
			const next = source.charCodeAt(this.at + 1);
			if (code === LINE_FEED) {
				this.at++;
				this.line++;
				this.lineStart = this.at;
			} else if (this.at < source.length && classOf(code) === IS_BLANK) {
				this.at++;
			} else if ((code === MINUS && next === MINUS) || (code === SLASH && next === SLASH)) {
				const end = source.indexOf("\n", this.at);
				this.at = end < 0 ? source.length : end;
			} else if (code === SLASH && next === STAR && source.charCodeAt(this.at + 2) !== PLUS) {
				const close = source.indexOf("*/", this.at + 2);
				if (close < 0) {
					return this.push(
						TokenType.Invalid,
						"",
						"this comment is not closed",
						this.at,
						source.length,
						"Close it with `*/`.",
					);
				}
				this.countLines(this.at, close);
				this.at = close + 2;
			} else {
				return undefined;
			}
		}
	}

	private scanWord(start: number, first: number): Token {
		const { source } = this;
		const prefixed = first === UNDERSCORE ? this.scanCharsetString(start) : undefined;
		if (prefixed) return prefixed;
		let end = start + 1;
		for (let kind = this.classAt(end); kind === IS_LETTER || kind === IS_DIGIT; kind = this.classAt(end)) end++;
		const next = source.charCodeAt(end);
		if (end === start + 1) {
			const letter = first | 32;
			if (next === QUOTE && letter === LETTER_X) return this.scanQuoted(start, end, QUOTE, TokenType.Binary);
			if (next === QUOTE && letter === LETTER_N) {
				return this.scanQuoted(start, end, QUOTE, TokenType.CharsetString, "ISO-8859-1");
			}
			if (next === QUOTE && letter === LETTER_E) return this.scanEscaped(start, end);
			if (next === AMPERSAND && letter === LETTER_U && source.charCodeAt(end + 1) === QUOTE) {
				return this.scanQuoted(start, end + 1, QUOTE, TokenType.UnicodeString);
			}
			if (first === DOLLAR) return this.push(TokenType.Symbol, "$", "$", start, end);
		}
		const text = source.slice(start, end);
		return this.push(TokenType.Word, text.toUpperCase(), text, start, end);
	}

	/** `_UTF8'…'`; undefined if what begins here is an ordinary word. */
	private scanCharsetString(start: number): Token | undefined {
		let end = start + 1;
		for (; end < this.source.length; end++) {
			const code = this.source.charCodeAt(end);
			if (code > 127 || (classes[code] !== IS_LETTER && classes[code] !== IS_DIGIT && code !== MINUS)) break;
		}
		if (end === start + 1 || this.source.charCodeAt(end) !== QUOTE) return undefined;
		const charset = this.source.slice(start + 1, end).toUpperCase();
		return this.scanQuoted(start, end, QUOTE, TokenType.CharsetString, charset);
	}

	/** Text between quotes; a doubled quote stands for one. */
	private scanQuoted(start: number, open: number, quote: number, type: TokenType, detail = ""): Token {
		const { source } = this;
		const mark = String.fromCharCode(quote);
		let close = source.indexOf(mark, open + 1);
		let doubled = false;
		while (close >= 0 && source.charCodeAt(close + 1) === quote) {
			doubled = true;
			close = source.indexOf(mark, close + 2);
		}
		const isName = quote === BACK_QUOTE;
		if (close < 0) {
			const problem = isName ? "this quoted name is not closed" : "this string is not closed";
			return this.push(
				TokenType.Invalid,
				"",
				problem,
				start,
				source.length,
				`Close it with ${isName ? "a back quote" : "'"}.`,
			);
		}
		const raw = source.slice(open + 1, close);
		if (isName && raw === "") {
			return this.push(TokenType.Invalid, "", "a name must not be empty", start, close + 1);
		}
		return this.push(type, "", doubled ? raw.replaceAll(mark + mark, mark) : raw, start, close + 1, detail);
	}

	/** `E'…'`: a backslash takes what follows along, a quote too. */
	private scanEscaped(start: number, open: number): Token {
		const { source } = this;
		let close = open + 1;
		while (close < source.length) {
			const code = source.charCodeAt(close);
			if (code === QUOTE && source.charCodeAt(close + 1) !== QUOTE) break;
			close += code === BACKSLASH || code === QUOTE ? 2 : 1;
		}
		if (close >= source.length) {
			const problem = "this string is not closed";
			return this.push(TokenType.Invalid, "", problem, start, source.length, "Close it with '.");
		}
		const { text, malformed } = resolveBackslashes(source.slice(open + 1, close).replaceAll("''", "'"));
		if (malformed === undefined) return this.push(TokenType.String, "", text, start, close + 1);
		const problem = `a Unicode escape needs four hexadecimal digits after \\u, eight after \\U: ${malformed}`;
		return this.push(TokenType.Invalid, "", problem, start, close + 1);
	}

	private scanDoubleQuoted(start: number): Token {
		const close = this.source.indexOf('"', start + 1);
		const end = close < 0 ? start + 1 : close + 1;
		const remedy = "Write names between back quotes (`name`) and strings between single quotes ('text').";
		return this.push(TokenType.Invalid, "", "double quotes mean nothing in Flink SQL", start, end, remedy);
	}

	private scanNumber(start: number): Token {
		let end = this.skipDigits(start);
		let type: TokenType = TokenType.Integer;
		if (this.source.charCodeAt(end) === DOT) {
			type = TokenType.Decimal;
			end = this.skipDigits(end + 1);
		}
		if ((this.source.charCodeAt(end) | 32) === LETTER_E) {
			const sign = this.source.charCodeAt(end + 1);
			const digits = sign === PLUS || sign === MINUS ? end + 2 : end + 1;
			if (this.classAt(digits) === IS_DIGIT) {
				type = TokenType.Approximate;
				end = this.skipDigits(digits);
			}
		}
		return this.push(type, "", this.source.slice(start, end), start, end);
	}

	private skipDigits(from: number): number {
		let end = from;
		while (this.classAt(end) === IS_DIGIT) end++;
		return end;
	}

	private scanSymbol(start: number): Token {
		const symbol = SYMBOLS.find((candidate) => this.source.startsWith(candidate, start));
		if (symbol !== undefined) return this.push(TokenType.Symbol, symbol, symbol, start, start + symbol.length);
		const character = String.fromCodePoint(this.source.codePointAt(start) as number);
		return this.push(
			TokenType.Invalid,
			"",
			`the character ${JSON.stringify(character)} means nothing here`,
			start,
			start + character.length,
		);
	}
}
