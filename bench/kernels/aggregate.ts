// Hash aggregate: SUM(double) and COUNT by BIGINT, COUNT by strings, at several numbers of groups.
import { Schema as ArrowSchema, Field, Float64, Int64, makeData, RecordBatch, Struct, Table } from "apache-arrow";
import type { Batch } from "../../src/arrow/batch.js";
import { count, hashAggregate, sum } from "../../src/embed/operators.js";
import type { AggregateCall } from "../../src/job/specs.js";
import { BIGINT, DOUBLE, notNull, type Schema, type SqlType, STRING } from "../../src/types/sql-type.js";
import type { Case, Variant } from "../measure.js";
import { doubles, doublesSql, keys, keysSql, MIXED, mixed, rowsOf, textOf, textSql, texts } from "./data.js";
import { duckdb } from "./duckdb.js";
import { Engine, type Stage } from "./engine.js";
import { LongKeyTable, TextKeyTable } from "./typed-array.js";

const COUNT: AggregateCall = {
	function: "COUNT",
	args: [],
	argTypes: [],
	distinct: false,
	type: notNull(BIGINT),
	name: "n",
};
export const sumOf = (column: number, type: SqlType): AggregateCall => ({
	function: "SUM",
	args: [column],
	argTypes: [notNull(type)],
	distinct: false,
	type: notNull(type),
	name: "s",
});

export const groupBy = (input: Schema, groupKeys: readonly number[], calls: readonly AggregateCall[]): Stage => ({
	spec: {
		operator: "GroupAggregate",
		keys: groupKeys,
		calls,
		inputUpdates: false,
		updateBefore: false,
		final: true,
		emitEmpty: groupKeys.length === 0,
	},
	inputs: [input],
	output: [...groupKeys.map((key) => input[key]!), ...calls.map(({ name, type }) => ({ name, type }))],
});

/** Aggregates anew in each run; the answer is taken from what comes out. */
export function aggregated(
	engine: Engine,
	stages: readonly Stage[],
	batches: readonly Batch[],
	answer: (batch: Batch) => number,
): Variant {
	return {
		run: () => {
			let total = 0;
			const chain = engine.chain(stages, (batch) => {
				total += answer(batch);
			});
			for (const batch of batches) chain.process(batch);
			chain.finish();
			chain.dispose();
			return total;
		},
	};
}

export const aggregateCases = (rows: number): Case[] => [
	...[1000, 100_000, 1_000_000].map((groups) => ({
		name: `SUM, COUNT by BIGINT, ${label(groups)} groups`,
		rows,
		variants: () => byLong(rows, groups),
	})),
	...[10_000, 1_000_000].map((groups) => ({
		name: `COUNT by string, ${label(groups)} groups`,
		rows,
		variants: () => byText(rows, groups),
	})),
];

export const label = (n: number): string => (n >= 1_000_000 ? `${n / 1e6}M` : n >= 1000 ? `${n / 1000}K` : String(n));

