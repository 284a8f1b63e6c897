// Rank: the first rows per partition. Kernels: ROW_NUMBER over rows that are only added, a constant number of them, without windows.
import type { OperatorDefinition } from "../operator.js";
import { topN } from "./top-n.js";

export const rank: OperatorDefinition<"Rank"> = {
	name: "Rank",
	create: (spec, context) => {
		const { to, inputUpdates, windowEnd } = spec;
		if (spec.function !== "ROW_NUMBER" || typeof to !== "number" || inputUpdates || windowEnd !== undefined) {
			return undefined;
		}
		return topN({ ...spec, to, latest: false }, context);
	},
};
