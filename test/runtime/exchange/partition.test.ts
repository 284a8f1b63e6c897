// To which subtask a row goes: the kernels against the documented hash, computed with big integers.
import { expect, test } from "vitest";
import { Region } from "../../../src/wasm/region.js";

const MASK = (1n << 64n) - 1n;
const ROWS = [0, 1, 7, 1000];
const PARALLELISM = [2, 3, 5];
const MAX_PARALLELISM = [128, 100, 5];

/** murmur3's 64-bit finaliser, as docs/runtime.md has it. */
function mix(hash: bigint, word: bigint): bigint {
	let h = (hash ^ word) & MASK;
	h ^= h >> 33n;
	h = (h * 0xff51afd7ed558ccdn) & MASK;
	h ^= h >> 33n;
	h = (h * 0xc4ceb9fe1a85ec53n) & MASK;
	return h ^ (h >> 33n);
}

function expected(values: readonly bigint[], parallelism: number, maxParallelism: number): number[][] {
	const lists: number[][] = Array.from({ length: parallelism }, () => []);
	for (const [row, value] of values.entries()) {
		const group = Number(mix(0n, BigInt.asUintN(64, value)) % BigInt(maxParallelism));
		lists[Math.floor((group * parallelism) / maxParallelism)]!.push(row);
	}
	return lists;
}

type Deal = (
	values: number,
	n: number,
	maxParallelism: number,
	parallelism: number,
	counts: number,
	lists: number,
) => void;

test.each([4, 8] as const)("keys of %i bytes", async (width) => {
	const region = await Region.create({ build: "debug" });
	const { arena, kernels } = region;
	const hashed: Deal = (values, n, maxParallelism, parallelism, counts, lists) => {
		const hashes = arena.allocate(n * 8);
		region.byWidth.keyHash[width](values, 0, n, hashes, true);
		kernels.partitionRows(hashes, n, maxParallelism, parallelism, counts, lists);
	};
	const direct: Deal = width === 8 ? kernels.partitionKeys8 : kernels.partitionKeys4;
	let state = 1n;
	const random = () => {
		state = mix(state, 0x9e3779b97f4a7c15n);
		return BigInt.asIntN(width * 8, state);
	};
	for (const n of ROWS) {
		const values = Array.from({ length: n }, (_, i) => (i % 3 === 0 ? BigInt(i) : random()));
		const at = arena.allocate(n * width);
		for (const [i, value] of values.entries()) {
			if (width === 8) region.i64[at / 8 + i] = value;
			else region.i32[at / 4 + i] = Number(value);
		}
		for (const parallelism of PARALLELISM) {
			for (const maxParallelism of MAX_PARALLELISM) {
				for (const deal of [direct, hashed]) {
					const counts = arena.allocate(parallelism * 4);
					kernels.fillBytes(counts, 0, parallelism * 4);
					const lists = arena.allocate(parallelism * n * 4);
					deal(at, n, maxParallelism, parallelism, counts, lists);
					const dealt = Array.from({ length: parallelism }, (_, to) => {
						const start = lists / 4 + to * n;
						return [...region.u32.subarray(start, start + region.u32[counts / 4 + to]!)];
					});
					expect(dealt).toEqual(expected(values, parallelism, maxParallelism));
				}
			}
		}
	}
});
