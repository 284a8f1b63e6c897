// DESCRIBE and SHOW COLUMNS: the columns of a table or view, and what catalogs and databases are made of, as rows.
import { EngineError } from "../errors.js";
import type { Describe, Identifier } from "../sql/ast.js";
import {
	asNullable,
	BOOLEAN,
	type Field,
	MAX_LENGTH,
	type Schema,
	type SqlType,
	STRING,
	timeAttributeOf,
	withoutAttribute,
} from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import type { Row } from "../types/value.js";
import type { Catalog } from "./catalog.js";
import type { CatalogRelation, CatalogTable, SchemaAnalyzer, TableColumn } from "./catalog-object.js";
import { expressionText } from "./expression-text.js";
import type { StatementResult } from "./statement-result.js";

const text = (name: string): Field => ({ name, type: STRING });

export function describe(ast: Describe, catalog: Catalog, analyzer: SchemaAnalyzer): StatementResult {
	switch (ast.objectType) {
		case "TABLE":
			return columnsOf(ast.name, catalog, analyzer);
		case "CATALOG":
			return describeCatalog(ast, catalog);
		case "DATABASE":
			return describeDatabase(ast, catalog);
		case "FUNCTION":
			return describeFunction(ast, catalog);
		default:
			throw new EngineError("UNSUPPORTED", `DESCRIBE ${ast.objectType} is not supported`, { position: ast.position });
	}
}

/** name, type, null, key, extras, watermark, and comment if a column has one. */
export function columnsOf(name: Identifier, catalog: Catalog, analyzer: SchemaAnalyzer): StatementResult {
	const relation = catalog.resolveRelation(name);
	const fields = schemaOf(relation, analyzer);
	const commented = fields.some((_, i) => commentOf(relation, i) !== undefined);
	const schema = [
		...["name", "type"].map(text),
		{ name: "null", type: BOOLEAN },
		...["key", "extras", "watermark"].map(text),
		...(commented ? [text("comment")] : []),
	];
	const rows = fields.map((field, i): Row => {
		const row = [field.name, shownType(field.type), field.type.nullable, ...details(relation, i)];
		return commented ? [...row, commentOf(relation, i) ?? null] : row;
	});
	return { schema, rows };
}

function schemaOf(relation: CatalogRelation, analyzer: SchemaAnalyzer): Schema {
	return relation.kind === "table" ? analyzer.tableSchema(relation) : relation.schema;
}

const columnAt = (relation: CatalogRelation, index: number): TableColumn | undefined =>
	relation.kind === "table" ? relation.columns[index] : undefined;

const commentOf = (relation: CatalogRelation, index: number) => columnAt(relation, index)?.comment;

function details(relation: CatalogRelation, index: number): readonly (string | null)[] {
	const column = columnAt(relation, index);
	if (relation.kind !== "table" || column === undefined) return [null, null, null];
	return [keyText(relation, column), extrasText(column), watermarkText(relation, column)];
}

function keyText({ primaryKey }: CatalogTable, column: TableColumn): string | null {
	return primaryKey?.columns.includes(column.name) ? `PRI(${primaryKey.columns.join(", ")})` : null;
}

function extrasText(column: TableColumn): string | null {
	switch (column.kind) {
		case "physical":
			return null;
		case "computed":
			return `AS ${expressionText(column.expression)}`;
		case "metadata": {
			const from = column.key === undefined ? "" : ` FROM '${column.key}'`;
			return `METADATA${from}${column.virtual ? " VIRTUAL" : ""}`;
		}
	}
}

function watermarkText({ watermark }: CatalogTable, column: TableColumn): string | null {
	return watermark?.column.names[0]?.text === column.name ? expressionText(watermark.strategy) : null;
}

/** STRING and BYTES by their short names; time attributes marked. */
function shownType(type: SqlType): string {
	if (type.kind === "VARCHAR" && type.length === MAX_LENGTH) return "STRING";
	if (type.kind === "VARBINARY" && type.length === MAX_LENGTH) return "BYTES";
	const attribute = timeAttributeOf(type);
	const shown = typeText(asNullable(withoutAttribute(type)))
		.replaceAll(`VARCHAR(${MAX_LENGTH})`, "STRING")
		.replaceAll(`VARBINARY(${MAX_LENGTH})`, "BYTES");
	return attribute === undefined ? shown : `${shown} *${attribute.toUpperCase()}*`;
}

const INFO: Schema = [text("info name"), text("info value")];

function optionRows(options: ReadonlyMap<string, string>): Row[] {
	return [...options].filter(([key]) => key !== "type").map(([key, value]) => [`option:${key}`, value]);
}

function describeCatalog(ast: Describe, catalog: Catalog): StatementResult {
	const found = catalog.catalog(ast.name.names[0]?.text ?? "", ast.name.position);
	const type = found.options.get("type") ?? "generic_in_memory";
	const rows: Row[] = [
		["name", found.name],
		["type", type],
		["comment", found.comment ?? ""],
	];
	return { schema: INFO, rows: ast.extended ? [...rows, ...optionRows(found.options)] : rows };
}

function describeDatabase(ast: Describe, catalog: Catalog): StatementResult {
	const [first, second] = ast.name.names.map((part) => part.text) as [string, string | undefined];
	const path = second === undefined ? ([catalog.currentCatalog, first] as const) : ([first, second] as const);
	const found = catalog.database(path, ast.name.position);
	const rows: Row[] = [
		["name", found.name],
		["comment", found.comment ?? ""],
	];
	return { schema: INFO, rows: ast.extended ? [...rows, ...optionRows(found.options)] : rows };
}

function describeFunction(ast: Describe, catalog: Catalog): StatementResult {
	const names = ast.name.names.map((part) => part.text);
	const found = catalog.functions.resolve(names, catalog.pathOf(ast.name));
	if (found === undefined) {
		throw new EngineError("UNKNOWN_FUNCTION", `function '${names.join(".")}' does not exist`, {
			position: ast.name.position,
		});
	}
	const builtIn = "kind" in found;
	const rows: Row[] = [
		["is system function", String(builtIn || found.path.length === 1)],
		["is temporary", String(!builtIn && found.temporary)],
	];
	const implementation = builtIn ? found : found.implementation;
	if (!ast.extended) return { schema: INFO, rows };
	const signatures = implementation?.definition.signatures.join("; ") ?? "";
	return {
		schema: INFO,
		rows: [...rows, ["kind", implementation?.kind.toUpperCase() ?? ""], ["signature", signatures]],
	};
}
