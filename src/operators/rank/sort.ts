// Sort: of bounded input all at the end; with a limit, Top-N of the whole table of rows that are only added.
import type { Schema } from "../../types/sql-type.js";
import type { OperatorDefinition } from "../operator.js";
import { OrderWords } from "./order-words.js";
import { SortAll } from "./sort-all.js";
import { topN } from "./top-n.js";

export const sort: OperatorDefinition<"Sort"> = {
	name: "Sort",
	create: (spec, context) => {
		const { order, offset, fetch, inputUpdates, final } = spec;
		if (inputUpdates) return undefined;
		const ranks = { from: offset + 1, to: offset + (fetch ?? Number.POSITIVE_INFINITY), partition: [] };
		const top = topN({ ...ranks, order, latest: false, outputRank: false, updateBefore: true, final }, context);
		if (top || !final) return top;
		const words = OrderWords.withTexts(order, context.inputs[0] as Schema);
		return words && new SortAll(spec, words, context);
	},
};
