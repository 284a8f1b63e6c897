// The answers at SF 0.01, 0.1 and 1 (computed by DuckDB, equal to Flink's and to TPC's), and the comparison with them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { suiteFolder } from "./queries.js";

/** Columns that DuckDB has as DOUBLE and Flink as DECIMAL(38, 6). All others are compared exactly. */
const INEXACT: Readonly<Record<string, readonly string[]>> = {
	q1: ["avg_qty", "avg_price", "avg_disc"],
	q8: ["mkt_share"],
	q14: ["promo_revenue"],
	q17: ["avg_yearly"],
};
const MOST_DIFFERENCE = 1e-6;

/** Rows of text in result order. */
export interface ResultTable {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly string[])[];
}

export function hasAnswers(scaleFactor: number): boolean {
	return readdirSync(join(suiteFolder(), "answers")).includes(`sf${scaleFactor}`);
}

export function answer(query: string, scaleFactor: number): ResultTable {
	const name = join(suiteFolder(), "answers", `sf${scaleFactor}`, `q${query.slice(1).padStart(2, "0")}.csv`);
	const text = existsSync(name) ? readFileSync(name, "utf8") : gunzipSync(readFileSync(`${name}.gz`)).toString("utf8");
	const [columns = [], ...rows] = text
		.split("\n")
		.filter((line) => line !== "")
		.map(fields);
	return { columns, rows };
}

/** The fields of a line of CSV. */
const fields = (line: string): string[] =>
	[...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
		quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
	);

/** The first difference between a query's result and its answer; undefined when there is none. */
export function difference(query: string, actual: ResultTable, expected: ResultTable): string | undefined {
	if (actual.rows.length !== expected.rows.length) {
		return `${actual.rows.length} rows instead of ${expected.rows.length}`;
	}
	for (const [index, row] of expected.rows.entries()) {
		for (const [column, value] of row.entries()) {
			const name = expected.columns[column]!;
			const found = actual.rows[index]![column] ?? "";
			if (!isSame(found, value, INEXACT[query]?.includes(name) ?? false)) {
				return `row ${index + 1}, ${name}: ${found} instead of ${value}`;
			}
		}
	}
	return undefined;
}

/** For results without order. */
export const sorted = ({ columns, rows }: ResultTable): ResultTable => ({
	columns,
	rows: [...rows].sort((left, right) => (left.join("|") < right.join("|") ? -1 : 1)),
});

const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text);

function isSame(found: string, expected: string, inexact: boolean): boolean {
	if (found === expected) return true;
	if (inexact) return Math.abs(Number(found) - Number(expected)) <= MOST_DIFFERENCE;
	return isNumber(found) && isNumber(expected) && withoutZeros(found) === withoutZeros(expected);
}

const withoutZeros = (decimal: string) => (decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal);
