// Loads the modules that CREATE FUNCTION names.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { EngineError } from "../errors.js";

/** The exports of a module; a relative path starts at the working directory. */
export async function loadModule(path: string): Promise<Readonly<Record<string, unknown>>> {
	const file = resolve(path);
	if (!existsSync(file)) {
		throw new EngineError("FILE_NOT_FOUND", `there is no module '${path}'`, { expected: `a file ${file}` });
	}
	try {
		return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
	} catch (cause) {
		const isTypeScript = (cause as NodeJS.ErrnoException).code === "ERR_UNKNOWN_FILE_EXTENSION";
		throw new EngineError("USER_FUNCTION", `the module '${path}' cannot be loaded: ${(cause as Error).message}`, {
			...(isTypeScript && {
				remedy: "This Node.js does not run TypeScript: compile it, or use Node.js 22.18 or newer",
			}),
			cause,
		});
	}
}
