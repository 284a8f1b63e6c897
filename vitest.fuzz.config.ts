import { defineConfig } from "vitest/config";

// The properties of the operators run here too, with FUZZ_RUNS random cases for each operator, on the debug build of the kernels.
export default defineConfig({
	test: {
		include: [
			"test/fuzz/**/*.test.ts",
			"test/operators/**/*.test.ts",
			"test/sql/**/*.test.ts",
			"test/arrow/random.test.ts",
		],
		env: { FUZZ_RUNS: process.env.FUZZ_RUNS ?? "20000", SQL_MODES: "all" },
		pool: "threads",
		testTimeout: 3_600_000,
	},
});
