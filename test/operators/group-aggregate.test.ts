// GroupAggregate: folded changelogs equal the aggregates of the rows that are there, whatever the types, cuts and retractions.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aggregateFunction } from "../../src/functions/registry.js";
import type { AggregateCall, GroupAggregateSpec } from "../../src/job/specs.js";
import { keyText } from "../../src/types/compare.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { type Change, drive, fold, foldUpserts, type Step } from "./drive.js";
import { propertyOf, rowsLeft, stepsOf } from "./random.js";

const PROPERTY = propertyOf(54);

const { INSERT, UPDATE_BEFORE, UPDATE_AFTER, DELETE } = RowKind;

const input = [
	{ name: "k", type: sql.BIGINT },
	{ name: "s", type: sql.STRING },
	{ name: "v", type: sql.INTEGER },
	{ name: "f", type: sql.BOOLEAN },
];

const call = (name: string, args: number[], type: sql.SqlType, more: Partial<AggregateCall> = {}): AggregateCall => ({
	function: name,
	args,
	argTypes: args.map((arg) => input[arg]?.type as sql.SqlType),
	distinct: false,
	type,
	name,
	...more,
});

const spec = (more: Partial<GroupAggregateSpec>): GroupAggregateSpec => ({
	operator: "GroupAggregate",
	keys: [0],
	calls: [call("COUNT", [], sql.notNull(sql.BIGINT)), call("SUM", [2], sql.INTEGER)],
	inputUpdates: false,
	updateBefore: true,
	final: false,
	emitEmpty: false,
	...more,
});

const output = (of: GroupAggregateSpec) => [
	...of.keys.map((key) => input[key] as sql.Field),
	...of.calls.map(({ name, type }) => ({ name, type })),
];

const run = async (of: GroupAggregateSpec, steps: readonly Step[]) =>
	(await drive({ spec: of, inputs: [input], output: output(of) }, steps)).changes;

const insert = (...rows: Row[]): Step => ({ changes: rows.map((row): Change => [INSERT, row]) });

describe("changelog", () => {
	test("sends one change per touched key and batch, with the row before it", async () => {
		const steps = [
			insert([1n, "", 5, null], [2n, "", 7, null], [1n, "", 6, null]),
			insert([1n, "", null, null], [null, "", 1, null]),
		];
		expect(await run(spec({}), steps)).toEqual([
			[INSERT, [1n, 2n, 11]],
			[INSERT, [2n, 1n, 7]],
			[UPDATE_BEFORE, [1n, 2n, 11]],
			[UPDATE_AFTER, [1n, 3n, 11]],
			[INSERT, [null, 1n, 1]],
		]);
	});

	test("sends nothing when the result did not change", async () => {
		const of = spec({ calls: [call("MAX", [2], sql.INTEGER), call("MIN", [1], sql.STRING)] });
		const long = "a string of more than twelve bytes";
		const steps = [insert([1n, long, 5, null]), insert([1n, `${long}!`, 4, null]), insert([1n, "a", 6, null])];
		expect(await run(of, steps)).toEqual([
			[INSERT, [1n, 5, long]],
			[UPDATE_BEFORE, [1n, 5, long]],
			[UPDATE_AFTER, [1n, 6, "a"]],
		]);
	});

	test("leaves out -U when nobody needs it, and deletes a group whose rows are all taken back", async () => {
		const steps: Step[] = [
			insert([1n, "", 5, null], [1n, "", 6, null]),
			{ changes: [[DELETE, [1n, "", 5, null]]] },
			{ changes: [[UPDATE_BEFORE, [1n, "", 6, null]]] },
			insert([1n, "", 7, null]),
		];
		expect(await run(spec({ inputUpdates: true, updateBefore: false }), steps)).toEqual([
			[INSERT, [1n, 2n, 11]],
			[UPDATE_AFTER, [1n, 1n, 6]],
			[DELETE, [1n, 1n, 6]],
			[INSERT, [1n, 1n, 7]],
		]);
	});

	test("final: all groups at the end; a global aggregate of nothing is one row where asked", async () => {
		const final = spec({ keys: [], final: true, emitEmpty: true });
		expect(await run(final, [])).toEqual([[INSERT, [0n, null]]]);
		expect(await run(spec({ keys: [] }), [])).toEqual([]);
		expect(await run(final, [insert([1n, "", 2, null]), insert([3n, "", 4, null])])).toEqual([[INSERT, [2n, 6]]]);
	});
});

