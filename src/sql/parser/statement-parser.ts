// Statements by their first word; those that define or change tables are in files of their own.
import type {
	AnalyzeTable,
	Call,
	CompilePlan,
	ExecutePlan,
	Explain,
	ExplainDetail,
	Name,
	Statement,
	StopJob,
} from "../ast.js";
import { STATEMENT_WORDS } from "../keywords.js";
import { parseAlter } from "./alter-parser.js";
import { parseCreate, parseDrop, parseReplace } from "./create-parser.js";
import type { Cursor } from "./cursor.js";
import { parseDelete, parseInsert, parseUpdate } from "./data-change-parser.js";
import { parseArgument } from "./function-parser.js";
import { isStringToken, parseStringLiteral } from "./literal-parser.js";
import { parseOptionalOptions, parsePartition } from "./option-parser.js";
import { isAtQuery, parseIdentifier, parseQuery } from "./query-parser.js";
import { parseShow } from "./show-parser.js";
import { acceptStatementSet } from "./statement-set-parser.js";

export function parseStatement(cursor: Cursor): Statement {
	const start = cursor.token;
	switch (start.word) {
		case "SELECT":
		case "WITH":
		case "VALUES":
		case "TABLE":
		case "(":
			return parseQuery(cursor);
		case "INSERT":
			return parseInsert(cursor);
		case "UPDATE":
			return parseUpdate(cursor);
		case "DELETE":
			return parseDelete(cursor);
		case "CREATE":
			return parseCreate(cursor);
		case "REPLACE":
			return parseReplace(cursor);
		case "ALTER":
			return parseAlter(cursor);
		case "DROP":
			return parseDrop(cursor);
		case "BEGIN":
		case "STATEMENT":
		case "EXECUTE":
			return parseExecution(cursor);
		case "COMPILE":
			return parseCompilePlan(cursor);
		case "EXPLAIN":
			return parseExplain(cursor);
		case "SHOW":
			return parseShow(cursor);
		case "DESCRIBE":
		case "DESC":
			return parseDescribe(cursor);
		default:
			return parseSessionStatement(cursor);
	}
}

/** Statements that change the session or call something. */
function parseSessionStatement(cursor: Cursor): Statement {
	const start = cursor.token;
	switch (start.word) {
		case "USE":
			return parseUse(cursor);
		case "SET":
		case "RESET":
			return parseOption(cursor);
		case "LOAD": {
			takeVerb(cursor);
			cursor.expect("MODULE");
			const name = cursor.name();
			const options = parseOptionalOptions(cursor, "WITH");
			return { kind: "LoadModule", name, options, position: cursor.from(start) };
		}
		case "UNLOAD": {
			takeVerb(cursor);
			cursor.expect("MODULE");
			return { kind: "UnloadModule", name: cursor.name(), position: cursor.from(start) };
		}
		case "ADD":
		case "REMOVE": {
			takeVerb(cursor);
			cursor.expect("JAR");
			const kind = start.word === "ADD" ? "AddJar" : "RemoveJar";
			return { kind, path: parseStringLiteral(cursor), position: cursor.from(start) };
		}
		case "ANALYZE":
			return parseAnalyze(cursor);
		case "TRUNCATE": {
			takeVerb(cursor);
			cursor.expect("TABLE");
			return { kind: "Truncate", table: parseIdentifier(cursor), position: cursor.from(start) };
		}
		case "CALL":
			return parseProcedureCall(cursor);
		case "STOP":
			return parseStopJob(cursor);
		default:
			cursor.expects("a statement");
			for (const word of STATEMENT_WORDS) cursor.expects(word);
			return cursor.fail();
	}
}

/** Takes a first word that means nothing without the next. */
function takeVerb(cursor: Cursor): void {
	cursor.advance();
	cursor.lead();
}

function parseExecution(cursor: Cursor): Statement {
	const start = cursor.token;
	const set = acceptStatementSet(cursor);
	if (set) return set;
	cursor.expect("EXECUTE");
	if (cursor.accept("PLAN")) {
		return {
			kind: "ExecutePlan",
			path: parseStringLiteral(cursor),
			position: cursor.from(start),
		} satisfies ExecutePlan;
	}
	if (cursor.is("INSERT")) return parseInsert(cursor);
	if (isAtQuery(cursor)) return parseQuery(cursor);
	return cursor.fail();
}

function parseCompilePlan(cursor: Cursor): CompilePlan {
	const start = cursor.token;
	takeVerb(cursor);
	const execute = cursor.acceptAll("AND", "EXECUTE");
	cursor.expect("PLAN");
	const path = isStringToken(cursor.token.type) ? parseStringLiteral(cursor) : undefined;
	const ifNotExists = !execute && cursor.acceptAll("IF", "NOT", "EXISTS");
	cursor.expect("FOR");
	const statement = (cursor.is("STATEMENT") && acceptStatementSet(cursor)) || parseInsert(cursor);
	return { kind: "CompilePlan", ...(path && { path }), ifNotExists, execute, statement, position: cursor.from(start) };
}

