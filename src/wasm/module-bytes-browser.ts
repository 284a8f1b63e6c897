// module-bytes.ts for browsers, put in its place by scripts/bundle.mjs: the kernels are an asset beside the bundle.
import { EngineError } from "../errors.js";
import type { KernelBuild } from "./kernels.js";

export async function moduleBytes(build: KernelBuild): Promise<Uint8Array<ArrayBuffer>> {
	// Bundlers look for this very form, with a literal path.
	const url =
		build === "release"
			? new URL("../../wasm/release.wasm", import.meta.url)
			: new URL("../../wasm/debug.wasm", import.meta.url);
	const response = await fetch(url);
	if (response.ok) return new Uint8Array(await response.arrayBuffer());
	throw new EngineError("FILE_NOT_FOUND", `The kernels were not found at ${url.href} (status ${response.status})`, {
		expected: "release.wasm of the package, served as an asset",
		remedy: "Use a bundler that handles new URL(…, import.meta.url), or serve the package's dist folder as it is",
	});
}
