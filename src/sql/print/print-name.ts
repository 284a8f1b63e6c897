// Names and strings as SQL text: quoted where the parser would not take them otherwise.
import type { Identifier, Name, StringLiteral } from "../ast.js";
import { isPlainName } from "../keywords.js";

/** Words that are no reserved ones but would be read as something else at the beginning of an expression. */
const AMBIGUOUS: ReadonlySet<string> = new Set([
	"MAP",
	"TIMESTAMPADD",
	"TIMESTAMPDIFF",
	"DESCRIPTOR",
	"MODEL",
	"FINAL",
]);

export function printName({ text }: Name): string {
	return isPlainName(text) && !AMBIGUOUS.has(text.toUpperCase()) ? text : `\`${text.replaceAll("`", "``")}\``;
}

export function printNames(names: readonly Name[]): string {
	return names.map(printName).join(".");
}

export function printIdentifier(identifier: Identifier): string {
	return printNames(identifier.names);
}

const OBJECT_TYPES: ReadonlySet<string> = new Set(["CATALOG", "DATABASE", "FUNCTION", "MODEL", "CONNECTION", "JOB"]);

/** As the first word behind DESCRIBE or USE, where the types of objects are no names unless quoted. */
export function printFirstName(identifier: Identifier): string {
	const text = printIdentifier(identifier);
	const [first] = identifier.names as readonly [Name, ...Name[]];
	return OBJECT_TYPES.has(first.text.toUpperCase()) && !text.startsWith("`")
		? `\`${first.text}\`${text.slice(first.text.length)}`
		: text;
}

/** `(a, b)`. */
export function printColumns(names: readonly Name[]): string {
	return `(${names.map(printName).join(", ")})`;
}

export function printText(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}

export function printString({ value, charset }: StringLiteral): string {
	return charset === undefined ? printText(value) : `_${charset}${printText(value)}`;
}

/** The parts that are there, between blanks. */
export function join(...parts: readonly (string | false | undefined)[]): string {
	return parts.filter((part) => part !== undefined && part !== false && part !== "").join(" ");
}

export function list<Item>(items: readonly Item[], print: (item: Item) => string): string {
	return items.map(print).join(", ");
}
