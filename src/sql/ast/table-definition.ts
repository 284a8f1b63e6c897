// The parts of CREATE TABLE and ALTER TABLE. Columns keep their order; constraints and watermarks are apart from them,
// and PRIMARY KEY after a column is the same constraint as one that names it.
import type { SourcePosition } from "../../errors.js";
import type { DataType } from "./data-type.js";
import type { Expression, Identifier, Name, StringLiteral } from "./expression.js";

export interface PhysicalColumn {
	readonly kind: "PhysicalColumn";
	readonly name: Name;
	readonly type: DataType;
	readonly comment?: StringLiteral;
	readonly position: SourcePosition;
}

export interface ComputedColumn {
	readonly kind: "ComputedColumn";
	readonly name: Name;
	readonly expression: Expression;
	readonly comment?: StringLiteral;
	readonly position: SourcePosition;
}

export interface MetadataColumn {
	readonly kind: "MetadataColumn";
	readonly name: Name;
	readonly type: DataType;
	/** METADATA FROM 'key'; absent: the column's own name. */
	readonly key?: StringLiteral;
	readonly virtual: boolean;
	readonly comment?: StringLiteral;
	readonly position: SourcePosition;
}

export type ColumnDefinition = PhysicalColumn | ComputedColumn | MetadataColumn;

export interface TableConstraint {
	readonly kind: "TableConstraint";
	readonly name?: Name;
	readonly type: "PRIMARY KEY" | "UNIQUE";
	readonly columns: readonly Name[];
	/** Absent where nothing is said. */
	readonly enforced?: boolean;
	readonly position: SourcePosition;
}

export interface WatermarkDefinition {
	readonly kind: "WatermarkDefinition";
	/** The path of the event-time column; may lead into a row. */
	readonly column: Identifier;
	readonly strategy: Expression;
	readonly position: SourcePosition;
}

/** DISTRIBUTED [BY [HASH|RANGE] (columns)] [INTO n BUCKETS]. */
export interface Distribution {
	readonly kind: "Distribution";
	readonly algorithm?: "HASH" | "RANGE";
	readonly columns: readonly Name[];
	readonly buckets?: number;
	readonly position: SourcePosition;
}

/** `'key' = 'value'`. */
export interface TableOption {
	readonly kind: "TableOption";
	readonly key: StringLiteral;
	readonly value: StringLiteral;
	readonly position: SourcePosition;
}

export type TableLikeFeature =
	| "ALL"
	| "CONSTRAINTS"
	| "DISTRIBUTION"
	| "GENERATED"
	| "METADATA"
	| "OPTIONS"
	| "PARTITIONS"
	| "WATERMARKS";

export interface TableLikeOption {
	readonly kind: "TableLikeOption";
	readonly strategy: "INCLUDING" | "EXCLUDING" | "OVERWRITING";
	readonly feature: TableLikeFeature;
	readonly position: SourcePosition;
}

export interface TableLike {
	readonly kind: "TableLike";
	readonly source: Identifier;
	readonly options: readonly TableLikeOption[];
	readonly position: SourcePosition;
}

/** A column of ALTER TABLE ADD or MODIFY with its place. */
export interface ColumnPlacement {
	readonly kind: "ColumnPlacement";
	readonly column: ColumnDefinition;
	readonly first: boolean;
	readonly after?: Identifier;
	readonly position: SourcePosition;
}

/** What ALTER TABLE ADD and MODIFY may name. */
export type TableElement = ColumnPlacement | TableConstraint | WatermarkDefinition | Distribution;

/** `PARTITION (day = '1', hour)`: a column without a value is dynamic. */
export interface PartitionColumn {
	readonly kind: "PartitionColumn";
	readonly column: Name;
	readonly value?: Expression;
	readonly position: SourcePosition;
}

export interface PartitionSpecification {
	readonly kind: "PartitionSpecification";
	readonly columns: readonly PartitionColumn[];
	/** Of ADD PARTITION … WITH (…). */
	readonly options: readonly TableOption[];
	readonly position: SourcePosition;
}

/** Actions of ALTER on any kind of object; which object takes which action the parser checks. */
export type AlterTableAction =
	| { readonly kind: "Rename"; readonly to: Identifier; readonly position: SourcePosition }
	| { readonly kind: "RenameColumn"; readonly from: Identifier; readonly to: Name; readonly position: SourcePosition }
	| { readonly kind: "SetOptions"; readonly options: readonly TableOption[]; readonly position: SourcePosition }
	| { readonly kind: "ResetOptions"; readonly keys: readonly StringLiteral[]; readonly position: SourcePosition }
	| { readonly kind: "AddElements"; readonly elements: readonly TableElement[]; readonly position: SourcePosition }
	| { readonly kind: "ModifyElements"; readonly elements: readonly TableElement[]; readonly position: SourcePosition }
	| { readonly kind: "DropColumns"; readonly columns: readonly Identifier[]; readonly position: SourcePosition }
	| { readonly kind: "DropPrimaryKey"; readonly position: SourcePosition }
	| { readonly kind: "DropConstraint"; readonly name: Name; readonly position: SourcePosition }
	| { readonly kind: "DropWatermark"; readonly position: SourcePosition }
	| { readonly kind: "DropDistribution"; readonly position: SourcePosition }
	| {
			readonly kind: "AddPartitions";
			readonly ifNotExists: boolean;
			readonly partitions: readonly PartitionSpecification[];
			readonly position: SourcePosition;
	  }
	| {
			readonly kind: "DropPartitions";
			readonly ifExists: boolean;
			readonly partitions: readonly PartitionSpecification[];
			readonly position: SourcePosition;
	  };