describe("values", () => {
	const one = async (name: string, type: sql.SqlType, argType: sql.SqlType, values: Row) => {
		const of: GroupAggregateSpec = {
			...spec({ keys: [], final: true, emitEmpty: true }),
			calls: [{ ...call(name, [0], type), argTypes: [argType] }],
		};
		const schema = [{ name: "v", type: argType }];
		const steps: Step[] = [{ changes: values.map((value): Change => [INSERT, [value]]) }];
		const { changes } = await drive({ spec: of, inputs: [schema], output: [{ name, type }] }, steps);
		return changes[0]?.[1][0];
	};

	test("integers wrap in the sum and are cut toward zero in the mean", async () => {
		expect(await one("SUM", sql.TINYINT, sql.TINYINT, [100, 100])).toBe(-56);
		expect(await one("SUM", sql.BIGINT, sql.BIGINT, [2n ** 63n - 1n, 1n])).toBe(-(2n ** 63n));
		expect(await one("AVG", sql.INTEGER, sql.INTEGER, [-1, -2, null])).toBe(-1);
		expect(await one("AVG", sql.DOUBLE, sql.DOUBLE, [1, 2])).toBe(1.5);
		expect(await one("AVG", sql.DOUBLE, sql.DOUBLE, [null])).toBe(null);
	});

	test("decimals are exact, round half up, and overflow to NULL", async () => {
		const wide = sql.decimal(38, 2);
		expect(await one("SUM", wide, sql.decimal(10, 2), [150n, -50n])).toBe(100n);
		expect(await one("SUM", wide, wide, [10n ** 38n - 1n, 1n])).toBe(null);
		expect(await one("SUM", wide, wide, [-(10n ** 37n), -(10n ** 37n)])).toBe(-2n * 10n ** 37n);
		expect(await one("AVG", sql.decimal(38, 6), sql.decimal(10, 2), [100n, 100n, 101n])).toBe(1003333n);
		expect(await one("AVG", sql.decimal(38, 6), sql.decimal(10, 2), [-100n, -100n, -100n, -101n, -101n, -101n])).toBe(
			-1005000n,
		);
		expect(await one("AVG", sql.decimal(38, 6), wide, [3n * 10n ** 31n, 1n, 1n])).toBe(10n ** 31n * 10n ** 4n + 6667n);
	});

	test("MIN and MAX of every type skip NULL; NaN loses against a number that came first", async () => {
		expect(await one("MAX", sql.DOUBLE, sql.DOUBLE, [1, NaN, 2])).toBe(2);
		expect(await one("MAX", sql.DOUBLE, sql.DOUBLE, [NaN, 2])).toBe(NaN);
		expect(await one("MIN", sql.decimal(38, 0), sql.decimal(38, 0), [5n, null, -(10n ** 30n)])).toBe(-(10n ** 30n));
		expect(await one("MAX", sql.STRING, sql.STRING, ["é", "z", null, "zz"])).toBe("é");
		expect(await one("MIN", sql.BOOLEAN, sql.BOOLEAN, [true, false])).toBe(false);
		expect(await one("FIRST_VALUE", sql.STRING, sql.STRING, [null, "b", "a"])).toBe("b");
		expect(await one("LAST_VALUE", sql.SMALLINT, sql.SMALLINT, [1, 2, null])).toBe(2);
	});
});

