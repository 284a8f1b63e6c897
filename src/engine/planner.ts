// From a statement's syntax tree to a JobGraph: bind, optimize, translate, with the session's settings.
import type { Catalog } from "../catalog/catalog.js";
import type { SchemaAnalyzer } from "../catalog/catalog-object.js";
import { checkTable, describeTable } from "../connectors/index.js";
import type { JobGraph } from "../job/job-graph.js";
import { sessionOption } from "../job/session-options.js";
import type { ConnectorTable } from "../job/specs.js";
import { optimize } from "../optimizer/optimizer.js";
import { type TranslateOptions, translate } from "../physical/translate.js";
import { Binder, type BinderOptions } from "../plan/binder.js";
import { collectorSink } from "../plan/collector-sink.js";
import type { PlanNode } from "../plan/nodes.js";
import type { Insert, Query, Statement } from "../sql/ast.js";
import type { LiteralExpr } from "../types/expr.js";
import type { FunctionContext } from "../types/function-context.js";

/** What functions may know. `startMs`: when the query starts. */
export function functionContext(catalog: Catalog, startMs = Date.now()): FunctionContext {
	return {
		timeZone: catalog.options.timeZone,
		queryStartMs: startMs,
		batch: catalog.options.batch,
		currentCatalog: catalog.currentCatalog,
		currentDatabase: catalog.currentDatabase,
		moment: { ms: startMs },
	};
}

/** The job of a query that starts at `startMs`, its result going to the collector. */
export function planQuery(
	query: Query,
	catalog: Catalog,
	startMs: number,
	parameters?: readonly LiteralExpr[],
): JobGraph {
	const context = functionContext(catalog, startMs);
	const input = binder(catalog, context, parameters).bindQuery(query);
	return physical([collectorSink(input)], catalog, context, "collect");
}

/** What a statement becomes at each stage; undefined when it has no plan. */
export function planStages(statement: Statement, catalog: Catalog): PlanStages | undefined {
	const context = functionContext(catalog);
	const bound = binder(catalog, context).bindStatement(statement);
	const logical = bound.kind === "query" ? [bound.plan] : bound.kind === "insert" ? bound.plans : [];
	return logical.length === 0 ? undefined : { logical, ...optimized(logical, catalog, context, "explain") };
}

export interface PlanStages {
	readonly logical: readonly PlanNode[];
	readonly optimized: readonly PlanNode[];
	readonly settings: TranslateOptions;
}

/** One job for one INSERT or a whole statement set. */
export function planInserts(inserts: readonly Insert[], catalog: Catalog, startMs: number): JobGraph {
	const context = functionContext(catalog, startMs);
	const sinks = inserts.map((insert) => binder(catalog, context).bindInsert(insert));
	const name = `insert-into_${sinks.map((sink) => sink.table?.path.join(".")).join(",")}`;
	return physical(sinks, catalog, context, catalog.options.get("pipeline.name") ?? name);
}

/** What DDL needs to know of the schemas that expressions and queries have. */
export const schemaAnalyzer = (catalog: Catalog): SchemaAnalyzer => binder(catalog, functionContext(catalog));

function binder(catalog: Catalog, context: FunctionContext, parameters?: readonly LiteralExpr[]): Binder {
	const options: BinderOptions = { batch: catalog.options.batch, context, describeSource, parameters };
	return new Binder(catalog, options);
}

function describeSource(table: ConnectorTable) {
	const { changelog, bounded, statistics: { rows, columns } = {} } = describeTable(table);
	return { changelog, bounded, ...(rows !== undefined && { statistics: { rowCount: rows, columns } }) };
}

function optimized(roots: readonly PlanNode[], catalog: Catalog, context: FunctionContext, name: string) {
	const options = Object.fromEntries(catalog.options.entries());
	const { batch } = catalog.options;
	const settings: TranslateOptions = { batch, options, context, name, sinkMode };
	const requiredOnly = sessionOption(options, "table.optimizer.rules") === "required";
	return { optimized: optimize(roots, { ...settings, requiredOnly }), settings };
}

function physical(roots: readonly PlanNode[], catalog: Catalog, context: FunctionContext, name: string): JobGraph {
	const { optimized: plans, settings } = optimized(roots, catalog, context, name);
	return translate(plans, settings);
}

function sinkMode(table: ConnectorTable) {
	return checkTable(table).sink?.accepts(table) ?? "insert";
}
