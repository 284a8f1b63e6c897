// CREATE, REPLACE TABLE and DROP of everything but tables themselves (create-table-parser.ts).
import type { CreateFunction, Drop, FunctionResource, ObjectType, Statement } from "../ast.js";
import { parseCreateMaterializedTable, parseCreateTable } from "./create-table-parser.js";
import type { Cursor } from "./cursor.js";
import { parseStringLiteral } from "./literal-parser.js";
import {
	acceptComment,
	acceptIfExists,
	acceptIfNotExists,
	parseOptionalOptions,
	parseOptions,
} from "./option-parser.js";
import { parseIdentifier, parseQuery } from "./query-parser.js";
import { parseElement } from "./table-definition-parser.js";

/** What stands before the kind of object. */
export interface Modifiers {
	readonly start: { readonly line: number; readonly column: number; readonly start: number };
	readonly temporary: boolean;
	readonly system: boolean;
	readonly orReplace: boolean;
	readonly orAlter: boolean;
}

export function parseCreate(cursor: Cursor): Statement {
	const start = cursor.token;
	cursor.expect("CREATE");
	const orReplace = cursor.acceptAll("OR", "REPLACE");
	const orAlter = !orReplace && cursor.acceptAll("OR", "ALTER");
	const temporary = cursor.accept("TEMPORARY");
	const system = cursor.is("SYSTEM");
	if (system && !temporary) cursor.reject("system objects can only be temporary", "Write CREATE TEMPORARY SYSTEM ….");
	if (system) cursor.advance();
	const modifiers: Modifiers = { start, temporary, system, orReplace, orAlter };
	const { word } = cursor.token;
	const refused = refusedModifier(modifiers, word);
	if (refused !== undefined) cursor.reject(`there is no ${refused} for ${word}`);
	const parse = creators.get(word);
	if (parse) {
		cursor.advance();
		return parse(cursor, modifiers);
	}
	for (const known of creators.keys()) cursor.expects(known);
	return cursor.fail();
}

/** Which of the modifiers this kind of object does not take. */
function refusedModifier({ temporary, system, orReplace, orAlter }: Modifiers, word: string): string | undefined {
	if (!creators.has(word)) return undefined;
	if (system && word !== "FUNCTION" && word !== "CONNECTION") return "SYSTEM";
	if (temporary && (word === "CATALOG" || word === "DATABASE" || word === "MATERIALIZED")) return "TEMPORARY";
	if (orReplace && word !== "TABLE" && word !== "VIEW" && word !== "FUNCTION") return "OR REPLACE";
	return orAlter && word !== "MATERIALIZED" ? "OR ALTER" : undefined;
}

const creators = new Map<string, (cursor: Cursor, modifiers: Modifiers) => Statement>([
	["TABLE", (cursor, modifiers) => parseCreateTable(cursor, modifiers, false)],
	["MATERIALIZED", parseCreateMaterializedTable],
	["VIEW", parseCreateView],
	["FUNCTION", parseCreateFunction],
	["CATALOG", parseCreateCatalog],
	["DATABASE", parseCreateDatabase],
	["MODEL", parseCreateModel],
	["CONNECTION", parseCreateConnection],
]);

export function parseReplace(cursor: Cursor): Statement {
	const start = cursor.token;
	cursor.expect("REPLACE", "TABLE");
	const modifiers = { start, temporary: false, system: false, orReplace: true, orAlter: false };
	return parseCreateTable(cursor, modifiers, true);
}

function parseCreateView(cursor: Cursor, { start, temporary, orReplace }: Modifiers): Statement {
	const ifNotExists = acceptIfNotExists(cursor);
	const name = parseIdentifier(cursor);
	const columns = cursor.is("(") ? cursor.parenthesised(() => cursor.name()) : [];
	const comment = acceptComment(cursor);
	cursor.expect("AS");
	const query = parseQuery(cursor);
	const head = { kind: "CreateView", temporary, orReplace, ifNotExists, name, columns } as const;
	return { ...head, ...(comment && { comment }), query, position: cursor.from(start) };
}

function parseCreateFunction(cursor: Cursor, { start, temporary, system, orReplace }: Modifiers): Statement {
	const ifNotExists = acceptIfNotExists(cursor);
	const name = parseIdentifier(cursor);
	cursor.expect("AS");
	const className = parseStringLiteral(cursor);
	const language = acceptLanguage(cursor);
	const resources = cursor.accept("USING") ? cursor.list(() => parseResource(cursor)) : [];
	const options = parseOptionalOptions(cursor, "WITH");
	return {
		kind: "CreateFunction",
		orReplace,
		temporary,
		system,
		ifNotExists,
		name,
		className,
		...(language && { language }),
		resources,
		options,
		position: cursor.from(start),
	};
}

