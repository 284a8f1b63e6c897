// Functions that lie in modules: found by path, in the session's thread and again in every worker that calls them.
import type { FunctionLibrary } from "../../baseline/library.js";
import { EngineError } from "../../errors.js";
import { loadModule } from "../../runtime/module-loader.js";
import type { FunctionModule } from "../../runtime/slot-task.js";
import type { UserDefinedFunction } from "./definition.js";
import { type LoadedFunction, loadFunction } from "./implementation.js";

/** Whether what CREATE FUNCTION names is a module: `path/of/module.js` or `path#export`. */
export const isModule = (className: string) => /\.[cm]?[jt]s(#\w+)?$/.test(className);

/** The function `name`: the export that is asked for, else the default one, else the one called like it. */
export async function definitionIn(module: string, name: string): Promise<UserDefinedFunction> {
	const [path, wanted] = module.split("#") as [string, string?];
	const exported = await loadModule(path);
	const found = wanted === undefined ? (exported.default ?? exported[name]) : exported[wanted];
	if (isDefinition(found)) return found;
	throw new EngineError("UNKNOWN_FUNCTION", `'${module}' exports no function definition`, {
		expected: wanted ?? `a default export or one called '${name}'`,
		remedy: "Make it with scalarFunction, tableFunction or aggregateFunction",
	});
}

const isDefinition = (value: unknown): value is UserDefinedFunction =>
	typeof value === "object" && value !== null && "kind" in value && "calls" in value;

/** The functions of a job as a worker calls them. */
export async function libraryOf(functions: readonly FunctionModule[]): Promise<FunctionLibrary> {
	const loaded = new Map<string, LoadedFunction>();
	for (const { id, name, parameters, returns, module } of functions) {
		loaded.set(id, loadFunction(id, name, await definitionIn(module, name), { parameters, returns }));
	}
	return {
		scalar: (id) => loaded.get(id)?.scalar,
		aggregate: (id) => loaded.get(id)?.aggregate,
		table: (id) => loaded.get(id)?.table,
	};
}
