// The input columns that an aggregate call reads.
import type { AggregateCall } from "../job/specs.js";

export const columnsReadBy = (one: AggregateCall): number[] => [
	...one.args.filter((_, i) => one.literals?.[i] === undefined),
	...(one.filter === undefined ? [] : [one.filter]),
	...(one.orderBy ?? []).map((key) => key.column),
];
