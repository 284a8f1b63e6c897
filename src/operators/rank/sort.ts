// Sort with a limit: Top-N of the whole table, of rows that are only added.
import type { OperatorDefinition } from "../operator.js";
import { topN } from "./top-n.js";

export const sort: OperatorDefinition<"Sort"> = {
	name: "Sort",
	create: ({ order, offset, fetch, inputUpdates, final }, context) => {
		if (fetch === undefined || inputUpdates) return undefined;
		const ranks = { from: offset + 1, to: offset + fetch, partition: [] };
		return topN({ ...ranks, order, latest: false, outputRank: false, updateBefore: true, final }, context);
	},
};
