// CREATE TABLE and CREATE MATERIALIZED TABLE.
import type {
	ColumnDefinition,
	CreateMaterializedTable,
	CreateTable,
	Expression,
	Name,
	StartMode,
	TableConstraint,
	WatermarkDefinition,
} from "../ast.js";
import type { Token } from "../token.js";
import type { Modifiers } from "./create-parser.js";
import type { Cursor } from "./cursor.js";
import { parseExpression } from "./expression-parser.js";
import { acceptComment, acceptIfNotExists, parseOptionalOptions } from "./option-parser.js";
import { parseIdentifier, parseQuery } from "./query-parser.js";
import { parseDistribution, parseElement, parseTableLike } from "./table-definition-parser.js";

interface Elements {
	readonly columns: ColumnDefinition[];
	readonly constraints: TableConstraint[];
	readonly watermarks: WatermarkDefinition[];
	readonly columnNames: Name[];
}

/** Behind TABLE. */
export function parseCreateTable(cursor: Cursor, modifiers: Modifiers, mustExist: boolean): CreateTable {
	const { start, temporary, orReplace } = modifiers;
	const ifNotExists = !mustExist && acceptIfNotExists(cursor);
	const body = parseTableBody(cursor);
	const like = !orReplace && cursor.accept("LIKE") ? parseTableLike(cursor) : undefined;
	if (mustExist && !cursor.is("AS")) cursor.fail();
	const query = !like && cursor.accept("AS") ? parseQuery(cursor) : undefined;
	if (query === undefined && body.columnNames.length > 0) rejectBareNames(cursor, body.columnNames);
	return {
		kind: "CreateTable",
		temporary,
		orReplace,
		mustExist,
		ifNotExists,
		...body,
		...(like && { like }),
		...(query && { query }),
		position: cursor.from(start),
	};
}

function rejectBareNames(cursor: Cursor, names: readonly Name[]): never {
	const problem = "columns without a type can only stand before AS and a query";
	const first = cursor.tokens.findIndex(({ start }) => start === names[0]?.position.start);
	const { line, column, start, end } = cursor.tokens[first - 1] as Token;
	return cursor.reject(problem, "Give each column a type.", { line, column, start, end });
}

function parseTableBody(cursor: Cursor) {
	const name = parseIdentifier(cursor);
	const elements = cursor.is("(") ? parseElements(cursor) : noElements();
	const comment = acceptComment(cursor);
	const distribution = cursor.accept("DISTRIBUTED") ? parseDistribution(cursor) : undefined;
	const partitionedBy = cursor.accept("PARTITIONED") ? parsePartitionedBy(cursor) : [];
	const options = parseOptionalOptions(cursor, "WITH");
	return {
		name,
		...elements,
		...(comment && { comment }),
		...(distribution && { distribution }),
		partitionedBy,
		options,
	};
}

function noElements(): Elements {
	return { columns: [], constraints: [], watermarks: [], columnNames: [] };
}

function parsePartitionedBy(cursor: Cursor): Name[] {
	cursor.expect("BY");
	return cursor.parenthesised(() => cursor.name());
}

function parseElements(cursor: Cursor): Elements {
	const elements = noElements();
	cursor.expect("(");
	if (cursor.isName && (cursor.peek().word === "," || cursor.peek().word === ")")) {
		elements.columnNames.push(...cursor.list(() => cursor.name()));
	} else {
		cursor.list(() => addElement(cursor, elements));
	}
	cursor.expect(")");
	return elements;
}

function addElement(cursor: Cursor, { columns, constraints, watermarks }: Elements): void {
	const element = parseElement(cursor);
	if (!("kind" in element)) {
		columns.push(element.column);
		if (element.constraint) constraints.push(element.constraint);
	} else if (element.kind === "TableConstraint") {
		constraints.push(element);
	} else {
		if (watermarks.length > 0) cursor.reject("a table can have one WATERMARK alone", undefined, element.position);
		watermarks.push(element);
	}
}

/** Behind MATERIALIZED. */
export function parseCreateMaterializedTable(cursor: Cursor, { start, orAlter }: Modifiers): CreateMaterializedTable {
	cursor.expect("TABLE");
	const ifNotExists = acceptIfNotExists(cursor);
	const body = parseTableBody(cursor);
	const startMode = cursor.accept("START_MODE") ? parseStartMode(cursor) : undefined;
	const freshness = cursor.accept("FRESHNESS") ? parseFreshness(cursor) : undefined;
	const refreshMode = cursor.accept("REFRESH_MODE") ? parseRefreshMode(cursor) : undefined;
	cursor.expect("AS");
	const query = parseQuery(cursor);
	return {
		kind: "CreateMaterializedTable",
		orAlter,
		ifNotExists,
		...body,
		...(freshness && { freshness }),
		...(refreshMode && { refreshMode }),
		...(startMode && { startMode }),
		query,
		position: cursor.from(start),
	};
}

/** Behind FRESHNESS. */
export function parseFreshness(cursor: Cursor): Expression {
	cursor.expect("=");
	const freshness = parseExpression(cursor);
	if (freshness.kind === "IntervalLiteral") return freshness;
	return cursor.reject("FRESHNESS takes an interval", "Write FRESHNESS = INTERVAL '1' MINUTE.", freshness.position);
}

/** Behind REFRESH_MODE. */
export function parseRefreshMode(cursor: Cursor): "CONTINUOUS" | "FULL" {
	cursor.expect("=");
	return cursor.expectOneOf("CONTINUOUS", "FULL");
}

/** Behind START_MODE. */
function parseStartMode(cursor: Cursor): StartMode {
	const start = cursor.previous ?? cursor.token;
	cursor.expect("=");
	const mode = cursor.expectOneOf(
		"FROM_BEGINNING",
		"FROM_NOW",
		"FROM_TIMESTAMP",
		"RESUME_OR_FROM_BEGINNING",
		"RESUME_OR_FROM_NOW",
		"RESUME_OR_FROM_TIMESTAMP",
	);
	let argument: Expression | undefined;
	if (!mode.endsWith("BEGINNING") && (mode.endsWith("TIMESTAMP") || cursor.is("("))) {
		cursor.expect("(");
		argument = parseExpression(cursor);
		cursor.expect(")");
	}
	return { kind: "StartMode", mode, ...(argument && { argument }), position: cursor.from(start) };
}
