// Deduplicate: Top-1 by time. Without kernels: windows, and the first row by event time, which waits for the watermark.
import type { OperatorDefinition } from "../operator.js";
import { topN } from "./top-n.js";

export const deduplicate: OperatorDefinition<"Deduplicate"> = {
	name: "Deduplicate",
	create: (spec, context) => {
		const { keys, order: time, keep, updateBefore, final, windowEnd } = spec;
		const latest = keep === "last";
		if (windowEnd !== undefined || (!latest && !final && time !== undefined)) return undefined;
		const order = time === undefined ? [] : [{ column: time, ascending: !latest, nullsFirst: !latest }];
		const one = { from: 1, to: 1, outputRank: false };
		return topN({ ...one, partition: keys, order, latest, updateBefore, final }, context);
	},
};
