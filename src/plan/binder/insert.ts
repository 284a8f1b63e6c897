// INSERT INTO: the query's columns brought to the table's, by position or by the list of columns, with static partitions.
import type { CatalogTable } from "../../catalog/catalog-object.js";
import { EngineError, nearestName, type SourcePosition } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import { constantOf } from "../../expr/fold.js";
import type { ConnectorTable } from "../../job/specs.js";
import type { Insert, PartitionColumn } from "../../sql/ast.js";
import { canCastImplicitly } from "../../types/cast.js";
import { column, type Expr, literal } from "../../types/expr.js";
import { type Field, type SqlType, withoutAttribute } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { Value } from "../../types/value.js";
import type { PlanNode, SinkNode } from "../nodes.js";
import { project } from "./build.js";
import type { Environment } from "./environment.js";
import { bindExpression } from "./expression.js";
import { planHints } from "./hints.js";
import { expressionContext } from "./join.js";
import { connectorTable } from "./scan.js";
import { EMPTY_SCOPE } from "./scope.js";

export function bindInsert(ast: Insert, environment: Environment): SinkNode {
	const { catalog } = environment;
	const table = sinkTable(ast, environment);
	const target = persisted(table, ast);
	const query = { commonTables: new Map(), namespace: catalog.namespace, top: true };
	const input = environment.bindQuery(ast.query, query);
	const partition = staticPartition(ast.partition, target, environment);
	const written = writtenColumns(ast, target, partition);
	checkCounts(ast, input, written, table);
	const exprs = target.columns.map((field): Expr => {
		const fixed = partition.get(field.name);
		if (fixed !== undefined) return coerce(fixed, field.type);
		const position = written.indexOf(field.name);
		if (position < 0) return missing(field, table, ast.position);
		const from = input.schema[position] as Field;
		return assigned(from, position, field, table, ast);
	});
	const names = target.columns.map((field) => field.name);
	const projected = isIdentity(exprs, input) ? input : project(input, exprs, names);
	return {
		kind: "Sink",
		schema: target.columns.map(({ name, type }) => ({ name, type })),
		input: projected,
		table: target,
		overwrite: ast.overwrite,
		staticPartition: Object.fromEntries([...partition].map(([name, value]) => [name, value.value])),
		notNull: target.columns.flatMap((field, i) => (field.type.nullable ? [] : [i])),
	};
}

function sinkTable(ast: Insert, environment: Environment): CatalogTable {
	const relation = environment.catalog.resolveRelation(ast.table);
	if (relation.kind === "view") {
		throw new EngineError("INVALID_QUERY", `'${relation.path[2]}' is a view: nothing can be inserted into it`, {
			position: ast.table.position,
		});
	}
	const dynamic = planHints(ast.hints).filter((hint) => hint.name === "OPTIONS");
	if (dynamic.length === 0) return relation;
	return { ...relation, options: Object.assign({}, relation.options, ...dynamic.map((hint) => hint.options)) };
}

/** Columns that are written: physical ones, and metadata that is not VIRTUAL, in declared order. */
function persisted(table: CatalogTable, ast: Insert): ConnectorTable {
	const connector = connectorTable(table);
	const written = table.columns.filter(
		(item) => item.kind === "physical" || (item.kind === "metadata" && !item.virtual),
	);
	const columns = written.map((item) => connector.columns.find((field) => field.name === item.name) as Field);
	if (columns.length === 0) {
		throw new EngineError("INVALID_QUERY", "the table has no column to write", { position: ast.table.position });
	}
	const { primaryKey } = table;
	const keys = primaryKey?.columns.map((name) => columns.findIndex((field) => field.name === name));
	return { ...connector, columns, ...(keys && { primaryKey: keys }) };
}

type Partition = ReadonlyMap<string, Extract<Expr, { kind: "literal" }>>;

function staticPartition(
	columns: readonly PartitionColumn[],
	target: ConnectorTable,
	environment: Environment,
): Partition {
	const query = { commonTables: new Map(), namespace: environment.catalog.namespace, top: false };
	const fixed = new Map<string, Extract<Expr, { kind: "literal" }>>();
	for (const { column: name, value } of columns) {
		if (!target.partitionKeys.includes(name.text)) {
			throw new EngineError("UNKNOWN_COLUMN", `'${name.text}' is not a partition column`, {
				position: name.position,
				expected: target.partitionKeys.join(", "),
			});
		}
		if (value === undefined) continue;
		const field = target.columns.find((item) => item.name === name.text) as Field;
		const bound = bindExpression(value, expressionContext(EMPTY_SCOPE, "PARTITION", query, environment));
		const constant = constantOf(coerce(bound, field.type), environment.options.context);
		if (constant === undefined) {
			throw new EngineError("INVALID_QUERY", "a partition's value must be a constant", { position: value.position });
		}
		fixed.set(name.text, literal(constant.value as Value, constant.type));
	}
	return fixed;
}

/** Names of the columns that the query's columns go to, in their order. */
function writtenColumns(ast: Insert, target: ConnectorTable, partition: Partition): string[] {
	const names = target.columns.map((field) => field.name);
	if (ast.columns.length === 0) return names.filter((name) => !partition.has(name));
	return ast.columns.map((identifier) => {
		const [name, ...path] = identifier.names;
		if (path.length > 0) {
			throw new EngineError("UNSUPPORTED", "inserting into a field of a row is not supported", {
				position: identifier.position,
			});
		}
		if (name !== undefined && names.includes(name.text)) return name.text;
		const near = nearestName(name?.text ?? "", names);
		throw new EngineError("UNKNOWN_COLUMN", `the table has no column '${name?.text}' to write`, {
			position: identifier.position,
			...(near !== undefined && { remedy: `Did you mean \`${near}\`?` }),
		});
	});
}

function checkCounts(ast: Insert, input: PlanNode, written: readonly string[], table: CatalogTable): void {
	if (new Set(written).size < written.length) {
		throw new EngineError("INVALID_QUERY", "a column is named twice", { position: ast.position });
	}
	if (input.schema.length === written.length) return;
	throw new EngineError(
		"INVALID_QUERY",
		`the query has ${input.schema.length} columns, '${table.path[2]}' takes ${written.length}: ${written.join(", ")}`,
		{ position: ast.query.position },
	);
}

function missing(field: Field, table: CatalogTable, position: SourcePosition): Expr {
	if (field.type.nullable) return literal(null, field.type);
	throw new EngineError(
		"NULL_CONSTRAINT",
		`column '${field.name}' of '${table.path[2]}' is NOT NULL and must be given`,
		{
			position,
		},
	);
}

function assigned(from: Field, position: number, to: Field, table: CatalogTable, ast: Insert): Expr {
	const value = column(position, from.type);
	if (canCastImplicitly(from.type, to.type)) return coerce(value, to.type);
	throw new EngineError(
		"TYPE_MISMATCH",
		`column '${to.name}' of '${table.path[2]}' is ${typeText(to.type)}, the query gives ${typeText(withoutAttribute(from.type as SqlType))}`,
		{ position: ast.query.position, remedy: "Cast it in the query" },
	);
}

const isIdentity = (exprs: readonly Expr[], input: PlanNode) =>
	exprs.length === input.schema.length && exprs.every((expr, i) => expr.kind === "column" && expr.index === i);
