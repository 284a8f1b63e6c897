// Bounded execution has no watermarks: what they are computed from need not be read.
import type { Rule } from "../optimizer.js";
import { columnsFrom } from "../plan-building.js";
import { rewriteUp } from "../rewrite-plan.js";

export const dropWatermarks: Rule = {
	name: "drop-watermarks",
	apply: (roots, { batch }) =>
		batch
			? rewriteUp(roots, (node) => {
					if (node.kind !== "Watermark") return node;
					// The column stays an event-time attribute for those who ask for one.
					return { kind: "Project", input: node.input, exprs: columnsFrom(node.schema), schema: node.schema };
				})
			: roots,
};
