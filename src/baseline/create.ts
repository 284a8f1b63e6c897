// The operator of a spec.
import { EngineError } from "../errors.js";
import type { OperatorSpec } from "../job/specs.js";
import type { Schema } from "../types/sql-type.js";
import { Calc, Correlate, DropUpdateBefore, Expand, Union } from "./calc.js";
import type { OperatorContext } from "./context.js";
import { ChangelogNormalize, DeduplicateFirstArrival, DeduplicateFirstByTime, DeduplicateLast } from "./deduplicate.js";
import { GroupAggregate } from "./group-aggregate.js";
import { HashJoin } from "./hash-join.js";
import { IntervalJoin } from "./interval-join.js";
import { Join } from "./join.js";
import { LocalGroupAggregate } from "./local-group-aggregate.js";
import { LookupJoin } from "./lookup-join.js";
import { Match } from "./match.js";
import type { RowOperator } from "./operator.js";
import { FinalOver, UpdatingOver } from "./over.js";
import { TimeOver } from "./over-time.js";
import { rank, streamingLimit, streamingSort } from "./rank.js";
import { FinalDeduplicate, FinalRank } from "./rank-final.js";
import { SetOperation } from "./set-operation.js";
import { Limit, Sort, TemporalSort } from "./sort.js";
import { ProcessingTimeTemporalJoin, TemporalJoin } from "./temporal-join.js";
import { WatermarkAssigner } from "./watermark-assigner.js";
import { SessionAggregate, WindowAggregate } from "./window-aggregate.js";
import { WindowJoin } from "./window-join.js";
import { SessionTableFunction, WindowTableFunction } from "./window-table-function.js";

/** `inputs` and `output` are schemas. Sources, literal rows and sinks are the driver's. */
export function createOperator(
	spec: OperatorSpec,
	inputs: readonly Schema[],
	output: Schema,
	context: OperatorContext,
): RowOperator {
	const input = inputs[0] ?? [];
	switch (spec.operator) {
		case "Calc":
			return new Calc(spec, context);
		case "Expand":
			return new Expand(spec, context);
		case "Correlate":
			return new Correlate(spec, context);
		case "Union":
			return new Union();
		case "DropUpdateBefore":
			return new DropUpdateBefore();
		case "WatermarkAssigner":
			return new WatermarkAssigner(spec, context);
		case "GroupAggregate":
			return new GroupAggregate(spec, input, context);
		case "LocalGroupAggregate":
			return new LocalGroupAggregate(spec, input, context);
		case "WindowTableFunction":
			if (spec.window.kind === "session") return new SessionTableFunction(spec, input, context);
			return new WindowTableFunction(spec, input, context);
		case "WindowAggregate":
			if (spec.window.kind === "session") return new SessionAggregate(spec, input, context);
			return new WindowAggregate(spec, input, context);
		case "Join":
			return spec.build === undefined ? new Join(spec, inputs, context) : new HashJoin(spec, inputs, context);
		case "IntervalJoin":
			return new IntervalJoin(spec, inputs, context);
		case "TemporalJoin":
			if (spec.rightTime === undefined) return new ProcessingTimeTemporalJoin(spec, inputs, context);
			return new TemporalJoin(spec, inputs, context);
		case "LookupJoin":
			return new LookupJoin(spec, input, output.slice(spec.leftWidth), context);
		case "WindowJoin":
			return new WindowJoin(spec, inputs, context);
		case "OverAggregate":
			if (spec.time === "final") return new FinalOver(spec, input, context);
			if (spec.time === "row") return new UpdatingOver(spec, input, context);
			return new TimeOver(spec, input, context);
		case "Rank":
			if (spec.final || spec.windowEnd !== undefined) return new FinalRank(spec, input);
			return rank(spec, input);
		case "Deduplicate":
			if (spec.final || spec.windowEnd !== undefined) return new FinalDeduplicate(spec, input);
			if (spec.keep === "last") return new DeduplicateLast(spec, input);
			if (spec.order === undefined) return new DeduplicateFirstArrival(spec, input);
			return new DeduplicateFirstByTime(spec, input);
		case "Sort":
			return spec.final ? new Sort(spec, input) : streamingSort(spec, input);
		case "Limit":
			return spec.inputUpdates ? streamingLimit(spec, input) : new Limit(spec);
		case "TemporalSort":
			return new TemporalSort(spec, input);
		case "SetOperation":
			return new SetOperation(spec, inputs);
		case "ChangelogNormalize":
			return new ChangelogNormalize(spec, input);
		case "Match":
			return new Match(spec, input, context);
		case "Source":
		case "Values":
		case "Sink":
			throw new EngineError("INTERNAL", `${spec.operator} is not run as an operator`);
	}
}