export function acceptLanguage(cursor: Cursor): CreateFunction["language"] {
	return cursor.accept("LANGUAGE") ? cursor.expectOneOf("JAVA", "SCALA", "SQL", "PYTHON", "TYPESCRIPT") : undefined;
}

function parseResource(cursor: Cursor): FunctionResource {
	const { token } = cursor;
	const type = cursor.expectOneOf("JAR", "ARTIFACT");
	const path = parseStringLiteral(cursor);
	return { kind: "FunctionResource", type, path, position: cursor.from(token) };
}

function parseCreateCatalog(cursor: Cursor, { start }: Modifiers): Statement {
	const ifNotExists = acceptIfNotExists(cursor);
	const name = cursor.name();
	const comment = acceptComment(cursor);
	const options = parseOptionalOptions(cursor, "WITH");
	const head = { kind: "CreateCatalog", ifNotExists, name } as const;
	return { ...head, ...(comment && { comment }), options, position: cursor.from(start) };
}

function parseCreateDatabase(cursor: Cursor, { start }: Modifiers): Statement {
	const ifNotExists = acceptIfNotExists(cursor);
	const name = parseIdentifier(cursor);
	const comment = acceptComment(cursor);
	const options = parseOptionalOptions(cursor, "WITH");
	const head = { kind: "CreateDatabase", ifNotExists, name } as const;
	return { ...head, ...(comment && { comment }), options, position: cursor.from(start) };
}

function parseCreateModel(cursor: Cursor, { start, temporary }: Modifiers): Statement {
	const ifNotExists = acceptIfNotExists(cursor);
	const name = parseIdentifier(cursor);
	const input = cursor.accept("INPUT") ? parseModelColumns(cursor) : [];
	const output = cursor.accept("OUTPUT") ? parseModelColumns(cursor) : [];
	const comment = acceptComment(cursor);
	const options = parseOptionalOptions(cursor, "WITH");
	const query = cursor.accept("AS") ? parseQuery(cursor) : undefined;
	return {
		kind: "CreateModel",
		temporary,
		ifNotExists,
		name,
		input,
		output,
		...(comment && { comment }),
		options,
		...(query && { query }),
		position: cursor.from(start),
	};
}

function parseModelColumns(cursor: Cursor) {
	return cursor.parenthesised(() => {
		const { token } = cursor;
		const element = parseElement(cursor);
		if ("column" in element && !("kind" in element) && !element.constraint) return element.column;
		return cursor.reject("a model has columns alone", undefined, cursor.from(token));
	});
}

function parseCreateConnection(cursor: Cursor, { start, temporary, system }: Modifiers): Statement {
	const ifNotExists = acceptIfNotExists(cursor);
	const name = parseIdentifier(cursor);
	const comment = acceptComment(cursor);
	cursor.expect("WITH");
	const options = parseOptions(cursor);
	const head = { kind: "CreateConnection", temporary, system, ifNotExists, name } as const;
	return { ...head, ...(comment && { comment }), options, position: cursor.from(start) };
}

export function parseDrop(cursor: Cursor): Drop {
	const start = cursor.token;
	cursor.expect("DROP");
	const temporary = cursor.accept("TEMPORARY");
	const system = cursor.accept("SYSTEM");
	const objectType = parseObjectType(cursor, temporary, system);
	const ifExists = acceptIfExists(cursor);
	const name = parseIdentifier(cursor);
	const cascade = objectType === "DATABASE" && cursor.acceptOneOf("RESTRICT", "CASCADE") === "CASCADE";
	const position = cursor.from(start);
	return { kind: "Drop", objectType, temporary, system, ifExists, name, cascade, position };
}

function parseObjectType(cursor: Cursor, temporary: boolean, system: boolean): ObjectType {
	if (system) return cursor.expectOneOf("FUNCTION", "CONNECTION");
	const temporaries = ["TABLE", "VIEW", "FUNCTION", "MODEL", "CONNECTION"] as const;
	const found = cursor.acceptOneOf(...temporaries);
	if (found !== undefined) return found;
	if (temporary) return cursor.fail();
	if (cursor.accept("MATERIALIZED")) {
		cursor.expect("TABLE");
		return "MATERIALIZED TABLE";
	}
	return cursor.expectOneOf("CATALOG", "DATABASE");
}
