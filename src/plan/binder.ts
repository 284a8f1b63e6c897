// Statements with names resolved and types checked: queries and inserts as logical plans, everything else told apart for the engine.
import type { Catalog } from "../catalog/catalog.js";
import type { CatalogTable, SchemaAnalyzer } from "../catalog/catalog-object.js";
import type { Explain, ExplainDetail, Insert, Query, Statement } from "../sql/ast.js";
import type { Schema } from "../types/sql-type.js";
import { type BinderOptions, Environment } from "./binder/environment.js";
import { bindInsert } from "./binder/insert.js";
import { bindQuery } from "./binder/query.js";
import { scanTable } from "./binder/scan.js";
import { collectorSink } from "./collector-sink.js";
import type { PlanNode, SinkNode } from "./nodes.js";

export type { BinderOptions, SourceDescription } from "./binder/environment.js";

export type BoundStatement =
	/** Ends in a sink without a table: the rows are the result. */
	| { readonly kind: "query"; readonly plan: SinkNode }
	/** INSERT, or a statement set: one job. */
	| { readonly kind: "insert"; readonly plans: readonly SinkNode[] }
	| { readonly kind: "explain"; readonly details: readonly ExplainDetail[]; readonly plans: readonly SinkNode[] }
	/** DDL, USE, SHOW, DESCRIBE, SET: see catalog/definitions.ts. */
	| { readonly kind: "catalog"; readonly statement: Statement };

/** Binds the statements of one session. Stateless but for the catalog it reads. */
export class Binder implements SchemaAnalyzer {
	readonly #catalog: Catalog;
	readonly #options: BinderOptions;

	constructor(catalog: Catalog, options: BinderOptions) {
		this.#catalog = catalog;
		this.#options = options;
	}

	bindStatement(ast: Statement): BoundStatement {
		switch (ast.kind) {
			case "Query":
				return { kind: "query", plan: collectorSink(this.bindQuery(ast)) };
			case "Insert":
				return { kind: "insert", plans: [this.bindInsert(ast)] };
			case "StatementSet":
				return { kind: "insert", plans: ast.statements.map((insert) => this.bindInsert(insert)) };
			case "Explain":
				return { kind: "explain", details: ast.details, plans: this.#explained(ast) };
			default:
				return { kind: "catalog", statement: ast };
		}
	}

	bindQuery(ast: Query, namespace = this.#catalog.namespace): PlanNode {
		return bindQuery(ast, { commonTables: new Map(), namespace, top: true }, this.#environment());
	}

	bindInsert(ast: Insert): SinkNode {
		return bindInsert(ast, this.#environment());
	}

	tableSchema(table: CatalogTable): Schema {
		return scanTable(table, this.#environment()).schema;
	}

	querySchema(query: Query, namespace = this.#catalog.namespace): Schema {
		return this.bindQuery(query, namespace).schema;
	}

	#explained(ast: Explain): readonly SinkNode[] {
		const bound = this.bindStatement(ast.statement);
		return bound.kind === "query" ? [bound.plan] : bound.kind === "insert" ? bound.plans : [];
	}

	#environment(): Environment {
		const environment: Environment = new Environment(this.#catalog, this.#options, (query, context) =>
			bindQuery(query, context, environment),
		);
		return environment;
	}
}
