// The tables of TPC-H as SQL declares them.
import { resolve } from "node:path";
import { TABLES } from "../src/connectors/tpch/tables.js";
import { typeText } from "../src/types/type-text.js";

export const TABLE_NAMES: readonly string[] = TABLES.map((table) => table.name);

/** Primary keys by table. */
const KEYS: Readonly<Record<string, string>> = {
	region: "r_regionkey",
	nation: "n_nationkey",
	supplier: "s_suppkey",
	customer: "c_custkey",
	part: "p_partkey",
	partsupp: "ps_partkey, ps_suppkey",
	orders: "o_orderkey",
	lineitem: "l_orderkey, l_linenumber",
};

/** CREATE TABLE of one table with these options. */
export function createTable(name: string, options: Readonly<Record<string, string>>, temporary = false): string {
	const table = TABLES.find((one) => one.name === name)!;
	const columns = table.columns.map((column) => `  ${column.name} ${typeText(column.type)}`);
	const key = `  PRIMARY KEY (${KEYS[name]}) NOT ENFORCED`;
	const list = Object.entries(options).map(([option, value]) => `'${option}' = '${value}'`);
	const kind = temporary ? "TEMPORARY TABLE" : "TABLE";
	return `CREATE ${kind} ${name} (\n${[...columns, key].join(",\n")}\n) WITH (${list.join(", ")});`;
}

/** All eight, generated. */
export function generatedTables(scaleFactor: number, options: Readonly<Record<string, string>> = {}): string {
	const common = { connector: "tpch", "scale-factor": String(scaleFactor), ...options };
	return TABLE_NAMES.map((name) => createTable(name, { ...common, table: name })).join("\n");
}

/** DuckDB's declaration: the same types, no keys. */
export function duckdbTable(name: string): string {
	const columns = TABLES.find((one) => one.name === name)!.columns;
	const list = columns.map((column) => `${column.name} ${typeText(column.type).replace("STRING", "VARCHAR")}`);
	return `CREATE TABLE ${name} (${list.join(", ")})`;
}

/** All eight, in the files that the harness writes. */
export function writtenTables(folder: string, format: string): string {
	return TABLE_NAMES.map((name) =>
		createTable(name, { connector: "filesystem", path: resolve(folder, name), format }),
	).join("\n");
}
