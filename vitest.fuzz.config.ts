import { defineConfig } from "vitest/config";

export default defineConfig({
	test: { include: ["test/fuzz/**/*.test.ts"], pool: "threads", testTimeout: 3_600_000 },
});
