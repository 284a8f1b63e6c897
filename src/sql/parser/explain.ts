// From a failure inside the parser to the error the user reads: what was found, what was expected, what may be meant.
import { nearestName, type SourcePosition } from "../../errors.js";
import { isReserved } from "../keywords.js";
import { SqlError } from "../sql-error.js";
import { type Token, TokenType } from "../token.js";

/** Thrown inside the parser alone; becomes a SqlError. No Error itself, for it needs no stack trace. */
export class ParseFailure {
	constructor(
		/** Index of the token at which it failed. */
		readonly index: number,
		readonly position: SourcePosition,
		/** Absent: the token is simply not one of those expected. */
		readonly problem: string | undefined,
		readonly remedy: string | undefined,
		/** The word at `position`, if that is not the token: it leads to what should stand there. */
		readonly leader?: string,
	) {}
}

/** The token at which it failed and its neighbours. */
export interface Surroundings {
	readonly token: Token;
	readonly previous: Token | undefined;
	readonly next: Token | undefined;
}

/** `expectedHere` tells what the grammar would have taken: keywords and symbols as they are, others in words. */
export function explain(
	failure: ParseFailure,
	{ token, previous, next }: Surroundings,
	expectedHere: () => readonly string[],
): SqlError {
	if (token.type === TokenType.Invalid && failure.position.start === token.start) {
		return new SqlError(token.text, failure.position, token.detail === "" ? {} : { remedy: token.detail });
	}
	const { leader, position } = failure;
	if (failure.problem !== undefined) {
		return new SqlError(failure.problem, position, failure.remedy === undefined ? {} : { remedy: failure.remedy });
	}
	const expected = expectedHere();
	const isName = isMeantAsName(token, next, leader, expected);
	const remedy =
		suggest(token, expected, isName) ?? suggestForPrevious(previous, expected) ?? mend(token, previous, expected);
	const expectation = listed(expected);
	const where = leader === undefined ? "" : ` behind \`${leader}\``;
	return new SqlError(`unexpected ${describe(token)}${where}`, position, {
		...(expectation !== "" && { expected: expectation }),
		...(remedy !== undefined && { remedy }),
	});
}

function describe(token: Token): string {
	switch (token.type) {
		case TokenType.End:
			return "end of the text";
		case TokenType.Word:
			return `\`${token.text}\``;
		case TokenType.QuotedName:
			return `the name \`${token.text}\``;
		case TokenType.Integer:
		case TokenType.Decimal:
		case TokenType.Approximate:
			return `the number ${token.text}`;
		case TokenType.HintStart:
		case TokenType.HintEnd:
			return "hint";
		case TokenType.Symbol:
			return token.word === ";" ? "end of the statement" : `\`${token.text}\``;
		default:
			return `the string '${token.text.length > 30 ? `${token.text.slice(0, 30)}…` : token.text}'`;
	}
}

const isWord = (text: string): boolean => /^[A-Z]\w*$/.test(text);
const isLabel = (text: string): boolean => text.includes(" ");

/** Words that are no likely name of a column or table, unless it is plain that a name stands here. */
const STRUCTURE: ReadonlySet<string> = new Set([
	...["SELECT", "FROM", "WHERE", "GROUP", "ORDER", "BY", "HAVING", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "JOIN"],
	...["ON", "USING", "AS", "AND", "OR", "NOT", "IN", "IS", "INTO", "WITH", "THEN", "ELSE", "WHEN", "TABLE", "CREATE"],
]);

/** Behind a dot, where nothing but a name may stand, and ORDER or GROUP without BY. */
function isMeantAsName(
	{ word }: Token,
	next: Token | undefined,
	leader: string | undefined,
	expected: readonly string[],
): boolean {
	if (leader === "." || ((word === "ORDER" || word === "GROUP") && next?.word !== "BY")) return true;
	return !expected.includes("an expression") && !expected.includes("(");
}

function suggest(token: Token, expected: readonly string[], isName: boolean): string | undefined {
	if (token.type !== TokenType.Word) return undefined;
	const near = token.text.length < 3 ? undefined : nearestName(token.text, expected.filter(isWord));
	if (near !== undefined) return `Did you mean \`${near}\`?`;
	const takesName = expected.includes("a name") || expected.includes("an expression");
	if (!takesName || !isReserved(token.word) || (STRUCTURE.has(token.word) && !isName)) return undefined;
	return `\`${token.text}\` is a reserved word: as a name write it between back quotes.`;
}

/** A misspelt keyword may have passed as a name: in `SELECT a FORM t` the error is seen at `t`, where FROM could stand too. */
function suggestForPrevious(previous: Token | undefined, expected: readonly string[]): string | undefined {
	if (previous?.type !== TokenType.Word || previous.text.length < 4 || isReserved(previous.word)) return undefined;
	const near = nearestName(previous.text, expected.filter(isWord));
	return near === undefined ? undefined : `Did you mean \`${near}\` instead of \`${previous.text}\`?`;
}

/** For slips of punctuation. */
function mend({ type, word }: Token, previous: Token | undefined, expected: readonly string[]): string | undefined {
	if (word === "=" && previous?.word === "=") return "Equality is one `=`.";
	const isClosing = type === TokenType.End || word === ")" || word === "]" || word === ">" || STRUCTURE.has(word);
	if (previous?.word === "," && isClosing) return "Leave the comma before it out.";
	if (word === ")" && expected.includes("end of the statement")) return "No parenthesis is open here.";
	const isBehind = type === TokenType.End || STRUCTURE.has(word);
	return isBehind && expected.includes(")") ? "A parenthesis is not closed." : undefined;
}

const MAX_LISTED = 8;
/** Keywords worth naming first where many could stand. */
const FREQUENT = ["SELECT", "FROM", "WHERE", "GROUP", "ORDER", "JOIN", "ON", "AS", "WITH", "INSERT", "CREATE", "END"];
/** What could stand behind almost any name. */
const COMMONPLACE = [".", "[", "/*+", "(", "an operator"];

/** The likely ones first, and not more than a reader takes in. */
function listed(expected: readonly string[]): string {
	if (expected.includes("a statement")) return "a statement";
	const hasExpression = expected.includes("an expression");
	const items = expected.filter((item) => !(hasExpression && item === "a name"));
	const rank = (item: string): number => {
		if (COMMONPLACE.includes(item)) return expected.length > MAX_LISTED ? 4 : 1;
		if (isLabel(item)) return 0;
		if (!isWord(item)) return 1;
		return FREQUENT.includes(item) ? 2 : 3;
	};
	const sorted = items.toSorted((left, right) => rank(left) - rank(right));
	const shown = sorted.slice(0, MAX_LISTED).map((item) => (isLabel(item) ? item : `\`${item}\``));
	const last = sorted.length > MAX_LISTED ? "something else" : shown.pop();
	return shown.length === 0 ? (last ?? "") : `${shown.join(", ")} or ${last}`;
}
