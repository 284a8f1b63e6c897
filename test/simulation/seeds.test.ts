// `npm run simulate -- --seeds N --first S` runs many seeds; `npm test` a few. A seed that fails does so every time.
import { expect, test } from "vitest";
import { simulate } from "./simulate.js";

const seeds = Number(process.env.MILLRACE_SEEDS ?? 30);
const first = Number(process.env.MILLRACE_FIRST_SEED ?? 1);

/** Each of these found a mistake once. */
const FORMER_FAILURES = [131, 2011, 2085, 2196];

test(`seeds ${first} to ${first + seeds - 1}: no hang, no difference, no leak`, { timeout: 3_600_000 }, async () => {
	const all = Array.from({ length: seeds }, (_, i) => first + i);
	for (const seed of seeds === 1 ? all : [...FORMER_FAILURES, ...all]) {
		const { query, parallelism, fault, problem, log } = await simulate(seed);
		if (problem === undefined) continue;
		const shown = seeds === 1 ? log : log.slice(-40);
		expect.fail(
			`seed ${seed}: ${problem}\nquery: ${query}\nslots: ${parallelism}, fault: ${fault}, turns: ${log.length}\n${shown.join("\n")}\n` +
				`The whole schedule: npm run simulate -- --first ${seed} --seeds 1`,
		);
	}
});

test("a seed gives the same schedule again", async () => {
	for (const seed of [3, 17, 42]) expect(await simulate(seed)).toEqual(await simulate(seed));
});
