// Interval join, left and semi join. By hand it is known that rows come in the order of time, and which keys there are.
import { BATCH_ROWS, type Batch } from "../../src/arrow/batch.js";
import type { IntervalJoinSpec, JoinSpec } from "../../src/job/specs.js";
import { MAX_WATERMARK } from "../../src/operators/operator.js";
import { BIGINT, notNull, timestamp } from "../../src/types/sql-type.js";
import type { Case, Variant } from "../measure.js";
import { keys, keysSql, rowsOf } from "./data.js";
import { duckdb } from "./duckdb.js";
import { Engine } from "./engine.js";
import { LongKeyTable } from "./typed-array.js";

const LONG = notNull(BIGINT);

export const joinKindCases = (rows: number): Case[] => {
	const some = Math.floor(rows / 10);
	return [
		{ name: "left join, build a tenth, half of the rows match", rows, variants: () => outerOrSemi(rows, "left") },
		{ name: "semi join, build a tenth, half of the rows match", rows, variants: () => outerOrSemi(rows, "semi") },
		{
			name: "interval join, 10 rows a key, an interval of a fifth of the time (a tenth of the rows)",
			rows: some,
			variants: () => interval(some),
		},
	];
};

/** Build row i has key i; the keys asked for are twice as many. The answer is the number of rows, each left key added to it. */
async function outerOrSemi(rows: number, type: "left" | "semi"): Promise<Record<string, Variant>> {
	const built = Math.floor(rows / 10);
	const probe = keys(rows, built * 2);
	const buildKeys = BigInt64Array.from({ length: built }, (_, i) => BigInt(i));
	const left = [{ name: "k", type: LONG }];
	const engine = await Engine.create();
	const [probes, builds] = [engine.batches(left, [probe], rows), engine.batches(left, [buildKeys], built)];
	const spec: JoinSpec = {
		operator: "Join",
		type,
		leftKeys: [0],
		rightKeys: [0],
		nullSafe: [false],
		leftWidth: 1,
		build: "right",
		leftUpdates: false,
		rightUpdates: false,
	};
	const output = type === "left" ? [...left, { name: "b", type: BIGINT }] : left;
	const isLeft = type === "left";
	return {
		wasm: {
			run: () => {
				let total = 0;
				const chain = engine.chain([{ spec, inputs: [left, left], output }], ({ columns, length }: Batch) => {
					const { u32 } = engine.region;
					for (let i = 0; i < length; i++) total += 1 + (u32[columns[0]!.data / 4 + i * 2] as number);
				});
				for (const batch of builds) chain.process(batch, 1);
				chain.finish(1);
				for (const batch of probes) chain.process(batch, 0);
				chain.finish(0);
				chain.dispose();
				return total;
			},
		},
		"typed arrays": {
			run: () => {
				const index = new LongKeyTable();
				const [builtWords, asked] = [new Int32Array(buildKeys.buffer), new Int32Array(probe.buffer)];
				for (let i = 0; i < built; i++) index.find(builtWords[i * 2], builtWords[i * 2 + 1]);
				const matches = new Int32Array(BATCH_ROWS);
				let total = 0;
				for (let i = 0; i < rows; i++) {
					const match = index.lookup(asked[i * 2], asked[i * 2 + 1]);
					matches[i % BATCH_ROWS] = match;
					if (isLeft || match >= 0) total += 1 + asked[i * 2];
				}
				return total;
			},
		},
		idiomatic: {
			run: () => {
				const index = new Map<bigint, bigint[]>();
				for (const key of buildKeys) index.set(key, [key]);
				let total = 0;
				for (const k of probe) {
					const joined = (index.get(k) ?? (isLeft ? [null] : [])).map((b) => ({ k, b }));
					for (const row of joined) total += 1 + Number(row.k);
				}
				return total;
			},
		},
		duckdb: await duckdb(
			[
				`CREATE TABLE p AS SELECT ${keysSql(built * 2)} AS k FROM ${rowsOf(rows)}`,
				`CREATE TABLE b AS SELECT i AS k, i AS v FROM ${rowsOf(built)}`,
			],
			isLeft
				? "SELECT sum(1 + p.k) + 0 * count(b.v) FROM p LEFT JOIN b ON p.k = b.k"
				: "SELECT sum(1 + p.k) FROM p SEMI JOIN b ON p.k = b.k",
		),
	};
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
