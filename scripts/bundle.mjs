// Bundles what users load into dist/lib/node: an entry each for the package's exports, the command and the workers, with shared chunks.
// Loading some 500 modules one by one takes longer than running a small query, and so do fifty chunks: what an entry loads at once lies
// in few files, what is imported dynamically in files of its own. All entries lie two folders below dist/, like the sources' folders, so
// that `new URL("../../wasm/…", import.meta.url)` means the same in both. Dependencies stay outside.
// Chunks are CommonJS, since chunk-loader.cjs can take only that from compiled code; entries are ES modules of a line that load them.
// dist/lib/browser holds millrace/operators and millrace/sql for everything else, in which nothing of Node is left.
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { parseAst } from "rolldown/parseAst";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { resolve } = createRequire(import.meta.url);
const { dependencies, peerDependencies } = createRequire(import.meta.url)("../package.json");
const entries = {
	index: "src/index.ts",
	operators: "src/embed/operators.ts",
	sql: "src/sql/index.ts",
	nexmark: "nexmark/index.ts",
	tpch: "tpch/index.ts",
	cli: "src/cli/main.ts",
	worker: "src/runtime/worker.ts",
	"worker-operators": "src/engine/worker-operators.ts",
};

const isDependency = (id) =>
	Object.keys({ ...dependencies, ...peerDependencies }).some((name) => id === name || id.startsWith(`${name}/`));

/** apache-arrow as one chunk: its 150 files take longer to find and open than to run. See src/arrow/library.ts. */
const arrow = resolve("apache-arrow").replace(/\.js$/, ".mjs");
const arrowInOneFile = {
	name: "apache-arrow in one file",
	resolveId: {
		order: "pre",
		handler(id) {
			if (id === "apache-arrow") return arrow;
			if (/^(flatbuffers|tslib|json-with-bigint)$/.test(id)) return createRequire(arrow).resolve(id);
		},
	},
};

/** commander loads child processes, and with them the network, for commands in files of their own, of which there are none. */
const isUnused = (id, importer) => id === "node:child_process" && importer?.includes("commander");
const noChildProcesses = {
	name: "no child processes for commander",
	resolveId: (id, importer) => (isUnused(id, importer) ? `\0${id}` : undefined),
	load: (id) => (id === "\0node:child_process" ? "export {};" : undefined),
};

/** How kernels are loaded is all that differs. */
const browserFiles = {
	name: "browser files",
	resolveId: (id) =>
		id.endsWith("/module-bytes.js") ? join(root, "src", "wasm", "module-bytes-browser.ts") : undefined,
};

/** All that `entry` loads before it runs. */
function closureOf(entry, context) {
	const found = new Set();
	for (const queue = [join(root, entries[entry])]; queue.length > 0; ) {
		const id = queue.pop();
		if (found.has(id)) continue;
		found.add(id);
		queue.push(...(context.getModuleInfo(id)?.importedIds ?? []));
	}
	return found;
}

/** What importing `millrace` loads, in one file each for those of its parts that are entries too. */
const PARTS = ["sql", "operators", "worker-operators", "worker", "index"];
let closures;
function partOf(id, context) {
	closures ??= new Map(PARTS.map((entry) => [entry, closureOf(entry, context)]));
	if (!closures.get("index").has(id) || PARTS.some((entry) => id === join(root, entries[entry]))) return null;
	return PARTS.find((entry) => closures.get(entry).has(id));
}

function bundle(input, { plugins, platform, target }) {
	return rolldown({
		cwd: root,
		input,
		platform,
		plugins,
		external: (id, importer) =>
			(id.startsWith("node:") && !isUnused(id, importer)) ||
			(isDependency(id) && !(platform === "node" && id === "apache-arrow")),
		transform: { target },
		preserveEntrySignatures: "allow-extension",
	});
}

/** Where `import(…)` stands in code. */
function* importsIn(node) {
	if (typeof node !== "object" || node === null) return;
	if (node.type === "ImportExpression") yield node.start;
	for (const child of Object.values(node)) yield* importsIn(child);
}

/** As chunk-loader.cjs wants it: `Import` is its own, and as long as what it replaces, for the sake of source maps. */
function forLoader(code) {
	if (/\P{ASCII}/u.test(code)) throw new Error("chunks are read as ASCII");
	let text = code.replace(/^#!/, "//");
	for (const start of importsIn(parseAst(code))) text = `${text.slice(0, start)}Import${text.slice(start + 6)}`;
	return text;
}

/** What package.json names and what is started by name: files that do no more than load a chunk. */
function* entryFiles({ name, fileName, exports }) {
	const load = `("./chunk-loader.cjs").load("${fileName}")`;
	// Piscina requires it when the thread starts, and calls it with each task.
	if (name === "worker")
		return yield ["worker-entry.cjs", `module.exports = (task) => require${load}.default(task);\n`];
	// A command that is no ES module is spared their loader.
	if (name === "cli") yield ["cli.cjs", `#!/usr/bin/env node\nrequire${load};\n`];
	yield [
		`${name}.js`,
		`import { createRequire } from "node:module";
export const { ${exports.join(", ")} } = createRequire(import.meta.url)${load};
`,
	];
}

async function writeForNode() {
	const folder = join(root, "dist", "lib", "node");
	const made = await bundle(
		Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))),
		{
			platform: "node",
			target: "node20",
			plugins: [arrowInOneFile, noChildProcesses],
		},
	);
	const { output } = await made.generate({
		format: "cjs",
		exports: "named",
		charset: "ascii",
		sourcemap: true,
		minify: true,
		entryFileNames: "[name]-[hash].cjs",
		chunkFileNames: "[name]-[hash].cjs",
		codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: partOf, debugName: "parts" }] },
	});
	mkdirSync(folder, { recursive: true });
	for (const { type, fileName, code, source } of output) {
		writeFileSync(join(folder, fileName), type === "chunk" ? forLoader(code) : source);
	}
	for (const chunk of output.filter(({ isEntry }) => isEntry)) {
		for (const [file, text] of entryFiles(chunk)) writeFileSync(join(folder, file), text);
	}
	copyFileSync(join(root, "scripts", "chunk-loader.cjs"), join(folder, "chunk-loader.cjs"));
	chmodSync(join(folder, "cli.cjs"), 0o755);
}

async function writeForBrowsers() {
	const { operators, sql } = entries;
	const made = await bundle({ operators, sql }, { platform: "browser", target: "es2022", plugins: [browserFiles] });
	await made.write({
		dir: join(root, "dist", "lib", "browser"),
		format: "esm",
		sourcemap: true,
		minify: true,
		chunkFileNames: "[name]-[hash].js",
	});
}

for (const folder of ["lib", "cache"]) rmSync(join(root, "dist", folder), { recursive: true, force: true });
await writeForNode();
await writeForBrowsers();
for (const [name, file] of [
	["apache-arrow", "NOTICE.txt"],
	["commander", "LICENSE"],
]) {
	copyFileSync(join(dirname(resolve(name)), file), join(root, "dist", "lib", `${name}-${basename(file, ".txt")}.txt`));
}
