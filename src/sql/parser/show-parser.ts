// SHOW in all its forms.
import type { ShowCreate, ShowLike, ShowSubject, Statement } from "../ast.js";
import type { Cursor } from "./cursor.js";
import { parseStringLiteral } from "./literal-parser.js";
import { parsePartition } from "./option-parser.js";
import { parseIdentifier } from "./query-parser.js";

interface SubjectForm {
	readonly subject: ShowSubject;
	/** Whether FROM or IN may, must or must not follow. */
	readonly from: "none" | "optional" | "required";
	readonly like: boolean;
}

const forms: readonly SubjectForm[] = [
	{ subject: "CATALOGS", from: "none", like: true },
	{ subject: "DATABASES", from: "optional", like: true },
	{ subject: "TABLES", from: "optional", like: true },
	{ subject: "VIEWS", from: "optional", like: true },
	{ subject: "MATERIALIZED TABLES", from: "optional", like: true },
	{ subject: "COLUMNS", from: "required", like: true },
	{ subject: "FUNCTIONS", from: "optional", like: true },
	{ subject: "USER FUNCTIONS", from: "optional", like: true },
	{ subject: "PROCEDURES", from: "optional", like: true },
	{ subject: "MODELS", from: "optional", like: true },
	{ subject: "CONNECTIONS", from: "optional", like: true },
	{ subject: "MODULES", from: "none", like: false },
	{ subject: "FULL MODULES", from: "none", like: false },
	{ subject: "JARS", from: "none", like: false },
	{ subject: "JOBS", from: "none", like: false },
	{ subject: "CURRENT CATALOG", from: "none", like: false },
	{ subject: "CURRENT DATABASE", from: "none", like: false },
];

export function parseShow(cursor: Cursor): Statement {
	const start = cursor.token;
	cursor.expect("SHOW");
	cursor.lead();
	if (cursor.accept("CREATE")) return parseShowCreate(cursor, start);
	if (cursor.accept("PARTITIONS")) {
		const table = parseIdentifier(cursor);
		const partition = cursor.is("PARTITION") ? parsePartition(cursor, false) : [];
		return { kind: "ShowPartitions", table, partition, position: cursor.from(start) };
	}
	const form = parseSubject(cursor);
	const hasFrom = form.from !== "none" && cursor.acceptOneOf("FROM", "IN") !== undefined;
	if (form.from === "required" && !hasFrom) cursor.fail();
	const from = hasFrom ? parseIdentifier(cursor) : undefined;
	const like = form.like ? acceptLike(cursor) : undefined;
	const { subject } = form;
	return { kind: "Show", subject, ...(from && { from }), ...(like && { like }), position: cursor.from(start) };
}

/** One word, or two of which the first says that a second follows. */
function parseSubject(cursor: Cursor): SubjectForm {
	const found = forms.find(({ subject }) => !subject.includes(" ") && cursor.accept(subject));
	if (found) return found;
	const first = cursor.expectOneOf("CURRENT", "FULL", "MATERIALIZED", "USER");
	const pairs = forms.filter(({ subject }) => subject.startsWith(`${first} `));
	return pairs.find(({ subject }) => cursor.accept(subject.slice(first.length + 1))) ?? cursor.fail();
}

function acceptLike(cursor: Cursor): ShowLike | undefined {
	const start = cursor.token;
	const negated = cursor.accept("NOT");
	const operator = cursor.acceptOneOf("LIKE", "ILIKE");
	if (operator === undefined) return negated ? cursor.fail() : undefined;
	const pattern = parseStringLiteral(cursor);
	const caseInsensitive = operator === "ILIKE";
	return { kind: "ShowLike", pattern, caseInsensitive, negated, position: cursor.from(start) };
}

type Start = { readonly line: number; readonly column: number; readonly start: number };

function parseShowCreate(cursor: Cursor, start: Start): ShowCreate {
	const orAlter = cursor.acceptAll("OR", "ALTER");
	const isMaterialized = orAlter || cursor.is("MATERIALIZED");
	if (isMaterialized) cursor.expect("MATERIALIZED", "TABLE");
	const objectType = isMaterialized
		? "MATERIALIZED TABLE"
		: cursor.expectOneOf("CATALOG", "TABLE", "VIEW", "MODEL", "CONNECTION");
	const name = parseIdentifier(cursor);
	return { kind: "ShowCreate", objectType, orAlter, name, position: cursor.from(start) };
}
