// Values: literal rows, sent when the job starts.
import { BATCH_ROWS } from "../../arrow/batch.js";
import { rowsToBatch } from "../../arrow/rows.js";
import type { OperatorDefinition } from "../operator.js";

export const values: OperatorDefinition<"Values"> = {
	name: "Values",
	create: ({ rows }, { region, vertex }) => ({
		process: () => {},
		finish(_input, out) {
			for (let from = 0; from < rows.length; from += BATCH_ROWS) {
				out.emit(rowsToBatch(region, vertex.schema, rows.slice(from, from + BATCH_ROWS)));
			}
		},
		dispose: () => {},
	}),
};
