// ALTER and DROP of tables and views.
import { EngineError } from "../errors.js";
import type { AlterTable, AlterView, Drop, Identifier } from "../sql/ast.js";
import { alteredTable } from "./alter-table.js";
import type { Catalog } from "./catalog.js";
import type { CatalogRelation, ObjectPath, SchemaAnalyzer } from "./catalog-object.js";
import { existingAt, store, unknownRelation } from "./relation-definition.js";

export function alterTable(ast: AlterTable, catalog: Catalog, analyzer: SchemaAnalyzer): void {
	const path = catalog.pathOf(ast.name);
	const found = catalog.relation(path);
	if (found?.kind !== "table") {
		if (ast.ifExists) return;
		throw unknownRelation("table", ast.name, catalog);
	}
	if (ast.action.kind === "Rename") rename(found, ast.action.to, catalog);
	else store(alteredTable(found, ast.action), ast.name, catalog, analyzer);
}

export function alterView(ast: AlterView, catalog: Catalog, analyzer: SchemaAnalyzer): void {
	const found = catalog.relation(catalog.pathOf(ast.name));
	if (found?.kind !== "view") throw unknownRelation("view", ast.name, catalog);
	if (ast.action.kind === "Rename") {
		rename(found, ast.action.to, catalog);
		return;
	}
	const { query } = ast.action;
	catalog.putRelation({ ...found, query, schema: analyzer.querySchema(query), namespace: catalog.namespace });
}

/** A new name in the same database. */
function rename(relation: CatalogRelation, to: Identifier, catalog: Catalog): void {
	const path: ObjectPath = [relation.path[0], relation.path[1], to.names[to.names.length - 1]?.text ?? ""];
	if (existingAt(catalog, path, relation.temporary) !== undefined) {
		throw new EngineError("ALREADY_EXISTS", `'${path[2]}' exists already`, { position: to.position });
	}
	catalog.removeRelation(relation.path, relation.temporary);
	catalog.putRelation({ ...relation, path });
}

export function dropRelation(ast: Drop, catalog: Catalog): void {
	const kind = ast.objectType === "VIEW" ? "view" : "table";
	const path = catalog.pathOf(ast.name);
	const temporary = catalog.temporaryRelation(path);
	const found = ast.temporary ? temporary : catalog.relation(path, false);
	if (found?.kind !== kind) {
		if (ast.ifExists) return;
		throw unknownRelation(ast.temporary ? `temporary ${kind}` : kind, ast.name, catalog, kind);
	}
	if (!ast.temporary && temporary !== undefined) {
		throw new EngineError("INVALID_QUERY", `a temporary ${temporary.kind} '${path[2]}' hides the ${kind}`, {
			position: ast.name.position,
			remedy: `DROP TEMPORARY ${temporary.kind.toUpperCase()} it first`,
		});
	}
	catalog.removeRelation(path, ast.temporary);
}
