// Which memory the next job of a thread gets: one that the system has provided already, as long as it is not more than jobs use.
import { expect, test } from "vitest";
import { memoryOwner } from "../../src/wasm/heap.js";
import type { Region } from "../../src/wasm/region.js";
import { giveBackRegion, takeRegion } from "../../src/wasm/region-pool.js";

const MIB = 1024 ** 2;
const owner = memoryOwner("GroupAggregate");

/** A job that holds `mebibytes` at once: no byte of them is touched here, which the pool cannot know. */
async function job(mebibytes: number, endsWhenIdle: boolean): Promise<Region> {
	const region = await takeRegion();
	region.heap.free(region.heap.allocate(mebibytes * MIB, owner), mebibytes * MIB, owner);
	giveBackRegion(region, endsWhenIdle);
	return region;
}

test("a worker's next job gets the memory of a large one, a thread's that stays does not", async () => {
	const large = await job(700, true);
	expect(await job(300, true)).toBe(large);
	expect(await job(700, true)).toBe(large);
	expect(await job(300, false)).toBe(large);
	expect(await job(300, false)).not.toBe(large);
});

test("a worker lets go of a large memory after a job that used less than a quarter of it", async () => {
	const large = await job(800, true);
	expect(await job(100, true)).toBe(large);
	const small = await job(100, true);
	expect(small).not.toBe(large);
	expect(await job(1, true)).toBe(small);
});

test("memory in which something is left is not used again", async () => {
	const region = await takeRegion();
	region.heap.allocate(64, owner);
	giveBackRegion(region, true);
	expect(await takeRegion()).not.toBe(region);
});
