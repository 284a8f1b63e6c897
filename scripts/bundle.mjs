// Bundles what users load into dist/lib/node: an entry each for the package's exports, the command and the workers, with shared chunks.
// Loading some 500 modules one by one takes longer than running a small query. All entries lie two folders below dist/, like the
// sources' folders, so that `new URL("../../wasm/…", import.meta.url)` means the same in both. Dependencies stay outside.
// dist/lib/browser holds millrace/operators for browsers, in which nothing of Node is left.
import { copyFileSync, existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
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

const common = {
	absWorkingDir: root,
	bundle: true,
	splitting: true,
	format: "esm",
	packages: "external",
	sourcemap: true,
	minifyWhitespace: true,
	minifySyntax: true,
	logLevel: "warning",
};

/**
 * apache-arrow as one chunk: its 150 files take longer to find and open than to run. Instances of its classes are those of another copy's
 * too, but for the types, which therefore stay the installed library's: a program's own Arrow takes our values and we take its.
 */
const arrowInOneFile = {
	name: "apache-arrow in one file",
	setup(bundle) {
		const { resolve } = createRequire(import.meta.url);
		const entry = resolve("apache-arrow").replace(/\.js$/, ".mjs");
		const enumerations = resolve("apache-arrow/enum").replace(/\.js$/, ".mjs");
		const types = resolve("apache-arrow/type").replace(/\.js$/, ".mjs");
		const inside = createRequire(entry);
		bundle.onResolve({ filter: /^apache-arrow$/ }, () => ({ path: entry }));
		bundle.onResolve({ filter: /^apache-arrow\/enum$/ }, () => ({ path: enumerations, sideEffects: false }));
		bundle.onResolve({ filter: /^(\.\.?\/)+type\.mjs$/ }, ({ path, resolveDir }) =>
			join(resolveDir, path) === types ? { path: "apache-arrow/type", external: true, sideEffects: false } : undefined,
		);
		bundle.onResolve({ filter: /^(flatbuffers|tslib|json-with-bigint)$/ }, ({ path, kind, resolveDir }) =>
			bundle.resolve(inside.resolve(path), { kind, resolveDir }),
		);
	},
};

/** How kernels are loaded is all that differs. */
const browserFiles = {
	name: "browser files",
	setup(bundle) {
		const file = join(root, "src", "wasm", "module-bytes-browser.ts");
		bundle.onResolve({ filter: /\/module-bytes\.js$/ }, () => ({ path: file }));
	},
};

rmSync(join(root, "dist", "lib"), { recursive: true, force: true });
await build({
	...common,
	entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))),
	outdir: join(root, "dist", "lib", "node"),
	platform: "node",
	target: "node20",
	plugins: [arrowInOneFile],
});
await build({
	...common,
	entryPoints: { operators: entries.operators },
	outdir: join(root, "dist", "lib", "browser"),
	platform: "browser",
	target: "es2022",
	plugins: [browserFiles],
});

// Required, not imported, by the worker pool: see its own words.
copyFileSync(
	join(root, "dist", "src", "runtime", "worker-entry.cjs"),
	join(root, "dist", "lib", "node", "worker-entry.cjs"),
);
copyFileSync(
	join(dirname(createRequire(import.meta.url).resolve("apache-arrow")), "NOTICE.txt"),
	join(root, "dist", "lib", "apache-arrow-NOTICE.txt"),
);
