// ALTER of tables, materialized tables, views, functions, and of catalogs, databases, models and connections.
import type {
	AlterMaterializedTableAction,
	AlterObject,
	AlterObjectAction,
	AlterTableAction,
	Identifier,
	PartitionSpecification,
	Statement,
	TableElement,
} from "../ast.js";
import { acceptLanguage } from "./create-parser.js";
import { parseFreshness, parseRefreshMode } from "./create-table-parser.js";
import type { Cursor } from "./cursor.js";
import { parseStringLiteral } from "./literal-parser.js";
import {
	acceptComment,
	acceptIfExists,
	acceptIfNotExists,
	parseOptionalOptions,
	parseOptionKeys,
	parseOptions,
	parsePartition,
} from "./option-parser.js";
import { parseIdentifier, parseQuery } from "./query-parser.js";
import { parseDistribution, parseElement } from "./table-definition-parser.js";

export function parseAlter(cursor: Cursor): Statement {
	const start = cursor.token;
	cursor.expect("ALTER");
	if (cursor.accept("TABLE")) {
		const ifExists = acceptIfExists(cursor);
		const name = parseIdentifier(cursor);
		const action = acceptRename(cursor) ?? acceptTableAction(cursor) ?? cursor.fail();
		return { kind: "AlterTable", ifExists, name, action, position: cursor.from(start) };
	}
	if (cursor.accept("MATERIALIZED")) {
		cursor.expect("TABLE");
		const name = parseIdentifier(cursor);
		const action = parseMaterializedTableAction(cursor);
		return { kind: "AlterMaterializedTable", name, action, position: cursor.from(start) };
	}
	if (cursor.accept("VIEW")) return parseAlterView(cursor, start);
	const isTemporary = cursor.is("TEMPORARY");
	if (isTemporary || cursor.is("FUNCTION")) return parseAlterFunction(cursor, start);
	return parseAlterObject(cursor, start);
}

type Start = { readonly line: number; readonly column: number; readonly start: number };

/** RENAME TO, and for a column RENAME a TO b. */
function acceptRename(cursor: Cursor): AlterTableAction | undefined {
	const start = cursor.token;
	if (!cursor.accept("RENAME")) return undefined;
	if (cursor.accept("TO")) return { kind: "Rename", to: parseIdentifier(cursor), position: cursor.from(start) };
	const from = parseIdentifier(cursor);
	cursor.expect("TO");
	return { kind: "RenameColumn", from, to: cursor.name(), position: cursor.from(start) };
}

/** What tables and materialized tables have in common. */
function acceptTableAction(cursor: Cursor): AlterTableAction | undefined {
	const start = cursor.token;
	if (cursor.accept("SET")) return { kind: "SetOptions", options: parseOptions(cursor), position: cursor.from(start) };
	if (cursor.accept("RESET")) {
		return { kind: "ResetOptions", keys: parseOptionKeys(cursor), position: cursor.from(start) };
	}
	if (cursor.accept("ADD")) return acceptAddPartitions(cursor, start) ?? parseElements(cursor, "AddElements", start);
	if (cursor.accept("MODIFY")) return parseElements(cursor, "ModifyElements", start);
	return cursor.accept("DROP") ? parseDropAction(cursor, start) : undefined;
}

function acceptAddPartitions(cursor: Cursor, start: Start): AlterTableAction | undefined {
	const ifNotExists = acceptIfNotExists(cursor);
	if (!ifNotExists && !cursor.is("PARTITION")) return undefined;
	const partitions: PartitionSpecification[] = [];
	do partitions.push(parsePartitionSpecification(cursor, true));
	while (cursor.is("PARTITION"));
	return { kind: "AddPartitions", ifNotExists, partitions, position: cursor.from(start) };
}

function parsePartitionSpecification(cursor: Cursor, mayHaveOptions: boolean): PartitionSpecification {
	const { token } = cursor;
	const columns = parsePartition(cursor, false);
	const options = mayHaveOptions ? parseOptionalOptions(cursor, "WITH") : [];
	return { kind: "PartitionSpecification", columns, options, position: cursor.from(token) };
}

function parseElements(cursor: Cursor, kind: "AddElements" | "ModifyElements", start: Start): AlterTableAction {
	rejectColumnWord(cursor);
	if (cursor.accept("DISTRIBUTION")) {
		return { kind, elements: [parseDistribution(cursor)], position: cursor.from(start) };
	}
	const elements = cursor.is("(")
		? cursor.parenthesised(() => parseTableElement(cursor)).flat()
		: parseTableElement(cursor);
	return { kind, elements, position: cursor.from(start) };
}

function rejectColumnWord(cursor: Cursor): void {
	if (cursor.token.word === "COLUMN") cursor.reject("Flink has no COLUMN before the name here", "Leave the word out.");
}

/** A column with its place, and the constraint it brings. */
function parseTableElement(cursor: Cursor): TableElement[] {
	const { token } = cursor;
	const element = parseElement(cursor);
	if ("kind" in element) return [element];
	const first = cursor.accept("FIRST");
	const after: Identifier | undefined = !first && cursor.accept("AFTER") ? parseIdentifier(cursor) : undefined;
	const { column, constraint } = element;
	const position = cursor.from(token);
	const placement: TableElement = { kind: "ColumnPlacement", column, first, ...(after && { after }), position };
	return constraint ? [placement, constraint] : [placement];
}