function parseExplain(cursor: Cursor): Explain {
	const start = cursor.token;
	cursor.expect("EXPLAIN");
	const details: ExplainDetail[] = [];
	if (!cursor.acceptAll("PLAN", "FOR")) details.push(...parseExplainDetails(cursor));
	const statement = parseExplained(cursor);
	return { kind: "Explain", details, statement, position: cursor.from(start) };
}

function parseExplainDetails(cursor: Cursor): ExplainDetail[] {
	const details: ExplainDetail[] = [];
	do {
		const { token } = cursor;
		const detail = cursor.acceptOneOf("ESTIMATED_COST", "CHANGELOG_MODE", "JSON_EXECUTION_PLAN", "PLAN_ADVICE");
		if (detail === undefined) return details.length === 0 ? details : cursor.fail();
		if (details.includes(detail)) cursor.reject(`${detail} stands twice`, undefined, cursor.from(token));
		details.push(detail);
	} while (cursor.accept(","));
	return details;
}

function parseExplained(cursor: Cursor): Statement {
	const { token } = cursor;
	switch (token.word) {
		case "CREATE":
		case "REPLACE": {
			const statement = token.word === "CREATE" ? parseCreate(cursor) : parseReplace(cursor);
			if (statement.kind === "CreateTable" && statement.query) return statement;
			return cursor.reject("EXPLAIN takes a CREATE TABLE only with AS and a query", undefined, statement.position);
		}
		case "BEGIN":
		case "STATEMENT":
		case "EXECUTE":
			return parseExecution(cursor);
		case "INSERT":
			return parseInsert(cursor);
		case "(":
			return parseQuery(cursor);
	}
	if (isAtQuery(cursor)) return parseQuery(cursor);
	for (const word of ["INSERT", "CREATE", "STATEMENT", "EXECUTE"]) cursor.expects(word);
	return cursor.fail();
}

function parseDescribe(cursor: Cursor): Statement {
	const start = cursor.advance();
	if (cursor.accept("JOB")) {
		return { kind: "DescribeJob", job: parseStringLiteral(cursor), position: cursor.from(start) };
	}
	const objectType = cursor.acceptOneOf("CATALOG", "DATABASE", "TABLE", "FUNCTION", "MODEL", "CONNECTION") ?? "TABLE";
	const extended = cursor.accept("EXTENDED");
	const name = parseIdentifier(cursor);
	return { kind: "Describe", objectType, extended, name, position: cursor.from(start) };
}

function parseUse(cursor: Cursor): Statement {
	const start = cursor.token;
	takeVerb(cursor);
	if (cursor.accept("MODULES")) {
		return { kind: "UseModules", modules: cursor.list(() => cursor.name()), position: cursor.from(start) };
	}
	if (cursor.accept("CATALOG")) {
		return { kind: "UseCatalog", name: cursor.name(), position: cursor.from(start) };
	}
	return { kind: "UseDatabase", name: parseIdentifier(cursor), position: cursor.from(start) };
}

function parseOption(cursor: Cursor): Statement {
	const start = cursor.advance();
	const kind = start.word === "SET" ? "SetOption" : "ResetOption";
	if (cursor.atEnd) {
		cursor.expects("a string");
		return { kind, position: cursor.from(start) };
	}
	if (cursor.isName)
		cursor.reject(
			"an option is written as a string",
			`Write ${start.word} 'key'${kind === "SetOption" ? " = 'value'" : ""}.`,
		);
	const key = parseStringLiteral(cursor);
	if (kind === "ResetOption") return { kind, key, position: cursor.from(start) };
	cursor.expect("=");
	return { kind, key, value: parseStringLiteral(cursor), position: cursor.from(start) };
}

function parseAnalyze(cursor: Cursor): AnalyzeTable {
	const start = cursor.token;
	takeVerb(cursor);
	cursor.expect("TABLE");
	const table = parseIdentifier(cursor);
	const partition = cursor.is("PARTITION") ? parsePartition(cursor, true) : [];
	cursor.expect("COMPUTE", "STATISTICS");
	let columns: "ALL" | readonly Name[] | undefined;
	if (cursor.accept("FOR")) {
		const all = cursor.accept("ALL");
		cursor.expect("COLUMNS");
		columns = all ? "ALL" : cursor.list(() => cursor.name());
	}
	return { kind: "AnalyzeTable", table, partition, ...(columns && { columns }), position: cursor.from(start) };
}

function parseProcedureCall(cursor: Cursor): Call {
	const start = cursor.token;
	cursor.expect("CALL");
	const procedure = parseIdentifier(cursor);
	cursor.expect("(");
	const args = cursor.is(")") ? [] : cursor.list(() => parseArgument(cursor));
	cursor.expect(")");
	return { kind: "Call", procedure, args, position: cursor.from(start) };
}

function parseStopJob(cursor: Cursor): StopJob {
	const start = cursor.token;
	takeVerb(cursor);
	cursor.expect("JOB");
	const job = parseStringLiteral(cursor);
	const withSavepoint = cursor.acceptAll("WITH", "SAVEPOINT");
	const withDrain = withSavepoint && cursor.acceptAll("WITH", "DRAIN");
	if (cursor.areNext("WITH", "DRAIN")) cursor.reject("WITH DRAIN can only stand behind WITH SAVEPOINT");
	return { kind: "StopJob", job, withSavepoint, withDrain, position: cursor.from(start) };
}
