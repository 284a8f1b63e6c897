// The work of changes.ts as JavaScript does it by hand, over typed arrays and over Map and objects, and as DuckDB does it in batch. By hand it is
// known that rows come in the order of time, and how many keys there are.
import { RowKind } from "../../src/types/row-kind.js";
import type { Variant } from "../measure.js";
import { keysSql, rowsOf } from "./data.js";
import { duckdb } from "./duckdb.js";
import { keepTop3, LongKeyTable } from "./typed-array.js";

type Variants = Readonly<Record<string, Variant>>;

export interface TimedColumns {
	readonly k: BigInt64Array<ArrayBuffer>;
	/** ms; a row each. */
	readonly end: Float64Array;
	readonly v: Int32Array;
	readonly distinct: number;
}

/** A way to do the work over columns that come in the order of time. */
export type ByHand = (columns: TimedColumns) => Promise<Variants>;

const inDuckdb = (rows: number, distinct: number, query: string): Promise<Variant> =>
	duckdb(
		[
			`CREATE TABLE t AS SELECT ${keysSql(distinct)} AS k, i + 1 AS ts, ((i + 1) // 10000 + 1) * 10000 AS window_end, i % 100 AS v
				FROM ${rowsOf(rows)}`,
		],
		query,
	);

/** The sum of a row and of the ten before it. */
export const sumsByTime: ByHand = async ({ k, v, distinct }) => ({
	"typed arrays": {
		run: () => {
			const index = new LongKeyTable();
			const words = new Int32Array(k.buffer);
			const [last, sums, places] = [
				new Int32Array(distinct * 11),
				new Float64Array(distinct),
				new Uint8Array(distinct),
			];
			const results = new Float64Array(v.length);
			for (let i = 0; i < v.length; i++) {
				const group = index.find(words[i * 2], words[i * 2 + 1]);
				const at = group * 11 + places[group];
				sums[group] += v[i] - last[at];
				last[at] = v[i];
				places[group] = places[group] === 10 ? 0 : places[group] + 1;
				results[i] = sums[group];
			}
			return results.reduce((total, sum) => total + sum, 0);
		},
	},
	idiomatic: {
		run: () => {
			const found = new Map<bigint, number[]>();
			let total = 0;
			for (let i = 0; i < v.length; i++) {
				const last = found.get(k[i]) ?? [];
				found.set(k[i], last);
				last.push(v[i]);
				if (last.length > 11) last.shift();
				total += last.reduce((sum, value) => sum + value, 0);
			}
			return total;
		},
	},
	duckdb: await inDuckdb(
		v.length,
		distinct,
		"SELECT sum(s) FROM (SELECT sum(v) OVER (PARTITION BY k ORDER BY ts ROWS BETWEEN 10 PRECEDING AND CURRENT ROW) AS s FROM t)",
	),
});

/** Greatest value first; by hand the values are known to be less than 100. */
export const sumsSoFar =
	(isNumbered: boolean): ByHand =>
	async ({ k, v, distinct }) => ({
		"typed arrays": {
			run: () => {
				const index = new LongKeyTable();
				const words = new Int32Array(k.buffer);
				const codes = new Int32Array(v.length);
				const places = new Int32Array(distinct * 100 + 1);
				for (let i = 0; i < v.length; i++) {
					codes[i] = index.find(words[i * 2], words[i * 2 + 1]) * 100 + 99 - v[i];
					places[codes[i] + 1]++;
				}
				for (let code = 0; code < distinct * 100; code++) places[code + 1] += places[code];
				const order = new Int32Array(v.length);
				for (let i = 0; i < v.length; i++) order[places[codes[i]]++] = i;
				const results = new Float64Array(v.length);
				let [group, sum] = [-1, 0];
				for (let i = 0; i < v.length; i++) {
					const row = order[i];
					const of = (codes[row] / 100) | 0;
					if (of !== group) sum = 0;
					group = of;
					sum += isNumbered ? 1 : v[row];
					results[row] = sum;
				}
				return results.reduce((total, result) => total + result, 0);
			},
		},
		idiomatic: {
			run: () => {
				const found = new Map<bigint, { v: number; result: number }[]>();
				for (let i = 0; i < v.length; i++) {
					const row = { v: v[i], result: 0 };
					const rows = found.get(k[i]);
					if (rows) rows.push(row);
					else found.set(k[i], [row]);
				}
				let total = 0;
				for (const rows of found.values()) {
					rows.sort((a, b) => b.v - a.v);
					let sum = 0;
					for (const [i, row] of rows.entries()) {
						sum += row.v;
						row.result = isNumbered ? i + 1 : sum;
						total += row.result;
					}
				}
				return total;
			},
		},
		duckdb: await inDuckdb(
			v.length,
			distinct,
			`SELECT sum(s) FROM (SELECT ${isNumbered ? "row_number()" : "sum(v)"} OVER (PARTITION BY k ORDER BY v DESC
				ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS s FROM t)`,
		),
	});

