// Runs the records of a file in one mode. Tables with 'connector' = 'script' read the file's streams, as JSON files on disk.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ResultCollector } from "../../src/cli/conform/result.js";
import { Session } from "../../src/engine/session.js";
import { EngineError } from "../../src/errors.js";
import type { Mode } from "../modes.js";
import type { SltError, SltRecord } from "./slt-file.js";

/** What differs, a text per record; empty when all is as expected. */
export async function runRecords(records: readonly SltRecord[], mode: Mode, folder: string): Promise<string[]> {
	let session = new Session({ options: mode.options });
	const failures: string[] = [];
	for (const record of records) {
		if (record.onlyIf !== undefined && !meets(record.onlyIf, mode)) continue;
		if (record.kind === "session") {
			await session.close();
			session = new Session({ options: mode.options });
		} else if (record.kind === "stream") writeStream(folder, record.name, record.changes);
		else {
			const problem = await runRecord(record, session, folder);
			if (problem !== undefined) failures.push(`line ${record.line}: ${record.sql}\n${problem}`);
		}
	}
	await session.close();
	return failures;
}

const meets = (condition: string, mode: Mode): boolean =>
	condition === "optimizer" ? mode.options["table.optimizer.rules"] !== "required" : condition === mode.runtime;

type SltQuery = Extract<SltRecord, { kind: "query" }>;
type Executed = Extract<SltRecord, { kind: "statement" | "query" }>;

async function runRecord(record: Executed, session: Session, folder: string): Promise<string | undefined> {
	const expectsError = record.kind === "statement" && record.error !== undefined;
	try {
		const rows = await run(record, session, folder);
		if (expectsError) return "expected an error";
		return record.kind === "query" ? rowDifference(record, rows) : undefined;
	} catch (failure) {
		const error = EngineError.from(failure);
		if (expectsError) return errorDifference(record.error, error);
		return `${error.code}: ${error.message}`;
	}
}

async function run(record: Executed, session: Session, folder: string): Promise<readonly string[]> {
	const [outcome] = await session.execute(withStreams(record.sql, folder));
	if (outcome === undefined || outcome.kind === "job") return [];
	const { result } = outcome;
	const collector = new ResultCollector(result.schema);
	const rows = "rows" in result ? result.rows : await result.finalRows();
	collector.add({ rows });
	return collector.result(record.kind === "query" && record.ordered).final ?? [];
}

/** The file of a stream is named after its table. */
function withStreams(sql: string, folder: string): string {
	return sql.replace(/^(CREATE TABLE (\w+)[\s\S]*)'connector' = 'script'/, (_, before, table) => {
		const path = join(folder, `${table}.jsonl`);
		return `${before}'connector' = 'filesystem', 'path' = '${path}'`;
	});
}

/** A line is `+I {…}`; with other kinds than +I the file is in Debezium's form. */
function writeStream(folder: string, name: string, changes: readonly string[]): void {
	const isChangelog = changes.some((change) => !change.startsWith("+I"));
	const lines = changes.map((change) => {
		const [kind, row] = [change.slice(0, 2), change.slice(3)];
		if (!isChangelog) return row;
		return kind.startsWith("+") ? `{"before":null,"after":${row},"op":"c"}` : `{"before":${row},"after":null,"op":"d"}`;
	});
	writeFileSync(join(folder, `${name}.jsonl`), lines.map((line) => `${line}\n`).join(""));
}

function errorDifference({ code, at }: SltError, error: EngineError): string | undefined {
	if (error.code === "INTERNAL") return `expected a typed error, got ${error.message}`;
	if (code !== undefined && code !== error.code) return `expected ${code}, got ${error.code}: ${error.message}`;
	const place = error.position && `${error.position.line}:${error.position.column}`;
	return at === undefined || at === place ? undefined : `expected at ${at}, got at ${place}: ${error.message}`;
}

function rowDifference({ rows: expected, types, ordered }: SltQuery, actual: readonly string[]): string | undefined {
	const left = [...actual];
	const missing = expected.filter((row, i) => {
		const found = ordered
			? sameRow(row, actual[i] ?? "", types)
				? left.indexOf(actual[i]!)
				: -1
			: indexOf(row, left, types);
		if (found >= 0) left.splice(found, 1);
		return found < 0;
	});
	if (missing.length === 0 && left.length === 0) return undefined;
	return [...missing.map((row) => `- ${row}`), ...left.map((row) => `+ ${row}`)].join("\n");
}

function indexOf(row: string, rows: readonly string[], types: string): number {
	const exact = rows.indexOf(row);
	return exact >= 0 ? exact : rows.findIndex((other) => sameRow(row, other, types));
}

function sameRow(expected: string, actual: string, types: string): boolean {
	const [wanted, got] = [expected.split("\t"), actual.split("\t")];
	return wanted.length === got.length && wanted.every((cell, i) => cell === got[i] || isClose(cell, got[i]!, types[i]));
}

/** FLOATs are printed with as many digits as Java likes; sums of doubles depend on their order. */
function isClose(expected: string, actual: string, type: string | undefined): boolean {
	if (type !== "R") return false;
	const [left, right] = [Number(expected), Number(actual)];
	return Math.fround(left) === Math.fround(right) || Math.abs(left - right) <= 1e-9 * Math.abs(left);
}
