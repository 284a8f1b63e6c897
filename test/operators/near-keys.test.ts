// Aggregates by one integer key whose values lie close together, apart, in ranges that grow, and near the ends of the type; with groups
// that go and come back.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { GroupAggregateSpec } from "../../src/job/specs.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import { type Change, drive, fold } from "./drive.js";
import { propertyOf } from "./random.js";

const PROPERTY = propertyOf(47);
const GREATEST = 2n ** 63n - 1n;

const input = [
	{ name: "k", type: sql.notNull(sql.BIGINT) },
	{ name: "v", type: sql.notNull(sql.BIGINT) },
];
const output = [...input, { name: "n", type: sql.notNull(sql.BIGINT) }];
const spec: GroupAggregateSpec = {
	operator: "GroupAggregate",
	keys: [0],
	calls: [
		{
			function: "SUM",
			args: [1],
			argTypes: [input[1]!.type],
			distinct: false,
			type: sql.notNull(sql.BIGINT),
			name: "s",
		},
		{ function: "COUNT", args: [], argTypes: [], distinct: false, type: sql.notNull(sql.BIGINT), name: "n" },
	],
	inputUpdates: true,
	updateBefore: true,
	final: false,
	emitEmpty: false,
};

/** Where keys begin and how far apart they are. */
const places = fc.constantFrom<readonly [bigint, bigint]>(
	[0n, 1n],
	[-40n, 3n],
	[-GREATEST - 1n, 1n],
	[GREATEST, -1n],
	[7n, 10n ** 12n],
);
const batches = fc.array(
	fc.array(fc.record({ key: fc.nat(90), isBack: fc.boolean() }), { minLength: 1, maxLength: 60 }),
	{ minLength: 2, maxLength: 25 },
);

test("groups are those of a Map, whatever comes and goes", async () => {
	await fc.assert(
		fc.asyncProperty(places, batches, async ([least, step], drawn) => {
			const rows = new Map<bigint, bigint[]>();
			let next = 0n;
			const steps = drawn.map((batch) => ({
				input: 0,
				changes: batch.map(({ key, isBack }): Change => {
					const k = least + BigInt(key) * step;
					const values = rows.get(k) ?? [];
					rows.set(k, values);
					const taken = isBack ? values.pop() : undefined;
					if (taken !== undefined) return [RowKind.DELETE, [k, taken]];
					values.push(next);
					return [RowKind.INSERT, [k, next++]];
				}),
			}));
			const { changes } = await drive({ spec, inputs: [input], output }, steps);
			const groups = [...rows].filter(([, values]) => values.length > 0);
			const wanted = groups.map(([k, values]): Change => {
				const total = values.reduce((sum, value) => sum + value, 0n);
				return [RowKind.INSERT, [k, total, BigInt(values.length)]];
			});
			expect(fold(changes, output)).toEqual(fold(wanted, output));
		}),
		PROPERTY,
	);
});
