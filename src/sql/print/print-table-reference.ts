// The contents of FROM as SQL text.
import type {
	AfterMatch,
	Expression,
	Join,
	MatchRecognize,
	PatternQuantified,
	PatternTerm,
	TableReference,
} from "../ast.js";
import { printExpression, printExpressions } from "./print-expression.js";
import { printTableCall } from "./print-function-call.js";
import { join, list, printColumns, printIdentifier, printName } from "./print-name.js";
import { printHints, printOrderBy, printQuery } from "./print-query.js";

export function printTable(table: TableReference): string {
	const { alias, sample } = table;
	return join(
		printBareTable(table),
		alias && join("AS", printName(alias.name), alias.columns.length > 0 && printColumns(alias.columns)),
		sample && `TABLESAMPLE ${sample.method}(${printExpression(sample.percentage)})`,
		sample?.seed && `REPEATABLE(${printExpression(sample.seed)})`,
	);
}

function printBareTable(table: TableReference): string {
	switch (table.kind) {
		case "TableName": {
			const { name, hints, systemTime } = table;
			const time = systemTime && `FOR SYSTEM_TIME AS OF ${printExpression(systemTime, 40)}`;
			return join(printIdentifier(name), printHints(hints), time);
		}
		case "DerivedTable":
			return join(table.lateral && "LATERAL", `(${printQuery(table.query)})`);
		case "FunctionTable":
			return join(table.lateral && "LATERAL", `TABLE(${printTableCall(table.call)})`);
		case "Unnest":
			return join(`UNNEST${printCollections(table.expressions)}`, table.withOrdinality && "WITH ORDINALITY");
		case "MatchRecognize":
			return printMatchRecognize(table);
		case "Join":
			return printJoin(table);
	}
}

/** A query alone needs no parentheses of its own. */
function printCollections(expressions: readonly Expression[]): string {
	const [only] = expressions;
	const isQuery = expressions.length === 1 && only?.kind === "ScalarSubquery";
	return isQuery ? printExpression(only) : `(${printExpressions(expressions)})`;
}

function printJoin({ type, natural, left, right, on, using }: Join): string {
	return join(
		printTable(left),
		natural && "NATURAL",
		type !== "INNER" && type,
		"JOIN",
		right.kind === "Join" ? `(${printTable(right)})` : printTable(right),
		on && `ON ${printExpression(on)}`,
		using && `USING ${printColumns(using)}`,
	);
}

function printMatchRecognize(table: MatchRecognize): string {
	const { partitionBy, orderBy, measures, rowsPerMatch, afterMatch, within, subsets, definitions } = table;
	const clauses = join(
		partitionBy.length > 0 && `PARTITION BY ${printExpressions(partitionBy)}`,
		orderBy.length > 0 && printOrderBy(orderBy),
		measures.length > 0 &&
			`MEASURES ${list(measures, ({ expression, name }) => `${printExpression(expression)} AS ${printName(name)}`)}`,
		rowsPerMatch && `${rowsPerMatch} PER MATCH`,
		afterMatch && printAfterMatch(afterMatch),
		`PATTERN (${join(table.anchoredAtStart && "^", printTerm(table.pattern), table.anchoredAtEnd && "$")})`,
		within && `WITHIN ${printExpression(within)}`,
		subsets.length > 0 &&
			`SUBSET ${list(subsets, ({ name, variables }) => `${printName(name)} = ${printColumns(variables)}`)}`,
		`DEFINE ${list(definitions, ({ variable, condition }) => `${printName(variable)} AS ${printExpression(condition)}`)}`,
	);
	return `${printTable(table.input)} MATCH_RECOGNIZE (${clauses})`;
}

function printAfterMatch({ strategy, variable }: AfterMatch): string {
	return join(`AFTER MATCH ${strategy}`, variable && printName(variable));
}

function printTerm(term: PatternTerm): string {
	switch (term.kind) {
		case "PatternVariable":
			return printName(term.name);
		case "PatternSequence":
			return term.terms
				.map((part) => (part.kind === "PatternSequence" ? `(${printTerm(part)})` : printInSequence(part)))
				.join(" ");
		case "PatternAlternation":
			return term.terms
				.map((part) => (part.kind === "PatternAlternation" ? `(${printTerm(part)})` : printTerm(part)))
				.join(" | ");
		case "PatternPermute":
			return `PERMUTE(${list(term.terms, printTerm)})`;
		case "PatternExclusion":
			return `{- ${printTerm(term.term)} -}`;
		case "PatternQuantified":
			return printQuantified(term);
	}
}

function printInSequence(term: PatternTerm): string {
	return term.kind === "PatternAlternation" ? `(${printTerm(term)})` : printTerm(term);
}

function printQuantified({ term, min, max, reluctant }: PatternQuantified): string {
	const isAtom = term.kind === "PatternVariable" || term.kind === "PatternPermute" || term.kind === "PatternExclusion";
	return `${isAtom ? printTerm(term) : `(${printTerm(term)})`}${printBounds(min, max)}${reluctant ? "?" : ""}`;
}

function printBounds(min: number, max: number | undefined): string {
	if (max === undefined) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
	if (min === 0) return max === 1 ? "?" : `{,${max}}`;
	return min === max ? `{${min}}` : `{${min},${max}}`;
}
