// The operators that have kernels, by name. Registering one is one line in DEFINITIONS; the engine runs the others row by row.
import type { OperatorName, OperatorSpec, SpecOf } from "../job/specs.js";
import { groupAggregate } from "./aggregate/group-aggregate.js";
import { localGroupAggregate } from "./aggregate/local-group-aggregate.js";
import { calc } from "./calc.js";
import { correlate } from "./correlate.js";
import { expand } from "./expand.js";
import { intervalJoin } from "./join/interval-join.js";
import { join } from "./join/join.js";
import { windowJoin } from "./join/window-join.js";
import { match } from "./match/match.js";
import type { Operator, OperatorContext, OperatorDefinition } from "./operator.js";
import { overAggregate } from "./over/over-aggregate.js";
import { deduplicate } from "./rank/deduplicate.js";
import { limit } from "./rank/limit.js";
import { rank } from "./rank/rank.js";
import { sort } from "./rank/sort.js";
import { changelogNormalize } from "./set/changelog-normalize.js";
import { dropUpdateBefore } from "./set/drop-update-before.js";
import { setOperation } from "./set/set-operation.js";
import { union } from "./set/union.js";
import { values } from "./set/values.js";
import { watermarkAssigner } from "./time/watermark-assigner.js";
import { windowAggregate } from "./window/window-aggregate.js";
import { windowTableFunction } from "./window/window-table-function.js";

const DEFINITIONS: { readonly [N in OperatorName]?: OperatorDefinition<N> } = {
	DropUpdateBefore: dropUpdateBefore,
	Calc: calc,
	ChangelogNormalize: changelogNormalize,
	Correlate: correlate,
	Deduplicate: deduplicate,
	Expand: expand,
	GroupAggregate: groupAggregate,
	IntervalJoin: intervalJoin,
	Join: join,
	Limit: limit,
	OverAggregate: overAggregate,
	Match: match,
	LocalGroupAggregate: localGroupAggregate,
	Rank: rank,
	SetOperation: setOperation,
	Sort: sort,
	Union: union,
	Values: values,
	WatermarkAssigner: watermarkAssigner,
	WindowAggregate: windowAggregate,
	WindowJoin: windowJoin,
	WindowTableFunction: windowTableFunction,
};

/** The kernel implementation of a spec; undefined where there is none (yet), or the definition declines this spec. */
export function operatorFor(spec: OperatorSpec, context: OperatorContext): Operator | undefined {
	return create(spec, context);
}

function create<N extends OperatorName>(spec: SpecOf<N> & { readonly operator: N }, context: OperatorContext) {
	const definition = DEFINITIONS[spec.operator] as OperatorDefinition<N> | undefined;
	return definition?.create(spec, context);
}
