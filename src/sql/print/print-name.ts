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
