// Deduplicate: Top-1 by time, but for the first row by event time, which waits for the watermark. Windows have no kernels.
import type { OperatorDefinition } from "../operator.js";
import { firstByTime } from "./first-by-time.js";
import { topN } from "./top-n.js";

export const deduplicate: OperatorDefinition<"Deduplicate"> = {
	name: "Deduplicate",
	create: (spec, context) => {
		const { keys, order: time, keep, updateBefore, final, windowEnd } = spec;
		const latest = keep === "last";
		if (windowEnd !== undefined) return undefined;
		if (!latest && !final && time !== undefined) return firstByTime(spec, context);
		const order = time === undefined ? [] : [{ column: time, ascending: !latest, nullsFirst: !latest }];
		const one = { from: 1, to: 1, outputRank: false };
		return topN({ ...one, partition: keys, order, latest, updateBefore, final }, context);
	},
};
