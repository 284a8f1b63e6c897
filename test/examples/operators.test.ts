// The examples of millrace/operators run and print what is expected of them; so do the snippets of docs/operators.md.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";

const root = join(import.meta.dirname, "..", "..");

afterEach(() => vi.restoreAllMocks());

async function printed(run: () => Promise<unknown>): Promise<string[]> {
	const lines: string[] = [];
	vi.spyOn(console, "log").mockImplementation((text: unknown) => void lines.push(String(text)));
	await run();
	return lines;
}

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
	"hash-aggregate": ["a: 30 in all, 2 cheap, mean 10", "b: 5 in all, 1 cheap, mean 5"],
	"live-totals": ["+I to 1", "+I be 1", "+I or 1", "+I not 1", "-U to 1", "+U to 2", "-U be 1", "+U be 2"],
	"window-aggregate": ["1 2 until 10000", "2 1 until 10000"],
	"late-data": ["late: /c 9000", "late: /b 3000"],
	"hash-join": ["pen: Bob", "ink: Ada", "pad: Bob", "cup: nobody"],
	"interval-join": ["ink: 4000", "pad: 31000", "pen: not paid in time"],
	sort: ["Rome 2748", "Oslo 717"],
	limit: ["Bern", "Riga"],
	"top-n": ["a 1: 9", "a 2: 7", "b 1: 4"],
	"top-n-changelog": ["+I to 4", "+I be 3", "-D be 3", "+I or 5"],
	deduplicate: ["door is shut", "lamp is on"],
	"filter-project": ["INK 30 cheap", "PEN 12 dear"],
	restore: ["a 23", "b 15"],
};

test.each(Object.entries(EXPECTED))("%s.ts", async (name, lines) => {
	const file = join(root, "examples", "operators", `${name}.ts`);
	expect(readFileSync(file, "utf8").split("\n").length, "an example is short").toBeLessThanOrEqual(26);
	expect(await printed(() => import(`../../examples/operators/${name}.ts`))).toEqual(lines);
});

test("the snippets of docs/operators.md print what stands below them", async () => {
	const text = readFileSync(join(root, "docs", "operators.md"), "utf8");
	const snippets = [...text.matchAll(/```ts\n(.*?)```\s+prints\s+```text\n(.*?)```/gs)];
	expect(snippets).toHaveLength(text.split("```ts").length - 1);
	for (const [i, [, code, output]] of snippets.entries()) {
		const file = join(root, "dist", `operators-snippet-${i}.ts`);
		writeFileSync(file, code!);
		try {
			expect(await printed(() => import(file))).toEqual(output!.trimEnd().split("\n"));
		} finally {
			rmSync(file);
		}
	}
});
