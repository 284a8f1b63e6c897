// Random specs over random schemas and streams for every operator, through snapshots and batch cuts: the baseline says what comes out.
import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyOf } from "./random.js";
import { groupAggregate, overAggregate, overAggregateBridged } from "./random-specs/aggregates.js";
import { boundedJoin, intervalJoin, join, temporalJoin, windowJoin } from "./random-specs/joins.js";
import { agrees, type RandomCase } from "./random-specs/random-case.js";
import { deduplicate, limit, rank, sort, temporalSort } from "./random-specs/ranks.js";
import { calc, correlate, dropUpdateBefore, expand, union } from "./random-specs/rows.js";
import { changelogNormalize, setOperation } from "./random-specs/sets.js";
import { localGroupAggregate, windowAggregate, windowTableFunction } from "./random-specs/windows.js";

const PROPERTY = propertyOf(1);

/** Operators with kernels, which run these cases: nothing falls back to the baseline. */
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
	"OverAggregate by time": overAggregate("time"),
	"OverAggregate of updates": overAggregate("rows"),
	"OverAggregate of bounded input": overAggregate("bounded"),
	Rank: rank,
	SetOperation: setOperation,
	Sort: sort,
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
};

/** Those of which docs/operators.md says that they run a row at a time: what is compared with the baseline is the bridge to it. */
const bridged: Readonly<Record<string, fc.Arbitrary<RandomCase>>> = {
	TemporalJoin: temporalJoin,
	"WindowTableFunction SESSION": windowTableFunction("session"),
	"OverAggregate, most without kernels": overAggregateBridged,
};

test.each(Object.entries(operators))("%s", async (_, cases) => {
	await fc.assert(fc.asyncProperty(cases, agrees), PROPERTY);
});

test.each(Object.entries(bridged))("%s", async (_, cases) => {
	const all = cases.map((one) => ({ ...one, driven: { ...one.driven, bridged: true } }));
	await fc.assert(fc.asyncProperty(all, agrees), PROPERTY);
});

test("nothing of these is a comparison of the baseline with itself: without kernels a case fails", async () => {
	const [one] = fc.sample(temporalJoin, { numRuns: 1, seed: 7 });
	await expect(agrees(one!)).rejects.toThrow("TemporalJoin has no kernels");
});
