// SHOW CREATE: a catalog object as the statement that would make it again.
import { EngineError } from "../errors.js";
import type { ShowCreate } from "../sql/ast.js";
import { print } from "../sql/index.js";
import { STRING } from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import { type Catalog, pathText } from "./catalog.js";
import type { CatalogTable, CatalogView, Distribution, TableColumn } from "./catalog-object.js";
import { constraintName } from "./create-table.js";
import { expressionText } from "./expression-text.js";
import type { StatementResult } from "./statement-result.js";

export function showCreate(ast: ShowCreate, catalog: Catalog): StatementResult {
	return { schema: [{ name: "result", type: STRING }], rows: [[textOf(ast, catalog)]] };
}

function textOf(ast: ShowCreate, catalog: Catalog): string {
	const { objectType, name } = ast;
	if (objectType === "CATALOG") return catalogText(catalog, name.names[0]?.text ?? "", ast);
	if (objectType !== "TABLE" && objectType !== "VIEW") {
		throw new EngineError("UNSUPPORTED", `SHOW CREATE ${objectType} is not supported`, { position: ast.position });
	}
	const relation = catalog.resolveRelation(name);
	if (relation.kind !== objectType.toLowerCase()) {
		throw new EngineError("UNKNOWN_TABLE", `'${relation.path[2]}' is a ${relation.kind}`, {
			position: name.position,
			remedy: `Use SHOW CREATE ${relation.kind.toUpperCase()}`,
		});
	}
	return relation.kind === "table" ? tableText(relation) : viewText(relation);
}

const quoted = (name: string) => `\`${name.replaceAll("`", "``")}\``;
const literal = (value: string) => `'${value.replaceAll("'", "''")}'`;
const names = (columns: readonly string[]) => columns.map(quoted).join(", ");
const lines = (...parts: readonly (string | undefined)[]) =>
	parts
		.filter((part) => part !== undefined)
		.map((part) => `${part}\n`)
		.join("");

function catalogText(catalog: Catalog, name: string, ast: ShowCreate): string {
	const found = catalog.catalog(name, ast.name.position);
	return lines(`CREATE CATALOG ${quoted(name)}`, commentText(found.comment), optionsText(found.options));
}

const commentText = (comment: string | undefined) =>
	comment === undefined ? undefined : `COMMENT ${literal(comment)}`;

function optionsText(options: Iterable<readonly [string, string]>): string | undefined {
	const all = [...options].sort(([left], [right]) => (left < right ? -1 : 1));
	if (all.length === 0) return undefined;
	return `WITH (\n${all.map(([key, value]) => `  ${literal(key)} = ${literal(value)}`).join(",\n")}\n)`;
}

function tableText(table: CatalogTable): string {
	const { primaryKey, watermark } = table;
	const elements = table.columns.map(columnText);
	if (watermark) {
		const column = watermark.column.names.map((name) => quoted(name.text)).join(".");
		elements.push(`WATERMARK FOR ${column} AS ${expressionText(watermark.strategy)}`);
	}
	if (primaryKey) {
		const constraint = quoted(constraintName(primaryKey));
		elements.push(`CONSTRAINT ${constraint} PRIMARY KEY (${names(primaryKey.columns)}) NOT ENFORCED`);
	}
	const kind = table.temporary ? "TEMPORARY TABLE" : "TABLE";
	return lines(
		`CREATE ${kind} ${pathText(table.path)} (\n${elements.map((element) => `  ${element}`).join(",\n")}\n)`,
		commentText(table.comment),
		table.distribution && distributionText(table.distribution),
		table.partitionKeys.length > 0 ? `PARTITIONED BY (${names(table.partitionKeys)})` : undefined,
		optionsText(Object.entries(table.options)),
	);
}

function columnText(column: TableColumn): string {
	const comment = column.comment === undefined ? "" : ` ${commentText(column.comment)}`;
	switch (column.kind) {
		case "physical":
			return `${quoted(column.name)} ${typeText(column.type)}${comment}`;
		case "computed":
			return `${quoted(column.name)} AS ${expressionText(column.expression)}${comment}`;
		case "metadata": {
			const from = column.key === undefined ? "" : ` FROM ${literal(column.key)}`;
			const virtual = column.virtual ? " VIRTUAL" : "";
			return `${quoted(column.name)} ${typeText(column.type)} METADATA${from}${virtual}${comment}`;
		}
	}
}

function distributionText({ algorithm, columns, buckets }: Distribution): string {
	const by = columns.length === 0 ? "" : ` BY ${algorithm ?? ""}(${names(columns)})`;
	return `DISTRIBUTED${by}${buckets === undefined ? "" : ` INTO ${buckets} BUCKETS`}`;
}

/** The query as it was written, not with its names expanded. */
function viewText(view: CatalogView): string {
	const kind = view.temporary ? "TEMPORARY VIEW" : "VIEW";
	const columns = view.schema.map(({ name }) => `  ${quoted(name)}`).join(",\n");
	return lines(
		`CREATE ${kind} ${pathText(view.path)} (\n${columns}\n)`,
		commentText(view.comment),
		`AS ${print(view.query)}`,
	);
}
