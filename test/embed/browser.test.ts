// What a browser gets of millrace/operators and millrace/sql: nothing of Node, and kernels fetched as an asset beside the bundle.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterEach, expect, test, vi } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const dist = join(root, "dist");
let folder: string | undefined;

afterEach(() => {
	vi.unstubAllGlobals();
	vi.unstubAllEnvs();
	if (folder !== undefined) rmSync(folder, { recursive: true });
	folder = undefined;
});

const PAGE = `
	import { tableFromArrays } from "apache-arrow";
	import { count, hashAggregate } from "millrace/operators";
	const table = tableFromArrays({ word: ["to", "be", "to"] });
	export async function words() {
		const operator = await hashAggregate({ input: table.schema, keys: ["word"], aggregates: { n: count() } });
		const found = [];
		for await (const batch of operator.run(table.batches)) for (const { word, n } of batch) found.push(word + " " + n);
		return found;
	}`;

test("a page's bundle has no import left, fetches the kernels and runs", async () => {
	folder = mkdtempSync(join(tmpdir(), "millrace-browser-"));
	// In the place of dist/lib/browser, where the bundle's `../../wasm/release.wasm` is the package's file.
	const outfile = join(folder, "lib", "page", "page.mjs");
	const { metafile } = await build({
		stdin: { contents: PAGE, resolveDir: root, loader: "js" },
		outfile,
		bundle: true,
		format: "esm",
		platform: "browser",
		metafile: true,
		logLevel: "silent",
	});
	const [output] = Object.values(metafile.outputs);
	expect(output?.imports).toEqual([]);
	expect(Object.keys(metafile.inputs).filter((name) => name.includes("lib/browser"))).not.toEqual([]);
	expect(Object.keys(metafile.inputs).filter((name) => name.includes("lib/node"))).toEqual([]);
	// A page has no environment that asks for debug kernels.
	vi.stubEnv("MILLRACE_WASM", undefined);
	const asked: string[] = [];
	vi.stubGlobal("fetch", async (url: URL) => {
		asked.push(url.href);
		return new Response(readFileSync(join(dist, "wasm", "release.wasm")));
	});
	const page = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as { words(): Promise<string[]> };
	expect(await page.words()).toEqual(["to 2", "be 1"]);
	expect(asked).toEqual([pathToFileURL(join(folder, "wasm", "release.wasm")).href]);
});

test("the parser alone is bundled for a page", async () => {
	folder = mkdtempSync(join(tmpdir(), "millrace-browser-"));
	const outfile = join(folder, "page.mjs");
	const contents = 'import { parse, print } from "millrace/sql"; export const again = (sql) => parse(sql).map(print);';
	await build({ stdin: { contents, resolveDir: root }, outfile, bundle: true, format: "esm", platform: "browser" });
	const page = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as { again(sql: string): string[] };
	expect(page.again("select 1; show tables")).toEqual(["SELECT 1", "SHOW TABLES"]);
});

test("the package's browser files import nothing of Node", () => {
	const files = readdirSync(join(dist, "lib", "browser")).filter((name) => name.endsWith(".js"));
	expect(files).toContain("operators.js");
	for (const file of files) {
		const text = readFileSync(join(dist, "lib", "browser", file), "utf8");
		const imported = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^".][^"]*)"/g)].map(([, name]) => name);
		expect(
			imported.filter((name) => !name?.startsWith("apache-arrow")),
			file,
		).toEqual([]);
	}
});

test("kernels that are not there are named", async () => {
	vi.stubGlobal("fetch", async () => new Response("", { status: 404 }));
	const { moduleBytes } = await import("../../src/wasm/module-bytes-browser.js");
	await expect(moduleBytes("release")).rejects.toMatchObject({
		code: "FILE_NOT_FOUND",
		problem: expect.stringMatching(/release\.wasm \(status 404\)/),
	});
});
