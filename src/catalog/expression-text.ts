// Expressions of a table as SHOW CREATE and DESCRIBE print them, and the columns that they name.
import type { ColumnReference, Expression } from "../sql/ast.js";
import { print } from "../sql/index.js";

/** Stands before a name to make the printer quote it, and is taken away again. */
const MARK = "\u0001";

/** The expression with every column in back quotes, as Flink shows it: `` `a` + 1 ``. */
export function expressionText(expression: Expression): string {
	const quoted = mapNodes(expression, (node) => {
		if (isReference(node)) return { ...node, names: node.names.map((name) => ({ ...name, text: MARK + name.text })) };
		return node;
	});
	return print(quoted as Expression).replaceAll(MARK, "");
}

/** First names of the column references in an expression. */
export function namesIn(expression: Expression): Set<string> {
	const names = new Set<string>();
	mapNodes(expression, (node) => {
		if (isReference(node)) names.add(node.names[0]?.text ?? "");
		return node;
	});
	return names;
}

const isReference = (node: object): node is ColumnReference => "kind" in node && node.kind === "ColumnReference";

/** Rebuilds a tree of plain data, each object changed before its parts are looked at. */
function mapNodes(node: unknown, change: (node: object) => object): unknown {
	if (Array.isArray(node)) return node.map((item) => mapNodes(item, change));
	if (typeof node !== "object" || node === null) return node;
	const changed = change(node);
	if (changed !== node) return changed;
	return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mapNodes(value, change)]));
}
