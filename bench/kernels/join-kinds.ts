// Outer, semi and anti joins, and the interval join. By hand it is known that rows come in the order of time, and which keys there are.
import { BATCH_ROWS, type Batch } from "../../src/arrow/batch.js";
import type { IntervalJoinSpec } from "../../src/job/specs.js";
import { MAX_WATERMARK } from "../../src/operators/operator.js";
import { BIGINT, notNull, type Schema, timestamp } from "../../src/types/sql-type.js";
import type { Case, Variant } from "../measure.js";
import { keys, keysSql, rowsOf } from "./data.js";
import { duckdb } from "./duckdb.js";
import { Engine } from "./engine.js";
import { joinOf, probeAll } from "./join.js";
import { joinByHand, sentBy } from "./join-by-hand.js";
import { LongKeyTable } from "./typed-array.js";

const LONG = notNull(BIGINT);
const KINDS = ["left", "right", "full", "semi", "anti"] as const;
type Kind = (typeof KINDS)[number];

export const joinKindCases = (rows: number): Case[] => {
	const some = Math.floor(rows / 10);
	return [
		...KINDS.map((type) => ({
			name: `${type} join, build a tenth, half of ${sentBy(type).builds ? "the build" : "the"} rows match`,
			rows,
			variants: () => ofKind(rows, type),
		})),
		{
			name: "interval join, 10 rows a key, an interval of a fifth of the time (a tenth of the rows)",
			rows: some,
			variants: () => interval(some),
		},
	];
};

/**
 * Build rows have the keys from `first` on, probe rows those below twice as many. Of right and full joins half of the build rows stay without a
 * match. The answer is the number of rows, the key of each added to it.
 */
async function ofKind(rows: number, type: Kind): Promise<Record<string, Variant>> {
	const built = Math.floor(rows / 10);
	const first = sentBy(type).builds ? Math.floor(built * 1.5) : 0;
	const probe = keys(rows, built * 2);
	const build = BigInt64Array.from({ length: built }, (_, i) => BigInt(first + i));
	const left = [{ name: "k", type: LONG }];
	const engine = await Engine.create();
	const [probes, builds] = [engine.batches(left, [probe], rows), engine.batches(left, [build], built)];
	const output = type === "semi" || type === "anti" ? left : bothSides(type);
	return {
		wasm: {
			run: () => {
				let total = 0;
				const stage = { spec: joinOf(type), inputs: [left, left], output };
				const chain = engine.chain([stage], (batch) => {
					total += batch.length + sumOfKeys(engine, batch);
				});
				probeAll(chain, builds, probes);
				return total;
			},
		},
		...joinByHand(build, probe, sentBy(type)),
		duckdb: await duckdb(
			[
				`CREATE TABLE p AS SELECT ${keysSql(built * 2)} AS k FROM ${rowsOf(rows)}`,
				`CREATE TABLE b AS SELECT i + ${first} AS k, i AS v FROM ${rowsOf(built)}`,
			],
			type === "semi" || type === "anti"
				? `SELECT sum(1 + p.k) FROM p ${type} JOIN b ON p.k = b.k`
				: `SELECT sum(1 + coalesce(p.k, b.k)) + 0 * count(b.v) FROM p ${type} JOIN b ON p.k = b.k`,
		),
	};
}

const bothSides = (type: Kind): Schema => [
	{ name: "k", type: type === "left" ? LONG : BIGINT },
	{ name: "b", type: type === "right" ? LONG : BIGINT },
];

/** Of the left key where there is one. */
function sumOfKeys({ region: { u8, u32 } }: Engine, { columns: [left, right], length }: Batch): number {
	let total = 0;
	const [data, validity] = [left!.data / 4, left!.validity];
	for (let i = 0; i < length; i++) {
		const isLeft = validity === 0 || ((u8[validity + (i >> 3)] as number) >> (i & 7)) & 1;
		total += u32[isLeft ? data + i * 2 : right!.data / 4 + i * 2] as number;
	}
	return total;
}

/** Row i of both sides has time i ms and the same key; the right one has value i % 100. The answer is the sum of the values of all pairs. */
async function interval(rows: number): Promise<Record<string, Variant>> {
	const distinct = Math.ceil(rows / 10);
	const width = distinct * 2;
	const k = keys(rows, distinct);
	const ts = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i));
	const v = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % 100));
	const left = [
		{ name: "k", type: LONG },
		{ name: "ts", type: notNull(timestamp(3)) },
	];
	const right = [...left, { name: "v", type: LONG }];
	const engine = await Engine.create();
	const [lefts, rights] = [engine.batches(left, [k, ts], rows), engine.batches(right, [k, ts, v], rows)];
	const spec: IntervalJoinSpec = {
		operator: "IntervalJoin",
		type: "inner",
		leftKeys: [0],
		rightKeys: [0],
		nullSafe: [false],
		leftTime: 1,
		rightTime: 1,
		lowerMs: 0,
		upperMs: width,
		eventTime: true,
		leftWidth: 2,
	};
	const values = new Int32Array(v.buffer);
	return {
		wasm: {
			run: () => {
				let total = 0;
				const stage = { spec, inputs: [left, right], output: [...left, ...right] };
				const chain = engine.chain([stage], ({ columns, length }: Batch) => {
					const { u32 } = engine.region;
					for (let i = 0; i < length; i++) total += u32[columns[4]!.data / 4 + i * 2] as number;
				});
				for (const [i, batch] of lefts.entries()) {
					chain.process(rights[i]!, 1);
					chain.process(batch, 0);
					chain.advance((i + 1) * BATCH_ROWS - 1);
				}
				chain.advance(MAX_WATERMARK);
				chain.dispose();
				return total;
			},
		},
		"typed arrays": {
			run: () => {
				const index = new LongKeyTable();
				const words = new Int32Array(k.buffer);
				const [heads, links] = [new Int32Array(distinct).fill(-1), new Int32Array(rows)];
				let total = 0;
				for (let i = 0; i < rows; i++) {
					const group = index.find(words[i * 2], words[i * 2 + 1]);
					links[i] = heads[group];
					heads[group] = i;
					for (let row = i; row >= 0 && i - row <= width; row = links[row]) total += values[row * 2];
				}
				return total;
			},
		},
		idiomatic: {
			run: () => {
				const found = new Map<bigint, { ts: number; v: number }[]>();
				let total = 0;
				for (let i = 0; i < rows; i++) {
					const list = found.get(k[i]!) ?? [];
					found.set(k[i]!, list);
					list.push({ ts: i, v: values[i * 2]! });
					while (list[0]!.ts < i - width) list.shift();
					for (const row of list) total += row.v;
				}
				return total;
			},
		},
		duckdb: await duckdb(
			[`CREATE TABLE t AS SELECT ${keysSql(distinct)} AS k, i AS ts, i % 100 AS v FROM ${rowsOf(rows)}`],
			`SELECT sum(b.v) FROM t a JOIN t b ON a.k = b.k AND a.ts BETWEEN b.ts AND b.ts + ${width}`,
		),
	};
}
