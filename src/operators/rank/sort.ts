// Sort: of bounded input all at the end; with a limit, Top-N of the whole table.
import type { Schema } from "../../types/sql-type.js";
import type { OperatorDefinition } from "../operator.js";
import { OrderWords } from "./order-words.js";
import { retractableTopN } from "./retractable-top-n.js";
import { SortAll } from "./sort-all.js";
import { topN } from "./top-n.js";

export const sort: OperatorDefinition<"Sort"> = {
	name: "Sort",
	create: (spec, context) => {
		const { order, offset, fetch, inputUpdates, final } = spec;
		const ranks = { from: offset + 1, to: offset + (fetch ?? Number.POSITIVE_INFINITY), partition: [] };
		const plan = { ...ranks, order, outputRank: false, updateBefore: true, final };
		const top = inputUpdates ? undefined : topN({ ...plan, latest: false }, context);
		if (top) return top;
		if (!final || inputUpdates) return retractableTopN({ ...plan, function: "ROW_NUMBER", inputUpdates }, context);
		const words = OrderWords.withTexts(order, context.inputs[0] as Schema);
		return words && new SortAll(spec, words, context);
	},
};
