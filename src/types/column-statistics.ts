// What is known of a column's values before reading them: for choosing plans only, never for results.
import type { Value } from "./value.js";

export interface ColumnStatistics {
	/** Number of distinct values. */
	readonly distinct?: number | undefined;
	readonly min?: Value | undefined;
	readonly max?: Value | undefined;
	/** How often single values occur, as a share of the rows. */
	readonly shares?: readonly (readonly [Value, number])[] | undefined;
	readonly nullFraction?: number | undefined;
}
