// MATCH_RECOGNIZE: measures, pattern (a small regular expression over row variables) and definitions.
import type {
	AfterMatch,
	MatchRecognize,
	MeasureItem,
	Name,
	PatternDefinition,
	PatternSubset,
	PatternTerm,
	TableReference,
} from "../ast.js";
import { type Token, TokenType } from "../token.js";
import type { Cursor } from "./cursor.js";
import { parseExpression } from "./expression-parser.js";
import { parseCount, parseInterval } from "./literal-parser.js";
import { parseOrderBy } from "./query-parser.js";
import { parsePartitionBy } from "./window-parser.js";

export function acceptMatchRecognize(cursor: Cursor, input: TableReference): MatchRecognize | undefined {
	if (!cursor.accept("MATCH_RECOGNIZE")) return undefined;
	cursor.lead();
	cursor.expect("(");
	cursor.prolongLead();
	const partitionBy = cursor.is("PARTITION") ? parsePartitionBy(cursor) : [];
	const orderBy = cursor.is("ORDER") ? parseOrderBy(cursor) : [];
	const measures = cursor.accept("MEASURES") ? cursor.list(() => parseMeasure(cursor)) : [];
	const rowsPerMatch = acceptRowsPerMatch(cursor);
	const afterMatch = cursor.is("AFTER") ? parseAfterMatch(cursor) : undefined;
	cursor.expect("PATTERN", "(");
	const anchoredAtStart = cursor.accept("^");
	const pattern = parseAlternation(cursor);
	const anchoredAtEnd = cursor.accept("$");
	cursor.expect(")");
	const within = cursor.accept("WITHIN") ? parseInterval(cursor) : undefined;
	const subsets = cursor.accept("SUBSET") ? cursor.list(() => parseSubset(cursor)) : [];
	cursor.expect("DEFINE");
	const definitions = cursor.list(() => parseDefinition(cursor));
	cursor.expect(")");
	return {
		kind: "MatchRecognize",
		input,
		partitionBy,
		orderBy,
		measures,
		...(rowsPerMatch && { rowsPerMatch }),
		...(afterMatch && { afterMatch }),
		pattern,
		anchoredAtStart,
		anchoredAtEnd,
		...(within && { within }),
		subsets,
		definitions,
		position: cursor.from(input.position),
	};
}

function parseMeasure(cursor: Cursor): MeasureItem {
	const expression = parseExpression(cursor);
	cursor.expect("AS");
	const name = cursor.name();
	return { kind: "MeasureItem", expression, name, position: cursor.from(expression.position) };
}

function acceptRowsPerMatch(cursor: Cursor): MatchRecognize["rowsPerMatch"] {
	if (cursor.acceptAll("ONE", "ROW", "PER", "MATCH")) return "ONE ROW";
	return cursor.acceptAll("ALL", "ROWS", "PER", "MATCH") ? "ALL ROWS" : undefined;
}

function parseAfterMatch(cursor: Cursor): AfterMatch {
	const start = cursor.token;
	cursor.expect("AFTER", "MATCH", "SKIP");
	if (cursor.accept("PAST")) {
		cursor.expect("LAST", "ROW");
		return { kind: "AfterMatch", strategy: "SKIP PAST LAST ROW", position: cursor.from(start) };
	}
	cursor.expect("TO");
	if (cursor.acceptAll("NEXT", "ROW")) {
		return { kind: "AfterMatch", strategy: "SKIP TO NEXT ROW", position: cursor.from(start) };
	}
	const isWord = isVariable(cursor.peek()) && (cursor.is("FIRST") || cursor.is("LAST"));
	const strategy = isWord ? (`SKIP TO ${cursor.expectOneOf("FIRST", "LAST")}` as const) : "SKIP TO LAST";
	const variable = cursor.name();
	return { kind: "AfterMatch", strategy, variable, position: cursor.from(start) };
}

/** A variable behind FIRST: only then is FIRST no variable itself. */
function isVariable({ type, word }: Token): boolean {
	return type === TokenType.QuotedName || (type === TokenType.Word && word !== "PATTERN");
}

function parseSubset(cursor: Cursor): PatternSubset {
	const name = cursor.name();
	cursor.expect("=");
	const variables: Name[] = cursor.parenthesised(() => cursor.name());
	return { kind: "PatternSubset", name, variables, position: cursor.from(name.position) };
}

function parseDefinition(cursor: Cursor): PatternDefinition {
	const variable = cursor.name();
	cursor.expect("AS");
	const condition = parseExpression(cursor);
	return { kind: "PatternDefinition", variable, condition, position: cursor.from(variable.position) };
}

function parseAlternation(cursor: Cursor): PatternTerm {
	return cursor.nested(() => {
		const start = cursor.token;
		const terms = [parseSequence(cursor)];
		while (cursor.accept("|")) terms.push(parseSequence(cursor));
		if (terms.length === 1) return terms[0] as PatternTerm;
		return { kind: "PatternAlternation", terms, position: cursor.from(start) };
	});
}

function parseSequence(cursor: Cursor): PatternTerm {
	const start = cursor.token;
	const terms = [parseQuantified(cursor)];
	while (isAtTerm(cursor)) terms.push(parseQuantified(cursor));
	if (terms.length === 1) return terms[0] as PatternTerm;
	return { kind: "PatternSequence", terms, position: cursor.from(start) };
}

function isAtTerm(cursor: Cursor): boolean {
	return cursor.is("(") || cursor.is("PERMUTE") || (cursor.is("{") && cursor.peek().word === "-") || cursor.isName;
}

function parseQuantified(cursor: Cursor): PatternTerm {
	const term = parseTerm(cursor);
	const bounds = acceptBounds(cursor);
	if (bounds === undefined) return term;
	const reluctant = cursor.accept("?");
	return { kind: "PatternQuantified", term, ...bounds, reluctant, position: cursor.from(term.position) };
}

function parseTerm(cursor: Cursor): PatternTerm {
	const start = cursor.token;
	if (cursor.accept("(")) {
		const term = parseAlternation(cursor);
		cursor.expect(")");
		return term;
	}
	if (cursor.accept("PERMUTE")) {
		const terms = cursor.parenthesised(() => parseAlternation(cursor));
		return { kind: "PatternPermute", terms, position: cursor.from(start) };
	}
	if (cursor.acceptAll("{", "-")) {
		const term = parseAlternation(cursor);
		cursor.expect("-", "}");
		return { kind: "PatternExclusion", term, position: cursor.from(start) };
	}
	const name = cursor.name();
	return { kind: "PatternVariable", name, position: name.position };
}

/** `*`, `+`, `?`, `{n}`, `{n,}`, `{,m}`, `{n,m}`. */
function acceptBounds(cursor: Cursor): { min: number; max?: number } | undefined {
	if (cursor.accept("*")) return { min: 0 };
	if (cursor.accept("+")) return { min: 1 };
	if (cursor.accept("?")) return { min: 0, max: 1 };
	if (cursor.peek().word === "-" || !cursor.accept("{")) return undefined;
	if (cursor.accept(",")) {
		const max = parseCount(cursor);
		cursor.expect("}");
		return { min: 0, max };
	}
	const min = parseCount(cursor);
	const max = !cursor.accept(",") ? min : cursor.token.word === "}" ? undefined : parseCount(cursor);
	cursor.expect("}");
	return max === undefined ? { min } : { min, max };
}