/** The sum over groups of total × count, which needs each group to be right. */
async function byLong(rows: number, groups: number): Promise<Record<string, Variant>> {
	const k = keys(rows, groups);
	const v = doubles(rows, 1000);
	const schema = [
		{ name: "k", type: notNull(BIGINT) },
		{ name: "v", type: notNull(DOUBLE) },
	];
	const engine = await Engine.create();
	const batches = engine.batches(schema, [k, v], rows);
	const { region } = engine;
	const answer = ({ columns, length }: Batch) => {
		let total = 0;
		const { f64, u32 } = region;
		const [, totals, counts] = columns;
		for (let i = 0; i < length; i++) {
			total += (f64[totals!.data / 8 + i] as number) * (u32[counts!.data / 4 + i * 2] as number);
		}
		return total;
	};
	const table = arrowTable(k, v);
	return {
		wasm: aggregated(engine, [groupBy(schema, [0], [sumOf(1, DOUBLE), COUNT])], batches, answer),
		"wasm from Arrow": {
			run: async () => {
				using operator = await hashAggregate({
					input: table.schema,
					keys: ["k"],
					aggregates: { s: sum("v"), n: count() },
				});
				let total = 0;
				for await (const batch of operator.run(table.batches)) {
					const totals = batch.getChild("s")?.data[0]?.values as Float64Array;
					const counts = batch.getChild("n")?.data[0]?.values as BigInt64Array;
					const words = new Uint32Array(counts.buffer, counts.byteOffset, counts.length * 2);
					for (let i = 0; i < totals.length; i++) total += (totals[i] as number) * (words[i * 2] as number);
				}
				return total;
			},
		},
		"typed arrays": {
			run: () => {
				const index = new LongKeyTable();
				let totals = new Float64Array(1024);
				let counts = new Float64Array(1024);
				const words = new Int32Array(k.buffer);
				for (let i = 0; i < rows; i++) {
					const group = index.find(words[i * 2] as number, words[i * 2 + 1] as number);
					if (group >= totals.length) [totals, counts] = [doubled(totals), doubled(counts)];
					totals[group] = (totals[group] as number) + (v[i] as number);
					counts[group] = (counts[group] as number) + 1;
				}
				return totals.reduce((sum, total, group) => sum + total * (counts[group] as number), 0);
			},
		},
		idiomatic: {
			run: () => {
				const found = new Map<bigint, { total: number; n: number }>();
				for (let i = 0; i < rows; i++) {
					const key = k[i] as bigint;
					const group = found.get(key);
					if (group) {
						group.total += v[i] as number;
						group.n++;
					} else found.set(key, { total: v[i] as number, n: 1 });
				}
				let sum = 0;
				for (const { total, n } of found.values()) sum += total * n;
				return sum;
			},
		},
		duckdb: await duckdb(
			[`CREATE TABLE t AS SELECT ${keysSql(groups)} AS k, ${doublesSql(1000)} AS v FROM ${rowsOf(rows)}`],
			"SELECT sum(s * n) FROM (SELECT k, sum(v) AS s, count(*) AS n FROM t GROUP BY k)",
		),
	};
}

const doubled = (values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
	const larger = new Float64Array(values.length * 2);
	larger.set(values);
	return larger;
};

/** Batches of 64 K rows over the arrays. */
function arrowTable(k: BigInt64Array<ArrayBuffer>, v: Float64Array<ArrayBuffer>): Table {
	const schema = new ArrowSchema([new Field("k", new Int64(), false), new Field("v", new Float64(), false)]);
	const batches: RecordBatch[] = [];
	for (let from = 0; from < k.length; from += 65_536) {
		const to = Math.min(from + 65_536, k.length);
		const children = [
			makeData({ type: new Int64(), data: k.subarray(from, to) }),
			makeData({ type: new Float64(), data: v.subarray(from, to) }),
		];
		const type = new Struct(schema.fields);
		batches.push(new RecordBatch(schema, makeData({ type, length: to - from, nullCount: 0, children })));
	}
	return new Table(schema, batches);
}

/** The sum of the squares of the counts. */
async function byText(rows: number, groups: number): Promise<Record<string, Variant>> {
	const text = texts(rows, groups);
	const schema = [{ name: "k", type: notNull(STRING) }];
	const engine = await Engine.create();
	const batches = engine.batches(schema, [text], rows);
	const { region } = engine;
	const answer = ({ columns, length }: Batch) => {
		let total = 0;
		const { u32 } = region;
		const counts = columns[1]!.data / 4;
		for (let i = 0; i < length; i++) {
			const count = u32[counts + i * 2] as number;
			total += count * count;
		}
		return total;
	};
	const words = Array.from({ length: groups }, (_, key) => textOf(key));
	return {
		wasm: aggregated(engine, [groupBy(schema, [0], [COUNT])], batches, answer),
		"typed arrays": {
			run: () => {
				const table = new TextKeyTable(text.bytes);
				let counts = new Float64Array(1024);
				for (let i = 0; i < rows; i++) {
					const group = table.find(text.offsets[i] as number, text.offsets[i + 1] as number);
					if (group >= counts.length) counts = doubled(counts);
					counts[group] = (counts[group] as number) + 1;
				}
				return counts.reduce((sum, n) => sum + n * n, 0);
			},
		},
		idiomatic: {
			run: () => {
				const found = new Map<string, number>();
				for (let i = 0; i < rows; i++) {
					const key = words[mixed(i) % groups] as string;
					found.set(key, (found.get(key) ?? 0) + 1);
				}
				let sum = 0;
				for (const n of found.values()) sum += n * n;
				return sum;
			},
		},
		duckdb: await duckdb(
			[`CREATE TABLE t AS SELECT ${textSql(`${MIXED} % ${groups}`)} AS k FROM ${rowsOf(rows)}`],
			"SELECT sum(n * n) FROM (SELECT k, count(*) AS n FROM t GROUP BY k)",
		),
	};
}
