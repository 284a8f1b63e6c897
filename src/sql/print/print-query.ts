// Queries as SQL text.
import type { GroupBy, GroupingElement, Hint, HintOption, OrderItem, Query, QueryBody, Select } from "../ast.js";
import { printExpression, printExpressions } from "./print-expression.js";
import { printWindow } from "./print-function-call.js";
import { join, list, printColumns, printIdentifier, printName, printText } from "./print-name.js";
import { printTable } from "./print-table-reference.js";

export function printQuery({ with: expressions, recursive, body, orderBy, offset, fetch }: Query): string {
	const common = list(expressions, ({ name, columns, query }) => {
		return join(printName(name), columns.length > 0 && printColumns(columns), `AS (${printQuery(query)})`);
	});
	return join(
		common !== "" && join("WITH", recursive && "RECURSIVE", common),
		printBody(body),
		orderBy.length > 0 && printOrderBy(orderBy),
		fetch && `LIMIT ${printExpression(fetch)}`,
		offset && `OFFSET ${printExpression(offset)}`,
		offset && !fetch && "ROWS",
	);
}

const precedenceOf = (operator: string): number => (operator === "INTERSECT" ? 2 : 1);

export function printBody(body: QueryBody): string {
	switch (body.kind) {
		case "Query":
			return `(${printQuery(body)})`;
		case "Select":
			return printSelect(body);
		case "Values":
			return `VALUES ${list(body.rows, (row) => printRow(row))}`;
		case "TableQuery":
			return `TABLE ${printIdentifier(body.name)}`;
		case "SetOperation": {
			const precedence = precedenceOf(body.operator);
			const left = printOperand(body.left, precedence);
			return join(left, body.operator, body.all && "ALL", printOperand(body.right, precedence + 1));
		}
	}
}

function printOperand(body: QueryBody, minimum: number): string {
	const isWeaker = body.kind === "SetOperation" && precedenceOf(body.operator) < minimum;
	return isWeaker ? `(${printBody(body)})` : printBody(body);
}

/** A row of one row is spelt out, for a row in parentheses would be that row itself. */
function printRow(row: Parameters<typeof printExpressions>[0]): string {
	return row.length === 1 && row[0]?.kind === "RowConstructor"
		? `ROW(${printExpressions(row)})`
		: `(${printExpressions(row)})`;
}

function printSelect(select: Select): string {
	const { hints, distinct, items, from, where, groupBy, having, windows, qualify } = select;
	return join(
		"SELECT",
		printHints(hints),
		distinct && "DISTINCT",
		list(items, ({ expression, alias }) => join(printExpression(expression), alias && `AS ${printName(alias)}`)),
		from && `FROM ${printTable(from)}`,
		where && `WHERE ${printExpression(where)}`,
		groupBy && printGroupBy(groupBy),
		having && `HAVING ${printExpression(having)}`,
		windows.length > 0 &&
			`WINDOW ${list(windows, ({ name, specification }) => `${printName(name)} AS ${printWindow(specification)}`)}`,
		qualify && `QUALIFY ${printExpression(qualify)}`,
	);
}

function printGroupBy({ distinct, elements }: GroupBy): string {
	return join("GROUP BY", distinct && "DISTINCT", list(elements, printGroupingElement));
}

function printGroupingElement(element: GroupingElement): string {
	switch (element.kind) {
		case "GroupingSet": {
			const [only] = element.expressions;
			const isSingle = element.expressions.length === 1 && only?.kind !== "RowConstructor";
			if (isSingle && only) return printExpression(only);
			const text = `(${printExpressions(element.expressions)})`;
			return element.expressions.length === 1 ? `ROW${text}` : text;
		}
		case "Rollup":
			return `ROLLUP(${list(element.sets, printGroupingElement)})`;
		case "Cube":
			return `CUBE(${list(element.sets, printGroupingElement)})`;
		case "GroupingSets":
			return `GROUPING SETS (${list(element.elements, printGroupingElement)})`;
	}
}

export function printOrderBy(items: readonly OrderItem[]): string {
	return `ORDER BY ${list(items, printOrderItem)}`;
}

export function printOrderItem({ expression, descending, nulls }: OrderItem): string {
	return join(printExpression(expression), descending && "DESC", nulls && `NULLS ${nulls}`);
}

export function printHints(hints: readonly Hint[]): string {
	return hints.length === 0 ? "" : `/*+ ${list(hints, printHint)} */`;
}

function printHint({ name, options }: Hint): string {
	return options.length === 0 ? printName(name) : `${printName(name)}(${list(options, printHintOption)})`;
}

function printHintOption({ key, value, form, position }: HintOption): string {
	if (key !== undefined) return `${printText(key)} = ${printText(value)}`;
	if (form === "name") return printName({ kind: "Name", text: value, position });
	return form === "string" ? printText(value) : value;
}
