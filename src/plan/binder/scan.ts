// A catalog table as a plan: Scan of what the connector delivers, Project for computed columns in declared order, Watermark.
import type { CatalogTable, TableColumn } from "../../catalog/catalog-object.js";
import { EngineError, type SourcePosition } from "../../errors.js";
import type { ConnectorTable } from "../../job/specs.js";
import type { ComputedColumn, WatermarkDefinition } from "../../sql/ast.js";
import { column, type Expr } from "../../types/expr.js";
import { type Field, isTimestamp, type Schema, type SqlType, timeAttributeOf } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { PlanNode, ScanNode } from "../nodes.js";
import { project } from "./build.js";
import type { Environment, QueryContext } from "./environment.js";
import { bindExpression, type ExpressionContext } from "./expression.js";
import { expressionContext } from "./join.js";
import { relationScope, type Scope } from "./scope.js";

/** What the connector sees of a table: physical columns, then metadata columns. */
export function connectorTable(table: CatalogTable): ConnectorTable {
	const physical = table.columns.filter((item) => item.kind === "physical");
	const metadata = table.columns.filter((item) => item.kind === "metadata");
	const columns: ConnectorTable["columns"] = [
		...physical.map(fieldOf),
		...metadata.map((item) => ({ ...fieldOf(item), metadata: item.key ?? item.name })),
	];
	const { handle } = table;
	return {
		path: table.path,
		connector: table.options.connector ?? "",
		options: table.options,
		columns,
		...(table.primaryKey && {
			primaryKey: table.primaryKey.columns.map((name) => columns.findIndex((field) => field.name === name)),
		}),
		partitionKeys: table.partitionKeys,
		...(handle !== undefined && { handle }),
	};
}

function fieldOf(item: Exclude<TableColumn, { kind: "computed" }>): Field {
	const field = { name: item.name, type: item.type };
	return item.comment === undefined ? field : { ...field, description: item.comment };
}

/** `readAt` is where a query reads the table; absent: only its schema is asked for. */
export function scanTable(table: CatalogTable, environment: Environment, readAt?: SourcePosition): PlanNode {
	const connector = connectorTable(table);
	const described = environment.options.describeSource(connector);
	if (readAt !== undefined && environment.options.batch && described.changelog !== "insert") {
		throw new EngineError(
			"INVALID_QUERY",
			`table '${table.path.join(".")}' delivers changes, which batch mode cannot read`,
			{ position: readAt, remedy: "SET 'execution.runtime-mode' = 'streaming'" },
		);
	}
	const schema: Schema = connector.columns.map(({ name, type }) => ({ name, type }));
	const scan: ScanNode = {
		kind: "Scan",
		schema,
		table: connector,
		projection: schema.map((_, i) => [i]),
		filters: [],
		changelog: described.changelog,
		bounded: described.bounded,
		statistics: described.statistics,
	};
	return withWatermark(withComputed(scan, table, environment), table, environment);
}

function contextOf(scope: Scope, clause: string, table: CatalogTable, environment: Environment): ExpressionContext {
	const query: QueryContext = { commonTables: new Map(), namespace: [table.path[0], table.path[1]], top: false };
	return expressionContext(scope, clause, query, environment);
}

/** Computed columns see the physical and metadata ones, not each other. */
function withComputed(scan: PlanNode, table: CatalogTable, environment: Environment): PlanNode {
	const straight = table.columns.every((item, i) => item.kind !== "computed" && item.name === scan.schema[i]?.name);
	if (straight) return scan;
	const context = contextOf(relationScope(scan.schema), "a computed column", table, environment);
	const exprs = table.columns.map((item): Expr => {
		if (item.kind === "computed") return bindComputed(item.expression, context);
		const index = scan.schema.findIndex((field) => field.name === item.name);
		return column(index, (scan.schema[index] as Field).type);
	});
	return project(
		scan,
		exprs,
		table.columns.map((item) => item.name),
	);
}

function bindComputed(expression: ComputedColumn["expression"], context: ExpressionContext): Expr {
	const bound = bindExpression(expression, context);
	if (context.collector.requests.size === 0) return bound;
	throw new EngineError("INVALID_QUERY", "a computed column cannot have a subquery", { position: expression.position });
}

function withWatermark(input: PlanNode, table: CatalogTable, environment: Environment): PlanNode {
	const { watermark } = table;
	if (watermark === undefined) return input;
	const rowtime = rowtimeColumn(input.schema, watermark);
	const context = contextOf(relationScope(input.schema), "a watermark", table, environment);
	const expression = bindExpression(watermark.strategy, context);
	const type = (input.schema[rowtime] as Field).type;
	checkWatermark(type, expression.type, watermark);
	const schema = input.schema.map((field, i) =>
		i === rowtime ? { ...field, type: { ...type, attribute: "rowtime" } as SqlType } : field,
	);
	return { kind: "Watermark", schema, input, rowtime, expression };
}

function rowtimeColumn(schema: Schema, { column: { names, position } }: WatermarkDefinition): number {
	const [name] = names;
	const index = schema.findIndex((field) => field.name === name?.text);
	if (index >= 0 && names.length === 1) return index;
	const text = names.map((part) => part.text).join(".");
	throw new EngineError("INVALID_SCHEMA", `the watermark's column '${text}' is not a column of the table`, {
		position,
		expected: schema.map((field) => field.name).join(", "),
		...(names.length > 1 && { remedy: "Define a computed column for a nested field" }),
	});
}

function checkWatermark(
	type: SqlType,
	strategy: SqlType,
	{ column: { position }, strategy: ast }: WatermarkDefinition,
): void {
	if (!isTimestamp(type) || type.precision > 3 || timeAttributeOf(type) !== undefined) {
		throw new EngineError("INVALID_SCHEMA", `the watermark's column is ${typeText(type)}`, {
			position,
			expected: "TIMESTAMP(p) or TIMESTAMP_LTZ(p) with a precision up to 3",
		});
	}
	if (!isTimestamp(strategy) || strategy.precision > 3) {
		throw new EngineError("INVALID_SCHEMA", `the watermark is ${typeText(strategy)}`, {
			position: ast.position,
			expected: "TIMESTAMP(p) or TIMESTAMP_LTZ(p) with a precision up to 3",
		});
	}
}
