// The examples run and print what their comments promise, and so does the README's.
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test, vi } from "vitest";

const root = join(import.meta.dirname, "..", "..");

afterEach(() => vi.restoreAllMocks());

/** The lines that an example prints. */
async function printed(name: string): Promise<string[]> {
	const lines: string[] = [];
	vi.spyOn(console, "log").mockImplementation(
		(text: unknown) => void lines.push(...String(text).trimEnd().split("\n")),
	);
	await import(`../../examples/${name}.ts`);
	return lines;
}

test("query.ts", async () => expect(await printed("query")).toEqual(["Ada spent 20.00"]));

test("live-updates.ts", async () => {
	expect(await printed("live-updates")).toEqual(["+I left 20", "+I right 21", "-U left 20", "+U left 22"]);
});

test("user-function.ts", async () => expect((await printed("user-function")).sort()).toEqual(["BE! 2", "TO! 2"]));

test("arrow.ts", async () => expect(await printed("arrow")).toEqual(["5 10 15"]));

test("files.ts", async () => {
	expect((await printed("files")).sort()).toEqual(['{"name":"apple","n":7}', '{"name":"pear","n":1}']);
});

test("the README's example", async () => {
	const readme = readFileSync(join(root, "README.md"), "utf8");
	const [, code] = /```ts\n(.*?)```/s.exec(readme)!;
	const file = join(root, "dist", "readme-example.mjs");
	writeFileSync(file, code!);
	try {
		const { stdout } = await promisify(execFile)(process.execPath, [file], { maxBuffer: 2 ** 24 });
		expect(stdout).toContain("+I { auction: ");
	} finally {
		rmSync(file);
	}
});
