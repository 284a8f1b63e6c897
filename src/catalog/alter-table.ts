// ALTER TABLE: a table after one action. Columns that others depend on cannot go or change their name.
import { EngineError, nearestName, type SourcePosition } from "../errors.js";
import type { AlterTableAction, ColumnPlacement, Identifier, TableElement } from "../sql/ast.js";
import type { CatalogTable, PrimaryKey, TableColumn } from "./catalog-object.js";
import { checkParts, constraintName, optionMap, primaryKeyOf, tableColumn, withKeyNotNull } from "./create-table.js";
import { namesIn } from "./expression-text.js";

export function alteredTable(table: CatalogTable, action: AlterTableAction): CatalogTable {
	const altered = apply(table, action);
	checkParts(altered, action);
	return withKeyNotNull(altered);
}

function apply(table: CatalogTable, action: AlterTableAction): CatalogTable {
	switch (action.kind) {
		case "SetOptions":
			return { ...table, options: { ...table.options, ...optionMap(action.options) } };
		case "ResetOptions": {
			const gone = new Set(action.keys.map((key) => key.value));
			return { ...table, options: Object.fromEntries(Object.entries(table.options).filter(([key]) => !gone.has(key))) };
		}
		case "AddElements":
			return action.elements.reduce((altered, element) => addElement(altered, element), table);
		case "ModifyElements":
			return action.elements.reduce((altered, element) => modifyElement(altered, element), table);
		case "RenameColumn":
			return renameColumn(table, action.from, action.to.text);
		case "DropColumns":
			return action.columns.reduce((altered, column) => dropColumn(altered, column), table);
		case "DropPrimaryKey":
			return { ...table, primaryKey: required(table.primaryKey, "primary key", action.position) && undefined };
		case "DropConstraint":
			return dropConstraint(table, action.name.text, action.position);
		case "DropWatermark":
			return { ...table, watermark: required(table.watermark, "watermark", action.position) && undefined };
		case "DropDistribution":
			return { ...table, distribution: required(table.distribution, "distribution", action.position) && undefined };
		default:
			throw new EngineError("UNSUPPORTED", "this ALTER TABLE is not supported", { position: action.position });
	}
}

function required<T>(value: T | undefined, what: string, position: SourcePosition): T {
	if (value !== undefined) return value;
	throw new EngineError("UNKNOWN_OBJECT", `the table has no ${what}`, { position });
}

function refuse(value: unknown, what: string, position: SourcePosition): void {
	if (value === undefined) return;
	throw new EngineError("ALREADY_EXISTS", `the table has a ${what} already`, {
		position,
		remedy: "Use ALTER TABLE … MODIFY",
	});
}

function addElement(table: CatalogTable, element: TableElement): CatalogTable {
	switch (element.kind) {
		case "ColumnPlacement": {
			const name = element.column.name.text;
			if (indexOf(table, name) >= 0) refuse(name, `column '${name}'`, element.position);
			return { ...table, columns: placed(table.columns, tableColumn(element.column), element, table.columns.length) };
		}
		case "TableConstraint":
			refuse(table.primaryKey, "primary key", element.position);
			return { ...table, primaryKey: primaryKeyOf([element]) };
		case "WatermarkDefinition":
			refuse(table.watermark, "watermark", element.position);
			return { ...table, watermark: element };
		case "Distribution":
			refuse(table.distribution, "distribution", element.position);
			return withDistribution(table, element);
	}
}

function modifyElement(table: CatalogTable, element: TableElement): CatalogTable {
	switch (element.kind) {
		case "ColumnPlacement":
			return modifyColumn(table, element);
		case "TableConstraint":
			required(table.primaryKey, "primary key", element.position);
			return { ...table, primaryKey: primaryKeyOf([element]) };
		case "WatermarkDefinition":
			required(table.watermark, "watermark", element.position);
			return { ...table, watermark: element };
		case "Distribution":
			required(table.distribution, "distribution", element.position);
			return withDistribution(table, element);
	}
}

function withDistribution(table: CatalogTable, element: Extract<TableElement, { kind: "Distribution" }>): CatalogTable {
	const columns = element.columns.map((name) => name.text);
	return { ...table, distribution: { algorithm: element.algorithm, columns, buckets: element.buckets } };
}

