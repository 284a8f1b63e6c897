// What a catalog holds: tables, views and functions, as their DDL declared them. Immutable; ALTER makes a new one.
import type { AggregateFunction, ScalarFunction, TableFunction } from "../functions/function.js";
import type { Expression, Query, WatermarkDefinition } from "../sql/ast.js";
import type { Schema, SqlType } from "../types/sql-type.js";

/** Catalog, database and name. */
export type ObjectPath = readonly [catalog: string, database: string, name: string];

export type TableColumn =
	| {
			readonly kind: "physical";
			readonly name: string;
			readonly type: SqlType;
			readonly comment?: string | undefined;
	  }
	| {
			readonly kind: "computed";
			readonly name: string;
			readonly expression: Expression;
			readonly comment?: string | undefined;
	  }
	| {
			readonly kind: "metadata";
			readonly name: string;
			readonly type: SqlType;
			/** The connector's name of it; absent: the column's. */
			readonly key?: string | undefined;
			readonly virtual: boolean;
			readonly comment?: string | undefined;
	  };

export interface PrimaryKey {
	readonly name?: string | undefined;
	readonly columns: readonly string[];
}

export interface Distribution {
	readonly algorithm?: "HASH" | "RANGE" | undefined;
	readonly columns: readonly string[];
	readonly buckets?: number | undefined;
}

export interface CatalogTable {
	readonly kind: "table";
	readonly path: ObjectPath;
	readonly temporary: boolean;
	readonly columns: readonly TableColumn[];
	readonly watermark?: WatermarkDefinition | undefined;
	readonly primaryKey?: PrimaryKey | undefined;
	readonly partitionKeys: readonly string[];
	readonly distribution?: Distribution | undefined;
	readonly options: Readonly<Record<string, string>>;
	readonly comment?: string | undefined;
	/** In-process data: what the session registered it under. */
	readonly handle?: string | undefined;
}

export interface CatalogView {
	readonly kind: "view";
	readonly path: ObjectPath;
	readonly temporary: boolean;
	readonly query: Query;
	/** As the query's was when the view was made, with the names given to its columns. */
	readonly schema: Schema;
	readonly comment?: string | undefined;
	/** Where unqualified names of the query are looked up: the current namespace when the view was made. */
	readonly namespace: readonly [catalog: string, database: string];
}

export type CatalogRelation = CatalogTable | CatalogView;

/** A function made by CREATE FUNCTION or registered by the session. */
export interface UserFunction {
	/** System functions have only a name. */
	readonly path: ObjectPath | readonly [name: string];
	readonly temporary: boolean;
	/** CREATE FUNCTION … AS '…' LANGUAGE …; absent where the session registered the implementation itself. */
	readonly source?: { readonly className: string; readonly language: string } | undefined;
	/** Known once loaded. */
	readonly implementation?: FunctionImplementation | undefined;
}

/** `id` is what bound calls carry as `user`. */
export type FunctionImplementation =
	| { readonly kind: "scalar"; readonly id?: string | undefined; readonly definition: ScalarFunction }
	| { readonly kind: "aggregate"; readonly id?: string | undefined; readonly definition: AggregateFunction }
	| { readonly kind: "table"; readonly id?: string | undefined; readonly definition: TableFunction };

/** What binding a table's computed columns and a view's query yields; plan/ provides it. */
export interface SchemaAnalyzer {
	/** The columns in declared order; refuses computed columns and watermarks that do not bind. */
	tableSchema(table: CatalogTable): Schema;
	/** `namespace`: where names are looked up, if not in the current one. */
	querySchema(query: Query, namespace?: readonly [catalog: string, database: string]): Schema;
}
