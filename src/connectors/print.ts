// The `print` sink: one line per change, as Flink prints them: `+I[1, a]`.
import { batchKinds, batchToRows } from "../arrow/rows.js";

import { option, readOptions } from "../types/option.js";
import { ROW_KIND_TEXT } from "../types/row-kind.js";
import type { Connector, SinkContext } from "./connector.js";
import { printText } from "./print-text.js";

const PRINT_OPTIONS = {
	"print-identifier": option.string({ doc: "Stands before each line." }),
	"standard-error": option.boolean({ default: false, doc: "Prints to standard error instead of standard output." }),
} as const;

export const print: Connector = {
	name: "print",
	doc: "Prints every change: for development.",
	options: PRINT_OPTIONS,
	describe: () => ({ changelog: "insert", bounded: true }),
	sink: {
		accepts: () => "retract",
		open(context) {
			const { region, schema } = context;
			const types = schema.map(({ type }) => type);
			const prefix = linePrefix(context);
			const output = outputOf(context);
			return {
				write(batch) {
					const kinds = batchKinds(region, batch);
					let text = "";
					for (const [i, row] of batchToRows(region, batch).entries()) {
						const values = row.map((value, column) => printText(value, types[column]!)).join(", ");
						text += `${prefix}${ROW_KIND_TEXT[kinds[i]!]}[${values}]\n`;
					}
					output(text);
				},
				flush: () => undefined,
				finish: () => undefined,
				close: () => undefined,
			};
		},
	},
};

const owner = { subject: "the 'print' connector" };

/** `identifier:task> `; the task only when there are several. */
function linePrefix({ table, subtask, parallelism }: SinkContext): string {
	const identifier = readOptions(table.options, PRINT_OPTIONS, owner)["print-identifier"];
	const task = parallelism > 1 ? String(subtask + 1) : undefined;
	const parts = [identifier, task].filter((part) => part !== undefined && part !== "");
	return parts.length === 0 ? "" : `${parts.join(":")}> `;
}

function outputOf({ table, output }: SinkContext): (text: string) => void {
	const toError = readOptions(table.options, PRINT_OPTIONS, owner)["standard-error"];
	if (output) return toError ? output.error : output.out;
	const stream = toError ? process.stderr : process.stdout;
	return (text) => void stream.write(text);
}