/** Without a comment of its own, and without a place, the column keeps both. */
function modifyColumn(table: CatalogTable, element: ColumnPlacement): CatalogTable {
	const index = columnAt(table, element.column.name.text, element.position);
	const before = table.columns[index] as TableColumn;
	const column = { ...(before.comment !== undefined && { comment: before.comment }), ...tableColumn(element.column) };
	const others = table.columns.filter((_, i) => i !== index);
	return { ...table, columns: placed(others, column, element, index) };
}

function placed(
	columns: readonly TableColumn[],
	column: TableColumn,
	{ first, after, position }: ColumnPlacement,
	otherwise: number,
): readonly TableColumn[] {
	const name = after?.names[0]?.text;
	const found = columns.findIndex((item) => item.name === name);
	if (name !== undefined && found < 0) throw unknownColumn(columns, name, position);
	return columns.toSpliced(first ? 0 : name === undefined ? otherwise : found + 1, 0, column);
}

const indexOf = (table: CatalogTable, name: string) => table.columns.findIndex((column) => column.name === name);

function columnAt(table: CatalogTable, name: string, position: SourcePosition): number {
	const index = indexOf(table, name);
	if (index >= 0) return index;
	throw unknownColumn(table.columns, name, position);
}

function unknownColumn(columns: readonly TableColumn[], name: string, position: SourcePosition): EngineError {
	const near = nearestName(
		name,
		columns.map((column) => column.name),
	);
	return new EngineError("UNKNOWN_COLUMN", `the table has no column '${name}'`, {
		position,
		...(near !== undefined && { remedy: `Did you mean \`${near}\`?` }),
	});
}

/** The computed column or watermark whose expression names the column. */
function dependent(table: CatalogTable, name: string): string | undefined {
	for (const column of table.columns) {
		if (column.kind === "computed" && namesIn(column.expression).has(name)) return `computed column '${column.name}'`;
	}
	const { watermark } = table;
	if (watermark === undefined) return undefined;
	return watermark.column.names[0]?.text === name || namesIn(watermark.strategy).has(name)
		? "the watermark"
		: undefined;
}

function refuseDependent(table: CatalogTable, name: string, what: string, position: SourcePosition): void {
	const reason = dependent(table, name);
	if (reason === undefined) return;
	throw new EngineError("INVALID_SCHEMA", `column '${name}' cannot be ${what}: ${reason} uses it`, { position });
}

function renameColumn(table: CatalogTable, from: Identifier, to: string): CatalogTable {
	const name = from.names[0]?.text ?? "";
	const index = columnAt(table, name, from.position);
	refuseDependent(table, name, "renamed", from.position);
	const renamed = (other: string) => (other === name ? to : other);
	const { primaryKey, distribution } = table;
	return {
		...table,
		columns: table.columns.with(index, { ...(table.columns[index] as TableColumn), name: to }),
		primaryKey: primaryKey && { ...primaryKey, columns: primaryKey.columns.map(renamed) },
		partitionKeys: table.partitionKeys.map(renamed),
		distribution: distribution && { ...distribution, columns: distribution.columns.map(renamed) },
	};
}

function dropColumn(table: CatalogTable, column: Identifier): CatalogTable {
	const name = column.names[0]?.text ?? "";
	const index = columnAt(table, name, column.position);
	refuseDependent(table, name, "dropped", column.position);
	const used = [
		table.primaryKey?.columns.includes(name) && "the primary key",
		table.partitionKeys.includes(name) && "the partitioning",
		table.distribution?.columns.includes(name) && "the distribution",
	].find((reason) => reason);
	if (used) {
		throw new EngineError("INVALID_SCHEMA", `column '${name}' cannot be dropped: ${used} uses it`, {
			position: column.position,
		});
	}
	return { ...table, columns: table.columns.filter((_, i) => i !== index) };
}

function dropConstraint(table: CatalogTable, name: string, position: SourcePosition): CatalogTable {
	const key = required<PrimaryKey>(table.primaryKey, "primary key", position);
	if (constraintName(key) === name) return { ...table, primaryKey: undefined };
	throw new EngineError("UNKNOWN_OBJECT", `the table has no constraint '${name}'`, {
		position,
		expected: constraintName(key),
	});
}
