// The public API: re-exports only.

export { Job, type JobStatus, type OperatorMetricsReport } from "./engine/job.js";
export { Millrace } from "./engine/millrace.js";
export type { PublicRow, PublicValue } from "./engine/public-values.js";
export { type Change, QueryResult } from "./engine/query-result.js";
export { Session, type SessionOptions, type StatementOutcome } from "./engine/session.js";
export { EngineError, type ErrorCode } from "./errors.js";
export { ROW_KIND_TEXT, RowKind } from "./types/row-kind.js";
export { typeText } from "./types/type-text.js";
