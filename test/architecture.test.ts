// Keeps the tree honest: who imports whom, how long files are, what names are allowed. Rules: ARCHITECTURE.md.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

// A file may import its own folder and any folder on an earlier line. Folders on one line are strangers.
const layers = [
	["errors"],
	["types"],
	["wasm"],
	["arrow"],
	["sql", "functions", "formats", "state", "job"],
	["expr", "connectors", "catalog"],
	["plan"],
	["optimizer"],
	["operators"],
	["physical", "runtime", "baseline", "embed"],
	["engine"],
	["flink", "server", "cli", "index"],
];
const planning = ["sql", "plan", "optimizer", "physical"];
const worldly = ["wasm", "state", "connectors", "runtime", "flink", "server", "cli"]; // may import node:*

const kernelLayers = [
	["status", "memory"],
	["column"],
	["row"],
	["hash"],
	["expression", "aggregate", "window", "join", "order", "match", "format", "source", "exchange", "set"],
	["index"],
];

const rankIn = (lines: string[][], folder: string) => lines.findIndex((line) => line.includes(folder));
const rank = (folder: string) => rankIn(layers, folder);
const folderOf = (file: string) => (file.split("/")[1] ?? "").replace(/\.ts$/, "");

function sourcesIn(root: string): string[] {
	const all = readdirSync(root, { recursive: true }) as string[];
	return all.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts")).map((name) => join(root, name));
}

function importsOf(file: string): string[] {
	const found = readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?["'](\.{1,2}\/[^"']+)["']/g);
	return [...found].map(([, target]) => normalize(join(dirname(file), target as string)).replace(/\.js$/, ".ts"));
}

const generated = join("src", "wasm", "kernel-exports.ts");
const files = sourcesIn("src").filter((file) => file !== generated);
const kernels = sourcesIn("assembly");

test("imports point in one direction", () => {
	for (const file of files) {
		const here = folderOf(file);
		expect(rank(here), `${file}: folder is not in the layer list`).not.toBe(-1);
		for (const target of importsOf(file).filter((path) => path.startsWith("src/"))) {
			const there = folderOf(target);
			expect(here === there || rank(there) < rank(here), `${file} must not import ${target}`).toBe(true);
		}
	}
});

test("a worker never loads the planner", () => {
	const reached = new Set<string>();
	const queue = ["src/runtime/worker.ts"].filter((file) => existsSync(file));
	for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
		if (reached.has(file)) continue;
		reached.add(file);
		queue.push(...importsOf(file));
	}
	for (const file of reached) {
		expect(planning.includes(folderOf(file)) || file.endsWith(".plan.ts"), `worker reaches ${file}`).toBe(false);
	}
});

test("files are short and named after a concept", () => {
	for (const file of [...files, ...kernels]) {
		expect(/(util|utils|helper|helpers|common|misc)s?\.ts$/.test(file), `${file}: name the concept`).toBe(false);
		expect(readFileSync(file, "utf8").split("\n").length, `${file}: longer than 400 lines`).toBeLessThanOrEqual(401);
	}
});

test("one door to WASM, one to the world", () => {
	for (const file of files) {
		const text = readFileSync(file, "utf8");
		const here = folderOf(file);
		expect(here === "wasm" || !/\bWebAssembly\./.test(text), `${file}: only src/wasm/ touches WebAssembly`).toBe(true);
		expect(worldly.includes(here) || !/["']node:/.test(text), `${file}: must stay pure`).toBe(true);
	}
});

test("kernels do not know the engine", () => {
	for (const file of kernels) {
		const here = folderOf(file);
		expect(rankIn(kernelLayers, here), `${file}: folder is not in the layer list`).not.toBe(-1);
		for (const target of importsOf(file)) {
			const there = folderOf(target);
			expect(target.startsWith("assembly/"), `${file} leaves assembly/: ${target}`).toBe(true);
			const allowed = here === there || rankIn(kernelLayers, there) < rankIn(kernelLayers, here);
			expect(allowed, `${file} must not import ${target}`).toBe(true);
		}
	}
});
