// npm run simulate -- --seeds N [--first S]: the deterministic simulation of the runtime over N seeds.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
	options: { seeds: { type: "string", default: "1000" }, first: { type: "string", default: "1" } },
});
const env = { ...process.env, MILLRACE_SEEDS: values.seeds, MILLRACE_FIRST_SEED: values.first };
const run = spawnSync("npx", ["vitest", "run", "test/simulation/seeds.test.ts"], { stdio: "inherit", env });
process.exit(run.status ?? 1);
