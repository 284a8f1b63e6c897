// Bundles what users load into dist/lib/node: an entry each for the package's exports, the command and the workers, with shared chunks.
// Loading some 500 modules one by one takes longer than running a small query. All entries lie two folders below dist/, like the
// sources' folders, so that `new URL("../../wasm/…", import.meta.url)` means the same in both. Dependencies stay outside.
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const outdir = join(root, "dist", "lib", "node");
const entries = {
	index: "src/index.ts",
	operators: "src/embed/operators.ts",
	sql: "src/sql/index.ts",
	nexmark: "nexmark/index.ts",
	cli: "src/cli/main.ts",
	worker: "src/runtime/worker.ts",
	"worker-operators": "src/engine/worker-operators.ts",
};

rmSync(outdir, { recursive: true, force: true });
await build({
	absWorkingDir: root,
	entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))),
	outdir,
	bundle: true,
	splitting: true,
	format: "esm",
	platform: "node",
	target: "node20",
	packages: "external",
	sourcemap: true,
	logLevel: "warning",
});
