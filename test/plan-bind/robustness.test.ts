// A taste of test/fuzz/binder.test.ts for every run.
import { expect, test } from "vitest";
import { bindDamaged } from "./robustness.js";

test("damaged queries bind or give a typed error", () => {
	const { bound, refusedByBinder } = bindDamaged(1, 3000);
	expect(bound).toBeGreaterThan(100);
	expect(refusedByBinder).toBeGreaterThan(300);
});
