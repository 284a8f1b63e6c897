// CREATE TABLE → catalog table: columns, key, watermark and options as declared, merged with those of LIKE.
import { EngineError, nearestName, type SourcePosition } from "../errors.js";
import type { ColumnDefinition, CreateTable, TableConstraint, TableOption } from "../sql/ast.js";
import { notNull, type Schema, withoutAttribute } from "../types/sql-type.js";
import type { CatalogTable, ObjectPath, PrimaryKey, TableColumn } from "./catalog-object.js";
import { sqlType } from "./data-type.js";
import { likeParts, mergeLike } from "./table-like.js";

/** The parts of a table that LIKE may bring along. */
export type TableParts = Pick<
	CatalogTable,
	"columns" | "watermark" | "primaryKey" | "partitionKeys" | "distribution" | "options" | "comment"
>;

/** `querySchema`: the columns of AS SELECT. `source`: the table after LIKE. */
export function createTable(
	ast: CreateTable,
	path: ObjectPath,
	source: CatalogTable | undefined,
	querySchema: Schema | undefined,
): CatalogTable {
	const own = declaredParts(ast);
	const liked = ast.like && source ? mergeLike(likeParts(source, ast.like), own, ast.like) : own;
	const parts = querySchema === undefined ? liked : withQueryColumns(liked, ast, querySchema);
	checkParts(parts, ast);
	return withKeyNotNull({ kind: "table", path, temporary: ast.temporary, ...parts });
}

function declaredParts(ast: CreateTable): TableParts {
	const primaryKey = primaryKeyOf(ast.constraints);
	const [watermark, second] = ast.watermarks;
	if (second !== undefined) {
		throw new EngineError("INVALID_SCHEMA", "a table can have only one watermark", { position: second.position });
	}
	const { distribution } = ast;
	return {
		columns: ast.columns.map(tableColumn),
		watermark,
		primaryKey,
		partitionKeys: ast.partitionedBy.map((name) => name.text),
		distribution: distribution && {
			algorithm: distribution.algorithm,
			columns: distribution.columns.map((name) => name.text),
			buckets: distribution.buckets,
		},
		options: optionMap(ast.options),
		comment: ast.comment?.value,
	};
}

export function optionMap(options: readonly TableOption[]): Readonly<Record<string, string>> {
	const map: Record<string, string> = {};
	for (const { key, value, position } of options) {
		if (key.value in map) {
			throw new EngineError("INVALID_OPTION", `option '${key.value}' is given twice`, { position });
		}
		map[key.value] = value.value;
	}
	return map;
}

export function tableColumn(ast: ColumnDefinition): TableColumn {
	const common = { name: ast.name.text, ...(ast.comment && { comment: ast.comment.value }) };
	switch (ast.kind) {
		case "PhysicalColumn":
			return { kind: "physical", ...common, type: sqlType(ast.type) };
		case "ComputedColumn":
			return { kind: "computed", ...common, expression: ast.expression };
		case "MetadataColumn": {
			const key = ast.key && { key: ast.key.value };
			return { kind: "metadata", ...common, type: sqlType(ast.type), ...key, virtual: ast.virtual };
		}
	}
}

export function primaryKeyOf(constraints: readonly TableConstraint[]): PrimaryKey | undefined {
	const keys = constraints.map(keyOf);
	if (keys.length > 1) {
		throw new EngineError("INVALID_SCHEMA", "a table can have only one primary key", {
			position: (constraints[1] as TableConstraint).position,
		});
	}
	return keys[0];
}

function keyOf(constraint: TableConstraint): PrimaryKey {
	if (constraint.type !== "PRIMARY KEY") {
		throw new EngineError("UNSUPPORTED", "UNIQUE constraints are not supported", { position: constraint.position });
	}
	if (constraint.enforced !== false) {
		throw new EngineError("INVALID_SCHEMA", "the engine does not own the data: a primary key cannot be enforced", {
			position: constraint.position,
			remedy: "Write PRIMARY KEY (…) NOT ENFORCED",
		});
	}
	const columns = constraint.columns.map((name) => name.text);
	return constraint.name === undefined ? { columns } : { name: constraint.name.text, columns };
}

/** CREATE TABLE … AS SELECT: the query's columns, in the order of a list of names if there is one, after own columns. */
function withQueryColumns(parts: TableParts, ast: CreateTable, schema: Schema): TableParts {
	const fromQuery = schema.map(
		(field): TableColumn => ({ kind: "physical", name: field.name, type: withoutAttribute(field.type) }),
	);
	if (ast.columnNames.length > 0) {
		const columns = ast.columnNames.map((name) => {
			const found = fromQuery.find((item) => item.name === name.text);
			if (found !== undefined) return found;
			throw unknownColumn(name.text, fromQuery, name.position);
		});
		if (columns.length !== fromQuery.length) {
			throw new EngineError("INVALID_SCHEMA", "the list of columns must name every column of the query", {
				position: ast.position,
			});
		}
		return { ...parts, columns };
	}
	const declared = new Map(parts.columns.map((item) => [item.name, item]));
	const merged = fromQuery.map((item) => {
		const own = declared.get(item.name);
		return own?.kind === "physical" ? own : item;
	});
	const names = new Set(fromQuery.map((item) => item.name));
	return { ...parts, columns: [...parts.columns.filter((item) => !names.has(item.name)), ...merged] };
}

function unknownColumn(name: string, columns: readonly TableColumn[], position: SourcePosition): EngineError {
	const near = nearestName(
		name,
		columns.map((item) => item.name),
	);
	return new EngineError("UNKNOWN_COLUMN", `the table has no column '${name}'`, {
		position,
		...(near !== undefined && { remedy: `Did you mean \`${near}\`?` }),
	});
}

/** Names are distinct, and keys and partitions name physical columns. */
export function checkParts(parts: TableParts, ast: { readonly position: SourcePosition }): void {
	const { position } = ast;
	const seen = new Set<string>();
	for (const { name } of parts.columns) {
		if (seen.has(name)) throw new EngineError("INVALID_SCHEMA", `column '${name}' is there twice`, { position });
		seen.add(name);
	}
	if (parts.columns.length === 0) {
		throw new EngineError("INVALID_SCHEMA", "a table needs a column", { position });
	}
	for (const name of [...(parts.primaryKey?.columns ?? []), ...parts.partitionKeys]) {
		const column = parts.columns.find((item) => item.name === name);
		if (column === undefined) throw unknownColumn(name, parts.columns, position);
		if (column.kind !== "physical") {
			throw new EngineError(
				"INVALID_SCHEMA",
				`column '${name}' is ${column.kind}: a key or partition needs a physical one`,
				{
					position,
				},
			);
		}
	}
}

/** As given, else PK_ and the columns. */
export const constraintName = (key: PrimaryKey): string => key.name ?? `PK_${key.columns.join("_")}`;

/** Columns of the primary key are NOT NULL, and stay so when the key goes. */
export function withKeyNotNull<T extends Pick<CatalogTable, "columns" | "primaryKey">>(table: T): T {
	const keys = table.primaryKey?.columns ?? [];
	if (keys.length === 0) return table;
	const columns = table.columns.map((column) =>
		column.kind === "physical" && keys.includes(column.name) ? { ...column, type: notNull(column.type) } : column,
	);
	return { ...table, columns };
}
