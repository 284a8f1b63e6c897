// Mutation fuzzing of the binder: 200,000 damaged queries, none may crash or hang. A failure names its seed; run with
// BINDER_FUZZ_SEED to begin elsewhere.
import { expect, test } from "vitest";
import { bindDamaged } from "../plan-bind/robustness.js";

const COUNT = 200_000;
const FIRST_SEED = Number(process.env.BINDER_FUZZ_SEED ?? 1_000_000);

test(`${COUNT} damaged queries give a plan or a typed error, quickly`, () => {
	const { bound, refusedByBinder, slowestMs } = bindDamaged(FIRST_SEED, COUNT);
	expect(bound).toBeGreaterThan(COUNT / 50);
	expect(refusedByBinder).toBeGreaterThan(COUNT / 10);
	expect(slowestMs).toBeLessThan(2000);
});
