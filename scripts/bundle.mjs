// Bundles what users load into dist/lib/node: an entry each for the package's exports, the command and the workers, with shared chunks.
// Loading some 500 modules one by one takes longer than running a small query, and so do fifty chunks: what an entry loads at once lies
// in few files, what is imported dynamically in files of its own. All entries lie two folders below dist/, like the sources' folders, so
// that `new URL("../../wasm/…", import.meta.url)` means the same in both. Dependencies stay outside.
// dist/lib/browser holds millrace/operators for browsers, in which nothing of Node is left.
import { chmodSync, copyFileSync, existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

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

/**
 * apache-arrow as one chunk: its 150 files take longer to find and open than to run. Instances of its classes are those of another copy's
 * too, but for the types, which therefore stay the installed library's: a program's own Arrow takes our values and we take its.
 */
const arrow = resolve("apache-arrow").replace(/\.js$/, ".mjs");
const arrowTypes = resolve("apache-arrow/type").replace(/\.js$/, ".mjs");
const arrowInOneFile = {
	name: "apache-arrow in one file",
	resolveId: {
		order: "pre",
		handler(id, importer) {
			if (id === "apache-arrow") return arrow;
			if (/^(\.\.?\/)+type\.mjs$/.test(id) && join(dirname(importer), id) === arrowTypes) {
				return { id: "apache-arrow/type", external: true };
			}
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

async function bundle(input, { plugins, platform, target, dir, groups }) {
	const made = await rolldown({
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
	await made.write({
		dir: join(root, "dist", "lib", dir),
		format: "esm",
		sourcemap: true,
		minify: true,
		chunkFileNames: "[name]-[hash].js",
		codeSplitting: groups ? { includeDependenciesRecursively: false, groups } : true,
	});
}

rmSync(join(root, "dist", "lib"), { recursive: true, force: true });
await bundle(Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))), {
	dir: "node",
	platform: "node",
	target: "node20",
	plugins: [arrowInOneFile, noChildProcesses],
	groups: [{ name: partOf, debugName: "parts" }],
});
await bundle(
	{ operators: entries.operators },
	{ dir: "browser", platform: "browser", target: "es2022", plugins: [browserFiles] },
);

chmodSync(join(root, "dist", "lib", "node", "cli.js"), 0o755);

// Required, not imported, by the worker pool: see its own words.
copyFileSync(
	join(root, "dist", "src", "runtime", "worker-entry.cjs"),
	join(root, "dist", "lib", "node", "worker-entry.cjs"),
);
for (const [name, file] of [
	["apache-arrow", "NOTICE.txt"],
	["commander", "LICENSE"],
]) {
	copyFileSync(join(dirname(resolve(name)), file), join(root, "dist", "lib", `${name}-${basename(file, ".txt")}.txt`));
}
