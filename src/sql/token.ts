// Tokens of SQL text. `word` is what the grammar compares: the upper-case spelling of an unquoted word, or the symbol
// itself; it is empty for everything else, so that a quoted name never counts as a keyword.

export const TokenType = {
	Word: 0,
	QuotedName: 1,
	Symbol: 2,
	Integer: 3,
	Decimal: 4,
	Approximate: 5,
	String: 6,
	CharsetString: 7,
	UnicodeString: 8,
	Binary: 9,
	HintStart: 10,
	HintEnd: 11,
	Invalid: 12,
	End: 13,
} as const;

export type TokenType = (typeof TokenType)[keyof typeof TokenType];

export interface Token {
	readonly type: TokenType;
	readonly word: string;
	/** A name or a string without its quotes, a number as written, the problem of an Invalid token. */
	readonly text: string;
	/** The charset of a CharsetString, the remedy of an Invalid token. */
	readonly detail: string;
	readonly line: number;
	readonly column: number;
	readonly start: number;
	readonly end: number;
}
