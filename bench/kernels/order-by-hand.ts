// Sort, Top-3 per key, deduplicate and limit as JavaScript does them by hand, over typed arrays and over Map and objects. The answers are those of order.ts.
import type { Variant } from "../measure.js";
import { keepTop3, LongKeyTable } from "./typed-array.js";

export type ByHand = (k: BigInt64Array<ArrayBuffer>, v: Float64Array) => Readonly<Record<string, Variant>>;

/** Digits of 11 bits, least first; keys are known to have 31 bits. The rows go along as numbers and are fetched in the end. */
function radixSorted(k: BigInt64Array<ArrayBuffer>): Int32Array {
	const words = new Int32Array(k.buffer);
	const rows = k.length;
	let [keys, numbers] = [new Int32Array(rows), new Int32Array(rows)];
	let [nextKeys, nextNumbers] = [new Int32Array(rows), new Int32Array(rows)];
	for (let i = 0; i < rows; i++) {
		keys[i] = words[i * 2];
		numbers[i] = i;
	}
	for (let shift = 0; shift < 33; shift += 11) {
		const places = new Int32Array(2049);
		for (let i = 0; i < rows; i++) places[((keys[i] >>> shift) & 2047) + 1]++;
		for (let digit = 0; digit < 2048; digit++) places[digit + 1] += places[digit];
		for (let i = 0; i < rows; i++) {
			const place = places[(keys[i] >>> shift) & 2047]++;
			nextKeys[place] = keys[i];
			nextNumbers[place] = numbers[i];
		}
		[keys, numbers, nextKeys, nextNumbers] = [nextKeys, nextNumbers, keys, numbers];
	}
	return numbers;
}

export const sortByHand: ByHand = (k, v) => {
	const rows = Array.from(k, (key, i) => ({ k: Number(key), v: v[i] }));
	return {
		"typed arrays": {
			run: () => {
				const order = radixSorted(k);
				const [sortedKeys, sorted] = [new BigInt64Array(k.length), new Float64Array(k.length)];
				const [from, to] = [new Int32Array(k.buffer), new Int32Array(sortedKeys.buffer)];
				let total = 0;
				for (let i = 0; i < order.length; i++) {
					to[i * 2] = from[order[i] * 2];
					sorted[i] = v[order[i]];
					total += sorted[i];
				}
				return total - sorted[0];
			},
		},
		idiomatic: {
			run: () => {
				const sorted = rows.toSorted((a, b) => a.k - b.k);
				let total = 0;
				for (const row of sorted.slice(1)) total += row.v;
				return total;
			},
		},
	};
};

export const topByHand: ByHand = (k, v) => ({
	"typed arrays": {
		run: () => {
			const index = new LongKeyTable();
			const words = new Int32Array(k.buffer);
			let best = new Float64Array(3072).fill(Number.NEGATIVE_INFINITY);
			for (let i = 0; i < v.length; i++) {
				const at = index.find(words[i * 2], words[i * 2 + 1]) * 3;
				if (at >= best.length) best = doubled(best, Number.NEGATIVE_INFINITY);
				keepTop3(best, at, v[i]);
			}
			return best.reduce((total, value) => (Number.isFinite(value) ? total + value : total), 0);
		},
	},
	idiomatic: {
		run: () => {
			const found = new Map<bigint, { k: bigint; v: number }[]>();
			for (let i = 0; i < v.length; i++) {
				const row = { k: k[i], v: v[i] };
				const best = found.get(row.k);
				if (!best) found.set(row.k, [row]);
				else if (best.length < 3 || row.v > best[2].v) {
					best.push(row);
					best.sort((a, b) => b.v - a.v);
					best.length = Math.min(best.length, 3);
				}
			}
			let total = 0;
			for (const best of found.values()) for (const row of best) total += row.v;
			return total;
		},
	},
});

export const lastByHand: ByHand = (k, v) => ({
	"typed arrays": {
		run: () => {
			const index = new LongKeyTable();
			const words = new Int32Array(k.buffer);
			let last = new Float64Array(1024);
			for (let i = 0; i < v.length; i++) {
				const group = index.find(words[i * 2], words[i * 2 + 1]);
				if (group >= last.length) last = doubled(last, 0);
				last[group] = v[i];
			}
			return last.reduce((total, value) => total + value, 0);
		},
	},
	idiomatic: {
		run: () => {
			const last = new Map<bigint, { k: bigint; v: number }>();
			for (let i = 0; i < v.length; i++) last.set(k[i], { k: k[i], v: v[i] });
			let total = 0;
			for (const row of last.values()) total += row.v;
			return total;
		},
	},
});

/** Row by row, as they would come from somewhere. */
export const limitByHand =
	(offset: number, fetch: number): ByHand =>
	(k, v) => ({
		"typed arrays": {
			run: () => {
				const values = v.subarray(offset, offset + fetch);
				let total = 0;
				for (let i = 0; i < values.length; i++) total += values[i];
				return total;
			},
		},
		idiomatic: {
			run: () => {
				let [place, total] = [0, 0];
				for (const row of rowsOf(k, v)) {
					if (place++ < offset) continue;
					if (place > offset + fetch) break;
					total += row.v;
				}
				return total;
			},
		},
	});

function* rowsOf(k: BigInt64Array, v: Float64Array): Generator<{ readonly k: bigint; readonly v: number }> {
	for (let i = 0; i < k.length; i++) yield { k: k[i] as bigint, v: v[i] as number };
}

function doubled(values: Float64Array<ArrayBuffer>, rest: number): Float64Array<ArrayBuffer> {
	const larger = new Float64Array(values.length * 2).fill(rest);
	larger.set(values);
	return larger;
}
