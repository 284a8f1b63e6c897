// Random specs over random schemas and streams for every operator, through snapshots and batch cuts: the baseline says what comes out.
import fc from "fast-check";
import { test } from "vitest";
import { propertyOf } from "./random.js";
import { groupAggregate, overAggregate } from "./random-specs/aggregates.js";
import { boundedJoin, intervalJoin, join, temporalJoin, windowJoin } from "./random-specs/joins.js";
import { agrees, type RandomCase } from "./random-specs/random-case.js";
import { deduplicate, limit, rank, sort, temporalSort } from "./random-specs/ranks.js";
import { calc, correlate, dropUpdateBefore, expand, union } from "./random-specs/rows.js";
import { changelogNormalize, setOperation } from "./random-specs/sets.js";
import { localGroupAggregate, windowAggregate, windowTableFunction } from "./random-specs/windows.js";

const PROPERTY = propertyOf(1);

const operators: Readonly<Record<string, fc.Arbitrary<RandomCase>>> = {
	Calc: calc,
	ChangelogNormalize: changelogNormalize,
	Correlate: correlate,
	Deduplicate: deduplicate,
	DropUpdateBefore: dropUpdateBefore,
	Expand: expand,
	GroupAggregate: groupAggregate,
	IntervalJoin: intervalJoin,
	Join: join,
	"Join of bounded inputs": boundedJoin,
	Limit: limit,
	LocalGroupAggregate: localGroupAggregate,
	OverAggregate: overAggregate,
	Rank: rank,
	SetOperation: setOperation,
	Sort: sort,
	TemporalJoin: temporalJoin,
	TemporalSort: temporalSort,
	Union: union,
	"WindowAggregate TUMBLE": windowAggregate("tumble"),
	"WindowAggregate HOP": windowAggregate("hop"),
	"WindowAggregate CUMULATE": windowAggregate("cumulate"),
	"WindowAggregate SESSION": windowAggregate("session"),
	"WindowAggregate of attached windows": windowAggregate("attached"),
	WindowJoin: windowJoin,
	"WindowTableFunction TUMBLE": windowTableFunction("tumble"),
	"WindowTableFunction HOP": windowTableFunction("hop"),
	"WindowTableFunction CUMULATE": windowTableFunction("cumulate"),
	"WindowTableFunction SESSION": windowTableFunction("session"),
};

test.each(Object.entries(operators))("%s", async (_, cases) => {
	await fc.assert(fc.asyncProperty(cases, agrees), PROPERTY);
});
