// Filters as near to the sources as their columns allow; WHERE conditions of comma joins become join conditions on the way.

import { pushDownFilters } from "../filters/push-down.js";
import type { Rule } from "../optimizer.js";
import { usedWatermarks } from "../watermark-use.js";

export const pushFilters: Rule = {
	name: "push-filters",
	required: true,
	apply(roots, { batch }) {
		const pushDown = pushDownFilters(batch ? new Set() : usedWatermarks(roots));
		return roots.map((root) => pushDown.push(root, []));
	},
};
