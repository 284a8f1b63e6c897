// Every SQL logic test file in every mode. What the files expect was computed by Flink.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test, vi } from "vitest";
import { functionNames } from "../../src/functions/registry.js";
import { MODES, type Mode } from "../modes.js";
import { restored } from "./restored-operators.js";
import { parseSlt } from "./slt-file.js";
import { runRecords } from "./slt-runner.js";

/** What modes change below the session. */
let current: Mode | undefined;

vi.mock("../../src/engine/operator-factory.js", async (original) => {
	const module = await original<typeof import("../../src/engine/operator-factory.js")>();
	const operatorFactory: typeof module.operatorFactory = async (...args) => {
		const create = await module.operatorFactory(...args);
		return current?.restores ? restored(create) : create;
	};
	return { ...module, operatorFactory };
});

vi.mock("../../src/wasm/kernels.js", async (original) => {
	const module = await original<typeof import("../../src/wasm/kernels.js")>();
	const colliding = WebAssembly.compile(readFileSync(new URL("../../assembly/build/collide.wasm", import.meta.url)));
	return { ...module, kernelModule: () => (current?.collides ? colliding : module.kernelModule()) };
});

vi.mock("../../src/wasm/region-pool.js", async (original) => {
	const { takeRegion, giveBackRegion } = await original<typeof import("../../src/wasm/region-pool.js")>();
	const { Region } = await import("../../src/wasm/region.js");
	return {
		takeRegion: () => (current?.collides ? Region.create() : takeRegion()),
		giveBackRegion: (region: InstanceType<typeof Region>) => (current?.collides ? undefined : giveBackRegion(region)),
	};
});

const HERE = fileURLToPath(new URL(".", import.meta.url));
const FILES = readdirSync(HERE, { recursive: true, encoding: "utf8" })
	.filter((name) => name.endsWith(".slt"))
	.sort()
	.map((name) => ({ name, text: readFileSync(join(HERE, name), "utf8") }));

const folders: string[] = [];
afterAll(() => {
	for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Each file in one of the sampled modes or two, another one tomorrow; all of them where SQL_MODES is `all`. */
const day = Math.floor(Date.now() / 86_400_000);
const isSampled = (name: string, mode: Mode) =>
	process.env.SQL_MODES === "all" || (name.length + MODES.indexOf(mode) + day) % 6 === 0;

describe.each(FILES)("$name", ({ name, text }) => {
	const records = parseSlt(text);
	const folder = mkdtempSync(join(tmpdir(), "slt-"));
	folders.push(folder);
	test.each(MODES.filter((mode) => !mode.sampled || isSampled(name, mode)))("$name", async (mode) => {
		current = mode;
		expect((await runRecords(records, mode, folder)).join("\n\n")).toBe("");
	});
});

test("there are at least a thousand statements", () => {
	const statements = FILES.flatMap(({ text }) => parseSlt(text)).filter(
		({ kind }) => kind === "query" || kind === "statement",
	);
	expect(statements.length).toBeGreaterThan(1000);
});

/** Functions that SQL writes with signs or clauses: how. */
const WRITTEN_AS: ReadonlyMap<string, RegExp> = new Map([
	["ITEM", /\w\[/],
	["JSON_ARRAYAGG_ABSENT_ON_NULL", /JSON_ARRAYAGG\(\w+\)/],
	["JSON_ARRAYAGG_NULL_ON_NULL", /JSON_ARRAYAGG\(\w+ NULL ON NULL\)/],
	["JSON_OBJECTAGG_ABSENT_ON_NULL", /JSON_OBJECTAGG\(.* ABSENT ON NULL\)/],
	["JSON_OBJECTAGG_NULL_ON_NULL", /JSON_OBJECTAGG\(KEY .* VALUE \w+\)/],
	["MINUS_DATE", /\(\w+ - \w+\) (DAY|MONTH)/],
	["NEGATE", /-\w/],
	["TEMPORAL_OVERLAPS", /OVERLAPS/],
]);

test("registering a function is promising a test", () => {
	const all = FILES.map(({ text }) => text.toUpperCase()).join("\n");
	const names = functionNames().filter((name) => /^\w+$/.test(name));
	const missing = names.filter((name) => !(WRITTEN_AS.get(name) ?? new RegExp(`\\b${name}\\b`)).test(all));
	expect(missing).toEqual([]);
});
