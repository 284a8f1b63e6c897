// Options of the TPC-H source, and the table and scale that they mean.
import { EngineError, nearestName } from "../../errors.js";
import type { ConnectorTable } from "../../job/specs.js";
import { option, readOptions } from "../../types/option.js";
import { type Scale, scaleOf } from "./chunk.js";
import { TABLES, type Table, tableNamed } from "./tables.js";

export const TPCH_OPTIONS = {
	table: option.string({ doc: "Which of the eight tables; default: the one of the table's own name." }),
	"scale-factor": option.double({ default: 1, min: 0.0001, doc: "1 is a gigabyte of text, 6 million lines." }),
	"in-memory": option.boolean({
		default: false,
		doc: "Columns stay in the memory of the thread that has read them, for later queries of the process.",
	}),
} as const;

/** Parts draw from a sequence of 31 bits; the specification has another for scales from here on. */
const MOST_SCALE = 10_000;

export interface TpchConfig {
	readonly table: Table;
	readonly scale: Scale;
	readonly inMemory: boolean;
}

export function tpchConfig(table: ConnectorTable): TpchConfig {
	const options = readOptions(table.options, TPCH_OPTIONS, { subject: "the 'tpch' connector" });
	const name = options.table ?? table.path.at(-1) ?? "";
	const found = tableNamed(name.toLowerCase());
	const factor = options["scale-factor"];
	if (factor > MOST_SCALE) {
		throw new EngineError("INVALID_OPTION", `'scale-factor' is ${factor}`, { expected: `at most ${MOST_SCALE}` });
	}
	if (found) return { table: found, scale: scaleOf(factor), inMemory: options["in-memory"] };
	const names = TABLES.map((one) => one.name);
	const near = nearestName(name, names);
	throw new EngineError("INVALID_OPTION", `TPC-H has no table '${name}'`, {
		expected: `'table' = one of ${names.join(", ")}`,
		...(near === undefined ? {} : { remedy: `Did you mean '${near}'?` }),
	});
}
