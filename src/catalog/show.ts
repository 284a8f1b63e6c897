// SHOW: names of catalogs, databases, tables, functions and the like as one column, filtered by LIKE.
import { EngineError } from "../errors.js";
import { functionNames } from "../functions/registry.js";
import type { Show, ShowLike } from "../sql/ast.js";
import { BOOLEAN, STRING } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import type { Catalog } from "./catalog.js";
import type { SchemaAnalyzer } from "./catalog-object.js";
import { columnsOf } from "./describe.js";
import type { StatementResult } from "./statement-result.js";

const list = (column: string, names: Iterable<string>): StatementResult => ({
	schema: [{ name: column, type: STRING }],
	rows: [...names].sort().map((name) => [name]),
});

export function show(ast: Show, catalog: Catalog, analyzer: SchemaAnalyzer): StatementResult {
	const all = showAll(ast, catalog, analyzer);
	if (ast.like === undefined) return all;
	const matches = likeTest(ast.like);
	return { ...all, rows: all.rows.filter((row) => matches(row[0] as string)) };
}

function showAll(ast: Show, catalog: Catalog, analyzer: SchemaAnalyzer): StatementResult {
	switch (ast.subject) {
		case "CATALOGS":
			return list("catalog name", catalog.catalogs.keys());
		case "DATABASES":
			return list("database name", databases(ast, catalog));
		case "TABLES":
			return list("table name", catalog.relationNames(...namespaceOf(ast, catalog)));
		case "VIEWS":
			return list("view name", catalog.relationNames(...namespaceOf(ast, catalog), "view"));
		case "MATERIALIZED TABLES":
			return list("materialized table name", []);
		case "COLUMNS":
			return columnsOf(ast.from as NonNullable<Show["from"]>, catalog, analyzer);
		case "FUNCTIONS":
			return list("function name", [...new Set([...systemFunctions(), ...userFunctions(catalog)])]);
		case "USER FUNCTIONS":
			return list("function name", userFunctions(catalog));
		case "PROCEDURES":
			return list("procedure name", []);
		case "MODELS":
			return list("model name", []);
		case "CONNECTIONS":
			return list("connection name", []);
		case "MODULES":
			return list("module name", ["core"]);
		case "FULL MODULES":
			return fullModules();
		case "JARS":
			return list("jars", []);
		case "CURRENT CATALOG":
			return list("current catalog name", [catalog.currentCatalog]);
		case "CURRENT DATABASE":
			return list("current database name", [catalog.currentDatabase]);
		case "JOBS":
			throw new EngineError("UNSUPPORTED", "SHOW JOBS is not supported here", { position: ast.position });
	}
}

/** Operators have no name to call them by. */
const systemFunctions = () => functionNames().filter((name) => /^\w+$/.test(name));

const userFunctions = (catalog: Catalog) =>
	catalog.functions.userFunctions().map((item) => item.path[item.path.length - 1] as string);

function databases(ast: Show, catalog: Catalog): Iterable<string> {
	const name = ast.from?.names[0]?.text ?? catalog.currentCatalog;
	return catalog.catalog(name, ast.from?.position).databases.keys();
}

function namespaceOf(ast: Show, catalog: Catalog): [catalog: string, database: string] {
	if (ast.from === undefined) return [...catalog.namespace];
	const [first, second] = ast.from.names.map((part) => part.text) as [string, string | undefined];
	const path: [string, string] = second === undefined ? [catalog.currentCatalog, first] : [first, second];
	catalog.database(path, ast.from.position);
	return path;
}

function fullModules(): StatementResult {
	const schema = [
		{ name: "module name", type: STRING },
		{ name: "used", type: BOOLEAN },
	];
	const rows: Row[] = [["core", true]];
	return { schema, rows };
}

/** LIKE with % and _, or ILIKE that does not heed case. */
function likeTest(like: ShowLike): (name: string) => boolean {
	const pattern = like.pattern.value
		.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
		.replaceAll("%", ".*")
		.replaceAll("_", ".");
	const expression = new RegExp(`^${pattern}$`, like.caseInsensitive ? "isu" : "su");
	return (name) => expression.test(name) !== like.negated;
}
