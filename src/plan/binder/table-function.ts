// Functions in FROM: UNNEST and table functions as Correlate nodes; window functions go to their own binder.
import { EngineError } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import type { FunctionCall, FunctionTable, Unnest } from "../../sql/ast.js";
import type { Expr } from "../../types/expr.js";
import { asNullable, type Field, INTEGER, notNull, type SqlType } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { CorrelateNode, PlanNode } from "../nodes.js";
import { ONE_ROW } from "./build.js";
import { resolved } from "./call.js";
import type { Environment, QueryContext } from "./environment.js";
import { bindExpression } from "./expression.js";
import { findFunction, functionName } from "./function-call.js";
import { expressionContext } from "./join.js";
import { EMPTY_SCOPE, withOuter } from "./scope.js";
import { bindWindowTableFunction } from "./window-table-function.js";

const WINDOW_FUNCTIONS = new Set(["TUMBLE", "HOP", "CUMULATE", "SESSION"]);

export const isWindowTableFunction = (call: FunctionCall): boolean =>
	call.name.names.length === 1 && WINDOW_FUNCTIONS.has(functionName(call));

const contextFor = (query: QueryContext, environment: Environment) =>
	expressionContext(withOuter(EMPTY_SCOPE, query.outer), "a table function's arguments", query, environment);

/** Not joined to anything yet: the input is one row, a join puts the function on its left side. */
function correlate(rest: Pick<CorrelateNode, "function" | "user" | "args" | "row">): CorrelateNode {
	const fields = (rest.row as Extract<SqlType, { kind: "ROW" }>).fields;
	const schema = fields.map(({ name, type }) => ({ name, type }));
	return { kind: "Correlate", type: "inner", schema, input: ONE_ROW, ...rest };
}

export function bindFunctionTable(ast: FunctionTable, query: QueryContext, environment: Environment): PlanNode {
	const { call } = ast;
	if (isWindowTableFunction(call)) return bindWindowTableFunction(call, query, environment);
	const found = findFunction(call, environment, query);
	if (found.kind !== "table") {
		throw new EngineError("INVALID_QUERY", `${functionName(call)} is not a table function`, {
			position: call.position,
		});
	}
	const { definition } = found;
	const args = call.args.map((arg) => bindExpression(arg, contextFor(query, environment)));
	const resolution = resolved(definition, args, call.position, (types) => definition.resolve(types));
	const row = resolution.row.kind === "ROW" ? resolution.row : rowOf([{ name: "EXPR$0", type: resolution.row }]);
	return correlate({
		function: definition.name,
		user: found.id,
		args: args.map((arg, i) => coerce(arg, resolution.parameters[i] as SqlType)),
		row,
	});
}

const rowOf = (fields: readonly Field[]): SqlType => ({ kind: "ROW", fields, nullable: false });

export function bindUnnest(ast: Unnest, query: QueryContext, environment: Environment): PlanNode {
	const [expression, ...rest] = ast.expressions;
	if (expression === undefined || rest.length > 0) {
		throw new EngineError("UNSUPPORTED", "UNNEST of several collections is not supported", {
			position: ast.position,
			remedy: "Use one UNNEST after the other",
		});
	}
	const collection = bindExpression(expression, contextFor(query, environment));
	const fields = unnestedFields(collection);
	if (fields === undefined) {
		throw new EngineError("TYPE_MISMATCH", `UNNEST needs an ARRAY, MAP or MULTISET, not ${typeText(collection.type)}`, {
			position: expression.position,
		});
	}
	const ordinality: Field[] = ast.withOrdinality ? [{ name: "ORDINALITY", type: notNull(INTEGER) }] : [];
	return correlate({
		function: ast.withOrdinality ? "UNNEST WITH ORDINALITY" : "UNNEST",
		args: [collection],
		row: rowOf([...fields, ...ordinality]),
	});
}

/** Rows become their fields, map entries key and value, other elements one column. */
function unnestedFields({ type }: Expr): readonly Field[] | undefined {
	if (type.kind === "MAP") {
		return [
			{ name: "KEY", type: type.key },
			{ name: "VALUE", type: type.value },
		];
	}
	if (type.kind !== "ARRAY" && type.kind !== "MULTISET") return undefined;
	const { element } = type;
	if (element.kind !== "ROW") return [{ name: "EXPR$0", type: element }];
	return element.nullable
		? element.fields.map((field) => ({ ...field, type: asNullable(field.type) }))
		: element.fields;
}
