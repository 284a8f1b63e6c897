// Runs the statements of a script in order and prints what each gives. Results go to one stream, progress to the other.
import type { StatementResult } from "../../catalog/statement-result.js";
import { OK } from "../../catalog/statement-result.js";
import type { Job } from "../../engine/job.js";
import type { QueryResult } from "../../engine/query-result.js";
import type { ResultChunk } from "../../engine/result-collector.js";
import type { Session, StatementOutcome } from "../../engine/session.js";
import { ROW_KIND_TEXT, RowKind } from "../../types/row-kind.js";
import { notNull, type Schema, STRING } from "../../types/sql-type.js";
import type { Row } from "../../types/value.js";
import { JobProgress } from "./job-progress.js";
import { LiveTable, type Screen } from "./live-table.js";
import { type ResultFormat, type ResultWriter, resultWriter, type WriteOut } from "./result-format.js";

export interface RunnerOptions {
	readonly format: ResultFormat;
	/** Updating queries: the final table instead of the changes. */
	readonly final: boolean;
	/** Says what was done where a statement has no rows: OK, and how jobs ended. */
	readonly verbose: boolean;
	/** After each query and job, what its operators did goes to the status stream. */
	readonly metrics?: boolean | undefined;
	/** Where the table of an updating query is drawn as it changes; without it the changes are printed. */
	readonly screen?: Screen | undefined;
}

/** `table`, `changelog` or `tableau`: Flink's option for how its client shows a query. */
const RESULT_MODE = "sql-client.execution.result-mode";

/** A stream that people or programs read: standard output, standard error. */
export type OutputStream = Pick<NodeJS.WriteStream, "write" | "once" | "isTTY">;

/** A table waits this long for rows, from the first on, before its column widths are fixed. */
const SETTLE_MS = 300;

export class ScriptRunner {
	readonly #session: Session;
	readonly #out: WriteOut;
	readonly #status: OutputStream;
	readonly #options: RunnerOptions;

	constructor(session: Session, out: OutputStream, status: OutputStream, options: RunnerOptions) {
		this.#session = session;
		this.#out = (data) =>
			data.length === 0 || out.write(data) ? undefined : new Promise((resolve) => out.once("drain", () => resolve()));
		this.#status = status;
		this.#options = options;
	}

	async run(script: string, signal: AbortSignal): Promise<void> {
		for await (const outcome of this.#session.statements(script, { signal })) await this.#show(outcome);
	}

	#show(outcome: StatementOutcome): Promise<void> {
		switch (outcome.kind) {
			case "result":
				return this.#showRows(outcome.result);
			case "query":
				return this.#showQuery(outcome.result);
			case "job":
				return this.#watch(outcome.job);
		}
	}

	async #showRows(result: StatementResult): Promise<void> {
		if (result.rows === OK.rows) {
			if (this.#options.verbose) await this.#out("[OK]\n");
			return;
		}
		const [only] = result.schema;
		if (this.#options.format === "table" && result.schema.length === 1 && only?.name === "result") {
			for (const [text] of result.rows) await this.#out(`${text}\n`);
			return;
		}
		const writer = await this.#writer(result.schema);
		await writer.write(result.rows);
		await writer.finish();
	}

	async #showQuery(result: QueryResult): Promise<void> {
		await this.#showResult(result);
		await this.#showMetrics(result);
	}

	async #showMetrics(source: Pick<QueryResult, "metrics">): Promise<void> {
		if (!this.#options.metrics) return;
		const { operatorCosts, operatorTable } = await import("../operator-table.js");
		this.#status.write(`${operatorTable(operatorCosts(source.metrics()))}\n`);
	}

	#showResult(result: QueryResult): Promise<void> {
		const { options } = this.#session.catalog;
		const mode = options.value(RESULT_MODE);
		// Of a stream Flink's client then shows every row with its kind, of insert-only ones too.
		const showsKinds = result.changelog !== "insert" || (mode === "tableau" && !options.batch);
		if (!showsKinds) return this.#showChunks(result, result.schema, ({ rows }) => rows);
		if (this.#options.final) return this.#showFinal(result);
		const { screen } = this.#options;
		if (screen && mode === "table") return this.#showLive(result, screen);
		const kindColumn = { name: "op", type: notNull(STRING) };
		return this.#showChunks(result, [kindColumn, ...result.schema], ({ rows, kinds }) =>
			rows.map((row, i) => [ROW_KIND_TEXT[kinds?.[i] ?? RowKind.INSERT], ...row]),
		);
	}

	async #showFinal(result: QueryResult): Promise<void> {
		const writer = await this.#writer(result.schema);
		await writer.write(await result.finalRows());
		await writer.finish();
	}

	/** Rows as they come: the first ones are kept back for a moment, to find the widths of columns. */
	async #showChunks(
		result: QueryResult,
		schema: Schema,
		rowsOf: (chunk: ResultChunk) => readonly Row[],
	): Promise<void> {
		const writer = await this.#writer(schema);
		let settle: NodeJS.Timeout | undefined;
		try {
			for await (const chunk of result.chunks()) {
				await writer.write(rowsOf(chunk));
				settle ??= setTimeout(() => void writer.flush(), SETTLE_MS);
			}
		} finally {
			clearTimeout(settle);
			await writer.finish();
		}
	}

	/** The table drawn over itself; what it is in the end, or when it is stopped, stays. */
	async #showLive(result: QueryResult, screen: Screen): Promise<void> {
		const { timeZone } = this.#session.catalog.options;
		const table = result.emptyTable();
		const live = new LiveTable(screen, result.schema, timeZone, () => table.rows());
		try {
			for await (const { rows, kinds } of result.chunks()) {
				for (const [i, row] of rows.entries()) table.apply(row, kinds?.[i] ?? RowKind.INSERT);
				live.changed(rows.length);
			}
		} finally {
			live.end();
			const writer = await this.#writer(result.schema);
			await writer.write(table.rows());
			await writer.finish();
		}
	}

	async #watch(job: Job): Promise<void> {
		const progress = new JobProgress(job, this.#status);
		try {
			await job.done;
		} finally {
			progress.end();
		}
		if (this.#options.verbose) this.#status.write(`${progress.summary()}\n`);
		await this.#showMetrics(job);
	}

	#writer(schema: QueryResult["schema"]): Promise<ResultWriter> {
		return resultWriter(this.#options.format, schema, this.#session.catalog.options.timeZone, this.#out);
	}
}
