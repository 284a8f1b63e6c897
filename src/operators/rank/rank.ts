// Rank: the first rows per partition.
import type { OperatorDefinition } from "../operator.js";
import { retractableTopN } from "./retractable-top-n.js";
import { topN } from "./top-n.js";
import { windowTopN } from "./window-top-n.js";

export const rank: OperatorDefinition<"Rank"> = {
	name: "Rank",
	create: (spec, context) => {
		const { to, inputUpdates, windowEnd } = spec;
		if (windowEnd !== undefined) {
			return typeof to === "number" ? windowTopN({ ...spec, to, windowEnd, latest: false }, context) : undefined;
		}
		const isPlain = spec.function === "ROW_NUMBER" && !inputUpdates && typeof to === "number";
		const top = isPlain ? topN({ ...spec, to, latest: false }, context) : undefined;
		return top ?? retractableTopN(spec, context);
	},
};
