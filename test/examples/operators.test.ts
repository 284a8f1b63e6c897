// The examples of millrace/operators run and print what is expected of them; so do the snippets of docs/operators.md.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
	"window-aggregate": ["a 2 until 10000", "b 1 until 10000"],
	"late-data": ["late: /c 9000", "late: /b 3000"],
	"hash-join": ["pen: Bob", "ink: Ada", "cup: nobody"],
	"interval-join": ["ink: 4000", "pad: 31000", "pen: not paid in time"],
	sort: ["Rome 2748", "Oslo 717"],
	limit: ["Bern", "Riga"],
	"top-n": ["a 1: 9", "a 2: 7", "b 1: 4"],
	"top-n-changelog": ["+I to 4", "+I be 3", "-D be 3", "+I or 5"],
	deduplicate: ["door is shut", "lamp is on"],
	filter: ["ink 10", "pen 1"],
	project: ["INK: two for 6, cheap", "PEN: two for 24, dear"],
	"on-batch": ["32"],
	push: ["to 2", "be 2", "or 1", "not 1"],
	restore: ["a 23", "b 15"],
};

test("every example is run, and has 15 lines at most", () => {
	const folder = join(root, "examples", "operators");
	expect(readdirSync(folder).sort()).toEqual(
		Object.keys(EXPECTED)
			.map((name) => `${name}.ts`)
			.sort(),
	);
	for (const file of readdirSync(folder)) {
		const lines = readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
		expect(lines.length, file).toBeLessThanOrEqual(15);
	}
});

test.each(Object.entries(EXPECTED))("%s.ts", async (name, lines) => {
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
