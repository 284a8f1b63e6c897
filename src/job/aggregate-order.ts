// Aggregates whose result depends on the order in which a group's rows are added.
import type { AggregateCall } from "./specs.js";

const MERGED = ["LISTAGG", "ARRAY_AGG"];
const UNMERGED = ["FIRST_VALUE", "LAST_VALUE", "JSON_ARRAYAGG", "JSON_ARRAYAGG_NULL_ON_NULL"];

export const keepsOrder = ({ function: name }: AggregateCall): boolean =>
	MERGED.includes(name) || UNMERGED.includes(name);

/** Those that Flink cannot merge: it refuses them in windows that are made of slices or of sessions that grow together. */
export const unmergeable = (calls: readonly AggregateCall[]): AggregateCall | undefined =>
	calls.find(({ function: name, user }) => user === undefined && UNMERGED.includes(name));
