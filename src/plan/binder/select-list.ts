// The select list: stars expanded, every item with the name that Flink gives it.
import { EngineError } from "../../errors.js";
import type { Expression, SelectItem, Star } from "../../sql/ast.js";
import type { Expr } from "../../types/expr.js";
import { bindExpression, type ExpressionContext } from "./expression.js";
import { fieldOf, findRelation, type Relation, resolveReference, type ScopeColumn } from "./scope.js";

export interface OutputItem {
	readonly name: string;
	readonly expr: Expr;
	/** Written with AS: ORDER BY may use the name. */
	readonly isAlias: boolean;
}

/** Items of expanded stars get distinct names at once; others may repeat one. */
export function expandItems(items: readonly SelectItem[], context: ExpressionContext): OutputItem[] {
	const output: OutputItem[] = [];
	for (const item of items) {
		if (item.expression.kind === "Star") {
			for (const { name, expr } of starColumns(item.expression, context)) {
				output.push({ name: unusedName(name, output), expr, isAlias: false });
			}
			continue;
		}
		const name = item.alias?.text ?? derivedName(item.expression) ?? `EXPR$${output.length}`;
		const expr = typedItem(bindExpression(item.expression, context), item.expression);
		output.push({ name, expr, isAlias: item.alias !== undefined });
	}
	return output;
}

function unusedName(name: string, output: readonly OutputItem[]): string {
	const used = new Set(output.map((item) => item.name));
	let unique = name;
	for (let attempt = 0; used.has(unique); attempt++) unique = `${name}${attempt}`;
	return unique;
}

/** A bare NULL has no type that a column could have; columns that have it come from Arrow tables. */
export function typedItem(expr: Expr, ast: Expression): Expr {
	if (expr.type.kind !== "NULL" || expr.kind === "column") return expr;
	throw new EngineError("TYPE_MISMATCH", "a bare NULL has no type", {
		position: ast.position,
		remedy: "Give it one: CAST(NULL AS …)",
	});
}

/** The last part of a path of names; other expressions have no name of their own. */
function derivedName(ast: Expression): string | undefined {
	if (ast.kind === "ColumnReference") return ast.names[ast.names.length - 1]?.text;
	return undefined;
}

/** A star names every column, and a name that two columns of a subquery share means neither. */
function checkDistinct(relation: Relation, star: Star): void {
	const names = relation.columns.map(({ name }) => name);
	const repeated = names.find((name, i) => names.indexOf(name) < i);
	if (repeated === undefined) return;
	throw new EngineError("AMBIGUOUS_COLUMN", `column '${repeated}' is ambiguous`, {
		position: star.position,
		remedy: "Give the columns of the subquery different names with AS",
	});
}

function starColumns(star: Star, context: ExpressionContext): readonly ScopeColumn[] {
	const { scope, environment } = context;
	const placed = (columns: readonly ScopeColumn[]) =>
		columns.map(({ name, expr }) => ({ name, expr: environment.placed({ ...expr }, star.position) }));
	if (star.qualifier === undefined) {
		for (const relation of scope.relations) checkDistinct(relation, star);
		if (scope.star.length > 0) return placed(scope.star);
		throw new EngineError("INVALID_QUERY", "SELECT * needs a FROM clause", { position: star.position });
	}
	const { names, position } = star.qualifier;
	const relation = findRelation(scope, names);
	if (relation !== undefined) {
		checkDistinct(relation, star);
		return placed(relation.columns);
	}
	const row = resolveReference(scope, { kind: "ColumnReference", names, position });
	if (row.type.kind !== "ROW") {
		throw new EngineError("INVALID_QUERY", `'${names.map((name) => name.text).join(".")}' has no columns to expand`, {
			position,
		});
	}
	return placed(
		row.type.fields.map((field) => ({
			name: field.name,
			expr: fieldOf(row, { kind: "Name", text: field.name, position }),
		})),
	);
}
