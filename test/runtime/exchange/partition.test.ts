// To which subtask a row goes: the kernels against the documented hash, computed with big integers.
import { expect, test } from "vitest";
import { rowsToBatch } from "../../../src/arrow/rows.js";
import type { Schema } from "../../../src/types/sql-type.js";
import { Region } from "../../../src/wasm/region.js";

const MASK = (1n << 64n) - 1n;
const ROWS = [0, 1, 7, 8, 1000];
const PARALLELISM = [2, 3, 5];
const MAX_PARALLELISM = [32768, 128, 100, 5, 2, 1];

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

/** A string's hash: of up to 12 bytes as its view holds it, else its length and then its bytes by words. */
function ofString(text: string, before: bigint): bigint {
	const bytes = Buffer.from(text);
	const short = Buffer.alloc(16);
	short.writeUInt32LE(bytes.length);
	if (bytes.length <= 12) {
		bytes.copy(short, 4);
		return mix(mix(before, short.readBigUInt64LE(0)), short.readBigUInt64LE(8));
	}
	const words = Buffer.alloc(Math.ceil(bytes.length / 8) * 8);
	bytes.copy(words);
	let hash = mix(before, BigInt(bytes.length));
	for (let at = 0; at < words.length; at += 8) hash = mix(hash, words.readBigUInt64LE(at));
	return hash;
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
	const mixed = ROWS.map((n) => Array.from({ length: n }, (_, i) => (i % 3 === 0 ? BigInt(i) : random())));
	// All go to the same subtask, now to the first and now to another.
	const skewed = [1n, 2n, 3n, 4n].map((key) => Array.from({ length: 64 }, () => key));
	for (const values of [...mixed, ...skewed]) {
		const n = values.length;
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

test("hashes of strings, alone and behind a number", async () => {
	const region = await Region.create({ build: "debug" });
	const { arena, kernels } = region;
	const schema: Schema = [
		{ name: "number", type: { kind: "BIGINT", nullable: false } },
		{ name: "text", type: { kind: "VARCHAR", length: 100, nullable: true } },
	];
	const rows = Array.from({ length: 80 }, (_, i) => [
		BigInt(i - 40),
		i % 9 === 4 ? null : "xyz€".repeat(i).slice(0, i % 40),
	]);
	const batch = rowsToBatch(region, schema, rows);
	const [number, text] = batch.columns;
	const hashes = arena.allocate(rows.length * 8);
	const read = () => [...new BigUint64Array(kernels.memory.buffer, hashes, rows.length)];
	const NULL_WORD = 0x9e3779b97f4a7c15n;
	const hashOf = (value: unknown, before: bigint) =>
		value === null ? mix(before, NULL_WORD) : ofString(value as string, before);
	kernels.keyHashView(text!.data, text!.validity, rows.length, hashes, true);
	expect(read()).toEqual(rows.map(([, value]) => hashOf(value, 0n)));
	kernels.keyHash8(number!.data, 0, rows.length, hashes, true);
	kernels.keyHashView(text!.data, text!.validity, rows.length, hashes, false);
	expect(read()).toEqual(rows.map(([key, value]) => hashOf(value, mix(0n, BigInt.asUintN(64, key as bigint)))));
});
