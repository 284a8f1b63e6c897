// A session: names, settings and the jobs started from it. Several may live in one process; nothing is shared between them.
import { Catalog } from "../catalog/catalog.js";
import type { StatementResult } from "../catalog/statement-result.js";
import { EngineError } from "../errors.js";
import type { JobGraph } from "../job/job-graph.js";
import { sessionOption } from "../job/session-options.js";
import type { WorkerPool } from "../runtime/pool.js";
import type { ExplainDetail, Insert, Query, Statement } from "../sql/ast.js";
import { parse, parseStatement } from "../sql/parse.js";
import type { LiteralExpr } from "../types/expr.js";
import { explainResult, explainStatement } from "./explain.js";
import { parameterLiterals } from "./inferred-schema.js";
import { Job } from "./job.js";
import { type RunRequest, runJob } from "./job-runner.js";
import { describeJobs, findJob, stopJob } from "./job-statements.js";
import { planInserts, planQuery, schemaAnalyzer } from "./planner.js";
import { QueryResult } from "./query-result.js";
import { defineTable, type TableData, type TableOptions } from "./registered-table.js";
import type { UserDefinedFunction } from "./user-functions/definition.js";
import { UserFunctionLibrary } from "./user-functions/user-function-library.js";

export interface SessionOptions {
	/** Initial configuration, as SET would write it. */
	readonly options?: Readonly<Record<string, string>>;
	/** Where `print` tables write; absent: the process's own streams. */
	readonly output?: RunRequest["output"];
	/** Processing-time clock, for tests. */
	readonly now?: () => number;
}

export interface ExecuteOptions {
	readonly signal?: AbortSignal | undefined;
}

export interface QueryOptions extends ExecuteOptions {
	/** The values of `?` in the query, in order. */
	readonly params?: readonly unknown[] | undefined;
}

/** Option that picks the engine: `wasm` (default) or `baseline`. */
export const ENGINE_OPTION = "table.exec.engine";

export class Session {
	readonly catalog: Catalog;
	readonly #settings: SessionOptions;
	readonly #handles = new Map<string, unknown>();
	readonly #jobs = new Set<Job>();
	/** Queries that run: their ends. */
	readonly #queries = new Map<QueryResult, Promise<void>>();
	/** From the first job on that has workers. */
	#pool: Promise<WorkerPool> | undefined;
	readonly #functions: UserFunctionLibrary;
	#closed = false;
	#jobCount = 0;
	#tableCount = 0;

	constructor(settings: SessionOptions = {}) {
		this.#settings = settings;
		this.catalog = new Catalog({ options: settings.options ?? {} });
		this.#functions = new UserFunctionLibrary(this.catalog);
	}

