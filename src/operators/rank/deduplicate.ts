// Deduplicate: Top-1 by time, but for the first row by event time, which waits for the watermark.
import type { OperatorDefinition } from "../operator.js";
import { firstByTime } from "./first-by-time.js";
import { topN } from "./top-n.js";
import { windowTopN } from "./window-top-n.js";

export const deduplicate: OperatorDefinition<"Deduplicate"> = {
	name: "Deduplicate",
	create: (spec, context) => {
		const { keys, order: time, keep, updateBefore, final, windowEnd, timeZone } = spec;
		const latest = keep === "last";
		if (windowEnd === undefined && !latest && !final && time !== undefined) return firstByTime(spec, context);
		const order = time === undefined ? [] : [{ column: time, ascending: !latest, nullsFirst: !latest }];
		const one = { partition: keys, order, from: 1, to: 1, outputRank: false, latest };
		if (windowEnd === undefined) return topN({ ...one, updateBefore, final }, context);
		return windowTopN({ ...one, function: "ROW_NUMBER", windowEnd, timeZone }, context);
	},
};