test("variances of rows that are taken back, and of none", async () => {
	const names = ["VAR_POP", "VAR_SAMP", "STDDEV_POP", "STDDEV_SAMP"];
	const schema = [{ name: "v", type: sql.DOUBLE }];
	const calls = names.map((name) => ({ ...call(name, [0], sql.DOUBLE), argTypes: [sql.DOUBLE] }));
	const of = { ...spec({ keys: [], inputUpdates: true, updateBefore: false }), calls };
	const steps: Step[] = [
		{ changes: [2, 4, 4, 4, 5, 5, 7, 9, 100].map((value): Change => [INSERT, [value]]) },
		{ restore: true },
		{ changes: [[DELETE, [100]]] },
		{ changes: [4, 4, 4, 5, 5, 7, 9].map((value): Change => [DELETE, [value]]) },
		{
			changes: [
				[INSERT, [null]],
				[DELETE, [2]],
			],
		},
	];
	const output = names.map((name) => ({ name, type: sql.DOUBLE }));
	const { changes } = await drive({ spec: of, inputs: [schema], output }, steps);
	const [, before, one, none] = changes.map(([, row]) => row as (number | null)[]);
	for (const [i, value] of [4, 32 / 7, 2, Math.sqrt(32 / 7)].entries()) expect(before![i]).toBeCloseTo(value, 9);
	expect(one).toEqual([0, null, 0, null]);
	expect(none).toEqual([null, null, null, null]);
});

test("a long string that leaves with its group is freed once", async () => {
	const texts = [1, 2, 3, 4].map((i) => `text ${i}, more than twelve bytes`);
	const calls = ["MIN", "MAX"].map((name) => ({ ...call(name, [1], sql.STRING), argTypes: [sql.STRING] }));
	const of = { ...spec({ inputUpdates: true, updateBefore: true }), calls };
	const schema: sql.Schema = [
		{ name: "k", type: sql.BIGINT },
		{ name: "s", type: sql.STRING },
	];
	const changed = (kind: RowKind, ...rows: number[]) => ({
		changes: rows.map((i): Change => [kind, [BigInt(i), texts[i]!]]),
	});
	const steps: Step[] = [
		{ changes: [INSERT, DELETE].map((kind): Change => [kind, [0n, texts[0]!]]) },
		changed(INSERT, 0),
		changed(DELETE, 0),
		changed(INSERT, 1, 2, 3),
	];
	const output = [schema[0]!, ...calls.map(({ name }) => ({ name, type: sql.STRING }))];
	const { changes } = await drive({ spec: of, inputs: [schema], output }, steps);
	expect(changes.slice(-3).map(([, row]) => row)).toEqual([1, 2, 3].map((i) => [BigInt(i), texts[i], texts[i]]));
});

/** The groups of rows, computed a row at a time by the functions' own accumulators. */
function groupsOf(of: GroupAggregateSpec, schema: sql.Schema, rows: readonly Row[]): string[] {
	const keyTypes = of.keys.map((key) => schema[key]?.type as sql.SqlType);
	const groups = new Map<string, { key: Row; rows: Row[] }>();
	for (const row of rows) {
		const key = of.keys.map((column) => row[column] as Row[number]);
		const text = keyText(key, keyTypes);
		const group = groups.get(text) ?? { key, rows: [] };
		group.rows.push(row);
		groups.set(text, group);
	}
	const context = { timeZone: "UTC", queryStartMs: 0, batch: false, currentCatalog: "", currentDatabase: "" };
	const types = [...keyTypes, ...of.calls.map(({ type }) => type)];
	const results = [...groups.values()].map(({ key, rows }) => {
		const values = of.calls.map((one) => {
			const args = one.argTypes.map((type) => ({ type }));
			const accumulator = aggregateFunction(one.function)?.create({ args, result: one.type, context });
			const seen = new Set<string>();
			for (const row of rows) {
				if (one.filter !== undefined && row[one.filter] !== true) continue;
				const values = one.args.map((arg) => row[arg] as Row[number]);
				const text = keyText(values, one.argTypes);
				if (!one.distinct || !seen.has(text)) accumulator?.add(values);
				seen.add(text);
			}
			return accumulator?.result() as Row[number];
		});
		return keyText([...key, ...values], types);
	});
	return results.sort();
}

const keyTypes = [
	[sql.BIGINT],
	[sql.notNull(sql.INTEGER)],
	[sql.DOUBLE],
	[sql.STRING],
	[sql.notNull(sql.STRING)],
	[sql.decimal(30, 2)],
	[sql.STRING, sql.TINYINT, sql.BOOLEAN],
	[sql.timestamp(3), sql.FLOAT, sql.notNull(sql.STRING), sql.STRING],
	[],
];

