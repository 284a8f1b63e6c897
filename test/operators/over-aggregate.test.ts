// OverAggregate over an updating input: the folded changelog is the baseline's, whatever the frame, order, ties, cuts and retractions.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AggregateCall, OverAggregateSpec, OverFrame, SortKey } from "../../src/job/specs.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { type Change, type Driven, drive, fold, type Step } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const PROPERTY = propertyOf(6);

const { INSERT, UPDATE_BEFORE, UPDATE_AFTER, DELETE } = RowKind;

const schema: sql.Schema = [
	{ name: "k", type: sql.STRING },
	{ name: "o", type: sql.INTEGER },
	{ name: "v", type: sql.BIGINT },
	{ name: "s", type: sql.STRING },
	{ name: "f", type: sql.BOOLEAN },
	{ name: "d", type: sql.decimal(30, 2) },
];

const call = (name: string, args: number[], type: sql.SqlType, more: Partial<AggregateCall> = {}): AggregateCall => ({
	function: name,
	args,
	argTypes: args.map((arg) => schema[arg]!.type),
	distinct: false,
	type,
	name,
	...more,
});

const calls = [
	call("AVG", [2], sql.BIGINT),
	call("COUNT", [], sql.notNull(sql.BIGINT)),
	call("MAX", [2], sql.BIGINT, { filter: 4 }),
	call("SUM", [5], sql.decimal(38, 2)),
	call("LAST_VALUE", [1], sql.INTEGER),
];

const preceding = (offset: number): OverFrame => ({
	unit: "rows",
	start: offset === 0 ? { kind: "currentRow" } : { kind: "preceding", offset },
	end: { kind: "currentRow" },
});

const key = (column: number, ascending = true): SortKey => ({ column, ascending, nullsFirst: ascending });

const drivenOf = (more: Partial<OverAggregateSpec>): Driven => {
	const spec: OverAggregateSpec = {
		operator: "OverAggregate",
		partition: [0],
		order: [key(1)],
		time: "row",
		groups: [{ frame: preceding(2), calls }],
		inputUpdates: true,
		...more,
	};
	const results = spec.groups.flatMap((group) => group.calls).map(({ name, type }) => ({ name, type }));
	return { spec, inputs: [schema], output: [...schema, ...results] };
};

const holds = async (driven: Driven, steps: readonly Step[]) => {
	const actual = await drive(driven, steps);
	expect(fold(actual.changes, driven.output)).toEqual(fold(expected(driven, steps).changes, driven.output));
};

test("a row that comes or goes changes the rows whose frames hold it, each once per batch", async () => {
	const sum = [{ frame: preceding(1), calls: [call("SUM", [2], sql.BIGINT)] }];
	const driven = drivenOf({ groups: sum });
	const row = (order: number, value: bigint): Row => ["k", order, value, null, null, null];
	const withSum = (order: number, value: bigint, result: bigint): Row => [...row(order, value), result];
	const insert = (...rows: Row[]): Step => ({ changes: rows.map((one): Change => [INSERT, one]) });
	const steps: Step[] = [
		insert(row(1, 1n), row(3, 3n), row(5, 5n)),
		insert(row(2, 2n)),
		{ restore: true },
		{ changes: [[DELETE, row(1, 1n)]] },
		{
			changes: [
				[UPDATE_BEFORE, row(5, 5n)],
				[UPDATE_AFTER, row(5, 5n)],
			],
		},
	];
	expect((await drive(driven, steps)).changes).toEqual([
		[INSERT, withSum(1, 1n, 1n)],
		[INSERT, withSum(3, 3n, 4n)],
		[INSERT, withSum(5, 5n, 8n)],
		[INSERT, withSum(2, 2n, 3n)],
		[UPDATE_BEFORE, withSum(3, 3n, 4n)],
		[UPDATE_AFTER, withSum(3, 3n, 5n)],
		[DELETE, withSum(1, 1n, 1n)],
		[UPDATE_BEFORE, withSum(2, 2n, 3n)],
		[UPDATE_AFTER, withSum(2, 2n, 2n)],
		[DELETE, withSum(5, 5n, 8n)],
		[INSERT, withSum(5, 5n, 8n)],
	]);
});

const variants: readonly (readonly [string, Partial<OverAggregateSpec>])[] = [
	["one row before", { groups: [{ frame: preceding(1), calls }] }],
	["ten rows before", { groups: [{ frame: preceding(10), calls }] }],
	["the row alone", { groups: [{ frame: preceding(0), calls }] }],
	["descending, without partition", { partition: [], order: [key(2, false)] }],
	["several order columns", { partition: [0, 4], order: [key(5), key(4, false), key(1)] }],
	[
		"two frames",
		{
			groups: [
				{ frame: preceding(3), calls: calls.slice(0, 2) },
				{ frame: preceding(1), calls: calls.slice(2) },
			],
		},
	],
];

describe.each(variants)("%s", (_, more) => {
	test("equals the baseline", async () => {
		const driven = drivenOf(more);
		await fc.assert(
			fc.asyncProperty(stepsOf([{ schema, updates: true }]), (steps) => holds(driven, steps)),
			PROPERTY,
		);
	});
});

test("a change of a great partition is dealt with in parts", async () => {
	const driven = drivenOf({ groups: [{ frame: preceding(256), calls: [call("SUM", [2], sql.BIGINT)] }] });
	const rows = Array.from({ length: 900 }, (_, i): Row => ["k", (i * 7919) % 1201, BigInt(i), `row ${i}`, true, null]);
	const isLeft = (i: number) => i % 3 === 0;
	const steps: Step[] = [
		{ changes: rows.map((row) => [INSERT, row]) },
		{ changes: rows.filter((_, i) => !isLeft(i)).map((row) => [DELETE, row]) },
	];
	const left = rows.filter((_, i) => isLeft(i)).sort((a, b) => Number(a[1]) - Number(b[1]));
	const sums = left.map((row, i): Change => {
		const frame = left.slice(Math.max(0, i - 256), i + 1);
		return [INSERT, [...row, frame.reduce((sum, other) => sum + (other[2] as bigint), 0n)]];
	});
	const { changes } = await drive(driven, steps);
	expect(fold(changes, driven.output)).toEqual(fold(sums, driven.output));
}, 30_000);
