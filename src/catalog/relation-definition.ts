// CREATE, ALTER and DROP of tables and views.
import { EngineError } from "../errors.js";
import type { AlterTable, AlterView, CreateTable, CreateView, Drop, Identifier, Insert, Query } from "../sql/ast.js";
import type { Schema } from "../types/sql-type.js";
import { alteredTable } from "./alter-table.js";
import type { Catalog } from "./catalog.js";
import type { CatalogRelation, CatalogTable, CatalogView, ObjectPath, SchemaAnalyzer } from "./catalog-object.js";
import { createTable } from "./create-table.js";

/** Whether to go on: the name is free, or is to be replaced. */
function mayCreate(
	ast: { readonly name: Identifier; readonly ifNotExists: boolean; readonly orReplace: boolean },
	existing: CatalogRelation | undefined,
): boolean {
	if (existing === undefined || ast.orReplace) return true;
	if (ast.ifNotExists) return false;
	throw new EngineError("ALREADY_EXISTS", `${existing.kind} '${existing.path.join(".")}' exists already`, {
		position: ast.name.position,
	});
}

const existingAt = (catalog: Catalog, path: ObjectPath, temporary: boolean) =>
	temporary ? catalog.temporaryRelation(path) : catalog.relation(path, false);

/** Gives back the INSERT of AS SELECT. */
export function createTableStatement(ast: CreateTable, catalog: Catalog, analyzer: SchemaAnalyzer): Insert | undefined {
	const path = catalog.pathOf(ast.name);
	const existing = existingAt(catalog, path, ast.temporary);
	if (ast.mustExist && existing === undefined) throw unknownRelation("table", ast.name, catalog);
	if (!mayCreate(ast, existing)) return undefined;
	const source = ast.like && likedTable(ast.like.source, catalog);
	const schema = ast.query && analyzer.querySchema(ast.query);
	store(createTable(ast, path, source, schema), ast.name, catalog, analyzer);
	return ast.query && schema && insertInto(ast, ast.query, schema);
}

function store(table: CatalogTable, name: Identifier, catalog: Catalog, analyzer: SchemaAnalyzer): void {
	analyzer.tableSchema(table);
	catalog.validateTable(table);
	catalog.putRelation(table, name.position);
}

/** By name, because the table may have more columns, or another order. */
function insertInto(ast: CreateTable, query: Query, schema: Schema): Insert {
	const { name: table, position } = ast;
	const columns = schema.map(({ name }): Identifier => {
		return { kind: "Identifier", names: [{ kind: "Name", text: name, position }], position };
	});
	return { kind: "Insert", overwrite: false, table, hints: [], partition: [], columns, query, position };
}

function likedTable(name: Identifier, catalog: Catalog): CatalogTable {
	const relation = catalog.resolveRelation(name);
	if (relation.kind === "table") return relation;
	throw new EngineError("INVALID_QUERY", `LIKE needs a table, '${relation.path[2]}' is a view`, {
		position: name.position,
	});
}

export function createView(ast: CreateView, catalog: Catalog, analyzer: SchemaAnalyzer): void {
	const path = catalog.pathOf(ast.name);
	if (!mayCreate(ast, existingAt(catalog, path, ast.temporary))) return;
	const schema = analyzer.querySchema(ast.query);
	if (ast.columns.length > 0 && ast.columns.length !== schema.length) {
		throw new EngineError(
			"INVALID_QUERY",
			`the view has ${ast.columns.length} column names, its query ${schema.length} columns`,
			{
				position: ast.name.position,
			},
		);
	}
	const view: CatalogView = {
		kind: "view",
		path,
		temporary: ast.temporary,
		query: ast.query,
		columns: ast.columns.length > 0 ? ast.columns.map((name) => name.text) : schema.map((field) => field.name),
		comment: ast.comment?.value,
		namespace: catalog.namespace,
	};
	catalog.putRelation(view, ast.name.position);
}

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
	const columns = analyzer.querySchema(query).map((field) => field.name);
	catalog.putRelation({ ...found, query, columns, namespace: catalog.namespace });
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

function unknownRelation(
	what: string,
	name: Identifier,
	catalog: Catalog,
	only?: CatalogRelation["kind"],
): EngineError {
	const path = catalog.pathOf(name);
	const other = catalog.relation(path);
	const remedy =
		other === undefined
			? catalog.suggestRelation(path, only)
			: `It is a ${other.temporary ? "temporary " : ""}${other.kind}`;
	return new EngineError("UNKNOWN_TABLE", `${what} '${path.join(".")}' does not exist`, {
		position: name.position,
		...(remedy !== undefined && { remedy }),
	});
}
