// The public API: re-exports only.

export { Job, type JobStatus, type OperatorMetricsReport } from "./engine/job.js";
export { Millrace } from "./engine/millrace.js";
export type { PublicRow, PublicValue } from "./engine/public-values.js";
export { type Change, QueryResult } from "./engine/query-result.js";
export type { TableData, TableOptions } from "./engine/registered-table.js";
export { type QueryOptions, Session, type SessionOptions, type StatementOutcome } from "./engine/session.js";
export {
	aggregateFunction,
	scalarFunction,
	tableFunction,
	type UserDefinedFunction,
	type ValueOf,
} from "./engine/user-functions/definition.js";
export { EngineError, type ErrorCode } from "./errors.js";
export type { BytesColumn } from "./functions/column-function.js";
export { ROW_KIND_TEXT, RowKind } from "./types/row-kind.js";
export { typeText } from "./types/type-text.js";
