// Hash join: a build side of a tenth of the rows, all rows probe it.
import type { Batch } from "../../src/arrow/batch.js";
import type { JoinSpec } from "../../src/job/specs.js";
import { BIGINT, notNull } from "../../src/types/sql-type.js";
import type { Case, Variant } from "../measure.js";
import { groupBy, sumOf } from "./aggregate.js";
import { keys, keysSql, rowsOf } from "./data.js";
import { duckdb } from "./duckdb.js";
import { type Chain, Engine } from "./engine.js";
import { LongKeyTable } from "./typed-array.js";

export const joinCases = (rows: number): Case[] => [
	{ name: "join, build a tenth, unique keys", rows, variants: () => joined(rows, 1) },
	{ name: "join, build a tenth, 4 rows per key", rows, variants: () => joined(rows, 4) },
];

/** Of the first columns of both sides, of which the right one is built. */
export const joinOf = (type: JoinSpec["type"]): JoinSpec => ({
	operator: "Join",
	type,
	leftKeys: [0],
	rightKeys: [0],
	nullSafe: [false],
	leftWidth: 1,
	build: "right",
	leftUpdates: false,
	rightUpdates: false,
});

/** The whole join, after which the chain is gone. */
export function probeAll(chain: Chain, builds: readonly Batch[], probes: readonly Batch[]): void {
	for (const batch of builds) chain.process(batch, 1);
	chain.finish(1);
	for (const batch of probes) chain.process(batch, 0);
	chain.finish(0);
	chain.dispose();
}

/** Build row i has key i / `times` and value i; the answer is the sum of the values of all pairs. */
async function joined(rows: number, times: number): Promise<Record<string, Variant>> {
	const built = Math.floor(rows / 10);
	const distinct = Math.floor(built / times);
	const probe = keys(rows, distinct);
	const buildKeys = BigInt64Array.from({ length: built }, (_, i) => BigInt(i % distinct));
	const values = BigInt64Array.from({ length: built }, (_, i) => BigInt(i));
	const left = [{ name: "k", type: notNull(BIGINT) }];
	const right = [...left, { name: "v", type: notNull(BIGINT) }];
	const engine = await Engine.create();
	const [probes, builds] = [engine.batches(left, [probe], rows), engine.batches(right, [buildKeys, values], built)];
	const output = [...left, ...right];
	const { region } = engine;
	return {
		wasm: {
			run: () => {
				let total = 0;
				const stages = [
					{ spec: joinOf("inner"), inputs: [left, right], output },
					groupBy(output, [], [sumOf(2, BIGINT)]),
				];
				const chain = engine.chain(stages, ({ columns }: Batch) => {
					total = Number(region.i64[columns[0]!.data / 8]);
				});
				probeAll(chain, builds, probes);
				return total;
			},
		},
		"typed arrays": {
			run: () => {
				const index = new LongKeyTable();
				const heads = new Int32Array(built).fill(-1);
				const links = new Int32Array(built);
				const words = new Int32Array(buildKeys.buffer);
				for (let i = 0; i < built; i++) {
					const group = index.find(words[i * 2] as number, words[i * 2 + 1] as number);
					links[i] = heads[group] as number;
					heads[group] = i;
				}
				const asked = new Int32Array(probe.buffer);
				let total = 0;
				for (let i = 0; i < rows; i++) {
					const group = index.lookup(asked[i * 2] as number, asked[i * 2 + 1] as number);
					if (group < 0) continue;
					for (let row = heads[group] as number; row >= 0; row = links[row] as number) total += row;
				}
				return total;
			},
		},
		idiomatic: {
			run: () => {
				const index = new Map<bigint, number[]>();
				for (let i = 0; i < built; i++) {
					const key = buildKeys[i] as bigint;
					const list = index.get(key);
					if (list) list.push(i);
					else index.set(key, [i]);
				}
				let total = 0;
				for (let i = 0; i < rows; i++) for (const row of index.get(probe[i] as bigint) ?? []) total += row;
				return total;
			},
		},
		duckdb: await duckdb(
			[
				`CREATE TABLE p AS SELECT ${keysSql(distinct)} AS k FROM ${rowsOf(rows)}`,
				`CREATE TABLE b AS SELECT i % ${distinct} AS k, i AS v FROM ${rowsOf(built)}`,
			],
			"SELECT sum(v) FROM p JOIN b ON p.k = b.k",
		),
	};
}
