// A region for the tests of a file that also use the Arrow library; each test gives back what it took from the arena.
import { beforeEach } from "vitest";
import { loadArrow } from "../../src/arrow/library.js";
import { Region } from "../../src/wasm/region.js";

export async function arrowRegion(): Promise<Region> {
	await loadArrow();
	const region = await Region.create({ build: "debug" });
	beforeEach(() => {
		const mark = region.arena.mark();
		return () => region.arena.release(mark);
	});
	return region;
}
