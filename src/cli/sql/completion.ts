// What the Tab key offers: the words of the language, and the tables, columns and functions of the session.
import type { Catalog } from "../../catalog/catalog.js";
import { isPlainName, RESERVED_FUNCTIONS, STATEMENT_WORDS } from "../../sql/keywords.js";

const CLAUSE_WORDS =
	`AND AS BETWEEN BY CASE CAST CROSS DESCRIPTOR DISTINCT ELSE END EXISTS FROM FULL GROUP HAVING IN INNER INTERVAL INTO IS
	JOIN LATERAL LEFT LIKE LIMIT MATCH_RECOGNIZE NOT NULL ON OR ORDER OUTER OVER PARTITION PRIMARY KEY RIGHT TABLE TABLES THEN UNION UNNEST
	VALUES VIEW WATERMARK WHEN WHERE WITH`.split(/\s+/);

/** The words that the last word of `line` may become, and that word: what readline's completer gives. */
export function complete(line: string, catalog: Catalog): [candidates: string[], word: string] {
	const word = /[A-Za-z0-9_$`]*$/.exec(line)![0];
	if (word === "") return [[], word];
	const names = [...namesOf(catalog)].filter((name) => name.startsWith(word));
	const lower = word === word.toLowerCase();
	const words = [...STATEMENT_WORDS, ...CLAUSE_WORDS, ...RESERVED_FUNCTIONS, ...catalog.functions.names()]
		.map((text) => text.toUpperCase())
		.filter((text) => text.startsWith(word.toUpperCase()))
		.map((text) => (lower ? text.toLowerCase() : text));
	return [[...new Set([...names, ...words])].sort(), word];
}

/** Tables, views and their columns in the current database, as SQL writes them. */
function* namesOf(catalog: Catalog): Generator<string> {
	const quoted = (name: string) => (isPlainName(name) ? name : `\`${name}\``);
	for (const relation of catalog.relations(catalog.currentCatalog, catalog.currentDatabase)) {
		yield quoted(relation.path[2]);
		for (const { name } of relation.kind === "table" ? relation.columns : relation.schema) yield quoted(name);
	}
}
