// A count per key in windows that overlap (hopping, cumulating) and in sessions. Row i has time i ms; by hand it is known that rows come in that
// order. The answer is the sum of the squares of the counts.
import type { WindowSpec } from "../../src/job/window.js";
import type { Case, Variant } from "../measure.js";
import { keys, keysSql, rowsOf } from "./data.js";
import { duckdb } from "./duckdb.js";
import { LongKeyTable } from "./typed-array.js";
import { counted } from "./window.js";

/** Slices of the time of one window. */
const SLICES = 5;
const DISTINCT = 1000;

type Keys = BigInt64Array<ArrayBuffer>;
type ByHand = Readonly<Record<string, Variant>>;

export const windowKindCases = (rows: number): Case[] => {
	const slice = Math.ceil(rows / 50);
	const common = { time: 1, eventTime: true, offset: 0, size: slice * SLICES } as const;
	return [
		{
			name: "hopping COUNT by BIGINT, 5 windows a row, 1K keys (a tenth of the rows)",
			rows,
			variants: () => windows(rows, { kind: "hop", ...common, slide: slice }, hopping(slice), hopsSql(slice)),
		},
		{
			name: "cumulating COUNT by BIGINT, 5 steps, 1K keys (a tenth of the rows)",
			rows,
			variants: () => windows(rows, { kind: "cumulate", ...common, step: slice }, cumulating(slice), stepsSql(slice)),
		},
		{
			name: "session COUNT by BIGINT, 1K keys (a tenth of the rows)",
			rows,
			variants: () => {
				const window = { kind: "session", time: 1, eventTime: true, gap: DISTINCT, partition: [0] } as const;
				return windows(rows, window, sessions(DISTINCT), sessionsSql(DISTINCT));
			},
		},
	];
};

async function windows(rows: number, window: WindowSpec, byHand: (k: Keys) => ByHand, query: string) {
	const k = keys(rows, DISTINCT);
	return {
		wasm: await counted(window, k),
		...byHand(k),
		duckdb: await duckdb([`CREATE TABLE t AS SELECT ${keysSql(DISTINCT)} AS k, i AS ts FROM ${rowsOf(rows)}`], query),
	};
}

/** Counts of the slice's rows are added to `counts`. */
function countSlice(index: LongKeyTable, words: Int32Array, from: number, to: number, counts: Float64Array): void {
	for (let i = from; i < to; i++) counts[index.find(words[i * 2], words[i * 2 + 1])]++;
}

const squares = (counts: Float64Array): number => counts.reduce((sum, n) => sum + n * n, 0);

/** Counts each row in the windows from that of its slice to before `endOf` that; gives the sum of squares. */
function inWindows(k: Keys, slice: number, endOf: (first: number) => number): number {
	const found = new Map<number, Map<bigint, number>>();
	for (let i = 0; i < k.length; i++) {
		const first = Math.floor(i / slice);
		for (let window = first, end = endOf(first); window < end; window++) {
			const counts = found.get(window) ?? new Map<bigint, number>();
			found.set(window, counts);
			counts.set(k[i], (counts.get(k[i]) ?? 0) + 1);
		}
	}
	let total = 0;
	for (const counts of found.values()) for (const n of counts.values()) total += n * n;
	return total;
}

/** Of the windows that hold a row the first ends with its slice, the last four slices later. */
const hopping = (slice: number) => (k: Keys) => ({
	"typed arrays": {
		run: () => {
			const index = new LongKeyTable();
			const words = new Int32Array(k.buffer);
			const slices = Array.from({ length: SLICES }, () => new Float64Array(DISTINCT));
			const counts = new Float64Array(DISTINCT);
			let total = 0;
			for (let n = 0; n < Math.ceil(k.length / slice) + SLICES - 1; n++) {
				const latest = slices[n % SLICES];
				for (let group = 0; group < DISTINCT; group++) counts[group] -= latest[group];
				latest.fill(0);
				countSlice(index, words, n * slice, Math.min((n + 1) * slice, k.length), latest);
				for (let group = 0; group < DISTINCT; group++) counts[group] += latest[group];
				total += squares(counts);
			}
			return total;
		},
	},
	idiomatic: {
		run: () => inWindows(k, slice, (first) => first + SLICES),
	},
});

const slicesSql = (slice: number): string =>
	`(SELECT k, ts // ${slice} AS slice, count(*) AS n FROM t GROUP BY ALL), (SELECT range AS later FROM range(${SLICES}))`;

const hopsSql = (slice: number): string =>
	`SELECT sum(n * n) FROM (SELECT k, slice + later AS w, sum(n) AS n FROM ${slicesSql(slice)} GROUP BY ALL)`;

/** The windows that hold a row end with its slice and with each later one before the next start. */
const cumulating = (slice: number) => (k: Keys) => ({
	"typed arrays": {
		run: () => {
			const index = new LongKeyTable();
			const words = new Int32Array(k.buffer);
			const counts = new Float64Array(DISTINCT);
			let total = 0;
			for (let n = 0; n % SLICES > 0 || n * slice < k.length; n++) {
				if (n % SLICES === 0) counts.fill(0);
				countSlice(index, words, n * slice, Math.min((n + 1) * slice, k.length), counts);
				total += squares(counts);
			}
			return total;
		},
	},
	idiomatic: {
		run: () => inWindows(k, slice, (first) => (Math.floor(first / SLICES) + 1) * SLICES),
	},
});

const stepsSql = (slice: number): string =>
	`SELECT sum(n * n) FROM (SELECT k, slice // ${SLICES} AS w, later, sum(n) AS n FROM ${slicesSql(slice)}
		WHERE later >= slice % ${SLICES} GROUP BY ALL)`;

/** A row that comes later than `gap` after the one before begins another session. */
const sessions = (gap: number) => (k: Keys) => ({
	"typed arrays": {
		run: () => {
			const index = new LongKeyTable();
			const words = new Int32Array(k.buffer);
			const [last, counts] = [new Int32Array(DISTINCT), new Float64Array(DISTINCT)];
			let total = 0;
			for (let i = 0; i < k.length; i++) {
				const group = index.find(words[i * 2], words[i * 2 + 1]);
				if (i - last[group] > gap) {
					total += counts[group] * counts[group];
					counts[group] = 0;
				}
				last[group] = i;
				counts[group]++;
			}
			return total + squares(counts);
		},
	},
	idiomatic: {
		run: () => {
			const open = new Map<bigint, { last: number; n: number }>();
			let total = 0;
			for (let i = 0; i < k.length; i++) {
				const session = open.get(k[i]);
				if (session && i - session.last <= gap) {
					session.last = i;
					session.n++;
				} else {
					if (session) total += session.n ** 2;
					open.set(k[i], { last: i, n: 1 });
				}
			}
			for (const { n } of open.values()) total += n * n;
			return total;
		},
	},
});

const sessionsSql = (gap: number): string =>
	`SELECT sum(n * n) FROM (SELECT k, session, count(*) AS n FROM (
		SELECT k, sum(begins) OVER (PARTITION BY k ORDER BY ts) AS session FROM (
			SELECT k, ts, CASE WHEN ts - lag(ts) OVER (PARTITION BY k ORDER BY ts) <= ${gap} THEN 0 ELSE 1 END AS begins FROM t
		)) GROUP BY ALL)`;
