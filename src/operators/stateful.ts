// All operators with kernels that are not stateless: loaded by the first job that has one.
import { groupAggregate } from "./aggregate/group-aggregate.js";
import { localGroupAggregate } from "./aggregate/local-group-aggregate.js";
import { correlate } from "./correlate.js";
import { intervalJoin } from "./join/interval-join.js";
import { join } from "./join/join.js";
import { windowJoin } from "./join/window-join.js";
import { match } from "./match/match.js";
import type { OperatorDefinitions } from "./operator.js";
import { overAggregate } from "./over/over-aggregate.js";
import { deduplicate } from "./rank/deduplicate.js";
import { limit } from "./rank/limit.js";
import { rank } from "./rank/rank.js";
import { sort } from "./rank/sort.js";
import { temporalSort } from "./rank/temporal-sort.js";
import { changelogNormalize } from "./set/changelog-normalize.js";
import { setOperation } from "./set/set-operation.js";
import { watermarkAssigner } from "./time/watermark-assigner.js";
import { windowAggregate } from "./window/window-aggregate.js";
import { windowTableFunction } from "./window/window-table-function.js";

export const STATEFUL: OperatorDefinitions = {
	ChangelogNormalize: changelogNormalize,
	Correlate: correlate,
	Deduplicate: deduplicate,
	GroupAggregate: groupAggregate,
	IntervalJoin: intervalJoin,
	Join: join,
	Limit: limit,
	LocalGroupAggregate: localGroupAggregate,
	Match: match,
	OverAggregate: overAggregate,
	Rank: rank,
	SetOperation: setOperation,
	Sort: sort,
	TemporalSort: temporalSort,
	WatermarkAssigner: watermarkAssigner,
	WindowAggregate: windowAggregate,
	WindowJoin: windowJoin,
	WindowTableFunction: windowTableFunction,
};
