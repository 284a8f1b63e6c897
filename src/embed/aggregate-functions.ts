// Aggregates to be computed per group: `sum("price")`, `count().where(col("kind").eq("a"))`.
import { EngineError } from "../errors.js";
import type { FunctionCall, OrderItem } from "../sql/ast.js";
import { type ColumnLike, callAst, columnAst, conditionAst, type Expression, lit, NOWHERE } from "./expression.js";
import { shown } from "./shown.js";

/** A call of an aggregate function; immutable. */
export class Aggregate {
	readonly ast: FunctionCall;

	constructor(ast: FunctionCall) {
		if (ast?.kind !== "FunctionCall" || !Array.isArray(ast.name?.names)) {
			throw new EngineError("INVALID_ARGUMENT", `${shown(ast)} is no call of an aggregate function`, {
				expected: "a syntax tree of one",
				remedy: "Use sum, count, avg, min, max … or aggregate",
			});
		}
		this.ast = ast;
	}

	/** Each distinct value counts once. */
	distinct(): Aggregate {
		return new Aggregate({ ...this.ast, quantifier: "DISTINCT" });
	}

	/** FILTER: only rows for which the condition is TRUE count. */
	where(condition: Expression): Aggregate {
		return new Aggregate({ ...this.ast, filter: conditionAst(condition, "where") });
	}

	/** The order in which values are collected (listagg). */
	orderedBy(...keys: readonly (ColumnLike | Descending)[]): Aggregate {
		return new Aggregate({ ...this.ast, withinGroup: keys.map(orderItem) });
	}
}

/** A sort key in falling order; NULLs last unless said otherwise. */
export class Descending {
	readonly column: ColumnLike;
	readonly nulls: "FIRST" | "LAST" | undefined;

	constructor(column: ColumnLike, nulls?: "FIRST" | "LAST") {
		if (nulls !== undefined && nulls !== "FIRST" && nulls !== "LAST") {
			throw new EngineError("INVALID_ARGUMENT", `descending puts NULLs ${shown(nulls)}`, {
				expected: '"FIRST" or "LAST"',
				remedy: "Leave it out for last",
			});
		}
		this.column = column;
		this.nulls = nulls;
	}
}

export const descending = (column: ColumnLike, nulls?: "FIRST" | "LAST"): Descending => new Descending(column, nulls);

function orderItem(key: ColumnLike | Descending): OrderItem {
	if (!(key instanceof Descending)) {
		return { kind: "OrderItem", expression: columnAst(key), descending: false, position: NOWHERE };
	}
	const { column, nulls } = key;
	return {
		kind: "OrderItem",
		expression: columnAst(column),
		descending: true,
		...(nulls && { nulls }),
		position: NOWHERE,
	};
}

/** Any aggregate function by its SQL name. */
export function aggregate(name: string, ...args: readonly ColumnLike[]): Aggregate {
	if (typeof name !== "string" || name === "") {
		throw new EngineError("INVALID_ARGUMENT", `${shown(name)} is no aggregate function`, {
			expected: "the name of one, such as SUM",
			remedy: "Use sum, count, avg, min, max …",
		});
	}
	return new Aggregate({ ...callAst(name, []), args: args.map(columnAst) });
}

const STAR = { kind: "Star", position: NOWHERE } as const;

/** All rows, or those in which the value is not NULL. */
export const count = (value?: ColumnLike): Aggregate =>
	value === undefined ? new Aggregate({ ...callAst("COUNT", []), args: [STAR] }) : aggregate("COUNT", value);
export const sum = (value: ColumnLike): Aggregate => aggregate("SUM", value);
export const avg = (value: ColumnLike): Aggregate => aggregate("AVG", value);
export const min = (value: ColumnLike): Aggregate => aggregate("MIN", value);
export const max = (value: ColumnLike): Aggregate => aggregate("MAX", value);
/** Of the first row in order of arrival whose value is not NULL. */
export const firstValue = (value: ColumnLike): Aggregate => aggregate("FIRST_VALUE", value);
export const lastValue = (value: ColumnLike): Aggregate => aggregate("LAST_VALUE", value);
export const stddevPop = (value: ColumnLike): Aggregate => aggregate("STDDEV_POP", value);
export const stddevSamp = (value: ColumnLike): Aggregate => aggregate("STDDEV_SAMP", value);
export const varPop = (value: ColumnLike): Aggregate => aggregate("VAR_POP", value);
export const varSamp = (value: ColumnLike): Aggregate => aggregate("VAR_SAMP", value);
/** The values as one string. */
export const listagg = (value: ColumnLike, separator = ","): Aggregate => aggregate("LISTAGG", value, lit(separator));
