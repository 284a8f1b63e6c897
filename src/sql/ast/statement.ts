// Statements. A query is a statement as it stands; EXECUTE before INSERT, SELECT or a statement set changes nothing
// and is not kept. BEGIN STATEMENT SET; … END; is one statement, as EXECUTE STATEMENT SET BEGIN … END is.
import type { SourcePosition } from "../../errors.js";
import type {
	AlterFunction,
	AlterMaterializedTable,
	AlterObject,
	AlterTable,
	AlterView,
	CreateCatalog,
	CreateConnection,
	CreateDatabase,
	CreateFunction,
	CreateMaterializedTable,
	CreateModel,
	CreateTable,
	CreateView,
	Drop,
} from "./definition-statement.js";
import type { Expression, Identifier, Name, StringLiteral } from "./expression.js";
import type { Hint, Query } from "./query.js";
import type { PartitionColumn, TableOption } from "./table-definition.js";

interface StatementNode {
	readonly position: SourcePosition;
}

export type ConflictAction = "NOTHING" | "ERROR" | "DEDUPLICATE";

export interface Insert extends StatementNode {
	readonly kind: "Insert";
	readonly overwrite: boolean;
	readonly table: Identifier;
	readonly hints: readonly Hint[];
	/** PARTITION (…); empty where there is none. */
	readonly partition: readonly PartitionColumn[];
	/** Empty: all columns. A path leads into a row. */
	readonly columns: readonly Identifier[];
	readonly query: Query;
	/** ON CONFLICT DO …. */
	readonly onConflict?: ConflictAction;
}

export interface Assignment {
	readonly kind: "Assignment";
	readonly column: Identifier;
	readonly value: Expression;
	readonly position: SourcePosition;
}

export interface Update extends StatementNode {
	readonly kind: "Update";
	readonly table: Identifier;
	readonly hints: readonly Hint[];
	readonly alias?: Name;
	readonly assignments: readonly Assignment[];
	readonly where?: Expression;
}

export interface Delete extends StatementNode {
	readonly kind: "Delete";
	readonly table: Identifier;
	readonly hints: readonly Hint[];
	readonly alias?: Name;
	readonly where?: Expression;
}

export interface Truncate extends StatementNode {
	readonly kind: "Truncate";
	readonly table: Identifier;
}

export interface StatementSet extends StatementNode {
	readonly kind: "StatementSet";
	readonly statements: readonly Insert[];
}

export interface CompilePlan extends StatementNode {
	readonly kind: "CompilePlan";
	/** Absent: COMPILE PLAN FOR …, which returns the plan. */
	readonly path?: StringLiteral;
	readonly ifNotExists: boolean;
	/** COMPILE AND EXECUTE PLAN. */
	readonly execute: boolean;
	readonly statement: Insert | StatementSet;
}

export interface ExecutePlan extends StatementNode {
	readonly kind: "ExecutePlan";
	readonly path: StringLiteral;
}

export type ExplainDetail = "ESTIMATED_COST" | "CHANGELOG_MODE" | "JSON_EXECUTION_PLAN" | "PLAN_ADVICE";

export interface Explain extends StatementNode {
	readonly kind: "Explain";
	readonly details: readonly ExplainDetail[];
	readonly statement: Statement;
}

export interface Describe extends StatementNode {
	readonly kind: "Describe";
	/** TABLE stands for tables and views. */
	readonly objectType: "CATALOG" | "DATABASE" | "TABLE" | "FUNCTION" | "MODEL" | "CONNECTION";
	readonly extended: boolean;
	readonly name: Identifier;
}

export interface DescribeJob extends StatementNode {
	readonly kind: "DescribeJob";
	readonly job: StringLiteral;
}

export interface ShowLike {
	readonly kind: "ShowLike";
	readonly pattern: StringLiteral;
	readonly caseInsensitive: boolean;
	readonly negated: boolean;
	readonly position: SourcePosition;
}