function parseDropAction(cursor: Cursor, start: Start): AlterTableAction {
	if (cursor.acceptAll("PRIMARY", "KEY")) return { kind: "DropPrimaryKey", position: cursor.from(start) };
	if (cursor.accept("CONSTRAINT")) {
		return { kind: "DropConstraint", name: cursor.name(), position: cursor.from(start) };
	}
	if (cursor.accept("WATERMARK")) return { kind: "DropWatermark", position: cursor.from(start) };
	if (cursor.accept("DISTRIBUTION")) return { kind: "DropDistribution", position: cursor.from(start) };
	rejectColumnWord(cursor);
	const ifExists = acceptIfExists(cursor);
	if (ifExists || cursor.is("PARTITION")) {
		const partitions = cursor.list(() => parsePartitionSpecification(cursor, false));
		return { kind: "DropPartitions", ifExists, partitions, position: cursor.from(start) };
	}
	const columns = cursor.is("(") ? cursor.parenthesised(() => parseIdentifier(cursor)) : [parseIdentifier(cursor)];
	return { kind: "DropColumns", columns, position: cursor.from(start) };
}

function parseMaterializedTableAction(cursor: Cursor): AlterMaterializedTableAction {
	const start = cursor.token;
	if (cursor.accept("SUSPEND")) return { kind: "Suspend", position: cursor.from(start) };
	if (cursor.accept("RESUME")) {
		const options = parseOptionalOptions(cursor, "WITH");
		return { kind: "Resume", options, position: cursor.from(start) };
	}
	if (cursor.accept("REFRESH")) {
		const partition = cursor.is("PARTITION") ? parsePartitionSpecification(cursor, false) : undefined;
		return { kind: "Refresh", ...(partition && { partition }), position: cursor.from(start) };
	}
	if (cursor.acceptAll("SET", "FRESHNESS")) {
		return { kind: "SetFreshness", freshness: parseFreshness(cursor), position: cursor.from(start) };
	}
	if (cursor.acceptAll("SET", "REFRESH_MODE")) {
		return { kind: "SetRefreshMode", refreshMode: parseRefreshMode(cursor), position: cursor.from(start) };
	}
	if (cursor.accept("AS")) return { kind: "SetQuery", query: parseQuery(cursor), position: cursor.from(start) };
	return acceptTableAction(cursor) ?? cursor.fail();
}

function parseAlterView(cursor: Cursor, start: Start): Statement {
	const name = parseIdentifier(cursor);
	const actionStart = cursor.token;
	if (cursor.acceptAll("RENAME", "TO")) {
		const action = { kind: "Rename", to: parseIdentifier(cursor), position: cursor.from(actionStart) } as const;
		return { kind: "AlterView", name, action, position: cursor.from(start) };
	}
	cursor.expect("AS");
	const action = { kind: "SetQuery", query: parseQuery(cursor), position: cursor.from(actionStart) } as const;
	return { kind: "AlterView", name, action, position: cursor.from(start) };
}

function parseAlterFunction(cursor: Cursor, start: Start): Statement {
	const temporary = cursor.accept("TEMPORARY");
	const system = temporary && cursor.accept("SYSTEM");
	cursor.expect("FUNCTION");
	const ifExists = acceptIfExists(cursor);
	const name = parseIdentifier(cursor);
	cursor.expect("AS");
	const className = parseStringLiteral(cursor);
	const language = acceptLanguage(cursor);
	const head = { kind: "AlterFunction", temporary, system, ifExists, name, className } as const;
	return { ...head, ...(language && { language }), position: cursor.from(start) };
}

type ObjectActionKind = "rename" | "set" | "reset" | "comment";

/** Which actions an object takes. */
const objectActions: Readonly<Record<AlterObject["objectType"], readonly ObjectActionKind[]>> = {
	CATALOG: ["set", "reset", "comment"],
	DATABASE: ["set"],
	MODEL: ["rename", "set", "reset"],
	CONNECTION: ["rename", "set", "reset"],
};

function parseAlterObject(cursor: Cursor, start: Start): Statement {
	const objectType = cursor.expectOneOf("CATALOG", "DATABASE", "MODEL", "CONNECTION");
	const ifExists = (objectType === "MODEL" || objectType === "CONNECTION") && acceptIfExists(cursor);
	const name = parseIdentifier(cursor);
	const action = parseObjectAction(cursor, objectActions[objectType]);
	return { kind: "AlterObject", objectType, ifExists, name, action, position: cursor.from(start) };
}

function parseObjectAction(cursor: Cursor, allowed: readonly ObjectActionKind[]): AlterObjectAction {
	const start = cursor.token;
	if (allowed.includes("rename") && cursor.acceptAll("RENAME", "TO")) {
		return { kind: "Rename", to: parseIdentifier(cursor), position: cursor.from(start) };
	}
	if (allowed.includes("reset") && cursor.accept("RESET")) {
		return { kind: "ResetOptions", keys: parseOptionKeys(cursor), position: cursor.from(start) };
	}
	const comment = allowed.includes("comment") ? acceptComment(cursor) : undefined;
	if (comment) return { kind: "SetComment", comment, position: cursor.from(start) };
	cursor.expect("SET");
	return { kind: "SetOptions", options: parseOptions(cursor), position: cursor.from(start) };
}
