// Statements that define: CREATE, ALTER and DROP of every kind of object.
import type { SourcePosition } from "../../errors.js";
import type { Expression, Identifier, Name, StringLiteral } from "./expression.js";
import type { Query } from "./query.js";
import type {
	AlterTableAction,
	ColumnDefinition,
	Distribution,
	PartitionSpecification,
	TableConstraint,
	TableLike,
	TableOption,
	WatermarkDefinition,
} from "./table-definition.js";

interface StatementNode {
	readonly position: SourcePosition;
}

/** The columns of a table or materialized table. */
interface TableBody {
	readonly name: Identifier;
	readonly columns: readonly ColumnDefinition[];
	readonly constraints: readonly TableConstraint[];
	readonly watermarks: readonly WatermarkDefinition[];
	/** `CREATE TABLE t (a, b) … AS SELECT`: names alone, in a new order. Empty where there are none. */
	readonly columnNames: readonly Name[];
	readonly comment?: StringLiteral;
	readonly distribution?: Distribution;
	readonly partitionedBy: readonly Name[];
	readonly options: readonly TableOption[];
}

export interface CreateTable extends StatementNode, TableBody {
	readonly kind: "CreateTable";
	readonly temporary: boolean;
	readonly orReplace: boolean;
	/** `REPLACE TABLE` without CREATE: the table must exist. */
	readonly mustExist: boolean;
	readonly ifNotExists: boolean;
	readonly like?: TableLike;
	readonly query?: Query;
}

export interface CreateMaterializedTable extends StatementNode, TableBody {
	readonly kind: "CreateMaterializedTable";
	/** CREATE OR ALTER. */
	readonly orAlter: boolean;
	readonly ifNotExists: boolean;
	/** An interval. */
	readonly freshness?: Expression;
	readonly refreshMode?: "CONTINUOUS" | "FULL";
	readonly startMode?: StartMode;
	readonly query: Query;
}

/** START_MODE: where the refresh of a materialized table begins to read. */
export interface StartMode {
	readonly kind: "StartMode";
	readonly mode:
		| "FROM_BEGINNING"
		| "FROM_NOW"
		| "FROM_TIMESTAMP"
		| "RESUME_OR_FROM_BEGINNING"
		| "RESUME_OR_FROM_NOW"
		| "RESUME_OR_FROM_TIMESTAMP";
	readonly argument?: Expression;
	readonly position: SourcePosition;
}

export interface CreateView extends StatementNode {
	readonly kind: "CreateView";
	readonly temporary: boolean;
	readonly orReplace: boolean;
	readonly ifNotExists: boolean;
	readonly name: Identifier;
	readonly columns: readonly Name[];
	readonly comment?: StringLiteral;
	readonly query: Query;
}

export type FunctionLanguage = "JAVA" | "SCALA" | "SQL" | "PYTHON" | "TYPESCRIPT";

export interface FunctionResource {
	readonly kind: "FunctionResource";
	readonly type: "JAR" | "ARTIFACT";
	readonly path: StringLiteral;
	readonly position: SourcePosition;
}

export interface CreateFunction extends StatementNode {
	readonly kind: "CreateFunction";
	readonly orReplace: boolean;
	readonly temporary: boolean;
	readonly system: boolean;
	readonly ifNotExists: boolean;
	readonly name: Identifier;
	readonly className: StringLiteral;
	readonly language?: FunctionLanguage;
	readonly resources: readonly FunctionResource[];
	readonly options: readonly TableOption[];
}

export interface AlterFunction extends StatementNode {
	readonly kind: "AlterFunction";
	readonly temporary: boolean;
	readonly system: boolean;
	readonly ifExists: boolean;
	readonly name: Identifier;
	readonly className: StringLiteral;
	readonly language?: FunctionLanguage;
}

export interface CreateCatalog extends StatementNode {
	readonly kind: "CreateCatalog";
	readonly ifNotExists: boolean;
	readonly name: Name;
	readonly comment?: StringLiteral;
	readonly options: readonly TableOption[];
}

