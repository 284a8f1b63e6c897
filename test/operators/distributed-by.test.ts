// Saved state names the columns that its key group is made of: those by which its rows came.
import { expect, test } from "vitest";
import { batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import type { GroupAggregateSpec, WindowAggregateSpec } from "../../src/job/specs.js";
import { aloneContext } from "../../src/operators/alone-context.js";
import { loadOperators, operatorFor } from "../../src/operators/index.js";
import type { Output, StateWriter } from "../../src/operators/operator.js";
import { BIGINT, notNull, type Schema, STRING, timestamp } from "../../src/types/sql-type.js";
import { memoryOwner } from "../../src/wasm/heap.js";
import { Region } from "../../src/wasm/region.js";
import { CONTEXT } from "../plan-builder.js";

const input: Schema = [
	{ name: "name", type: STRING },
	{ name: "id", type: BIGINT },
	{ name: "ts", type: notNull(timestamp(3)) },
];
const window = { kind: "tumble", time: 2, size: 10_000, offset: 0, eventTime: true } as const;
const grouped: GroupAggregateSpec = {
	operator: "GroupAggregate",
	keys: [0, 1],
	calls: [],
	inputUpdates: false,
	updateBefore: false,
	final: false,
	emitEmpty: false,
};
const windowed: WindowAggregateSpec = {
	operator: "WindowAggregate",
	window,
	keys: [0, 1],
	calls: [],
	properties: [],
	inputUpdates: false,
	final: false,
};

/** The key group's values of the only row that is there, as its saved state has them. */
async function keyGroupOf(spec: GroupAggregateSpec | WindowAggregateSpec): Promise<unknown[]> {
	await loadOperators([spec]);
	const region = await Region.create();
	const owner = memoryOwner("test");
	const output = input.slice(0, 2);
	const context = aloneContext({ region, owner, spec, inputs: [input], output, functions: CONTEXT });
	const operator = operatorFor(spec, context)!;
	const out: Output = { emit() {}, watermark() {}, idle() {} };
	operator.process(rowsToBatch(region, input, [["Ann", 7n, 1000]]), 0, out);
	const found: unknown[] = [];
	const writer: StateWriter = {
		table(_name, _schema, batches, keys) {
			for (const batch of batches)
				for (const row of batchToRows(region, batch)) found.push(keys?.map((key) => row[key]));
		},
		value() {},
	};
	operator.snapshot!(writer);
	operator.dispose();
	return found;
}

test.each([grouped, windowed])("$operator's state is divided by the keys that its rows came by", async (spec) => {
	expect(await keyGroupOf(spec)).toEqual([["Ann", 7n]]);
	expect(await keyGroupOf({ ...spec, distributedBy: [1] })).toEqual([[7n]]);
	expect(await keyGroupOf({ ...spec, distributedBy: [1, 0] })).toEqual([[7n, "Ann"]]);
});
