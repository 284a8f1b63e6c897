// millrace/operators: the engine's operators alone, over Arrow RecordBatches.
export { EngineError, type ErrorCode } from "../errors.js";
export {
	Aggregate,
	aggregate,
	avg,
	count,
	Descending,
	descending,
	firstValue,
	lastValue,
	listagg,
	max,
	min,
	stddevPop,
	stddevSamp,
	sum,
	varPop,
	varSamp,
} from "./aggregate-functions.js";
export { type FilterOptions, filter, type ProjectOptions, project } from "./calc.js";
export {
	type CaseExpression,
	type ColumnLike,
	call,
	col,
	Expression,
	type LiteralValue,
	lit,
	sql,
	type ValueLike,
	when,
} from "./expression.js";
export { type HashAggregateOptions, hashAggregate } from "./hash-aggregate.js";
export { type HashJoinOptions, hashJoin } from "./hash-join.js";
export { type IntervalJoinOptions, intervalJoin } from "./interval-join.js";
export type { LateData } from "./late-data.js";
export type { BatchCallback } from "./lent-batch.js";
export type { ChangelogInput, CommonOptions, InputOptions, NamedColumn, OrderKey, OutputMode } from "./options.js";
export type { MemoryUse } from "./pipeline.js";
export {
	type DeduplicateOptions,
	deduplicate,
	type LimitOptions,
	limit,
	type SortOptions,
	sort,
	type TopNOptions,
	topN,
} from "./ranking.js";
export {
	JoinOperator,
	type OperatorBase,
	type OperatorInput,
	StreamOperator,
	TimedOperator,
	WindowOperator,
} from "./stream-operator.js";
export { cumulate, hop, session, tumble, type Window } from "./window.js";
export { type WindowAggregateOptions, windowAggregate } from "./window-aggregate.js";
