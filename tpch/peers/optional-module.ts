// Packages that the harness uses when they are installed: beside this package, or in the project from which it is run.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { EngineError } from "../../src/errors.js";

/** `entry`: what is imported; `name`: what is to be installed. */
export async function optionalModule<T>(name: string, entry = name): Promise<{ module: T; path: string }> {
	for (const from of [import.meta.url, pathToFileURL(join(process.cwd(), "package.json"))]) {
		try {
			const path = createRequire(from).resolve(entry);
			return { module: (await import(pathToFileURL(path).href)) as T, path };
		} catch (cause) {
			if ((cause as { code?: string }).code !== "MODULE_NOT_FOUND") throw cause;
		}
	}
	throw new EngineError("MISSING_OPTION", `'${name}' is not installed`, { remedy: `npm install ${name}` });
}
