// Data types: simple ones with their aliases, ROW, ARRAY, MAP, MULTISET, RAW, STRUCTURED, and postfix ARRAY and MULTISET.
import { nearestName } from "../../errors.js";
import type { DataType, Identifier, RowField, SimpleTypeName } from "../ast.js";
import { TokenType } from "../token.js";
import type { Cursor } from "./cursor.js";
import { isStringToken, parseCount, parseIntervalQualifier, parseStringLiteral } from "./literal-parser.js";
import { parseIdentifier } from "./query-parser.js";

interface SimpleForm {
	readonly name: SimpleTypeName;
	/** How many numbers in parentheses may follow. */
	readonly parameters: 0 | 1 | 2;
}

const form = (name: SimpleTypeName, parameters: 0 | 1 | 2 = 0): SimpleForm => ({ name, parameters });

const simpleForms = new Map<string, SimpleForm>([
	["BOOLEAN", form("BOOLEAN")],
	["TINYINT", form("TINYINT")],
	["SMALLINT", form("SMALLINT")],
	["INT", form("INT")],
	["INTEGER", form("INT")],
	["BIGINT", form("BIGINT")],
	["FLOAT", form("FLOAT")],
	["REAL", form("FLOAT")],
	["DOUBLE", form("DOUBLE")],
	["DECIMAL", form("DECIMAL", 2)],
	["DEC", form("DECIMAL", 2)],
	["NUMERIC", form("DECIMAL", 2)],
	["CHAR", form("CHAR", 1)],
	["CHARACTER", form("CHAR", 1)],
	["VARCHAR", form("VARCHAR", 1)],
	["STRING", form("STRING")],
	["BINARY", form("BINARY", 1)],
	["VARBINARY", form("VARBINARY", 1)],
	["BYTES", form("BYTES")],
	["DATE", form("DATE")],
	["TIME", form("TIME", 1)],
	["TIMESTAMP", form("TIMESTAMP", 1)],
	["TIMESTAMP_LTZ", form("TIMESTAMP_LTZ", 1)],
	["VARIANT", form("VARIANT")],
	["BITMAP", form("BITMAP")],
	["NULL", form("NULL")],
]);

const TYPE_WORDS = [...simpleForms.keys(), "ARRAY", "MAP", "MULTISET", "ROW", "RAW", "STRUCTURED", "INTERVAL"];

/** Of `INT ARRAY ARRAY …`, which is as deep a type as ARRAY<ARRAY<…>>. */
const MAX_COLLECTIONS = 50;

/** A type in CAST and RETURNING says nothing about NULL: there NULL would belong to what follows. */
export function parseDataType(cursor: Cursor, mayTellNullability = true): DataType {
	return cursor.nested(() => {
		let type = parseTypeName(cursor);
		let collections = 0;
		for (;;) {
			const nullable = mayTellNullability ? acceptNullability(cursor) : undefined;
			if (nullable !== undefined) type = { ...type, nullable, position: cursor.from(type.position) };
			const start = type.position;
			const kind = cursor.accept("ARRAY") ? "ArrayType" : cursor.accept("MULTISET") ? "MultisetType" : undefined;
			if (kind === undefined) return type;
			if (++collections > MAX_COLLECTIONS) cursor.reject(`more than ${MAX_COLLECTIONS} collections within each other`);
			type = { kind, element: type, nullable: true, position: cursor.from(start) };
		}
	});
}

/** NOT NULL is false, NULL is true, nothing is undefined. */
function acceptNullability(cursor: Cursor): boolean | undefined {
	if (cursor.accept("NOT")) {
		cursor.expect("NULL");
		return false;
	}
	return cursor.accept("NULL") ? true : undefined;
}

function parseTypeName(cursor: Cursor): DataType {
	const start = cursor.token;
	const { word } = start;
	const simple = start.type === TokenType.Word ? simpleForms.get(word) : undefined;
	if (simple !== undefined) {
		cursor.advance();
		return parseSimpleType(cursor, simple, start);
	}
	if (start.type === TokenType.Word) {
		const type = parseConstructedType(cursor, word);
		if (type) return type;
	}
	if (cursor.isName) {
		const name = parseIdentifier(cursor);
		if (cursor.token.word === "(" || cursor.token.word === "<") rejectParameters(cursor, name);
		return { kind: "NamedType", name, nullable: true, position: cursor.from(start) };
	}
	cursor.expects("a data type");
	for (const known of TYPE_WORDS) if (nearestName(word, [known])) cursor.expects(known);
	return cursor.fail();
}

