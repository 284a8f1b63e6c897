// INSERT, UPDATE and DELETE.
import type { Assignment, Delete, Hint, Identifier, Insert, Update } from "../ast.js";
import type { Cursor } from "./cursor.js";
import { parseExpression } from "./expression-parser.js";
import { parseHints } from "./hint-parser.js";
import { parsePartition } from "./option-parser.js";
import { parseIdentifier, parseQuery } from "./query-parser.js";

export function parseInsert(cursor: Cursor): Insert {
	const start = cursor.token;
	cursor.expect("INSERT");
	const overwrite = cursor.expectOneOf("INTO", "OVERWRITE") === "OVERWRITE";
	if (cursor.is("TABLE")) cursor.reject("Flink has no TABLE before the name here", "Write INSERT INTO name.");
	const table = parseIdentifier(cursor);
	const hints = parseHints(cursor);
	const partition = cursor.is("PARTITION") ? parsePartition(cursor, false) : [];
	const columns = isAtColumns(cursor) ? cursor.parenthesised(() => parseIdentifier(cursor)) : [];
	const query = parseQuery(cursor);
	const onConflict = cursor.acceptAll("ON", "CONFLICT") ? parseConflictAction(cursor) : undefined;
	return {
		kind: "Insert",
		overwrite,
		table,
		hints,
		partition,
		columns,
		query,
		...(onConflict && { onConflict }),
		position: cursor.from(start),
	};
}

/** A parenthesis here holds columns or a query. */
function isAtColumns(cursor: Cursor): boolean {
	const { word } = cursor.peek();
	return (
		cursor.is("(") && word !== "SELECT" && word !== "WITH" && word !== "VALUES" && word !== "TABLE" && word !== "("
	);
}

function parseConflictAction(cursor: Cursor) {
	cursor.expect("DO");
	return cursor.expectOneOf("NOTHING", "ERROR", "DEDUPLICATE");
}

interface Target {
	readonly table: Identifier;
	readonly hints: readonly Hint[];
	readonly alias?: Update["alias"];
}

function parseTarget(cursor: Cursor): Target {
	const table = parseIdentifier(cursor);
	const hints = parseHints(cursor);
	const alias = cursor.accept("AS") ? cursor.name() : cursor.acceptName();
	return { table, hints, ...(alias && { alias }) };
}

export function parseUpdate(cursor: Cursor): Update {
	const start = cursor.token;
	cursor.expect("UPDATE");
	const target = parseTarget(cursor);
	cursor.expect("SET");
	const assignments = cursor.list(() => parseAssignment(cursor));
	const where = cursor.accept("WHERE") ? parseExpression(cursor) : undefined;
	return { kind: "Update", ...target, assignments, ...(where && { where }), position: cursor.from(start) };
}

function parseAssignment(cursor: Cursor): Assignment {
	const name = cursor.name();
	const column: Identifier = { kind: "Identifier", names: [name], position: name.position };
	cursor.expect("=");
	const value = parseExpression(cursor);
	return { kind: "Assignment", column, value, position: cursor.from(name.position) };
}

export function parseDelete(cursor: Cursor): Delete {
	const start = cursor.token;
	cursor.expect("DELETE", "FROM");
	const target = parseTarget(cursor);
	const where = cursor.accept("WHERE") ? parseExpression(cursor) : undefined;
	return { kind: "Delete", ...target, ...(where && { where }), position: cursor.from(start) };
}
