// Cases of the conformance suite: one JSON object a line, as the tool that asks a real Flink reads and writes them.
import { EngineError } from "../../errors.js";

/** A query with what it needs and, when known, what Flink answers. */
export interface ConformanceCase {
	readonly id: string;
	/** Statements run first. `{DATA}` stands for the folder `data` beside the case file. */
	readonly setup?: readonly string[];
	readonly query: string;
	readonly mode?: "streaming" | "batch";
	readonly config?: Readonly<Record<string, string>>;
	/** Columns by which rows replace each other, for a changelog without -U. */
	readonly key?: readonly number[];
	/** Whether the order of rows counts. */
	readonly ordered?: boolean;
	/** Seconds; 60 unless given. */
	readonly timeout?: number;
	readonly columns?: readonly ResultColumn[];
	readonly rows?: readonly string[];
	/** Flink refuses the query; which error we give is not compared. */
	readonly error?: string;
}

export interface ResultColumn {
	readonly name: string;
	readonly type: string;
}

export function parseCases(text: string, folder: string): ConformanceCase[] {
	const cases: ConformanceCase[] = [];
	for (const [index, line] of text.split("\n").entries()) {
		if (line.trim() === "") continue;
		cases.push(parseCase(line.replaceAll("{DATA}", `${folder}/data`), index + 1));
	}
	return cases;
}

function parseCase(line: string, number: number): ConformanceCase {
	let found: Partial<ConformanceCase> | null;
	try {
		found = JSON.parse(line) as Partial<ConformanceCase> | null;
	} catch (cause) {
		throw new EngineError("INVALID_ARGUMENT", `Line ${number} of the case file is not JSON`, { cause });
	}
	if (typeof found?.id !== "string" || typeof found.query !== "string") {
		throw new EngineError("INVALID_ARGUMENT", `Line ${number} of the case file is not a case`, {
			expected: "an object with at least `id` and `query`",
		});
	}
	return found as ConformanceCase;
}
