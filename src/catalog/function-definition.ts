// CREATE, ALTER and DROP FUNCTION. The implementation is loaded by the engine, which fills it in.
import { EngineError, nearestName } from "../errors.js";
import type { AlterFunction, CreateFunction, Drop, Identifier } from "../sql/ast.js";
import type { Catalog } from "./catalog.js";
import type { UserFunction } from "./catalog-object.js";
import { builtInFunction } from "./function-catalog.js";

/** System functions have no path but their name. */
function pathOf(ast: { readonly name: Identifier; readonly system: boolean }, catalog: Catalog): UserFunction["path"] {
	return ast.system ? [ast.name.names[0]?.text ?? ""] : catalog.pathOf(ast.name);
}

export function createFunction(ast: CreateFunction, catalog: Catalog): void {
	const path = pathOf(ast, catalog);
	const exists = catalog.functions.find(path, ast.temporary) !== undefined || (ast.system && builtInFunction(path[0]));
	if (exists) {
		if (ast.ifNotExists) return;
		throw new EngineError("ALREADY_EXISTS", `function '${path.join(".")}' exists already`, {
			position: ast.name.position,
		});
	}
	if (!ast.system) catalog.database([path[0], path[1] as string], ast.name.position);
	catalog.functions.put({ path, temporary: ast.temporary, source: sourceOf(ast) });
}

const sourceOf = (ast: CreateFunction | AlterFunction) => ({
	className: ast.className.value,
	language: ast.language ?? "TYPESCRIPT",
});

export function alterFunction(ast: AlterFunction, catalog: Catalog): void {
	const path = pathOf(ast, catalog);
	if (catalog.functions.find(path, ast.temporary) === undefined) {
		if (ast.ifExists) return;
		throw unknown(path, ast.name, catalog);
	}
	catalog.functions.put({ path, temporary: ast.temporary, source: sourceOf(ast) });
}

export function dropFunction(ast: Drop, catalog: Catalog): void {
	const path = pathOf(ast, catalog);
	if (!catalog.functions.remove(path, ast.temporary) && !ast.ifExists) throw unknown(path, ast.name, catalog);
}

function unknown(path: readonly string[], name: Identifier, catalog: Catalog): EngineError {
	const known = catalog.functions.userFunctions().map((item) => item.path[item.path.length - 1] as string);
	const near = nearestName(path[path.length - 1] as string, known);
	return new EngineError("UNKNOWN_FUNCTION", `function '${path.join(".")}' does not exist`, {
		position: name.position,
		...(near !== undefined && { remedy: `Did you mean \`${near}\`?` }),
	});
}
