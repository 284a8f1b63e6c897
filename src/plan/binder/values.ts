// VALUES: constant rows as literals; rows that cannot be computed while planning as projections of one row.
import { EngineError } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import { constantOf } from "../../expr/fold.js";
import type { Expression, Values } from "../../sql/ast.js";
import { leastCommonType } from "../../types/coercion.js";
import type { Expr } from "../../types/expr.js";
import { type Field, type SqlType, withoutAttribute } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { PlanNode } from "../nodes.js";
import { ONE_ROW } from "./build.js";
import { Collector } from "./collector.js";
import type { Environment, QueryContext } from "./environment.js";
import { bindExpression, type ExpressionContext } from "./expression.js";
import { Pipeline } from "./pipeline.js";
import { EMPTY_SCOPE, withOuter } from "./scope.js";
import { typedItem } from "./select-list.js";

export function bindValues(ast: Values, query: QueryContext, environment: Environment): PlanNode {
	const collector = new Collector(environment);
	const context: ExpressionContext = {
		environment,
		scope: withOuter(EMPTY_SCOPE, query.outer),
		query,
		collector,
		rules: { clause: "VALUES", aggregates: false, windows: false },
	};
	const rows = ast.rows.map((row) => row.map((item) => typedItem(bindExpression(item, context), item)));
	const schema = rowSchema(ast, rows);
	const cast = rows.map((row) => row.map((item, i) => coerce(item, (schema[i] as Field).type)));
	const constants = cast.map((row) => row.map((item) => constantOf(item, environment.options.context)));
	if (constants.every((row) => row.every((item) => item !== undefined))) {
		return { kind: "Values", schema, rows: constants.map((row) => row.map((item) => item?.value ?? null)) };
	}
	const inputs = cast.map((row) => oneRow(row, schema, collector, environment));
	if (inputs.length === 1) return inputs[0] as PlanNode;
	return { kind: "SetOperation", schema, inputs, operation: "union", all: true };
}

function rowSchema(ast: Values, rows: readonly (readonly Expr[])[]): Field[] {
	const [first = []] = rows;
	for (const [i, row] of rows.entries()) {
		if (row.length === first.length) continue;
		throw new EngineError("INVALID_QUERY", `the rows of VALUES have ${first.length} and ${row.length} columns`, {
			position: (ast.rows[i]?.[0] as Expression | undefined)?.position ?? ast.position,
		});
	}
	return first.map((_, i) => ({ name: `EXPR$${i}`, type: columnType(ast, rows, i) }));
}

function columnType(ast: Values, rows: readonly (readonly Expr[])[], index: number): SqlType {
	const types = rows.map((row) => withoutAttribute((row[index] as Expr).type));
	const type = leastCommonType(types);
	const position = ast.rows[0]?.[index]?.position ?? ast.position;
	if (type !== undefined) return type;
	throw new EngineError("TYPE_MISMATCH", `column ${index + 1} of VALUES mixes types without a common one`, {
		position,
		expected: [...new Set(types.map(typeText))].join(" or "),
	});
}

function oneRow(
	row: readonly Expr[],
	schema: readonly Field[],
	collector: Collector,
	environment: Environment,
): PlanNode {
	const pipeline = new Pipeline(ONE_ROW, collector, environment);
	const exprs = pipeline.resolve(row);
	return { kind: "Project", schema, input: pipeline.plan, exprs };
}
