// Literals: strings in all their forms, dates and times, intervals.
import type {
	DateTimeLiteral,
	Expression,
	IntervalQualifier,
	IntervalUnit,
	NumericLiteral,
	StringLiteral,
} from "../ast.js";
import { TokenType } from "../token.js";
import type { Cursor } from "./cursor.js";
import { Precedence, parseExpression } from "./expression-parser.js";

const CHARSETS: ReadonlySet<string> = new Set([
	...["UTF8", "UTF-8", "UTF16", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF32", "UTF-32", "LATIN1", "ISO-8859-1"],
	...["US-ASCII", "ASCII", "GBK", "GB2312", "BIG5", "SJIS"],
]);

/** A string in any form: plain, U&'…', _charset'…', each with pieces to follow. */
export function parseStringLiteral(cursor: Cursor): StringLiteral {
	const { token } = cursor;
	if (token.type === TokenType.CharsetString && !CHARSETS.has(token.detail)) {
		cursor.reject(`unknown character set \`${token.detail}\``, "Leave it out: all strings are Unicode.");
	}
	if (!isStringToken(token.type)) {
		cursor.expects("a string");
		cursor.fail();
	}
	cursor.advance();
	const text = token.text + parseMorePieces(cursor);
	if (token.type === TokenType.UnicodeString) {
		const value = resolveEscapes(cursor, text, parseEscapeCharacter(cursor), token.start);
		return { kind: "StringLiteral", value, position: cursor.from(token) };
	}
	const position = cursor.from(token);
	if (token.type === TokenType.String) return { kind: "StringLiteral", value: text, position };
	return { kind: "StringLiteral", value: text, charset: token.detail, position };
}

export function isStringToken(type: TokenType): boolean {
	return type === TokenType.String || type === TokenType.CharsetString || type === TokenType.UnicodeString;
}

/** SQL joins strings that follow one another on lines of their own. */
function parseMorePieces(cursor: Cursor): string {
	let text = "";
	while (cursor.token.type === TokenType.String) {
		if (cursor.token.line === cursor.previous?.line) {
			cursor.doubts("a string can only go on in another line", "Write || between the strings, or a comma.");
		}
		text += cursor.advance().text;
	}
	return text;
}

function parseEscapeCharacter(cursor: Cursor): string {
	if (!cursor.accept("UESCAPE")) return "\\";
	const { token } = cursor;
	if (token.type !== TokenType.String || token.text.length !== 1 || /[0-9a-f+'"\s]/i.test(token.text)) {
		cursor.reject("the escape character must be one character, and no digit, letter a to f, plus, quote or space");
	}
	return cursor.advance().text;
}

/** \XXXX and \+XXXXXX. */
function resolveEscapes(cursor: Cursor, text: string, mark: string, start: number): string {
	let value = "";
	for (let index = 0; index < text.length; index++) {
		if (text[index] !== mark) {
			value += text[index];
		} else if (text[index + 1] === mark) {
			value += mark;
			index++;
		} else {
			const long = text[index + 1] === "+";
			const digits = long ? text.slice(index + 2, index + 8) : text.slice(index + 1, index + 5);
			const code = Number.parseInt(digits, 16);
			if (digits.length !== (long ? 6 : 4) || !/^[0-9a-f]+$/i.test(digits) || code > 0x10ffff) {
				const previous = cursor.previous ?? cursor.token;
				cursor.reject(
					`a Unicode escape needs four hexadecimal digits, or + and six: ${mark}${text.slice(index + 1, index + 5)}`,
					undefined,
					{ ...cursor.from(previous), start: Math.max(start, previous.start) },
				);
			}
			value += String.fromCodePoint(code);
			index += long ? 7 : 4;
		}
	}
	return value;
}

export function parseBinaryLiteral(cursor: Cursor): Expression {
	const token = cursor.advance();
	const hex = (token.text + parseMorePieces(cursor)).toUpperCase();
	const position = cursor.from(token);
	if (!/^[0-9A-F]*$/.test(hex)) cursor.reject("a binary literal holds hexadecimal digits alone", undefined, position);
	if (hex.length % 2 === 1) {
		cursor.reject("a binary literal needs an even number of hexadecimal digits", undefined, position);
	}
	return { kind: "BinaryLiteral", hex, position };
}

const NUMERIC_FORMS = new Map<TokenType, NumericLiteral["form"]>([
	[TokenType.Integer, "integer"],
	[TokenType.Decimal, "decimal"],
	[TokenType.Approximate, "approximate"],
]);

export function parseNumericLiteral(cursor: Cursor): NumericLiteral {
	const form = NUMERIC_FORMS.get(cursor.token.type);
	if (form === undefined) {
		cursor.expects("a number");
		cursor.fail();
	}
	const token = cursor.advance();
	return { kind: "NumericLiteral", text: token.text, form, position: cursor.from(token) };
}

/** A whole number without a sign, small enough to count with. */
export function parseCount(cursor: Cursor): number {
	const { token } = cursor;
	if (token.type !== TokenType.Integer) {
		cursor.expects("a whole number");
		cursor.fail();
	}
	const value = Number(token.text);
	if (value > 2147483647) cursor.reject(`the number ${token.text} is too large here`);
	cursor.advance();
	return value;
}

/** DATE '…', TIME '…', TIMESTAMP [WITH [LOCAL] TIME ZONE] '…'; undefined if no literal stands here. */
export function parseDateTimeLiteral(cursor: Cursor): DateTimeLiteral | undefined {
	const start = cursor.token;
	const type = literalTypeAt(cursor);
	if (type === undefined) return undefined;
	const value = cursor.token.text;
	cursor.advance();
	return { kind: "DateTimeLiteral", type, value, position: cursor.from(start) };
}

/** DECIMAL '…': the number in the string. */
export function parseDecimalLiteral(cursor: Cursor): Expression {
	const start = cursor.advance();
	const { token } = cursor;
	const [, sign, text = ""] = /^\s*([+-]?)(\d+\.?\d*|\.\d+)\s*$/.exec(token.text) ?? [];
	if (text === "") cursor.reject(`'${token.text}' is no decimal number`, "Write digits, with a point if needed.");
	cursor.advance();
	const position = cursor.from(start);
	const number: NumericLiteral = {
		kind: "NumericLiteral",
		text,
		form: text.includes(".") ? "decimal" : "integer",
		position,
	};
	return sign === "-" ? { kind: "UnaryOperation", operator: "-", operand: number, position } : number;
}

function literalTypeAt(cursor: Cursor): DateTimeLiteral["type"] | undefined {
	const { word } = cursor.token;
	if (word !== "DATE" && word !== "TIME" && word !== "TIMESTAMP") return undefined;
	if (cursor.peek().type === TokenType.String) {
		cursor.advance();
		return word;
	}
	if (word !== "TIMESTAMP" || cursor.peek().word !== "WITH") return undefined;
	cursor.expect("TIMESTAMP", "WITH");
	const isLocal = cursor.accept("LOCAL");
	cursor.expect("TIME", "ZONE");
	if (cursor.token.type !== TokenType.String) {
		cursor.expects("a string");
		cursor.fail();
	}
	return isLocal ? "TIMESTAMP_LTZ" : "TIMESTAMP_TZ";
}

/** INTERVAL '…' unit, or INTERVAL and an expression that counts units. */
export function parseInterval(cursor: Cursor): Expression {
	const start = cursor.token;
	cursor.expect("INTERVAL");
	cursor.lead();
	const signed = cursor.peek().type === TokenType.String;
	const negative = signed && cursor.accept("-");
	if (signed && !negative) cursor.accept("+");
	if (cursor.token.type === TokenType.String) {
		const value = cursor.advance().text + parseMorePieces(cursor);
		const qualifier = parseIntervalQualifier(cursor);
		return { kind: "IntervalLiteral", negative, value, qualifier, position: cursor.from(start) };
	}
	const operand = parseUnitCount(cursor);
	const qualifier = parseIntervalQualifier(cursor);
	return { kind: "IntervalExpression", operand, qualifier, position: cursor.from(start) };
}

/** A parenthesis here ends at its bracket: `(a - b) DAY` alone would be the difference of two times. */
function parseUnitCount(cursor: Cursor): Expression {
	if (!cursor.accept("(")) return parseExpression(cursor, Precedence.Postfix);
	const operand = parseExpression(cursor);
	cursor.expect(")");
	return operand;
}

const UNITS: readonly IntervalUnit[] = ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"];
/** What may stand behind TO. */
const FINER_UNITS: Readonly<Record<IntervalUnit, readonly IntervalUnit[]>> = {
	YEAR: ["MONTH"],
	QUARTER: [],
	MONTH: [],
	WEEK: [],
	DAY: ["HOUR", "MINUTE", "SECOND"],
	HOUR: ["MINUTE", "SECOND"],
	MINUTE: ["SECOND"],
	SECOND: [],
};

function acceptUnit(cursor: Cursor, units: readonly IntervalUnit[]): IntervalUnit | undefined {
	return units.find((unit) => cursor.accept(unit) || cursor.accept(`${unit}S`));
}

export function parseIntervalQualifier(cursor: Cursor): IntervalQualifier {
	const token = cursor.token;
	const start = acceptUnit(cursor, UNITS) ?? cursor.fail();
	let precision: number | undefined;
	let fractionalPrecision: number | undefined;
	if (cursor.accept("(")) {
		precision = parseCount(cursor);
		if (start === "SECOND" && cursor.accept(",")) fractionalPrecision = parseCount(cursor);
		cursor.expect(")");
	}
	let end: IntervalUnit | undefined;
	if (FINER_UNITS[start].length > 0 && cursor.acceptLeading("TO")) {
		end = acceptUnit(cursor, FINER_UNITS[start]) ?? cursor.fail();
		if (end === "SECOND" && cursor.accept("(")) {
			fractionalPrecision = parseCount(cursor);
			cursor.expect(")");
		}
	}
	return {
		kind: "IntervalQualifier",
		start,
		...(end !== undefined && { end }),
		...(precision !== undefined && { precision }),
		...(fractionalPrecision !== undefined && { fractionalPrecision }),
		position: cursor.from(token),
	};
}
