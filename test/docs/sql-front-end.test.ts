// The example of docs/sql-front-end.md runs and prints what the page says.
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

test("sql-front-end.md", async () => {
	const page = readFileSync(join(root, "docs", "sql-front-end.md"), "utf8");
	const [, code] = /```ts\n(.*?)```/s.exec(page)!;
	const [, promised] = /```text\n(.*?)```/s.exec(page)!;
	const file = join(root, "dist", "sql-front-end-example.mjs");
	writeFileSync(file, code!);
	try {
		const { stdout } = await promisify(execFile)(process.execPath, [file]);
		expect(stdout).toBe(promised);
	} finally {
		rmSync(file);
	}
});