describe.each(keyTypes.map((types) => [types.map(({ kind }) => kind).join(" "), types] as const))(
	"keys %s",
	(_, types) => {
		const schema = [
			...types.map((type, i) => ({ name: `k${i}`, type })),
			{ name: "v", type: sql.INTEGER },
			{ name: "d", type: sql.decimal(12, 2) },
			{ name: "s", type: sql.STRING },
			{ name: "f", type: sql.BOOLEAN },
		];
		const at = types.length;
		const typed = (
			name: string,
			args: number[],
			type: sql.SqlType,
			more: Partial<AggregateCall> = {},
		): AggregateCall => ({
			function: name,
			args,
			argTypes: args.map((arg) => schema[arg]?.type as sql.SqlType),
			distinct: false,
			type,
			name,
			...more,
		});
		const exact = [
			typed("COUNT", [], sql.notNull(sql.BIGINT)),
			typed("COUNT", [at, at + 2], sql.notNull(sql.BIGINT), { filter: at + 3 }),
			typed("SUM", [at], sql.INTEGER),
			typed("SUM", [at + 1], sql.decimal(38, 2), { filter: at + 3 }),
			typed("AVG", [at], sql.INTEGER),
			typed("AVG", [at + 1], sql.decimal(38, 6)),
		];
		const spreads = [
			typed("VAR_POP", [at], sql.INTEGER),
			typed("STDDEV_SAMP", [at], sql.INTEGER, { filter: at + 3 }),
			typed("STDDEV_POP", [at + 1], sql.decimal(38, 6)),
			typed("VAR_SAMP", [at], sql.INTEGER, { distinct: true }),
		];
		const distinct = { distinct: true };
		const filtered = { distinct: true, filter: at + 3 };
		const overSets = [
			typed("COUNT", [at], sql.notNull(sql.BIGINT), distinct),
			typed("COUNT", [at], sql.notNull(sql.BIGINT), filtered),
			typed("COUNT", [at + 2, at], sql.notNull(sql.BIGINT), distinct),
			typed("SUM", [at + 1], sql.decimal(38, 2), filtered),
			typed("AVG", [at], sql.INTEGER, distinct),
			typed("COUNT", [at + 2], sql.notNull(sql.BIGINT), filtered),
		];
		const extremes = [
			typed("MIN", [at + 2], sql.STRING),
			typed("MAX", [at + 2], sql.STRING, { filter: at + 3 }),
			typed("MAX", [at + 1], sql.decimal(12, 2)),
			typed("MIN", [at], sql.INTEGER, distinct),
		];
		const picks = [
			typed("MIN", [at + 2], sql.STRING),
			typed("MAX", [at + 2], sql.STRING, { filter: at + 3 }),
			typed("MAX", [at + 1], sql.decimal(12, 2)),
			typed("FIRST_VALUE", [at + 2], sql.STRING),
			typed("LAST_VALUE", [at], sql.INTEGER),
		];
		const all = schema.map(({ type }) => type);

		test.each([
			[false, true, [...exact, ...picks]],
			[false, false, picks],
			[true, true, exact],
			[false, true, [...overSets, ...exact, ...spreads]],
			[true, true, [...overSets, ...extremes]],
			[true, false, extremes],
		])("updates %s, -U %s", async (inputUpdates, updateBefore, calls) => {
			const of = spec({ keys: [...types.keys()], calls, inputUpdates, updateBefore });
			const result = [...types.map((type) => ({ name: "k", type })), ...calls.map(({ type }) => ({ name: "r", type }))];
			await fc.assert(
				fc.asyncProperty(stepsOf([{ schema, updates: inputUpdates }]), async (steps) => {
					const { changes } = await drive({ spec: of, inputs: [schema], output: result }, steps);
					const left = rowsLeft(steps, (row) => keyText(row, all));
					const folded = updateBefore ? fold(changes, result) : foldUpserts(changes, result, of.keys);
					expect(folded).toEqual(groupsOf(of, schema, left));
				}),
				PROPERTY,
			);
		});
	},
);
