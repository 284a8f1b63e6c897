// The 22 queries of TPC-H: their text with the validation parameters, or with others of the specification's choice.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../src/cli/package-folder.js";
import { Parameters, substitutions } from "./parameters.js";

export const suiteFolder = (): string => join(packageFolder(), "tpch");

/** q1 … q22. */
export const allQueries = (): string[] => Array.from({ length: 22 }, (_, index) => `q${index + 1}`);

/** The share of value that q11 asks for depends on the scale. */
const VALIDATION_FRACTION = "0.0001";

/** `seed`: other substitution parameters, drawn by the rules of the query's clause in the specification. */
export function queryText(name: string, scaleFactor: number, seed?: number): string {
	const number = Number(name.slice(1));
	const file = `q${String(number).padStart(2, "0")}.sql`;
	const text = readFileSync(join(suiteFolder(), "queries", file), "utf8").trim();
	const scaled = number === 11 ? text.replaceAll(VALIDATION_FRACTION, fraction(scaleFactor)) : text;
	return seed === undefined ? scaled : substituted(scaled, number, seed);
}

/** Streaming sorts only what it limits: a query whose result is ordered and whole gives it as a table without order. */
export const streamingText = (sql: string): string =>
	/\nLIMIT \d+$/.test(sql) ? sql : sql.replace(/\nORDER BY [^\n]*$/, "");

/** 0.0001 / SF, written without an exponent. */
const fraction = (scaleFactor: number) => (0.0001 / scaleFactor).toFixed(12).replace(/0+$/, "");

function substituted(text: string, number: number, seed: number): string {
	const parameters = new Parameters(seed * 100 + number);
	let result = text;
	// Placeholders first: a new value may be another parameter's old one.
	const pairs = substitutions(number, parameters);
	for (const [index, [from]] of pairs.entries()) {
		if (!text.includes(from)) throw new Error(`q${number} does not hold ${from}`);
		result = result.replaceAll(from, `\u0000${index}\u0000`);
	}
	for (const [index, [, to]] of pairs.entries()) result = result.replaceAll(`\u0000${index}\u0000`, to);
	return result;
}
