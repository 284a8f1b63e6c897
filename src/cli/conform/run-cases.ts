// Runs the cases of a file, each in a session of its own, and compares with what a real Flink answered.
import { readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ENGINE_OPTION, Session } from "../../engine/session.js";
import { EngineError } from "../../errors.js";
import { type ConformanceCase, parseCases } from "./case-file.js";
import { differences } from "./compare.js";
import { type CaseResult, columnsOf, ResultCollector } from "./result.js";

export interface ConformOptions {
	/** Where the answers go, in the format of the case file's tool. */
	readonly results?: string | undefined;
	readonly engine?: string | undefined;
	/** Only cases whose id contains this. */
	readonly filter?: string | undefined;
	readonly print: (line: string) => void;
}

export interface ConformSummary {
	readonly passed: number;
	readonly failed: readonly string[];
}

const SHOWN_DIFFERENCES = 10;
const TIMEOUT_SECONDS = 60;

export async function conform(file: string, options: ConformOptions): Promise<ConformSummary> {
	const cases = parseCases(await readFile(file, "utf8"), resolve(dirname(file)));
	const results: string[] = [];
	const failed: string[] = [];
	let passed = 0;
	for (const one of cases) {
		if (options.filter !== undefined && !one.id.includes(options.filter)) continue;
		const { result, isTypedError } = await runCase(one, options.engine);
		results.push(JSON.stringify(result));
		const found = differences(one, result, isTypedError);
		if (found.length === 0) passed++;
		else {
			failed.push(one.id);
			options.print(report(one, found));
		}
	}
	if (options.results !== undefined) await writeFile(options.results, results.map((line) => `${line}\n`).join(""));
	options.print(`${passed} passed, ${failed.length} failed`);
	return { passed, failed };
}

function report(one: ConformanceCase, found: readonly string[]): string {
	const more = found.length - SHOWN_DIFFERENCES;
	const lines = found.slice(0, SHOWN_DIFFERENCES).map((line) => `    ${line}`);
	if (more > 0) lines.push(`    … ${more} more`);
	return [`✗ ${one.id} (${one.mode ?? "streaming"}): ${one.query}`, ...lines].join("\n");
}

/** The answer to one case; an error is typed unless it is a crash or a bug of ours. */
export async function runCase(
	one: ConformanceCase,
	engine?: string,
): Promise<{ readonly result: CaseResult; readonly isTypedError: boolean }> {
	const start = performance.now();
	const ms = () => Math.round(performance.now() - start);
	try {
		const answer = await answerOf(one, engine);
		return { result: { id: one.id, ...answer, ms: ms() }, isTypedError: false };
	} catch (error) {
		const isTypedError = error instanceof EngineError && error.code !== "INTERNAL";
		const text = error instanceof EngineError ? `${error.code}: ${error.message}` : String(error);
		return { result: { id: one.id, error: text, ms: ms() }, isTypedError };
	}
}

async function answerOf(one: ConformanceCase, engine: string | undefined): Promise<Omit<CaseResult, "id" | "ms">> {
	const session = new Session({
		options: {
			"execution.runtime-mode": one.mode ?? "streaming",
			"table.local-time-zone": "UTC",
			"parallelism.default": "1",
			...(engine !== undefined && { [ENGINE_OPTION]: engine }),
			...one.config,
		},
	});
	const signal = AbortSignal.timeout((one.timeout ?? TIMEOUT_SECONDS) * 1000);
	try {
		for (const statement of one.setup ?? []) await session.execute(statement, { signal });
		const [outcome] = await session.execute(one.query, { signal });
		if (outcome === undefined || outcome.kind === "job") return {};
		const { result } = outcome;
		const collector = new ResultCollector(result.schema, one.key);
		if ("rows" in result) collector.add(result);
		else for await (const chunk of result.chunks()) collector.add(chunk);
		return { columns: columnsOf(result.schema), ...collector.result(one.ordered ?? false) };
	} finally {
		await session.close();
	}
}
