import { defineConfig } from "vitest/config";

// CI reads the counts of the run from the file that MILLRACE_TEST_REPORT names.
const report = process.env.MILLRACE_TEST_REPORT;

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		exclude: ["test/fuzz/**"],
		pool: "threads",
		testTimeout: 120_000,
		reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
	},
});
