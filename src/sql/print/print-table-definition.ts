// The parts of CREATE and ALTER TABLE as SQL text.
import type {
	AlterTableAction,
	ColumnDefinition,
	Distribution,
	PartitionColumn,
	PartitionSpecification,
	TableConstraint,
	TableElement,
	TableLike,
	TableOption,
	WatermarkDefinition,
} from "../ast.js";
import { printDataType } from "./print-data-type.js";
import { printExpression } from "./print-expression.js";
import { join, list, printColumns, printIdentifier, printName, printString } from "./print-name.js";

export function printColumn(column: ColumnDefinition): string {
	const { name, comment } = column;
	const note = comment && `COMMENT ${printString(comment)}`;
	switch (column.kind) {
		case "PhysicalColumn":
			return join(printName(name), printDataType(column.type), note);
		case "ComputedColumn":
			return join(printName(name), "AS", printExpression(column.expression), note);
		case "MetadataColumn": {
			const key = column.key && `FROM ${printString(column.key)}`;
			return join(printName(name), printDataType(column.type), "METADATA", key, column.virtual && "VIRTUAL", note);
		}
	}
}

export function printConstraint({ name, type, columns, enforced }: TableConstraint): string {
	const enforcement = enforced === undefined ? undefined : enforced ? "ENFORCED" : "NOT ENFORCED";
	return join(name && `CONSTRAINT ${printName(name)}`, type, printColumns(columns), enforcement);
}

export function printWatermark({ column, strategy }: WatermarkDefinition): string {
	return `WATERMARK FOR ${printIdentifier(column)} AS ${printExpression(strategy)}`;
}

/** Behind DISTRIBUTED or DISTRIBUTION. */
export function printDistribution({ algorithm, columns, buckets }: Distribution): string {
	return join(
		columns.length > 0 && join("BY", `${algorithm ?? ""}${printColumns(columns)}`),
		buckets !== undefined && `INTO ${buckets} BUCKETS`,
	);
}

export function printOptions(options: readonly TableOption[]): string {
	return `(${list(options, ({ key, value }) => `${printString(key)} = ${printString(value)}`)})`;
}

/** WITH (…), if there are any. */
export function printWith(options: readonly TableOption[]): string {
	return options.length === 0 ? "" : `WITH ${printOptions(options)}`;
}

export function printPartition(columns: readonly PartitionColumn[]): string {
	const entries = list(columns, ({ column, value }) => {
		return value === undefined ? printName(column) : `${printName(column)} = ${printExpression(value, 80)}`;
	});
	return `PARTITION (${entries})`;
}

export function printPartitionSpecification({ columns, options }: PartitionSpecification): string {
	return join(printPartition(columns), printWith(options));
}

export function printLike({ source, options }: TableLike): string {
	const features = options.map(({ strategy, feature }) => `${strategy} ${feature}`).join(" ");
	return join("LIKE", printIdentifier(source), features !== "" && `(${features})`);
}

function printElement(element: TableElement): string {
	switch (element.kind) {
		case "TableConstraint":
			return printConstraint(element);
		case "WatermarkDefinition":
			return printWatermark(element);
		case "Distribution":
			return `DISTRIBUTION ${printDistribution(element)}`;
		case "ColumnPlacement": {
			const { column, first, after } = element;
			return join(printColumn(column), first && "FIRST", after && `AFTER ${printIdentifier(after)}`);
		}
	}
}

function printElements(elements: readonly TableElement[]): string {
	const [only] = elements;
	return elements.length === 1 && only?.kind === "Distribution"
		? printElement(only)
		: `(${list(elements, printElement)})`;
}

export function printTableAction(action: AlterTableAction): string {
	switch (action.kind) {
		case "Rename":
			return `RENAME TO ${printIdentifier(action.to)}`;
		case "RenameColumn":
			return `RENAME ${printIdentifier(action.from)} TO ${printName(action.to)}`;
		case "SetOptions":
			return `SET ${printOptions(action.options)}`;
		case "ResetOptions":
			return `RESET (${list(action.keys, printString)})`;
		case "AddElements":
			return `ADD ${printElements(action.elements)}`;
		case "ModifyElements":
			return `MODIFY ${printElements(action.elements)}`;
		case "DropColumns":
			return `DROP (${list(action.columns, printIdentifier)})`;
		case "DropPrimaryKey":
			return "DROP PRIMARY KEY";
		case "DropConstraint":
			return `DROP CONSTRAINT ${printName(action.name)}`;
		case "DropWatermark":
			return "DROP WATERMARK";
		case "DropDistribution":
			return "DROP DISTRIBUTION";
		case "AddPartitions": {
			const partitions = action.partitions.map(printPartitionSpecification);
			return join("ADD", action.ifNotExists && "IF NOT EXISTS", ...partitions);
		}
		case "DropPartitions": {
			const partitions = list(action.partitions, printPartitionSpecification);
			return join("DROP", action.ifExists && "IF EXISTS", partitions);
		}
	}
}
