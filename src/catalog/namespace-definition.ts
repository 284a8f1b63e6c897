// CREATE, ALTER and DROP of catalogs and databases.
import { EngineError } from "../errors.js";
import type { AlterObject, CreateCatalog, CreateDatabase, Drop, Identifier } from "../sql/ast.js";
import { type Catalog, DEFAULT_CATALOG, DEFAULT_DATABASE } from "./catalog.js";
import { optionMap } from "./create-table.js";

type DatabasePath = readonly [catalog: string, database: string];

function databasePath(name: Identifier, catalog: Catalog): DatabasePath {
	const [first, second] = name.names.map((part) => part.text) as [string, string | undefined];
	return second === undefined ? [catalog.currentCatalog, first] : [first, second];
}

/** Catalogs live in memory; only that type exists. */
export function createCatalog(ast: CreateCatalog, catalog: Catalog): void {
	const name = ast.name.text;
	if (catalog.catalogs.has(name)) {
		if (ast.ifNotExists) return;
		throw new EngineError("ALREADY_EXISTS", `catalog '${name}' exists already`, { position: ast.name.position });
	}
	const options = optionMap(ast.options);
	if (options.type !== "generic_in_memory") {
		throw new EngineError(
			options.type === undefined ? "MISSING_OPTION" : "INVALID_OPTION",
			"catalogs are kept in memory",
			{
				position: ast.position,
				expected: "WITH ('type' = 'generic_in_memory')",
			},
		);
	}
	catalog.createCatalog(name, options, ast.comment?.value);
}

export function createDatabase(ast: CreateDatabase, catalog: Catalog): void {
	const path = databasePath(ast.name, catalog);
	if (catalog.catalog(path[0], ast.name.position).databases.has(path[1])) {
		if (ast.ifNotExists) return;
		throw new EngineError("ALREADY_EXISTS", `database '${path.join(".")}' exists already`, {
			position: ast.name.position,
		});
	}
	catalog.createDatabase(path, optionMap(ast.options), ast.comment?.value);
}

/** SET, RESET and COMMENT on a catalog or database. */
export function alterNamespace(ast: AlterObject, catalog: Catalog): void {
	if (ast.objectType !== "CATALOG" && ast.objectType !== "DATABASE") {
		throw new EngineError("UNSUPPORTED", `ALTER ${ast.objectType} is not supported`, { position: ast.position });
	}
	const object =
		ast.objectType === "CATALOG"
			? catalog.catalog(ast.name.names[0]?.text ?? "", ast.name.position)
			: catalog.database(databasePath(ast.name, catalog), ast.name.position);
	const { action } = ast;
	switch (action.kind) {
		case "SetOptions":
			for (const [key, value] of Object.entries(optionMap(action.options))) object.options.set(key, value);
			return;
		case "ResetOptions":
			for (const key of action.keys) object.options.delete(key.value);
			return;
		case "SetComment":
			object.comment = action.comment.value;
			return;
		case "Rename":
			throw new EngineError("UNSUPPORTED", `a ${ast.objectType.toLowerCase()} cannot be renamed`, {
				position: ast.position,
			});
	}
}

export function dropCatalog(ast: Drop, catalog: Catalog): void {
	const name = ast.name.names[0]?.text ?? "";
	if (ast.ifExists && !catalog.catalogs.has(name)) return;
	catalog.catalog(name, ast.name.position);
	if (name === catalog.currentCatalog || name === DEFAULT_CATALOG) {
		throw new EngineError("INVALID_QUERY", `catalog '${name}' is in use`, {
			position: ast.name.position,
			remedy: "USE CATALOG another one first",
		});
	}
	catalog.catalogs.delete(name);
}

export function dropDatabase(ast: Drop, catalog: Catalog): void {
	const path = databasePath(ast.name, catalog);
	const { position } = ast.name;
	if (ast.ifExists && !catalog.catalogs.get(path[0])?.databases.has(path[1])) return;
	const database = catalog.database(path, position);
	const isCurrent = path[0] === catalog.currentCatalog && path[1] === catalog.currentDatabase;
	if (isCurrent || (path[0] === DEFAULT_CATALOG && path[1] === DEFAULT_DATABASE)) {
		throw new EngineError("INVALID_QUERY", `database '${path.join(".")}' is in use`, {
			position,
			remedy: "USE another one first",
		});
	}
	if (database.relations.size > 0 && !ast.cascade) {
		throw new EngineError("INVALID_QUERY", `database '${path.join(".")}' is not empty`, {
			position,
			remedy: "Add CASCADE to drop its tables with it",
		});
	}
	catalog.catalog(path[0]).databases.delete(path[1]);
}
