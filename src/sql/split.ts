// Cuts a script into statements without parsing them: for a prompt that reads line by line and for messages that quote
// one statement. A semicolon inside a statement set ends no statement.
import type { SourcePosition } from "../errors.js";
import { tokenize } from "./lexer.js";
import { type Token, TokenType } from "./token.js";

export interface ScriptStatement {
	/** The statement without the semicolon and without the comments around it. */
	readonly text: string;
	/** Where `text` stands in the script. */
	readonly position: SourcePosition;
	/** Whether its semicolon is there; false for the last statement alone. */
	readonly isComplete: boolean;
}

export function splitStatements(script: string): ScriptStatement[] {
	const statements: ScriptStatement[] = [];
	const tokens = tokenize(script);
	let first: Token | undefined;
	let isInSet = false;
	for (const [index, token] of tokens.entries()) {
		const isEnd = token.type === TokenType.End;
		if (!isEnd && token.word !== ";") {
			first ??= token;
			isInSet ||= opensSet(tokens, index);
			if (token.word === "END" && tokens[index - 1]?.word === ";") isInSet = false;
			continue;
		}
		if (first === undefined || (isInSet && !isEnd)) continue;
		const { line, column, start } = first;
		const { end } = tokens[index - 1] as Token;
		statements.push({ text: script.slice(start, end), position: { line, column, start, end }, isComplete: !isEnd });
		first = undefined;
		isInSet = false;
	}
	return statements;
}

/** Whether STATEMENT SET BEGIN or BEGIN STATEMENT SET begins at this token. */
function opensSet(tokens: readonly Token[], index: number): boolean {
	const [one, two, three] = [tokens[index]?.word, tokens[index + 1]?.word, tokens[index + 2]?.word];
	if (one === "BEGIN") return two === "STATEMENT" && three === "SET";
	return one === "STATEMENT" && two === "SET" && three === "BEGIN";
}
