// Batches → JSON lines by the kernel.
import { type EncodeContext, type Encoder, writtenFields } from "../format.js";
import { QUOTING, type TextColumn, textRowsEncoder } from "../text-rows.js";
import type { JsonOptions } from "./options.js";
import { jsonWriter } from "./write-value.js";

/** Members between `start` and `end`. Undefined when what a row holds depends on its values (NULLs left out), or it holds nothing. */
export function jsonRowsEncoder(
	context: EncodeContext,
	options: JsonOptions,
	start: string,
	end: string,
): Encoder | undefined {
	if (options["encode.ignore-null-fields"] || context.columns.length === 0) return undefined;
	const columns = writtenFields(context).map(
		({ name, type }, i): TextColumn => ({
			index: context.columns[i] as number,
			type,
			before: `${i === 0 ? start : ","}${JSON.stringify(name)}:`,
			nullText: "null",
			quoting: QUOTING.JSON,
			timeQuoting: QUOTING.ALWAYS,
			quote: '"',
			separator: options["timestamp-format.standard"] === "SQL" ? " " : "T",
			plainDecimals: options["encode.decimal-as-plain-number"],
			write: jsonWriter(type, options),
		}),
	);
	return textRowsEncoder(columns, end);
}
