// The optimizer's rules in the order in which they run.
import type { Rule } from "./optimizer.js";
import { computeJoinKeys } from "./rules/compute-join-keys.js";
import { decorrelate } from "./rules/decorrelate.js";
import { dropWatermarks } from "./rules/drop-watermarks.js";
import { foldConstants } from "./rules/fold-constants.js";
import { fuseSorts } from "./rules/fuse-sorts.js";
import { mergeWindows } from "./rules/merge-windows.js";
import { orderJoins } from "./rules/order-joins.js";
import { propagateConstants } from "./rules/propagate-constants.js";
import { pruneColumns } from "./rules/prune-columns.js";
import { pushFilters } from "./rules/push-filters.js";
import { pushIntoScans } from "./rules/push-into-scans.js";
import { recognizeTopN } from "./rules/recognize-top-n.js";
import { shareSubplans } from "./rules/share-subplans.js";

export const rules: readonly Rule[] = [
	decorrelate,
	dropWatermarks,
	foldConstants,
	fuseSorts,
	// Before filters come between an aggregate and its windows.
	mergeWindows,
	// Brings the filter on a rank to the ranking.
	pushFilters,
	recognizeTopN,
	// Rankings let filters on their partition through, and say which watermarks they need.
	pushFilters,
	// Semi joins that reduce aggregates bring conditions of their own.
	orderJoins,
	pushFilters,
	computeJoinKeys,
	propagateConstants,
	shareSubplans,
	pruneColumns,
	pushIntoScans,
];
