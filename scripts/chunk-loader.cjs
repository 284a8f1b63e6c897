// Loads the package's chunks, the files *.cjs beside this one, from the code that V8 has made of them in earlier processes: to compile
// them takes longer than to plan and run a small query. docs/decisions/0032-compiled-code.md says how and why.
// The cache never fails a program: what cannot be read is compiled, what cannot be written is not kept.
"use strict";
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");

/** Compiled code suits one version of V8 with the same flags. node:v8 can tell such flags from others, and takes 4 ms to load. */
const flags = process.execArgv.length > 0 || process.env.NODE_OPTIONS ? require("node:v8").cachedDataVersionTag() : "";
const cacheFolder = join(__dirname, "..", "..", "cache", `${process.version}-${process.arch}${flags}`);
const WRAPPER = ["(function (exports, require, module, __filename, __dirname, Import) { ", "\n})"];
/** Functions are compiled when they are first called: this many processes add theirs to what is kept. */
const GENERATIONS = 3;

/** What other packages and Node.js have. */
const outside = Module.createRequire(__filename);
/** Chunks by name. */
const chunks = new Map();
/** ES modules of other packages by name: what has been imported is not required as another copy. */
const imported = new Map();
/** Compiled in this process, wholly or in part: what is kept at its end. */
const fresh = [];

/** The exports of a chunk; all entries of the package share one copy. */
function load(name) {
	const loaded = chunks.get(name);
	if (loaded) return loaded.exports;
	const module = new Module(join(__dirname, name), null);
	module.filename = module.id;
	module.require = (id) => (id.startsWith("./") ? load(id.slice(2)) : (imported.get(id) ?? outside(id)));
	module.Import = importOutside;
	chunks.set(name, module);
	// Chunks are ASCII, of which V8 makes strings of one byte a character.
	const source = readFileSync(module.id, "latin1");
	// Node.js follows source maps for modules that it compiles itself. Declarations of functions are hoisted.
	if (process.sourceMapsEnabled)
		module._compile(`${source}\nfunction Import(id) { return module.Import(id); }`, module.id);
	else compiled(module.id, name, source)(module.exports, module.require, module, module.id, __dirname, module.Import);
	module.loaded = true;
	return module.exports;
}

/** Stands for `import()` in chunks: what is compiled without being told how to import cannot. */
async function importOutside(id) {
	// To import a module of Node.js touches each of its exports, of which some load others.
	if (id.startsWith("node:")) return outside(id);
	const namespace = await import(id);
	imported.set(id, namespace);
	return namespace;
}

/** The function that a chunk is once it has been wrapped. */
function compiled(file, name, source) {
	const { code, generation } = cached(file, name);
	const script = new Script(WRAPPER.join(source), {
		filename: file,
		columnOffset: -WRAPPER[0].length,
		cachedData: code,
	});
	const reached = script.cachedDataRejected === false ? generation : 0;
	if (reached < GENERATIONS) {
		if (fresh.length === 0) process.once("exit", keep);
		fresh.push({ name, script, generation: reached + 1 });
	}
	return script.runInThisContext();
}

/** V8 believes what it reads. A cache therefore holds its code twice, and is younger than the chunk; its last byte is its generation. */
function cached(file, name) {
	try {
		const cache = join(cacheFolder, name);
		if (statSync(cache).mtimeMs < statSync(file).mtimeMs) return {};
		const bytes = readFileSync(cache);
		const half = (bytes.length - 1) / 2;
		const code = bytes.subarray(0, half);
		return code.equals(bytes.subarray(half, -1)) ? { code, generation: bytes.at(-1) } : {};
	} catch {
		return {};
	}
}

function keep() {
	try {
		mkdirSync(cacheFolder, { recursive: true });
		for (const { name, script, generation } of fresh) {
			const code = script.createCachedData();
			const draft = join(cacheFolder, `${name}.${process.pid}-${process.hrtime.bigint()}`);
			writeFileSync(draft, Buffer.concat([code, code, Buffer.of(generation)]));
			renameSync(draft, join(cacheFolder, name));
		}
	} catch {
		// A read-only installation compiles every time.
	}
}

exports.load = load;
