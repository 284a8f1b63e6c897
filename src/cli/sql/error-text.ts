// An error as the terminal shows it: the message, and the place in the script underlined.
import type { EngineError } from "../../errors.js";
import { SqlError, underline } from "../../sql/index.js";

export function errorText(error: EngineError, script: string): string {
	if (error instanceof SqlError) return `SYNTAX: ${error.render(script)}`;
	const head = `${error.code}: ${error.message}`;
	const { position } = error;
	return position !== undefined && position.end <= script.length ? `${head}\n${underline(script, position)}` : head;
}
