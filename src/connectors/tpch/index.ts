// The TPC-H source: the benchmark's eight tables, value for value as the official generator makes them, in WebAssembly straight into columns.
import { EngineError, nearestName } from "../../errors.js";
import type { ColumnPath, ConnectorTable } from "../../job/specs.js";
import { typeText } from "../../types/type-text.js";
import { physicalType } from "../../types/value.js";
import type { Connector } from "../connector.js";
import { BLOCK_EVENTS } from "../nexmark/options.js";
import { TPCH_OPTIONS, tpchConfig } from "./options.js";
import { GeneratingReader, ResidentReader } from "./reader.js";
import { rowsAt, type Table, type TableColumn } from "./tables.js";

export const tpch: Connector = {
	name: "tpch",
	doc: "Generates the tables of the TPC-H benchmark.",
	options: TPCH_OPTIONS,
	describe(declared: ConnectorTable) {
		const { table, scale } = tpchConfig(declared);
		const columns = declared.columns.map(({ name, type }) => {
			const column = columnOf(table, name);
			return type.kind === column.type.kind ? column.known?.(scale) : undefined;
		});
		for (const { name, type } of declared.columns) checkType(table, name, type);
		return {
			changelog: "insert",
			bounded: true,
			statistics: { rows: rowsAt(table, scale), columns },
			maxParallelism: Math.max(1, Math.ceil(table.units(scale) / BLOCK_EVENTS)),
		};
	},
	source: {
		open(context) {
			const config = tpchConfig(context.table);
			const columns = context.projection.map((path) => projected(context.table, config.table, path));
			return config.inMemory
				? new ResidentReader(context, config, columns)
				: new GeneratingReader(context, config, columns);
		},
	},
	lookup: { kind: "scan" },
};

/** The generator's column, of the type that is declared. */
function projected(declared: ConnectorTable, table: Table, path: ColumnPath): TableColumn {
	const { name, type } = declared.columns[path[0]!]!;
	const column = columnOf(table, name);
	const { makeWhole } = column;
	// Kept in memory under a name of its own.
	if (type.kind === "BIGINT" && makeWhole) return { ...column, name: `whole ${column.name}`, type, make: makeWhole };
	return { ...column, type };
}

function columnOf(table: Table, name: string): TableColumn {
	const found = table.columns.find((column) => column.name === name.toLowerCase());
	if (found) return found;
	const names = table.columns.map((column) => column.name);
	const near = nearestName(name, names);
	throw new EngineError("INVALID_SCHEMA", `table '${table.name}' of TPC-H has no column '${name}'`, {
		expected: `one of ${names.join(", ")}`,
		...(near === undefined ? {} : { remedy: `Did you mean '${near}'?` }),
	});
}

function checkType(table: Table, name: string, type: ConnectorTable["columns"][number]["type"]): void {
	const { type: made, makeWhole } = columnOf(table, name);
	if (type.kind === "BIGINT" && makeWhole) return;
	const sameScale = type.kind !== "DECIMAL" || (made.kind === "DECIMAL" && type.scale === made.scale);
	const sameKind = type.kind === made.kind || (type.kind === "CHAR" && made.kind === "VARCHAR");
	if (sameKind && sameScale && physicalType(type) === physicalType(made)) return;
	throw new EngineError("INVALID_SCHEMA", `column '${name}' of a tpch table cannot be ${typeText(type)}`, {
		expected: typeText(made),
	});
}
