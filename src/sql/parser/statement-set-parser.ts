// Statement sets in their three spellings. An error in one INSERT does not hide those in the others: each is parsed with
// recovery of its own.
import type { Insert, StatementSet } from "../ast.js";
import type { Cursor } from "./cursor.js";
import { parseInsert } from "./data-change-parser.js";

/** `BEGIN STATEMENT SET; … END`, `[EXECUTE] STATEMENT SET BEGIN … END`. Every INSERT ends with a semicolon. */
export function acceptStatementSet(cursor: Cursor): StatementSet | undefined {
	const start = cursor.token;
	const isScript = cursor.acceptAll("BEGIN", "STATEMENT", "SET");
	if (isScript) {
		cursor.expect(";");
	} else if (cursor.acceptAll("EXECUTE", "STATEMENT", "SET") || cursor.acceptAll("STATEMENT", "SET")) {
		cursor.expect("BEGIN");
	} else {
		return undefined;
	}
	const statements: Insert[] = [];
	do {
		const statement = cursor.recovering(() => parseMember(cursor));
		if (statement) statements.push(statement);
	} while (!cursor.is("END"));
	cursor.expect("END");
	return { kind: "StatementSet", statements, position: cursor.from(start) };
}

function parseMember(cursor: Cursor): Insert {
	cursor.accept("EXECUTE");
	const statement = parseInsert(cursor);
	cursor.expect(";");
	cursor.settle();
	return statement;
}
