// FROM: tables, functions, subqueries, UNNEST, and how they are joined. A comma binds weaker than JOIN.
import type {
	DerivedTable,
	FunctionTable,
	Join,
	Name,
	TableAlias,
	TableReference,
	TableSample,
	Unnest,
} from "../ast.js";
import type { Cursor } from "./cursor.js";
import { Precedence, parseExpression } from "./expression-parser.js";
import { parseCall } from "./function-parser.js";
import { parseHints } from "./hint-parser.js";
import { parseNumericLiteral } from "./literal-parser.js";
import { acceptMatchRecognize } from "./match-recognize-parser.js";
import {
	acceptAlias,
	bodyOf,
	continueQuery,
	isAtQuery,
	isAtQueryContinuation,
	parseIdentifier,
	parseQuery,
} from "./query-parser.js";
import { parseParenthesisedItems } from "./subquery-parser.js";

export function parseTableReference(cursor: Cursor): TableReference {
	return cursor.nested(() => parseCommaList(cursor, parseJoins(cursor, parseTable(cursor))));
}

function parseCommaList(cursor: Cursor, first: TableReference): TableReference {
	let left = first;
	while (cursor.acceptLeading(",")) {
		const right = parseJoins(cursor, parseTable(cursor));
		left = { kind: "Join", type: "CROSS", natural: false, left, right, position: cursor.from(left.position) };
		cursor.grow();
	}
	return left;
}

function parseJoins(cursor: Cursor, first: TableReference): TableReference {
	let left = first;
	for (let next = acceptJoin(cursor, left); next; next = acceptJoin(cursor, left)) {
		left = next;
		cursor.grow();
	}
	return left;
}

function acceptJoin(cursor: Cursor, left: TableReference): Join | undefined {
	const natural = cursor.acceptLeading("NATURAL");
	const type = acceptJoinType(cursor);
	if (type === undefined) return natural ? cursor.fail() : undefined;
	const right = parseTable(cursor);
	const join = { kind: "Join", type, natural, left, right } as const;
	if (natural || type === "CROSS") return { ...join, position: cursor.from(left.position) };
	if (cursor.accept("ON")) {
		const on = parseExpression(cursor);
		return { ...join, on, position: cursor.from(left.position) };
	}
	if (!cursor.is("USING") && endsJoin(cursor)) {
		cursor.reject(
			`this ${type === "INNER" ? "" : `${type} `}JOIN has no condition`,
			"Write ON and a condition behind it.",
		);
	}
	cursor.expect("USING");
	const using = cursor.parenthesised(() => cursor.name());
	return { ...join, using, position: cursor.from(left.position) };
}

/** Words that follow the condition of a join. */
const BEHIND_JOIN: ReadonlySet<string> = new Set([
	...["JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER"],
	...["LIMIT", "OFFSET", "FETCH", "UNION", "INTERSECT", "EXCEPT", ",", ")"],
]);

function endsJoin(cursor: Cursor): boolean {
	return cursor.atEnd || BEHIND_JOIN.has(cursor.token.word);
}

function acceptJoinType(cursor: Cursor): Join["type"] | undefined {
	if (cursor.acceptLeading("JOIN")) return "INNER";
	const type = cursor.acceptOneOf("INNER", "LEFT", "RIGHT", "FULL", "CROSS");
	if (type === undefined) return undefined;
	if (type !== "CROSS") cursor.lead();
	if (type !== "INNER" && type !== "CROSS" && cursor.accept("OUTER")) cursor.prolongLead();
	cursor.expect("JOIN");
	if (type === "CROSS") cursor.lead();
	else cursor.prolongLead();
	return type;
}

/** One operand of a join with all that belongs to it. */
function parseTable(cursor: Cursor): TableReference {
	const lateral = cursor.accept("LATERAL");
	if (lateral) cursor.prolongLead();
	if (cursor.is("UNNEST")) return finish(cursor, parseUnnest(cursor));
	if (cursor.is("TABLE")) return finish(cursor, parseFunctionTable(cursor, lateral));
	if (cursor.is("(")) return parseParenthesis(cursor, lateral);
	if (lateral) cursor.fail();
	const name = parseIdentifier(cursor);
	const start = name.position;
	if (cursor.is("(")) {
		const call = parseCall(cursor, name);
		return finish(cursor, { kind: "FunctionTable", call, lateral: false, position: cursor.from(start) });
	}
	const hints = parseHints(cursor);
	const systemTime = cursor.accept("FOR") ? parseSystemTime(cursor) : undefined;
	const position = cursor.from(start);
	return finish(cursor, { kind: "TableName", name, hints, ...(systemTime && { systemTime }), position }, true);
}

