// Aggregates over batches of few groups, and of many: keys of short and long strings and integers, NULLs, totals at the edges of 64 bits.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AggregateCall, GroupAggregateSpec } from "../../src/job/specs.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import type { Row, Value } from "../../src/types/value.js";
import { type Change, drive } from "./drive.js";
import { propertyOf } from "./random.js";

const PROPERTY = propertyOf(91);

const input = [
	{ name: "s", type: sql.STRING },
	{ name: "t", type: sql.notNull(sql.char(1)) },
	{ name: "i", type: sql.notNull(sql.INTEGER) },
	{ name: "j", type: sql.SMALLINT },
	{ name: "n", type: sql.notNull(sql.INTEGER) },
	{ name: "l", type: sql.BIGINT },
	{ name: "m", type: sql.notNull(sql.decimal(12, 2)) },
	{ name: "d", type: sql.notNull(sql.decimal(18, 0)) },
	{ name: "f", type: sql.BOOLEAN },
];

const call = (name: string, args: number[], type: sql.SqlType, filter?: number): AggregateCall => ({
	function: name,
	args,
	argTypes: args.map((arg) => input[arg]!.type),
	distinct: false,
	type,
	name: `${name}${args}${filter}`,
	...(filter !== undefined && { filter }),
});

const calls = [
	call("COUNT", [], sql.notNull(sql.BIGINT)),
	call("SUM", [4], sql.INTEGER),
	call("SUM", [5], sql.BIGINT),
	call("SUM", [6], sql.decimal(38, 2)),
	call("SUM", [7], sql.decimal(38, 0)),
	call("COUNT", [5], sql.notNull(sql.BIGINT)),
	call("SUM", [6], sql.decimal(38, 2), 8),
];

/** What the calls give for the rows of a group. */
function expected(rows: readonly Row[]): Value[] {
	const total = (of: readonly Value[]) => of.reduce<bigint>((sum, value) => sum + BigInt((value as bigint) ?? 0), 0n);
	const valuesOf = (column: number) => rows.map((row) => row[column] as Value).filter((value) => value !== null);
	const longs = valuesOf(5);
	const filtered = rows.filter((row) => row[8] === true);
	return [
		BigInt(rows.length),
		Number(BigInt.asIntN(32, total(valuesOf(4)))),
		longs.length === 0 ? null : BigInt.asIntN(64, total(longs)),
		total(valuesOf(6)),
		total(valuesOf(7)),
		BigInt(longs.length),
		filtered.length === 0 ? null : total(filtered.map((row) => row[6] as Value)),
	];
}

const text = fc.constantFrom("", "A", "N", "ab", "ba", "abc", "N\0", "é");
const long = fc.constantFrom("ABCDEFG", "ABCDEFGH", "a string of more than twelve bytes");
const edge = (limit: bigint) =>
	fc.oneof(fc.constantFrom(limit, -limit), fc.bigInt({ min: -limit, max: limit }), fc.bigInt({ min: -9n, max: 9n }));
const rowsOf = (hasLong: boolean, hasNull: boolean, span: number) => {
	const row = fc.tuple(
		hasNull ? fc.option(text, { freq: 20 }) : hasLong ? fc.oneof({ weight: 9, arbitrary: text }, long) : text,
		fc.constantFrom("x", "y", "z"),
		fc.integer({ min: -1, max: span }),
		hasNull ? fc.option(fc.integer({ min: -2, max: 2 }), { freq: 20 }) : fc.integer({ min: -2, max: 2 }),
		fc.integer(),
		hasNull ? fc.option(edge(2n ** 63n - 1n)) : edge(2n ** 63n - 1n),
		edge(10n ** 12n - 1n),
		edge(10n ** 18n - 1n),
		fc.option(fc.boolean()),
	);
	return fc.array(row as unknown as fc.Arbitrary<Row>, { minLength: 120, maxLength: 300 });
};
/** As those of a window come: all keys are the first row's, or all but the last one. */
const alike = ([first, ...rows]: readonly Row[], all: boolean): Row[] =>
	[first!, ...rows].map((row, i) => (all || i < rows.length ? [...first!.slice(0, 4), ...row.slice(4)] : row));
const batch = fc
	.tuple(fc.boolean(), fc.boolean(), fc.constantFrom(-1, 0, 1, 2, 200), fc.constantFrom("mixed", "alike", "but one"))
	.chain(([hasLong, hasNull, span, keys]) =>
		rowsOf(hasLong, hasNull, span).map((rows) => (keys === "mixed" ? rows : alike(rows, keys === "alike"))),
	);

const spec = (keys: readonly number[]): GroupAggregateSpec => ({
	operator: "GroupAggregate",
	keys,
	calls,
	inputUpdates: false,
	updateBefore: false,
	final: true,
	emitEmpty: keys.length === 0,
});

describe.each(["release", "debug"] as const)("%s kernels", (build) => {
	const numRuns = build === "release" ? PROPERTY.numRuns : 10;
	test.each([[[]], [[0]], [[1]], [[0, 1]], [[2]], [[2, 3]], [[1, 3]], [[0, 2]], [[0, 1, 3]]])(
		"grouped by columns %j",
		async (keys) => {
			const of = spec(keys);
			const output = [...keys.map((key) => input[key]!), ...calls.map(({ name, type }) => ({ name, type }))];
			const run = async (batches: readonly (readonly Row[])[]) => {
				const steps = batches.map((rows) => ({ changes: rows.map((row): Change => [RowKind.INSERT, row]) }));
				const { changes } = await drive({ spec: of, inputs: [input], output, build }, steps);
				const groups = new Map<string, Row[]>();
				for (const row of batches.flat()) {
					const key = keys.map((index) => String(row[index])).join("|");
					groups.set(key, [...(groups.get(key) ?? []), row]);
				}
				const wanted = [...groups.values()].map((rows) => [...keys.map((i) => rows[0]![i]), ...expected(rows)]);
				const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.map(String).join("|")).sort();
				expect(sorted(changes.map(([, row]) => row))).toEqual(sorted(wanted));
			};
			const batches = fc.array(batch, { minLength: 1, maxLength: 3 });
			await fc.assert(fc.asyncProperty(batches, run), { ...PROPERTY, numRuns, endOnFailure: true });
		},
	);
});
