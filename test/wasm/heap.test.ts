// Memory of the debug build tells what was done wrong with it; of both builds, when there is no more.
import { expect, test } from "vitest";
import { memoryOwner } from "../../src/wasm/heap.js";
import { Region } from "../../src/wasm/region.js";

const debug = () => Region.create({ build: "debug" });

test("a block that is freed twice", async () => {
	const { heap } = await debug();
	const owner = memoryOwner("Rank");
	const block = heap.allocate(100, owner);
	heap.free(block, 100, owner);
	expect(() => heap.free(block, 100, owner)).toThrow(/freed twice.*Rank|Rank.*freed twice/s);
});

test("a block that is freed with another size", async () => {
	const { heap } = await debug();
	const owner = memoryOwner("Rank");
	const block = heap.allocate(100, owner);
	expect(() => heap.free(block, 1000, owner)).toThrow(/has 100 bytes, not 1000/);
});

test("a kernel that writes past the end of a block, and of a piece of the arena", async () => {
	const { heap, arena, kernels } = await debug();
	const owner = memoryOwner("Rank");
	const block = heap.allocate(128, owner);
	kernels.fillBytes(block, 1, 129);
	expect(() => heap.free(block, 128, owner)).toThrow(/written past the end of the 128 bytes/);
	const mark = arena.mark();
	kernels.fillBytes(arena.allocate(64), 1, 64 + 17);
	expect(() => arena.release(mark)).toThrow(/written past the end/);
});

test("a kernel that writes past what was asked for, inside the size class", async () => {
	const { heap, kernels } = await debug();
	const owner = memoryOwner("Rank");
	// Two blocks of 64 bytes, one written as far as it goes.
	const [whole, overrun] = [heap.allocate(40, owner), heap.allocateZeroed(40, owner)];
	kernels.fillBytes(whole, 1, 40);
	heap.free(whole, 40, owner);
	kernels.fillBytes(overrun, 1, 44);
	expect(() => heap.free(overrun, 40, owner)).toThrow(
		new RegExp(`written past the end of the 40 bytes at ${overrun}: at byte 40 \\(in Rank\\)`),
	);
});

test.each(["debug", "release"] as const)("a block that grows is zero behind what it held: %s", async (build) => {
	const { heap, kernels, u8 } = await Region.create({ build });
	const owner = memoryOwner("Rank");
	const used = heap.allocate(200, owner);
	kernels.fillBytes(used, 7, 200);
	heap.free(used, 200, owner);
	let block = heap.allocate(40, owner);
	kernels.fillBytes(block, 1, 40);
	// Inside its class, and into the one whose block was in use before.
	for (const [from, to] of [
		[40, 60],
		[60, 200],
	] as const) {
		block = heap.reallocate(block, from, to, owner);
		expect([...u8.subarray(block, block + to)]).toEqual([...new Array(40).fill(1), ...new Array(to - 40).fill(0)]);
	}
	heap.free(block, 200, owner);
	expect([heap.usedBytes, owner.bytes]).toEqual([0, 0]);
});

test("a block that was written too far before it grows, and inside its class", async () => {
	const { heap, kernels } = await debug();
	const owner = memoryOwner("Rank");
	for (const to of [60, 200]) {
		const block = heap.allocate(40, owner);
		kernels.fillBytes(block, 1, 41);
		expect(() => heap.reallocate(block, 40, to, owner)).toThrow(/past the end of the 40 bytes/);
	}
});

test("blocks that are not given back are told", async () => {
	const { heap } = await debug();
	const before = heap.liveBlocks().length;
	const block = heap.allocate(100, memoryOwner("Rank"));
	expect(heap.liveBlocks().slice(before)).toEqual([block]);
});

test.each(["debug", "release"] as const)(
	"no more than the limit, which is named with the operator: %s",
	async (build) => {
		const { heap } = await Region.create({ build, limitBytes: 1 << 20, setting: "memoryLimitBytes" });
		const owner = memoryOwner("Rank");
		const used = heap.usedBytes;
		expect(() => heap.allocate(2 << 20, owner)).toThrow(
			expect.objectContaining({
				code: "OUT_OF_MEMORY",
				operator: "Rank",
				remedy: expect.stringContaining("'memoryLimitBytes'"),
			}),
		);
		expect([heap.usedBytes, owner.bytes]).toEqual([used, 0]);
		const block = heap.allocate(1 << 16, owner);
		expect(owner.bytes).toBe(1 << 16);
		heap.free(block, 1 << 16, owner);
		expect([heap.usedBytes, owner.bytes, owner.peakBytes]).toEqual([used, 0, 1 << 16]);
	},
);

test("after a reset, blocks of other sizes lie where freed ones lay; not while one is in use", async () => {
	const { heap } = await Region.create();
	const owner = memoryOwner("Rank");
	const small = Array.from({ length: 200 }, () => heap.allocate(1000, owner));
	expect(() => heap.reset()).toThrow(/reset of a heap of which/);
	for (const block of small) heap.free(block, 1000, owner);
	const touched = heap.touchedBytes;
	heap.reset();
	expect(heap.allocate(100_000, owner)).toBe(small[0]);
	expect(heap.touchedBytes).toBe(touched);
});
