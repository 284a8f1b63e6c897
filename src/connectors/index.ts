// The connectors by name, and the check of a table's options. Registering one is one line in `CONNECTORS`.
import { EngineError, nearestName } from "../errors.js";
import type { ConnectorTable } from "../job/specs.js";
import { checkOptionNames, type OptionDescriptions, option, readOptions } from "../types/option.js";
import { blackhole } from "./blackhole.js";
import type { Connector, TableDescription } from "./connector.js";
import { datagen } from "./datagen/index.js";
import { filesystem } from "./filesystem/index.js";
import { FORMAT_OPTION, formatOf, prefixedOptions } from "./format-options.js";
import { latency } from "./latency.js";
import { nexmark } from "./nexmark/index.js";
import { print } from "./print.js";
import { tpch } from "./tpch/index.js";
import { values } from "./values.js";

const CONNECTORS: readonly Connector[] = [blackhole, datagen, filesystem, latency, nexmark, print, tpch, values];

const byName = new Map(CONNECTORS.map((connector) => [connector.name, connector]));

export const connectorNames = (): readonly string[] => [...byName.keys()].sort();

/** The connector called `name`; UNKNOWN_OBJECT with the nearest name otherwise. */
export function connectorFor(name: string): Connector {
	const connector = byName.get(name);
	if (connector) return connector;
	const near = nearestName(name, byName.keys());
	throw new EngineError("UNKNOWN_OBJECT", `there is no connector '${name}'`, {
		expected: `one of ${connectorNames().join(", ")}`,
		...(near === undefined ? {} : { remedy: `Did you mean '${near}'?` }),
	});
}

/** Options that every table may carry. */
const TABLE_OPTIONS: OptionDescriptions = {
	connector: option.string({ doc: "The connector's name." }),
	"scan.parallelism": option.integer({ min: 1, doc: "Parallelism of the source." }),
	"sink.parallelism": option.integer({ min: 1, doc: "Parallelism of the sink." }),
	"scan.watermark.idle-timeout": option.duration({
		doc: "A source without rows for so long no longer holds back watermarks (instead of `table.exec.source.idle-timeout`).",
	}),
	"scan.watermark.*": option.string({ doc: "Watermark options of Flink, which tables may carry." }),
};

/** All options that a table of this connector may carry, by name. */
export function optionsOf(connector: Connector, table: ConnectorTable): OptionDescriptions {
	const own = { ...TABLE_OPTIONS, ...connector.options };
	return connector.formats ? { ...own, format: FORMAT_OPTION, ...prefixedOptions(formatOf(table)) } : own;
}

/** Refuses a table whose options are unknown, missing or malformed, naming the option. Returns its connector. */
export function checkTable(table: ConnectorTable): Connector {
	const connector = connectorFor(table.connector);
	const owner = { subject: `the '${connector.name}' connector` };
	const descriptions = optionsOf(connector, table);
	checkOptionNames(table.options, descriptions, owner);
	readOptions(table.options, descriptions, owner);
	return connector;
}

/** Checks the options, then says what the planner may rely on. */
export const describeTable = (table: ConnectorTable): TableDescription => checkTable(table).describe(table);