function parseSystemTime(cursor: Cursor) {
	cursor.expect("SYSTEM_TIME", "AS", "OF");
	return parseExpression(cursor, Precedence.Additive);
}

function parseUnnest(cursor: Cursor): Unnest {
	const start = cursor.token;
	cursor.expect("UNNEST");
	cursor.lead();
	const expressions = parseParenthesisedItems(cursor);
	const withOrdinality = cursor.accept("WITH");
	if (withOrdinality) cursor.expect("ORDINALITY");
	return { kind: "Unnest", expressions, withOrdinality, position: cursor.from(start) };
}

/** `TABLE(f(…))`. */
function parseFunctionTable(cursor: Cursor, lateral: boolean): FunctionTable {
	const start = lateral ? (cursor.previous ?? cursor.token) : cursor.token;
	cursor.expect("TABLE", "(");
	const call = parseCall(cursor, parseIdentifier(cursor));
	cursor.expect(")");
	return { kind: "FunctionTable", call, lateral, position: cursor.from(start) };
}

/** A query or a join in parentheses; which of them shows only inside, where parentheses may open again. */
function parseParenthesis(cursor: Cursor, lateral: boolean): TableReference {
	return cursor.nested(() => {
		const start = lateral ? (cursor.previous ?? cursor.token) : cursor.token;
		cursor.expect("(");
		cursor.lead();
		let table: TableReference;
		if (isAtQuery(cursor)) {
			const query = parseQuery(cursor);
			table = { kind: "DerivedTable", query, lateral, position: cursor.from(start) };
		} else {
			table = parseTable(cursor);
			if (isBareQuery(table) && isAtQueryContinuation(cursor)) {
				const query = continueQuery(cursor, bodyOf(table.query), table.position);
				table = { kind: "DerivedTable", query, lateral, position: cursor.from(start) };
			} else if (!(isBareQuery(table) && cursor.is(")"))) {
				table = parseJoins(cursor, table);
				if (table.kind !== "Join")
					cursor.reject("parentheses in FROM hold a query or a join", undefined, table.position);
			}
		}
		cursor.expect(")");
		return table.kind === "Join" ? table : finish(cursor, { ...table, position: cursor.from(start) }, true);
	});
}

function isBareQuery(table: TableReference): table is DerivedTable {
	return table.kind === "DerivedTable" && table.alias === undefined && table.sample === undefined;
}

/** What may follow any table: MATCH_RECOGNIZE, an alias, a sample. */
function finish(cursor: Cursor, table: TableReference, mayMatch = false): TableReference {
	if (mayMatch && table.alias === undefined) {
		const matched = acceptMatchRecognize(cursor, table);
		if (matched) return finish(cursor, matched);
	}
	const alias = table.alias ?? acceptTableAlias(cursor);
	const sample = table.sample ?? (cursor.accept("TABLESAMPLE") ? parseSample(cursor) : undefined);
	if (alias === table.alias && sample === table.sample) return table;
	const named = { ...table, ...(alias && { alias }), ...(sample && { sample }), position: cursor.from(table.position) };
	if (table.kind !== "TableName" || alias === undefined || sample !== undefined) return named;
	const matched = acceptMatchRecognize(cursor, named);
	return matched ? finish(cursor, matched) : named;
}

function acceptTableAlias(cursor: Cursor): TableAlias | undefined {
	const name = acceptAlias(cursor);
	if (name === undefined) return undefined;
	const columns: Name[] = cursor.is("(") ? cursor.parenthesised(() => cursor.name()) : [];
	return { kind: "TableAlias", name, columns, position: cursor.from(name.position) };
}

function parseSample(cursor: Cursor): TableSample {
	const start = cursor.previous ?? cursor.token;
	const method = cursor.expectOneOf("BERNOULLI", "SYSTEM");
	cursor.expect("(");
	const percentage = parseNumericLiteral(cursor);
	cursor.expect(")");
	let seed: TableSample["seed"];
	if (cursor.accept("REPEATABLE")) {
		cursor.expect("(");
		seed = parseExpression(cursor, Precedence.Sign);
		cursor.expect(")");
	}
	return { kind: "TableSample", method, percentage, ...(seed && { seed }), position: cursor.from(start) };
}
