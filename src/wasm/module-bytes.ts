// Where the bytes of the kernel module come from: a file beside the package in Node, an asset of the bundle in a browser.
import type { KernelBuild } from "./kernels.js";

/** Bundlers resolve `new URL(…, import.meta.url)` to an asset; Node gets a file URL. Sources run from src/ use the build in dist/. */
function moduleUrl(build: KernelBuild): URL {
	const url =
		build === "release"
			? new URL("../../wasm/release.wasm", import.meta.url)
			: new URL("../../wasm/debug.wasm", import.meta.url);
	return import.meta.url.endsWith(".ts") ? new URL(`../../dist/wasm/${build}.wasm`, import.meta.url) : url;
}

export async function moduleBytes(build: KernelBuild): Promise<Uint8Array<ArrayBuffer>> {
	const url = moduleUrl(build);
	if (url.protocol === "file:") {
		const { readFileSync } = await import("node:fs");
		return new Uint8Array(readFileSync(url));
	}
	const response = await fetch(url);
	return new Uint8Array(await response.arrayBuffer());
}
