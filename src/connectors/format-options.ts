// The format of a table: which one the WITH clause names, and its options under their prefix.
import { EngineError } from "../errors.js";
import type { Format } from "../formats/format.js";
import { formatFor, formatNames } from "../formats/index.js";
import type { ConnectorTable } from "../job/specs.js";
import { type OptionDescriptions, option } from "../types/option.js";

export const FORMAT_OPTION = option.string({ doc: "How the data is written." });

/** MISSING_OPTION when the table names none. */
export function formatOf(table: ConnectorTable): Format {
	const { format } = table.options;
	if (format !== undefined) return formatFor(format);
	throw new EngineError("MISSING_OPTION", `the '${table.connector}' connector needs the option 'format'`, {
		expected: `one of ${formatNames().join(", ")}`,
		remedy: "Add 'format' = '…' to the WITH clause",
	});
}

/** The options of a format as a WITH clause spells them. */
export const prefixedOptions = (format: Format): OptionDescriptions =>
	Object.fromEntries(Object.entries(format.options).map(([name, each]) => [`${format.name}.${name}`, each]));

/** The options given to a format, without its prefix. */
export function formatOptions(table: ConnectorTable, format: Format): Record<string, string> {
	const prefix = `${format.name}.`;
	const given = Object.entries(table.options).filter(([name]) => name.startsWith(prefix));
	return Object.fromEntries(given.map(([name, value]) => [name.slice(prefix.length), value]));
}
