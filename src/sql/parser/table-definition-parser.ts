// Columns, constraints, watermarks and the other parts that CREATE TABLE and ALTER TABLE share.
import type {
	ColumnDefinition,
	Distribution,
	Identifier,
	Name,
	TableConstraint,
	TableLike,
	TableLikeFeature,
	TableLikeOption,
	WatermarkDefinition,
} from "../ast.js";
import { TokenType } from "../token.js";
import type { Cursor } from "./cursor.js";
import { parseDataType } from "./data-type-parser.js";
import { parseExpression } from "./expression-parser.js";
import { parseCount, parseStringLiteral } from "./literal-parser.js";
import { acceptComment } from "./option-parser.js";
import { parseIdentifier } from "./query-parser.js";

/** One element of the list in parentheses; a column may bring a constraint of its own. */
export interface DefinedColumn {
	readonly column: ColumnDefinition;
	readonly constraint?: TableConstraint;
}

export type DefinedElement = DefinedColumn | TableConstraint | WatermarkDefinition;

export function parseElement(cursor: Cursor): DefinedElement {
	if (cursor.is("WATERMARK")) return parseWatermark(cursor);
	if (cursor.is("CONSTRAINT") || cursor.is("PRIMARY") || cursor.is("UNIQUE")) return parseTableConstraint(cursor);
	return parseColumn(cursor);
}

function parseWatermark(cursor: Cursor): WatermarkDefinition {
	const start = cursor.token;
	cursor.expect("WATERMARK", "FOR");
	const column = parseIdentifier(cursor);
	cursor.expect("AS");
	const strategy = parseExpression(cursor);
	return { kind: "WatermarkDefinition", column, strategy, position: cursor.from(start) };
}

function parseTableConstraint(cursor: Cursor): TableConstraint {
	const start = cursor.token;
	const name = cursor.accept("CONSTRAINT") ? cursor.name() : undefined;
	const type = parseConstraintType(cursor);
	const columns = cursor.parenthesised(() => cursor.name());
	const enforced = acceptEnforcement(cursor);
	return constraint(cursor, start, type, columns, name, enforced);
}

function constraint(
	cursor: Cursor,
	start: { readonly line: number; readonly column: number; readonly start: number },
	type: TableConstraint["type"],
	columns: readonly Name[],
	name: Name | undefined,
	enforced: boolean | undefined,
): TableConstraint {
	const position = cursor.from(start);
	const named = { kind: "TableConstraint", ...(name && { name }), type, columns } as const;
	return enforced === undefined ? { ...named, position } : { ...named, enforced, position };
}

function parseConstraintType(cursor: Cursor): TableConstraint["type"] {
	if (cursor.accept("UNIQUE")) return "UNIQUE";
	cursor.expect("PRIMARY", "KEY");
	return "PRIMARY KEY";
}

function acceptEnforcement(cursor: Cursor): boolean | undefined {
	if (cursor.acceptAll("NOT", "ENFORCED")) return false;
	return cursor.accept("ENFORCED") ? true : undefined;
}

function parseColumn(cursor: Cursor): DefinedColumn {
	const name = cursor.name();
	if (cursor.token.word === ".") cursor.reject("the name of a column has one part");
	if (cursor.accept("AS")) {
		const expression = parseExpression(cursor);
		const comment = acceptComment(cursor);
		const position = cursor.from(name.position);
		return { column: { kind: "ComputedColumn", name, expression, ...(comment && { comment }), position } };
	}
	const type = parseDataType(cursor);
	if (cursor.accept("METADATA")) {
		const key = cursor.accept("FROM") ? parseStringLiteral(cursor) : undefined;
		const virtual = cursor.accept("VIRTUAL");
		const comment = acceptComment(cursor);
		const tail = { virtual, ...(comment && { comment }), position: cursor.from(name.position) };
		return { column: { kind: "MetadataColumn", name, type, ...(key && { key }), ...tail } };
	}
	const own = acceptColumnConstraint(cursor, name);
	const comment = acceptComment(cursor);
	const position = cursor.from(name.position);
	const column: ColumnDefinition = { kind: "PhysicalColumn", name, type, ...(comment && { comment }), position };
	return own ? { column, constraint: own } : { column };
}

function acceptColumnConstraint(cursor: Cursor, column: Name): TableConstraint | undefined {
	const start = cursor.token;
	const name = cursor.accept("CONSTRAINT") ? cursor.name() : undefined;
	if (!name && !cursor.is("PRIMARY") && !cursor.is("UNIQUE")) return undefined;
	const type = parseConstraintType(cursor);
	return constraint(cursor, start, type, [column], name, acceptEnforcement(cursor));
}

/** Behind DISTRIBUTED or DISTRIBUTION: [BY [HASH | RANGE] (columns)] [INTO n BUCKETS], one of them at least. */
export function parseDistribution(cursor: Cursor): Distribution {
	const start = cursor.previous ?? cursor.token;
	let algorithm: Distribution["algorithm"];
	let columns: readonly Name[] = [];
	const hasColumns = cursor.accept("BY");
	if (hasColumns) {
		algorithm = cursor.acceptOneOf("HASH", "RANGE");
		columns = cursor.parenthesised(() => cursor.name());
	}
	let buckets: number | undefined;
	if (cursor.accept("INTO")) {
		buckets = parseCount(cursor);
		cursor.expect("BUCKETS");
	} else if (!hasColumns) {
		cursor.fail();
	}
	return {
		kind: "Distribution",
		...(algorithm && { algorithm }),
		columns,
		...(buckets !== undefined && { buckets }),
		position: cursor.from(start),
	};
}

const FEATURES = [
	...(["ALL", "CONSTRAINTS", "DISTRIBUTION", "GENERATED", "METADATA", "OPTIONS", "PARTITIONS", "WATERMARKS"] as const),
] satisfies TableLikeFeature[];

/** Behind LIKE. */
export function parseTableLike(cursor: Cursor): TableLike {
	const start = cursor.previous ?? cursor.token;
	const source: Identifier = parseIdentifier(cursor);
	const options: TableLikeOption[] = [];
	if (cursor.accept("(")) {
		do options.push(parseLikeOption(cursor));
		while (cursor.token.type === TokenType.Word);
		cursor.expect(")");
	}
	return { kind: "TableLike", source, options, position: cursor.from(start) };
}

function parseLikeOption(cursor: Cursor): TableLikeOption {
	const { token } = cursor;
	const strategy = cursor.expectOneOf("INCLUDING", "EXCLUDING", "OVERWRITING");
	const feature = cursor.expectOneOf(...FEATURES);
	return { kind: "TableLikeOption", strategy, feature, position: cursor.from(token) };
}
