// Hash join by one integer key, for each way in which the build side's keys can lie: the rows are those of a nested loop.
import { describe, expect, test } from "vitest";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { type Change, type Driven, drive, fold, type Step } from "./drive.js";

/** More than a segment. */
const ROWS = 4_400;
const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;

/** Keys of the build side by row number: in order, in any order, repeated, near the ends of the type, too far apart. */
const shapes: Readonly<Record<string, { readonly key: (i: number) => bigint; readonly wide?: true }>> = {
	"one after the other": { key: (i) => BigInt(i) },
	"rising with gaps, below zero": { key: (i) => BigInt(i * 7 + (i % 3) - 40_000) },
	"in any order": { key: (i) => BigInt((i * 7919) % ROWS) - 3n },
	"in any order with gaps": { key: (i) => BigInt(((i * 7919) % ROWS) * 5) },
	"rising, the last one again": { key: (i) => BigInt(Math.min(i, ROWS - 2)) },
	"four rows each": { key: (i) => BigInt(i % (ROWS / 4)) },
	"runs of one key": { key: (i) => BigInt(i >> 3) },
	"at the least value": { key: (i) => LEAST + BigInt(i * 2), wide: true },
	"at the greatest value": { key: (i) => GREATEST - BigInt(i), wide: true },
	"one after the other, to the greatest value": { key: (i) => GREATEST - BigInt(ROWS - 1 - i), wide: true },
	"one after the other, from the least value": { key: (i) => LEAST + BigInt(i), wide: true },
	"all over": { key: (i) => BigInt.asIntN(64, BigInt(i) * 0x9e3779b97f4a7c15n), wide: true },
};

const schemas = (type: sql.SqlType): sql.Schema[] => [
	[
		{ name: "l0", type },
		{ name: "l1", type: sql.notNull(sql.INTEGER) },
	],
	[
		{ name: "r0", type: sql.STRING },
		{ name: "r1", type },
		{ name: "r2", type: sql.notNull(sql.STRING) },
		{ name: "r3", type: sql.notNull(sql.DOUBLE) },
		{ name: "r4", type: sql.notNull(sql.INTEGER) },
		{ name: "r5", type: sql.notNull(sql.BOOLEAN) },
	],
];

/** Probe rows that hit, miss by little and by much, and are NULL; behind them come rows that all hit. */
const MIXED_PROBES = 900;

/** Rows of both inputs. */
function rowsOf(key: (i: number) => bigint, isWide: boolean): [Row[], Row[]] {
	const keyOf = (value: bigint) => (isWide ? BigInt.asIntN(64, value) : Number(value));
	const ends = isWide ? [LEAST, GREATEST, 0n] : [-(2n ** 31n), 2n ** 31n - 1n];
	const built = Array.from(
		{ length: ROWS },
		(_, i): Row => [
			i % 5 === 0 ? null : `row ${i}`,
			keyOf(key(i)),
			`a text of more than twelve bytes, ${i}`,
			i / 2,
			i * 3,
			i % 3 === 0,
		],
	);
	const probes = Array.from({ length: MIXED_PROBES + 700 }, (_, i): Row => {
		if (i >= MIXED_PROBES) return [keyOf(key((i * 31) % ROWS)), i];
		const near = keyOf(key((i * 31) % ROWS) + (i % 4 === 0 ? 1n : 0n));
		return [i % 50 === 0 ? null : i % 49 === 0 ? keyOf(ends[i % ends.length] as bigint) : near, i];
	});
	return [probes, [...built, ["no key", null, "", 0, 0, false]]];
}

/** What SQL says of an equality join, by the definition. */
function joined(type: "inner" | "left" | "full" | "anti", [left, right]: readonly [Row[], Row[]]): Row[] {
	const byKey = new Map<unknown, Row[]>();
	for (const row of right) if (row[1] !== null) byKey.set(row[1], [...(byKey.get(row[1]) ?? []), row]);
	const matches = left.map((row) => byKey.get(row[0]) ?? []);
	if (type === "anti") return left.filter((_, i) => matches[i]!.length === 0);
	const pairs = left.flatMap((row, i) => matches[i]!.map((other): Row => [...row, ...other]));
	if (type === "inner") return pairs;
	const lone = left
		.filter((_, i) => matches[i]!.length === 0)
		.map((row): Row => [...row, null, null, null, null, null, null]);
	if (type === "left") return [...pairs, ...lone];
	const asked = new Set(left.map(([key]) => key));
	const unasked = right.filter(([, key]) => key === null || !asked.has(key)).map((row): Row => [null, null, ...row]);
	return [...pairs, ...lone, ...unasked];
}

const batches = (input: number, rows: readonly Row[]): Step[] =>
	Array.from({ length: Math.ceil(rows.length / 2_500) }, (_, b) => ({
		input,
		changes: rows.slice(b * 2_500, (b + 1) * 2_500).map((row): Change => [RowKind.INSERT, row]),
	}));

describe.each(Object.entries(shapes))("%s", (_, { key, wide }) => {
	describe.each(wide ? ["BIGINT"] : ["BIGINT", "INTEGER"])("%s", (name) => {
		test.each(name === "BIGINT" ? (["inner", "left", "full", "anti"] as const) : (["inner"] as const))(
			"%s",
			async (type) => {
				const inputs = schemas(name === "BIGINT" ? sql.BIGINT : sql.INTEGER);
				const [left, right] = inputs as [sql.Schema, sql.Schema];
				const output = type === "anti" ? left : [...left, ...right];
				const of: Driven = {
					spec: {
						operator: "Join",
						type,
						leftKeys: [0],
						rightKeys: [1],
						nullSafe: [false],
						leftWidth: 2,
						build: "right",
						leftUpdates: false,
						rightUpdates: false,
					},
					inputs,
					output: output.map((column) => ({ ...column, type: sql.asNullable(column.type) })),
					batch: true,
					build: "release",
				};
				const rows = rowsOf(key, name === "BIGINT");
				const probes = [rows[0].slice(0, MIXED_PROBES), rows[0].slice(MIXED_PROBES)];
				const { changes } = await drive(of, [...batches(1, rows[1]), ...probes.flatMap((part) => batches(0, part))]);
				const wanted = joined(type, rows).map((row): Change => [RowKind.INSERT, row]);
				expect(fold(changes, of.output)).toEqual(fold(wanted, of.output));
			},
		);
	});
});
