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
	expect(() => heap.free(block, 1000, owner)).toThrow(/has 128 bytes, not 1024/);
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