/** Types of the catalog have no parameters: what has them is a misspelt one. */
function rejectParameters(cursor: Cursor, { names, position }: Identifier): never {
	const text = names.map((name) => name.text).join(".");
	const near = nearestName(text, TYPE_WORDS);
	cursor.reject(`there is no data type \`${text}\``, near && `Did you mean \`${near}\`?`, position);
}

type Start = { readonly line: number; readonly column: number; readonly start: number };

function parseSimpleType(cursor: Cursor, { name, parameters }: SimpleForm, start: Start): DataType {
	let resolved = name;
	if (name === "DOUBLE") cursor.accept("PRECISION");
	if (name === "CHAR" && cursor.accept("VARYING")) resolved = "VARCHAR";
	if (name === "BINARY" && cursor.accept("VARYING")) resolved = "VARBINARY";
	let precision: number | undefined;
	let scale: number | undefined;
	if (parameters > 0 && cursor.accept("(")) {
		precision = parseCount(cursor);
		if (parameters === 2 && cursor.accept(",")) scale = parseCount(cursor);
		cursor.expect(")");
	}
	if (name === "TIMESTAMP" || name === "TIME") resolved = parseTimeZone(cursor, name);
	return {
		kind: "SimpleType",
		name: resolved,
		...(precision !== undefined && { precision }),
		...(scale !== undefined && { scale }),
		nullable: true,
		position: cursor.from(start),
	};
}

/** [WITHOUT TIME ZONE | WITH [LOCAL] TIME ZONE]. */
function parseTimeZone(cursor: Cursor, name: "TIME" | "TIMESTAMP"): SimpleTypeName {
	if (cursor.acceptAll("WITHOUT", "TIME", "ZONE")) return name;
	if (name === "TIME") return name;
	const { word } = cursor.peek();
	if (!cursor.is("WITH") || (word !== "LOCAL" && word !== "TIME")) return name;
	cursor.advance();
	const isLocal = cursor.accept("LOCAL");
	cursor.expect("TIME", "ZONE");
	return isLocal ? "TIMESTAMP_LTZ" : "TIMESTAMP_TZ";
}

function parseConstructedType(cursor: Cursor, word: string): DataType | undefined {
	const start = cursor.token;
	switch (word) {
		case "ARRAY":
		case "MULTISET": {
			cursor.advance();
			cursor.lead();
			cursor.expect("<");
			const element = parseDataType(cursor);
			cursor.expect(">");
			const kind = word === "ARRAY" ? "ArrayType" : "MultisetType";
			return { kind, element, nullable: true, position: cursor.from(start) };
		}
		case "MAP": {
			if (cursor.peek().word !== "<") return undefined;
			cursor.expect("MAP", "<");
			const key = parseDataType(cursor);
			cursor.expect(",");
			const value = parseDataType(cursor);
			cursor.expect(">");
			return { kind: "MapType", key, value, nullable: true, position: cursor.from(start) };
		}
		case "ROW":
			cursor.advance();
			return { kind: "RowType", fields: parseRowFields(cursor), nullable: true, position: cursor.from(start) };
		case "RAW": {
			cursor.expect("RAW", "(");
			const className = parseStringLiteral(cursor);
			cursor.expect(",");
			const serializer = parseStringLiteral(cursor);
			cursor.expect(")");
			return { kind: "RawType", className, serializer, nullable: true, position: cursor.from(start) };
		}
		case "STRUCTURED": {
			cursor.expect("STRUCTURED", "<");
			const className = parseStringLiteral(cursor);
			const fields: RowField[] = [];
			while (cursor.accept(",")) fields.push(parseRowField(cursor));
			cursor.expect(">");
			return { kind: "StructuredType", className, fields, nullable: true, position: cursor.from(start) };
		}
		case "INTERVAL": {
			cursor.advance();
			const qualifier = parseIntervalQualifier(cursor);
			return { kind: "IntervalType", qualifier, nullable: true, position: cursor.from(start) };
		}
		default:
			return undefined;
	}
}

/** `<a INT, …>` or `(a INT, …)`, perhaps empty. */
function parseRowFields(cursor: Cursor): RowField[] {
	if (cursor.accept("<>")) return [];
	const open = cursor.expectOneOf("<", "(");
	const close = open === "<" ? ">" : ")";
	const fields = cursor.is(close) ? [] : cursor.list(() => parseRowField(cursor));
	cursor.expect(close);
	return fields;
}

function parseRowField(cursor: Cursor): RowField {
	const name = cursor.name();
	const type = parseDataType(cursor);
	const comment = isStringToken(cursor.token.type) ? parseStringLiteral(cursor) : undefined;
	return { kind: "RowField", name, type, ...(comment && { comment }), position: cursor.from(name.position) };
}