	/**
	 * Runs the statements of a script in order and waits until each INSERT has ended; `submit` and `statements` do not. Gives back one
	 * result per statement. The first failing statement ends the script.
	 */
	async execute(script: string, options: ExecuteOptions = {}): Promise<StatementOutcome[]> {
		const outcomes: StatementOutcome[] = [];
		for (const statement of this.#parse(script)) outcomes.push(await this.#run(statement, options, true));
		return outcomes;
	}

	/**
	 * The statements of a script one by one: each runs when the iteration reaches it. Its INSERTs are started, not awaited. The whole
	 * script is parsed before the first statement runs.
	 */
	async *statements(script: string, options: ExecuteOptions = {}): AsyncGenerator<StatementOutcome> {
		for (const statement of this.#parse(script)) yield await this.#run(statement, options, false);
	}

	/** Like `execute`, but INSERTs are only started: the jobs, in order. */
	async submit(script: string, options: ExecuteOptions = {}): Promise<Job[]> {
		const jobs: Job[] = [];
		for await (const outcome of this.statements(script, options)) if (outcome.kind === "job") jobs.push(outcome.job);
		return jobs;
	}

	/** One query; it starts when the result is consumed. */
	query(sql: string, options: QueryOptions = {}): QueryResult {
		this.#requireOpen();
		const statement = parseStatement(sql);
		if (statement.kind !== "Query") {
			throw new EngineError("INVALID_QUERY", `session.query takes a query, not ${statement.kind}`, {
				position: statement.position,
				remedy: "Use session.execute for other statements",
			});
		}
		return this.#queryResult(statement, options.signal, parameterLiterals(options.params ?? []));
	}

	/** Makes data of this process a temporary table; replaces one of the same name. Names with dots are paths. */
	registerTable(name: string, data: TableData, options: TableOptions = {}): void {
		this.#requireOpen();
		const handle = `table-${++this.#tableCount}`;
		this.#handles.set(handle, defineTable(this.catalog, schemaAnalyzer(this.catalog), { name, data, options, handle }));
	}

	/** Makes a function known to SQL by its name, for all statements to come. */
	register(definition: UserDefinedFunction): void {
		this.#requireOpen();
		this.#functions.register(definition);
	}

	/** What `CREATE FUNCTION … AS 'className'` stands for, so that scripts written for Java classes run as they are. */
	registerClass(className: string, definition: UserDefinedFunction): void {
		this.#requireOpen();
		this.#functions.registerClass(className, definition);
	}

	/** The text of EXPLAIN for a query or INSERT. */
	explain(sql: string, ...details: ExplainDetail[]): string {
		this.#requireOpen();
		const statement = parseStatement(sql);
		const { position } = statement;
		return explainStatement({ kind: "Explain", details, statement, position }, this.catalog);
	}

	get jobs(): readonly Job[] {
		return [...this.#jobs];
	}

	/** Cancels all jobs and queries and waits until they have let go of everything. */
	async close(): Promise<void> {
		this.#closed = true;
		for (const query of this.#queries.keys()) query.cancel();
		await Promise.all([...[...this.#jobs].map((job) => job.cancel()), ...this.#queries.values()]);
		await (await this.#pool)?.close();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}

	#parse(script: string): readonly Statement[] {
		this.#requireOpen();
		return parse(script);
	}

	async #run(statement: Statement, options: ExecuteOptions, wait: boolean): Promise<StatementOutcome> {
		switch (statement.kind) {
			case "Query":
				return { kind: "query", result: this.#queryResult(statement, options.signal) };
			case "Insert":
				return this.#insert([statement], options, wait);
			case "StatementSet":
				return this.#insert(statement.statements, options, wait);
			case "Show":
				if (statement.subject !== "JOBS") return this.#define(statement, options, wait);
				return { kind: "result", result: describeJobs(this.jobs) };
			case "DescribeJob":
				return { kind: "result", result: describeJobs([findJob(this.jobs, statement.job)]) };
			case "StopJob":
				return { kind: "result", result: await stopJob(this.jobs, statement) };
			case "Explain":
				return { kind: "result", result: explainResult(explainStatement(statement, this.catalog)) };
			default:
				return this.#define(statement, options, wait);
		}
	}

	/** Effects on the catalog; CREATE TABLE … AS SELECT goes on with its INSERT. */
	async #define(statement: Statement, options: ExecuteOptions, wait: boolean): Promise<StatementOutcome> {
		const isFunction = statement.kind === "CreateFunction" || statement.kind === "AlterFunction";
		const { applyDefinition } = await import("../catalog/definitions.js");
		const result = applyDefinition(statement, this.catalog, schemaAnalyzer(this.catalog));
		if (isFunction) await this.#functions.loadPending();
		return result.insert ? this.#insert([result.insert], options, wait) : { kind: "result", result };
	}

	#queryResult(query: Query, signal?: AbortSignal, parameters?: readonly LiteralExpr[]): QueryResult {
		const graph = planQuery(query, this.catalog, this.#now(), parameters);
		const result: QueryResult = new QueryResult(
			graph,
			(collect, stop, metrics) => {
				const running = runJob({ ...this.#request(graph), signal: stop, collect, metrics });
				const ended = running.catch(() => {}).finally(() => this.#queries.delete(result));
				this.#queries.set(result, ended);
				return running;
			},
			signal,
		);
		return result;
	}

	async #insert(inserts: readonly Insert[], { signal }: ExecuteOptions, wait: boolean): Promise<StatementOutcome> {
		const graph = planInserts(inserts, this.catalog, this.#now());
		const request = this.#request(graph);
		const job = new Job(`job-${++this.#jobCount}`, graph, (stop, metrics, running) =>
			runJob({ ...request, signal: stop, metrics, running }),
		);
		this.#jobs.add(job);
		const abort = () => void job.cancel();
		signal?.addEventListener("abort", abort, { once: true });
		if (signal?.aborted) abort();
		job.done
			.catch(() => {})
			.finally(() => {
				this.#jobs.delete(job);
				signal?.removeEventListener("abort", abort);
			});
		if (wait) await job.done;
		return { kind: "job", job };
	}

	#now(): number {
		return this.#settings.now?.() ?? Date.now();
	}

	#request(graph: JobGraph): Omit<RunRequest, "signal"> {
		const engine = sessionOption(graph.options, ENGINE_OPTION);
		const { output, now } = this.#settings;
		return {
			graph,
			engine,
			handles: this.#handles,
			library: this.#functions,
			functionModule: (id) => this.#functions.module(id),
			pool: () => (this.#pool ??= newPool()),
			output,
			now,
		};
	}

	#requireOpen(): void {
		if (this.#closed) throw new EngineError("DISPOSED", "the session is closed", { remedy: "Open another one" });
	}
}

async function newPool(): Promise<WorkerPool> {
	const { WorkerPool } = await import("../runtime/pool.js");
	return new WorkerPool();
}

/** What one statement of a script gave. */
export type StatementOutcome =
	| { readonly kind: "result"; readonly result: StatementResult }
	| { readonly kind: "query"; readonly result: QueryResult }
	| { readonly kind: "job"; readonly job: Job };
