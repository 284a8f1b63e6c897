// SHOW JOBS, DESCRIBE JOB and STOP JOB: the jobs of this session that have not ended.
import { OK, type StatementResult } from "../catalog/statement-result.js";
import { EngineError, nearestName } from "../errors.js";
import type { StopJob, StringLiteral } from "../sql/ast.js";
import { type Schema, STRING, timestampLtz } from "../types/sql-type.js";
import type { Job } from "./job.js";

/** The columns that Flink's SQL Gateway answers with. */
const SCHEMA: Schema = [
	{ name: "job id", type: STRING },
	{ name: "job name", type: STRING },
	{ name: "status", type: STRING },
	{ name: "start time", type: timestampLtz(3) },
];

export function describeJobs(jobs: readonly Job[]): StatementResult {
	return { schema: SCHEMA, rows: jobs.map(({ id, name, status, startedAt }) => [id, name, status, startedAt]) };
}

export function findJob(jobs: readonly Job[], { value, position }: StringLiteral): Job {
	const job = jobs.find(({ id }) => id === value);
	if (job) return job;
	const ids = jobs.map(({ id }) => id);
	const near = nearestName(value, ids);
	throw new EngineError("UNKNOWN_OBJECT", `no job '${value}' is running in this session`, {
		position,
		...(ids.length > 0 && { expected: ids.join(", ") }),
		...(near !== undefined && { remedy: `Did you mean '${near}'?` }),
	});
}

/** Resolves when the job has stopped. */
export async function stopJob(jobs: readonly Job[], statement: StopJob): Promise<StatementResult> {
	const { job, withSavepoint, position } = statement;
	if (withSavepoint) throw new EngineError("UNSUPPORTED", "STOP JOB … WITH SAVEPOINT is not supported", { position });
	await findJob(jobs, job).cancel();
	return OK;
}