export type ShowSubject =
	| "CATALOGS"
	| "DATABASES"
	| "TABLES"
	| "VIEWS"
	| "MATERIALIZED TABLES"
	| "COLUMNS"
	| "FUNCTIONS"
	| "USER FUNCTIONS"
	| "PROCEDURES"
	| "MODELS"
	| "CONNECTIONS"
	| "MODULES"
	| "FULL MODULES"
	| "JARS"
	| "JOBS"
	| "CURRENT CATALOG"
	| "CURRENT DATABASE";

export interface Show extends StatementNode {
	readonly kind: "Show";
	readonly subject: ShowSubject;
	/** FROM or IN: the catalog, database or (of COLUMNS) table to look in. */
	readonly from?: Identifier;
	readonly like?: ShowLike;
}

export interface ShowCreate extends StatementNode {
	readonly kind: "ShowCreate";
	/** CREATE OR ALTER; of materialized tables alone. */
	readonly orAlter: boolean;
	readonly objectType: "CATALOG" | "TABLE" | "MATERIALIZED TABLE" | "VIEW" | "MODEL" | "CONNECTION";
	readonly name: Identifier;
}

export interface ShowPartitions extends StatementNode {
	readonly kind: "ShowPartitions";
	readonly table: Identifier;
	readonly partition: readonly PartitionColumn[];
}

export interface UseCatalog extends StatementNode {
	readonly kind: "UseCatalog";
	readonly name: Name;
}

export interface UseDatabase extends StatementNode {
	readonly kind: "UseDatabase";
	readonly name: Identifier;
}

export interface UseModules extends StatementNode {
	readonly kind: "UseModules";
	readonly modules: readonly Name[];
}

export interface LoadModule extends StatementNode {
	readonly kind: "LoadModule";
	readonly name: Name;
	readonly options: readonly TableOption[];
}

export interface UnloadModule extends StatementNode {
	readonly kind: "UnloadModule";
	readonly name: Name;
}

export interface AddJar extends StatementNode {
	readonly kind: "AddJar";
	readonly path: StringLiteral;
}

export interface RemoveJar extends StatementNode {
	readonly kind: "RemoveJar";
	readonly path: StringLiteral;
}

/** `SET` alone lists the options. */
export interface SetOption extends StatementNode {
	readonly kind: "SetOption";
	readonly key?: StringLiteral;
	readonly value?: StringLiteral;
}

/** `RESET` alone resets all. */
export interface ResetOption extends StatementNode {
	readonly kind: "ResetOption";
	readonly key?: StringLiteral;
}

export interface AnalyzeTable extends StatementNode {
	readonly kind: "AnalyzeTable";
	readonly table: Identifier;
	readonly partition: readonly PartitionColumn[];
	/** FOR ALL COLUMNS, or the columns named; absent: the row count alone. */
	readonly columns?: "ALL" | readonly Name[];
}

export interface Call extends StatementNode {
	readonly kind: "Call";
	readonly procedure: Identifier;
	/** May hold NamedArguments. */
	readonly args: readonly Expression[];
}

export interface StopJob extends StatementNode {
	readonly kind: "StopJob";
	readonly job: StringLiteral;
	readonly withSavepoint: boolean;
	readonly withDrain: boolean;
}

export type Statement =
	| Query
	| CreateTable
	| CreateMaterializedTable
	| CreateView
	| CreateFunction
	| CreateCatalog
	| CreateDatabase
	| CreateModel
	| CreateConnection
	| AlterTable
	| AlterMaterializedTable
	| AlterView
	| AlterFunction
	| AlterObject
	| Drop
	| Insert
	| Update
	| Delete
	| Truncate
	| StatementSet
	| CompilePlan
	| ExecutePlan
	| Explain
	| Describe
	| DescribeJob
	| Show
	| ShowCreate
	| ShowPartitions
	| UseCatalog
	| UseDatabase
	| UseModules
	| LoadModule
	| UnloadModule
	| AddJar
	| RemoveJar
	| SetOption
	| ResetOption
	| AnalyzeTable
	| Call
	| StopJob;
