// Queries. A Query is one body with what goes around it (WITH, ORDER BY, OFFSET, FETCH); every subquery is a Query.
// A body in parentheses that has none of these is the body itself.
import type { SourcePosition } from "../../errors.js";
import type { Expression, Identifier, Name } from "./expression.js";
import type { WindowSpecification } from "./function-call.js";
import type { TableReference } from "./table-reference.js";

export interface Query {
	readonly kind: "Query";
	/** WITH; empty where there is none. */
	readonly with: readonly CommonTableExpression[];
	/** WITH RECURSIVE. */
	readonly recursive: boolean;
	readonly body: QueryBody;
	readonly orderBy: readonly OrderItem[];
	readonly offset?: Expression;
	/** LIMIT or FETCH; absent for LIMIT ALL. */
	readonly fetch?: Expression;
	readonly position: SourcePosition;
}

/** A Query as body is one in parentheses with clauses of its own: `(SELECT … LIMIT 1) UNION …`. */
export type QueryBody = Select | SetOperation | Values | TableQuery | Query;

export interface CommonTableExpression {
	readonly kind: "CommonTableExpression";
	readonly name: Name;
	/** Empty where the query's own names stay. */
	readonly columns: readonly Name[];
	readonly query: Query;
	readonly position: SourcePosition;
}

export interface Select {
	readonly kind: "Select";
	readonly hints: readonly Hint[];
	readonly distinct: boolean;
	readonly items: readonly SelectItem[];
	/** Absent in `SELECT 1`. A comma is a CROSS join. */
	readonly from?: TableReference;
	readonly where?: Expression;
	readonly groupBy?: GroupBy;
	readonly having?: Expression;
	readonly windows: readonly NamedWindow[];
	readonly qualify?: Expression;
	readonly position: SourcePosition;
}

/** The expression may be a Star. */
export interface SelectItem {
	readonly kind: "SelectItem";
	readonly expression: Expression;
	readonly alias?: Name;
	readonly position: SourcePosition;
}

export interface SetOperation {
	readonly kind: "SetOperation";
	readonly operator: "UNION" | "INTERSECT" | "EXCEPT";
	readonly all: boolean;
	readonly left: QueryBody;
	readonly right: QueryBody;
	readonly position: SourcePosition;
}

export interface Values {
	readonly kind: "Values";
	/** `VALUES 1, 2` is read as rows of one. */
	readonly rows: readonly (readonly Expression[])[];
	readonly position: SourcePosition;
}

/** `TABLE t` as a query. */
export interface TableQuery {
	readonly kind: "TableQuery";
	readonly name: Identifier;
	readonly position: SourcePosition;
}

export interface GroupBy {
	readonly kind: "GroupBy";
	/** GROUP BY DISTINCT: equal grouping sets count once. */
	readonly distinct: boolean;
	readonly elements: readonly GroupingElement[];
	readonly position: SourcePosition;
}

/** `a` or `(a, b)` or `()`. */
export interface GroupingSet {
	readonly kind: "GroupingSet";
	readonly expressions: readonly Expression[];
	readonly position: SourcePosition;
}

export interface Rollup {
	readonly kind: "Rollup";
	readonly sets: readonly GroupingSet[];
	readonly position: SourcePosition;
}

export interface Cube {
	readonly kind: "Cube";
	readonly sets: readonly GroupingSet[];
	readonly position: SourcePosition;
}

export interface GroupingSets {
	readonly kind: "GroupingSets";
	readonly elements: readonly GroupingElement[];
	readonly position: SourcePosition;
}

export type GroupingElement = GroupingSet | Rollup | Cube | GroupingSets;

export interface NamedWindow {
	readonly kind: "NamedWindow";
	readonly name: Name;
	readonly specification: WindowSpecification;
	readonly position: SourcePosition;
}

export interface OrderItem {
	readonly kind: "OrderItem";
	readonly expression: Expression;
	readonly descending: boolean;
	/** Absent: first ascending, last descending. */
	readonly nulls?: "FIRST" | "LAST";
	readonly position: SourcePosition;
}

/** `OPTIONS('a' = 'b')`, `BROADCAST(t1, t2)`. */
export interface Hint {
	readonly kind: "Hint";
	readonly name: Name;
	readonly options: readonly HintOption[];
	readonly position: SourcePosition;
}

export interface HintOption {
	readonly kind: "HintOption";
	/** Of `'key' = 'value'`. */
	readonly key?: string;
	readonly value: string;
	/** How the value is written: `t1`, `'text'` or `5`. */
	readonly form: "name" | "string" | "number";
	readonly position: SourcePosition;
}
