// The package takes its code as V8 compiled it before, where it can; whatever becomes of that cache, programs run as without.
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const run = promisify(execFile);
const TABLE = "+--------+\n| EXPR$0 |\n+--------+\n|      1 |\n+--------+\n";
/** Processes that add to the cache, each what those before it have not run. */
const LEARNING = 3;

/** The package as it is installed, in a folder of its own. */
let folder: string;
let installed: string;
const cacheFolder = () => join(installed, "dist", "cache");
const cacheFiles = (cache = readdirSync(cacheFolder())[0] ?? "") =>
	readdirSync(join(cacheFolder(), cache)).map((name) => join(cacheFolder(), cache, name));

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "millrace-installed-"));
	installed = join(folder, "node_modules", "millrace");
	for (const part of ["dist/lib", "dist/wasm", "package.json"])
		cpSync(part, join(installed, part), { recursive: true });
	symlinkSync(resolve("node_modules"), join(installed, "node_modules"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a process without flags of the test run's own prints; rejects when it fails or says something on its standard error. */
async function node(...flags: string[]): Promise<string> {
	const { NODE_OPTIONS: _, ...env } = process.env;
	const { stdout, stderr } = await run(process.execPath, flags, { cwd: folder, env });
	expect(stderr).toBe("");
	return stdout;
}
const select = (...flags: string[]) =>
	node(...flags, join(installed, "dist", "lib", "node", "cli.cjs"), "sql", "-e", "SELECT 1");

test("the first processes leave compiled code, the others take it as it is", async () => {
	for (let process = 0; process < LEARNING; process++) expect(await select()).toContain(TABLE);
	const contents = () => Buffer.concat(cacheFiles().map((file) => readFileSync(file)));
	const learned = contents();
	expect(cacheFiles().length).toBeGreaterThan(3);
	expect(await select()).toContain(TABLE);
	expect(contents().equals(learned)).toBe(true);
});

describe("a cache that is no good is made anew", () => {
	test.each<[string, (bytes: Buffer) => Buffer]>([
		["a byte has changed", (bytes) => Buffer.from(bytes).fill(bytes[1000] === 1 ? 2 : 1, 1000, 1001)],
		["the end is missing", (bytes) => bytes.subarray(0, bytes.length >> 1)],
		["nothing is left", () => Buffer.alloc(0)],
		["it is of another version", (bytes) => Buffer.from(bytes).fill(0)],
	])("%s", async (_, damage) => {
		await select();
		const sizes = cacheFiles().map((file) => readFileSync(file).length);
		for (const file of cacheFiles()) writeFileSync(file, damage(readFileSync(file)));
		expect(await select()).toContain(TABLE);
		for (const [at, file] of cacheFiles().entries()) {
			expect(readFileSync(file).length).toBeGreaterThan((sizes[at] as number) / 2);
		}
		expect(await select()).toContain(TABLE);
	});

	test("its source has been edited since, by as many characters as before", async () => {
		await select();
		const library = join(installed, "dist", "lib", "node");
		for (const name of readdirSync(library).filter((name) => name.endsWith(".cjs"))) {
			const source = readFileSync(join(library, name), "utf8");
			if (source.includes(" in set")) writeFileSync(join(library, name), source.replaceAll(" in set", " in all"));
		}
		expect(await select()).toContain("1 row in all");
	});
});

test("an installation that cannot be written to runs", async () => {
	writeFileSync(cacheFolder(), "in the way of the folder, for root too");
	expect(await select()).toContain(TABLE);
	expect(await select()).toContain(TABLE);
});

test("flags that change what V8 compiles have a cache of their own", async () => {
	await select();
	expect(await select("--stack-size=900")).toContain(TABLE);
	expect(await select("--stack-size=900")).toContain(TABLE);
	expect(readdirSync(cacheFolder())).toHaveLength(2);
});

test("worker threads take it too", async () => {
	const count = () =>
		node(
			join(installed, "dist", "lib", "node", "cli.cjs"),
			...["sql", "--set", "parallelism.default=2", "--final"],
			...["-e", "SELECT k, COUNT(*) AS n FROM (VALUES 1, 1, 1) AS t(k) GROUP BY k"],
		);
	for (let process = 0; process <= LEARNING; process++) expect(await count()).toContain("| 1 | 3 |");
});

test("entries share their code, and Arrow's types are those of the program", async () => {
	const program = join(folder, "program.mjs");
	symlinkSync(resolve("node_modules", "apache-arrow"), join(folder, "node_modules", "apache-arrow"));
	writeFileSync(
		program,
		`import { Int32 } from "apache-arrow";
		import { EngineError, Millrace } from "millrace";
		import { EngineError as Same } from "millrace/operators";
		import { parse } from "millrace/sql";
		const session = await Millrace.open();
		for await (const batch of session.query("SELECT 1")) console.log(batch.schema.fields[0].type instanceof Int32);
		try { parse("SELEC 1") } catch (error) { console.log(error instanceof EngineError, EngineError === Same); }
		await session.close();`,
	);
	for (let process = 0; process <= LEARNING; process++) expect(await node(program)).toBe("true\ntrue true\n");
});

test("stack traces name the sources where Node.js is asked for them", async () => {
	const program = join(folder, "program.mjs");
	writeFileSync(
		program,
		`import { parse } from "millrace/sql"; try { parse("SELEC 1") } catch (error) { console.log(error.stack) }`,
	);
	await node(program);
	expect(await node(program)).toMatch(/millrace\/dist\/lib\/node\/sql-.*\.cjs:\d+:\d+/);
	expect(await node("--enable-source-maps", program)).toMatch(/src\/sql\/[\w-]+\.ts:\d+:\d+/);
});
