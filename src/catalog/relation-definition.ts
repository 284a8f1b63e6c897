// CREATE of tables and views.
import { EngineError } from "../errors.js";
import type { CreateTable, CreateView, Identifier, Insert, Query } from "../sql/ast.js";
import type { Schema } from "../types/sql-type.js";
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

export const existingAt = (catalog: Catalog, path: ObjectPath, temporary: boolean) =>
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

export function store(table: CatalogTable, name: Identifier, catalog: Catalog, analyzer: SchemaAnalyzer): void {
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
		schema: schema.map(({ name, type }, i) => ({ name: ast.columns[i]?.text ?? name, type })),
		comment: ast.comment?.value,
		namespace: catalog.namespace,
	};
	catalog.putRelation(view, ast.name.position);
}

export function unknownRelation(
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