export const firstsByTime: ByHand = async ({ k, v, distinct }) => ({
	"typed arrays": {
		run: () => {
			const index = new LongKeyTable();
			const words = new Int32Array(k.buffer);
			const firsts = new Float64Array(distinct);
			for (let i = 0; i < v.length; i++) {
				const known = index.size;
				const group = index.find(words[i * 2], words[i * 2 + 1]);
				if (group === known) firsts[group] = v[i];
			}
			return firsts.reduce((total, value) => total + value, 0);
		},
	},
	idiomatic: {
		run: () => {
			const firsts = new Map<bigint, { k: bigint; v: number }>();
			for (let i = 0; i < v.length; i++) if (!firsts.has(k[i])) firsts.set(k[i], { k: k[i], v: v[i] });
			let total = 0;
			for (const row of firsts.values()) total += row.v;
			return total;
		},
	},
	duckdb: await inDuckdb(v.length, distinct, "SELECT sum(v) FROM (SELECT arg_min(v, ts) AS v FROM t GROUP BY k)"),
});

export const topsOfWindows: ByHand = async ({ k, end, v, distinct }) => ({
	"typed arrays": {
		run: () => {
			const index = new LongKeyTable();
			const words = new Int32Array(k.buffer);
			const best = new Float64Array(distinct * 3);
			let total = 0;
			for (let i = 0; i < v.length; i++) {
				const group = index.find(words[i * 2], words[i * 2 + 1]);
				keepTop3(best, group * 3, v[i]);
				if (i + 1 < v.length && end[i + 1] === end[i]) continue;
				for (const value of best) total += value;
				best.fill(0);
			}
			return total;
		},
	},
	idiomatic: {
		run: () => {
			const windows = new Map<number, Map<bigint, number[]>>();
			for (let i = 0; i < v.length; i++) {
				const found = windows.get(end[i]) ?? new Map<bigint, number[]>();
				windows.set(end[i], found);
				const best = found.get(k[i]);
				if (!best) found.set(k[i], [v[i]]);
				else if (best.length < 3 || v[i] > best[2]) {
					best.push(v[i]);
					best.sort((a, b) => b - a);
					best.length = Math.min(best.length, 3);
				}
			}
			let total = 0;
			for (const found of windows.values()) for (const best of found.values()) for (const value of best) total += value;
			return total;
		},
	},
	duckdb: await inDuckdb(
		v.length,
		distinct,
		"SELECT sum(v) FROM (SELECT v, row_number() OVER (PARTITION BY window_end, k ORDER BY v DESC) AS r FROM t) WHERE r <= 3",
	),
});

/** Counts only rise, by one: a key moves past those it overtakes. The answer is what is sent, taken back or not: what stands last among the first ten. */
export const topsOfCounts = (
	k: BigInt64Array<ArrayBuffer>,
	n: BigInt64Array<ArrayBuffer>,
	kinds: Uint8Array,
): Variants => ({
	"typed arrays": {
		run: () => {
			const index = new LongKeyTable();
			const [keyWords, countWords] = [new Int32Array(k.buffer), new Int32Array(n.buffer)];
			const [counts, ranked, ranks] = [new Int32Array(k.length), new Int32Array(k.length), new Int32Array(k.length)];
			let total = 0;
			for (let i = 0; i < k.length; i++) {
				if (kinds[i] !== RowKind.UPDATE_AFTER) continue;
				const known = index.size;
				const group = index.find(keyWords[i * 2], keyWords[i * 2 + 1]);
				if (group === known) ranks[group] = group;
				let rank = ranks[group];
				const count = countWords[i * 2];
				if (rank < 10) total += count - counts[group];
				for (; rank > 0 && counts[ranked[rank - 1]] < count; rank--) {
					const overtaken = ranked[rank - 1];
					if (rank === 10) total += count - counts[overtaken];
					ranked[rank] = overtaken;
					ranks[overtaken] = rank;
				}
				counts[group] = count;
				ranked[rank] = group;
				ranks[group] = rank;
			}
			return total;
		},
	},
	idiomatic: {
		run: () => {
			const found = new Map<bigint, { rank: number; n: number }>();
			const ranked: { rank: number; n: number }[] = [];
			let total = 0;
			for (let i = 0; i < k.length; i++) {
				if (kinds[i] !== RowKind.UPDATE_AFTER) continue;
				const entry = found.get(k[i]) ?? { rank: ranked.length, n: 0 };
				if (entry.rank === ranked.length) ranked.push(entry);
				found.set(k[i], entry);
				const n0 = entry.n;
				entry.n = Number(n[i]);
				if (entry.rank < 10) total += entry.n - n0;
				for (let other = ranked[entry.rank - 1]; other && other.n < entry.n; other = ranked[entry.rank - 1]) {
					if (entry.rank === 10) total += entry.n - other.n;
					[ranked[entry.rank], ranked[other.rank]] = [other, entry];
					[entry.rank, other.rank] = [other.rank, entry.rank];
				}
			}
			return total;
		},
	},
});
