// What must hold for any text at all: a tree that prints to itself, or one SqlError with places inside the text.
import { parse, print, SqlError, splitStatements } from "../../src/sql/index.js";
import { withoutPositions } from "./positions.js";

/** Throws if the text breaks the promise; tells whether it was accepted. */
export function checkText(sql: string): boolean {
	for (const { position, text } of splitStatements(sql)) {
		if (sql.slice(position.start, position.end) !== text) throw new Error("a statement is not where it is said to be");
	}
	const statements = parsed(sql);
	if (statements === undefined) return false;
	const printed = print(statements);
	const again = parsed(printed);
	if (again === undefined) throw new Error(`printed text is refused: ${printed}`);
	if (JSON.stringify(withoutPositions(again)) !== JSON.stringify(withoutPositions(statements))) {
		throw new Error(`printed text has another tree: ${printed}`);
	}
	return true;
}

function parsed(sql: string): ReturnType<typeof parse> | undefined {
	try {
		return parse(sql);
	} catch (error) {
		if (!(error instanceof SqlError)) throw error;
		checkError(error, sql);
		return undefined;
	}
}

function checkError(error: SqlError, sql: string): void {
	if (error.errors.length === 0 || error.errors[0] !== error) throw new Error("an error must list itself first");
	for (const { position, message } of error.errors) {
		const { line, column, start, end } = position;
		const isInside = start >= 0 && start <= end && end <= sql.length;
		const isPlace =
			line === sql.slice(0, start).split("\n").length && column === start - sql.lastIndexOf("\n", start - 1);
		if (!isInside || !isPlace || message === "") throw new Error(`wrong place ${JSON.stringify(position)}: ${message}`);
	}
	if (error.render(sql) === "") throw new Error("nothing to show");
}
