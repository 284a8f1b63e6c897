// The one error class of the engine and its stable codes. User errors point at what the user wrote and say how to mend it.

/** Who has to act: the user (their SQL, options or data), the outside world (files, servers), or us (a bug). */
export type ErrorDomain = "user" | "external" | "internal";

/** Where in a SQL text: 1-based line and column, offsets in UTF-16 units. `end` is exclusive. */
export interface SourcePosition {
	readonly line: number;
	readonly column: number;
	readonly start: number;
	readonly end: number;
}

/** Every code with its domain. Codes are public API: never renamed, only added. */
export const ERROR_CODES = {
	SYNTAX: "user",
	UNKNOWN_TABLE: "user",
	UNKNOWN_COLUMN: "user",
	AMBIGUOUS_COLUMN: "user",
	UNKNOWN_FUNCTION: "user",
	UNKNOWN_TYPE: "user",
	UNKNOWN_OBJECT: "user",
	ALREADY_EXISTS: "user",
	TYPE_MISMATCH: "user",
	INVALID_ARGUMENT: "user",
	INVALID_QUERY: "user",
	UNSUPPORTED: "user",
	UNKNOWN_OPTION: "user",
	INVALID_OPTION: "user",
	MISSING_OPTION: "user",
	INVALID_SCHEMA: "user",
	UNSUPPORTED_ARROW_TYPE: "user",
	DISPOSED: "user",
	INVALID_STATE: "user",
	CANCELLED: "user",
	DIVISION_BY_ZERO: "user",
	INVALID_CAST: "user",
	NULL_CONSTRAINT: "user",
	NULL_ROWTIME: "user",
	USER_FUNCTION: "user",
	MALFORMED_ROW: "external",
	CONNECTOR: "external",
	FILE_NOT_FOUND: "external",
	OUT_OF_MEMORY: "external",
	WORKER_DIED: "external",
	INTERNAL: "internal",
} as const satisfies Record<string, ErrorDomain>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
	readonly position?: SourcePosition;
	/** What was expected, e.g. the valid names. */
	readonly expected?: string;
	/** What the user can do about it, one sentence. */
	readonly remedy?: string;
	/** Operator (EXPLAIN name) in which it happened. */
	readonly operator?: string;
	readonly subtask?: number;
	/** 0-based row of the input in which it happened. */
	readonly row?: number;
	readonly cause?: unknown;
}

/** What every failure of the engine is thrown as. `message` is complete: problem, place, expectation, remedy. */
export class EngineError extends Error {
	override readonly name: string = "EngineError";
	readonly code: ErrorCode;
	readonly domain: ErrorDomain;
	readonly position: SourcePosition | undefined;
	readonly expected: string | undefined;
	readonly remedy: string | undefined;
	readonly operator: string | undefined;
	readonly subtask: number | undefined;
	readonly row: number | undefined;
	/** The problem alone, without place and remedy. */
	readonly problem: string;

	constructor(code: ErrorCode, problem: string, details: ErrorDetails = {}) {
		super(compose(problem, details), details.cause === undefined ? undefined : { cause: details.cause });
		this.code = code;
		this.domain = ERROR_CODES[code];
		this.problem = problem;
		this.position = details.position;
		this.expected = details.expected;
		this.remedy = details.remedy;
		this.operator = details.operator;
		this.subtask = details.subtask;
		this.row = details.row;
	}

	/** The same error with more known about where it happened; what is known already stays. */
	within(details: Pick<ErrorDetails, "operator" | "subtask" | "row" | "position">): EngineError {
		return new EngineError(this.code, this.problem, {
			position: this.position ?? details.position,
			expected: this.expected,
			remedy: this.remedy,
			operator: this.operator ?? details.operator,
			subtask: this.subtask ?? details.subtask,
			row: this.row ?? details.row,
			cause: this.cause,
		});
	}

	/** Plain data, to cross a thread boundary. */
	toJSON(): SerializedError {
		const { code, problem, position, expected, remedy, operator, subtask, row } = this;
		return { code, problem, position, expected, remedy, operator, subtask, row };
	}

	static fromJSON(data: SerializedError): EngineError {
		return new EngineError(data.code, data.problem, data);
	}

	/** Wraps anything thrown: EngineErrors pass through, the rest becomes INTERNAL with the cause kept. */
	static from(cause: unknown): EngineError {
		if (cause instanceof EngineError) return cause;
		return new EngineError("INTERNAL", thrownText(cause), {
			cause,
			remedy: "This is a bug in Millrace; please report it.",
		});
	}
}

export type SerializedError = Omit<ErrorDetails, "cause"> & { readonly code: ErrorCode; readonly problem: string };

/** What a thrown value says, whatever it is. */
export function thrownText(cause: unknown): string {
	if (cause instanceof Error) return cause.message;
	try {
		return String(cause);
	} catch {
		return "an object without text was thrown";
	}
}

function compose(problem: string, details: ErrorDetails): string {
	const place: string[] = [];
	if (details.position) place.push(`at line ${details.position.line}, column ${details.position.column}`);
	if (details.operator !== undefined) {
		place.push(`in ${details.operator}${details.subtask === undefined ? "" : ` subtask ${details.subtask}`}`);
	}
	if (details.row !== undefined) place.push(`row ${details.row}`);
	let message = place.length > 0 ? `${problem} (${place.join(", ")})` : problem;
	if (details.expected !== undefined) message += `; expected ${details.expected}`;
	if (details.remedy !== undefined) message += `. ${details.remedy}`;
	return message;
}

/** The closest of `candidates` to a misspelt `name`, at most `slips` edits away (a third of its length), or undefined. */
export function nearestName(
	name: string,
	candidates: Iterable<string>,
	slips = Math.max(1, Math.floor(name.length / 3)),
): string | undefined {
	let best: string | undefined;
	let bestDistance = slips + 1;
	const wanted = name.toLowerCase();
	for (const candidate of candidates) {
		const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
		if (distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best;
}

/** Levenshtein distance with adjacent transposition, cut off at `limit`. */
function editDistance(left: string, right: string, limit: number): number {
	if (Math.abs(left.length - right.length) >= limit) return limit;
	let before: number[] = [];
	let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
	for (let i = 1; i <= left.length; i++) {
		const current = [i];
		for (let j = 1; j <= right.length; j++) {
			const substitution = (previous[j - 1] as number) + (left[i - 1] === right[j - 1] ? 0 : 1);
			let value = Math.min((previous[j] as number) + 1, (current[j - 1] as number) + 1, substitution);
			if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
				value = Math.min(value, (before[j - 2] as number) + 1);
			}
			current.push(value);
		}
		before = previous;
		previous = current;
	}
	return previous[right.length] as number;
}
