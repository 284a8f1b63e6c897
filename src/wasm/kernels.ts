// The one typed door to WebAssembly: loads the kernel module and instantiates it over a memory.
import { EngineError } from "../errors.js";
import type { KernelExports } from "./kernel-exports.js";
import { moduleBytes } from "./module-bytes.js";

/** `debug` checks bounds and assertions inside kernels and every free; several times slower. */
export type KernelBuild = "release" | "debug";

export interface Kernels extends KernelExports {
	readonly memory: WebAssembly.Memory;
	readonly build: KernelBuild;
}

export const PAGE_BYTES = 65_536;

/** What is used unless told: `MILLRACE_WASM=debug` in the environment turns the checks on everywhere. */
export const DEFAULT_BUILD: KernelBuild = environment("MILLRACE_WASM") === "debug" ? "debug" : "release";

/** A browser has no environment. */
function environment(name: string): string | undefined {
	const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
	return process?.env?.[name];
}

const modules = new Map<KernelBuild, Promise<WebAssembly.Module>>();

/** The compiled module; compiled once per thread and build. */
export function kernelModule(build: KernelBuild = DEFAULT_BUILD): Promise<WebAssembly.Module> {
	let module = modules.get(build);
	if (!module) {
		module = moduleBytes(build).then((bytes) => WebAssembly.compile(bytes));
		modules.set(build, module);
	}
	return module;
}

/** A kernel instance with a memory of its own. Synchronous once the module is compiled. */
export function instantiateKernels(module: WebAssembly.Module, build: KernelBuild = DEFAULT_BUILD): Kernels {
	const memory = new WebAssembly.Memory({ initial: 16, maximum: 65_535 });
	const abort = (message: number, file: number, line: number, column: number): never => {
		const text = (address: number) => staticText(memory, address);
		throw new EngineError("INTERNAL", `kernel assertion failed: ${text(message)} at ${text(file)}:${line}:${column}`);
	};
	const instance = new WebAssembly.Instance(module, { env: { memory, abort } });
	const exports = instance.exports as unknown as KernelExports;
	return { ...exports, memory, build };
}

/** Text of a static AssemblyScript string: UTF-16, its length in bytes 4 bytes before. */
function staticText(memory: WebAssembly.Memory, address: number): string {
	if (address === 0) return "";
	const bytes = new DataView(memory.buffer).getUint32(address - 4, true);
	return String.fromCharCode(...new Uint16Array(memory.buffer, address, bytes / 2));
}
