// What a refused SQL text is thrown as: one SqlError with every error found in the script, each with its place.
import { EngineError, type ErrorDetails, type SourcePosition } from "../errors.js";

export class SqlError extends EngineError {
	override readonly name: string = "SqlError";
	declare readonly position: SourcePosition;
	/** Every error of the script in the order of the text; this one is the first. */
	readonly errors: readonly SqlError[];

	constructor(
		problem: string,
		position: SourcePosition,
		details: Omit<ErrorDetails, "position"> = {},
		others: readonly SqlError[] = [],
	) {
		super("SYNTAX", problem, { ...details, position });
		this.errors = [this, ...others];
		if (others.length > 0) this.message = this.errors.map((error) => error.headline).join("\n");
	}

	/** The message of this error alone. */
	private get headline(): string {
		return this.errors.length === 1 ? this.message : new EngineError("SYNTAX", this.problem, this).message;
	}

	/** One error that carries all of them. */
	static of(errors: readonly SqlError[]): SqlError {
		const [first, ...others] = errors as [SqlError, ...SqlError[]];
		if (others.length === 0) return first;
		return new SqlError(first.problem, first.position, { expected: first.expected, remedy: first.remedy }, others);
	}

	/** All errors as text for a terminal: message, line, and the place underlined. */
	render(source: string): string {
		return this.errors.map((error) => `${error.headline}\n${underline(source, error.position)}`).join("\n\n");
	}
}

/** The line of a position with `^^^` under it; of a place of several lines the first. */
export function underline(source: string, position: SourcePosition): string {
	const lineStart = position.start - (position.column - 1);
	const lineBreak = source.indexOf("\n", position.start);
	const line = source.slice(lineStart, lineBreak < 0 ? source.length : lineBreak).replace(/\r$/, "");
	const margin = String(position.line);
	const before = source.slice(lineStart, position.start).replace(/[^\t]/g, " ");
	const width = Math.max(1, Math.min(position.end, lineStart + line.length) - position.start);
	return `${margin} | ${line}\n${" ".repeat(margin.length)} | ${before}${"^".repeat(width)}`;
}
