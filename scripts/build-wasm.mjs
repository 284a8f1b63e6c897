// Builds the WebAssembly kernels (release, debug, and debug with colliding hashes) and the typed list of their exports. Skips targets that are up to date.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);
const outDir = "assembly/build";
const stamp = join(outDir, "sources.sha256");

function sourcesHash() {
	const hash = createHash("sha256");
	const names = readdirSync("assembly", { recursive: true }).filter((name) => name.endsWith(".ts"));
	for (const name of names.filter((name) => !name.startsWith("build")).sort()) {
		hash.update(name).update(readFileSync(join("assembly", name)));
	}
	return hash.update(readFileSync("asconfig.json")).digest("hex");
}

const current = sourcesHash();
const built = ["release.wasm", "debug.wasm", "collide.wasm", "release.d.ts"].every((name) =>
	existsSync(join(outDir, name)),
);
if (!built || !existsSync(stamp) || readFileSync(stamp, "utf8") !== current) {
	mkdirSync(outDir, { recursive: true });
	const compile = (...flags) =>
		execFileSync(process.execPath, ["node_modules/assemblyscript/bin/asc.js", "--config", "asconfig.json", ...flags], {
			stdio: "inherit",
		});
	compile("--target", "release");
	compile("--target", "debug");
	// For tests: every hash is 0.
	compile("--target", "debug", "--use", "HASH_ZERO=1", "--outFile", join(outDir, "collide.wasm"));
	writeFileSync(stamp, current);
}

// src/wasm/kernel-exports.ts: the compiler's declarations of the exports as one interface.
const declared = readFileSync(join(outDir, "release.d.ts"), "utf8");
const body = declared.slice(declared.indexOf("{") + 1, declared.indexOf("\n}\n"));
const members = body
	.replaceAll("export function ", "")
	.replaceAll(/export const (\w+): \{[^}]*\}/g, "readonly $1: WebAssembly.Global")
	.replaceAll(/^ {2}/gm, "\t");
const text = `// Generated from assembly/index.ts by scripts/build-wasm.mjs; not committed.\nexport interface KernelExports {${members}\n}\n`;
const target = "src/wasm/kernel-exports.ts";
if (!existsSync(target) || readFileSync(target, "utf8") !== text) writeFileSync(target, text);

mkdirSync("dist/wasm", { recursive: true });
for (const target of ["release", "debug"]) cpSync(join(outDir, `${target}.wasm`), `dist/wasm/${target}.wasm`);
