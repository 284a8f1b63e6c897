// SQL in colours: keywords, texts, numbers and comments. Only escape sequences are added, so that nothing moves on the screen.
import { isReserved, STATEMENT_WORDS } from "../../sql/keywords.js";
import { tokenize } from "../../sql/lexer.js";
import { type Token, TokenType } from "../../sql/token.js";

const RESET = "\u001b[0m";
const KEYWORD = "\u001b[1;34m";
const TEXT = "\u001b[32m";
const NUMBER = "\u001b[36m";
const COMMENT = "\u001b[90m";

const STYLES: Partial<Record<TokenType, string>> = {
	[TokenType.Integer]: NUMBER,
	[TokenType.Decimal]: NUMBER,
	[TokenType.Approximate]: NUMBER,
	[TokenType.String]: TEXT,
	[TokenType.CharsetString]: TEXT,
	[TokenType.UnicodeString]: TEXT,
	[TokenType.Binary]: TEXT,
	[TokenType.HintStart]: COMMENT,
	[TokenType.HintEnd]: COMMENT,
};

/** `sql` from offset `from` on; what lies before tells what is open there, a text or a comment. */
export function highlight(sql: string, from = 0): string {
	let out = "";
	let at = 0;
	const add = (end: number, style: string | undefined) => {
		const part = sql.slice(Math.max(at, from), end);
		if (part !== "") out += style === undefined ? part : `${style}${part}${RESET}`;
		at = Math.max(at, end);
	};
	for (const token of tokenize(sql)) {
		add(token.start, /--|\/\*/.test(sql.slice(at, token.start)) ? COMMENT : undefined);
		if (token.type === TokenType.Invalid) add(sql.length, sql.startsWith("/*", token.start) ? COMMENT : TEXT);
		else add(token.end, styleOf(token));
	}
	add(sql.length, undefined);
	return out;
}

function styleOf({ type, word }: Token): string | undefined {
	if (type !== TokenType.Word) return STYLES[type];
	return isReserved(word) || STATEMENT_WORDS.has(word) ? KEYWORD : undefined;
}