export interface CreateDatabase extends StatementNode {
	readonly kind: "CreateDatabase";
	readonly ifNotExists: boolean;
	readonly name: Identifier;
	readonly comment?: StringLiteral;
	readonly options: readonly TableOption[];
}

export interface CreateModel extends StatementNode {
	readonly kind: "CreateModel";
	readonly temporary: boolean;
	readonly ifNotExists: boolean;
	readonly name: Identifier;
	readonly input: readonly ColumnDefinition[];
	readonly output: readonly ColumnDefinition[];
	readonly comment?: StringLiteral;
	readonly options: readonly TableOption[];
	readonly query?: Query;
}

export interface CreateConnection extends StatementNode {
	readonly kind: "CreateConnection";
	readonly temporary: boolean;
	readonly system: boolean;
	readonly ifNotExists: boolean;
	readonly name: Identifier;
	readonly comment?: StringLiteral;
	readonly options: readonly TableOption[];
}

export interface AlterTable extends StatementNode {
	readonly kind: "AlterTable";
	readonly ifExists: boolean;
	readonly name: Identifier;
	readonly action: AlterTableAction;
}

export type AlterMaterializedTableAction =
	| AlterTableAction
	| { readonly kind: "Suspend"; readonly position: SourcePosition }
	| { readonly kind: "Resume"; readonly options: readonly TableOption[]; readonly position: SourcePosition }
	| { readonly kind: "Refresh"; readonly partition?: PartitionSpecification; readonly position: SourcePosition }
	| { readonly kind: "SetFreshness"; readonly freshness: Expression; readonly position: SourcePosition }
	| { readonly kind: "SetRefreshMode"; readonly refreshMode: "CONTINUOUS" | "FULL"; readonly position: SourcePosition }
	| { readonly kind: "SetQuery"; readonly query: Query; readonly position: SourcePosition };

export interface AlterMaterializedTable extends StatementNode {
	readonly kind: "AlterMaterializedTable";
	readonly name: Identifier;
	readonly action: AlterMaterializedTableAction;
}

export type AlterViewAction =
	| { readonly kind: "Rename"; readonly to: Identifier; readonly position: SourcePosition }
	| { readonly kind: "SetQuery"; readonly query: Query; readonly position: SourcePosition };

export interface AlterView extends StatementNode {
	readonly kind: "AlterView";
	readonly name: Identifier;
	readonly action: AlterViewAction;
}

export type AlterObjectAction =
	| { readonly kind: "Rename"; readonly to: Identifier; readonly position: SourcePosition }
	| { readonly kind: "SetOptions"; readonly options: readonly TableOption[]; readonly position: SourcePosition }
	| { readonly kind: "ResetOptions"; readonly keys: readonly StringLiteral[]; readonly position: SourcePosition }
	| { readonly kind: "SetComment"; readonly comment: StringLiteral; readonly position: SourcePosition };

/** Which of the actions an object takes the parser checks. */
export interface AlterObject extends StatementNode {
	readonly kind: "AlterObject";
	readonly objectType: "CATALOG" | "DATABASE" | "MODEL" | "CONNECTION";
	readonly ifExists: boolean;
	readonly name: Identifier;
	readonly action: AlterObjectAction;
}

export type ObjectType =
	| "CATALOG"
	| "DATABASE"
	| "TABLE"
	| "MATERIALIZED TABLE"
	| "VIEW"
	| "FUNCTION"
	| "MODEL"
	| "CONNECTION";

export interface Drop extends StatementNode {
	readonly kind: "Drop";
	readonly objectType: ObjectType;
	readonly temporary: boolean;
	/** Of functions and connections. */
	readonly system: boolean;
	readonly ifExists: boolean;
	readonly name: Identifier;
	/** Of databases: CASCADE. */
	readonly cascade: boolean;
}
