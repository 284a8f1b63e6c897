// The TypeScript of docs/sql.md runs as it stands, given the data that it speaks of.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

const GIVEN = `import { tableFromArrays } from "apache-arrow";
const arrowTable = tableFromArrays({ x: [1, 2], y: [3, 4] });
async function* stream() {
	yield { url: "/a", ts: "2024-01-01 00:00:00.000" };
	yield { url: "/b", ts: "2024-01-01 00:00:05.000" };
}
`;

const ASKED = `
export const answers = {
	orders: await session.query("SELECT * FROM orders").toArray(),
	points: await session.query("SELECT SUM(x + y) AS s FROM points").toArray(),
	clicks: await session.query("SELECT url, count_char(url, '/') AS n, byte_length(url || 'é') AS b FROM clicks ORDER BY url").toArray(),
};
`;

test("sql.md", async () => {
	const page = readFileSync(join(root, "docs", "sql.md"), "utf8");
	const blocks = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);
	expect(blocks).toHaveLength(3);
	const folder = join(root, "dist", "docs-test");
	mkdirSync(folder, { recursive: true });
	const file = join(folder, "sql-page.ts");
	const code = `${GIVEN}${blocks.join("\n")}${ASKED}`;
	writeFileSync(file, code.replaceAll('"millrace"', `"${pathToFileURL(join(root, "src/index.ts")).pathname}"`));
	try {
		const { answers } = (await import(/* @vite-ignore */ file)) as { answers: unknown };
		expect(answers).toEqual({
			orders: [{ id: 1, customer: "Ada" }],
			points: [{ s: 10 }],
			clicks: [
				{ url: "/a", n: 1n, b: 4 },
				{ url: "/b", n: 1n, b: 4 },
			],
		});
	} finally {
		rmSync(folder, { recursive: true });
	}
});
