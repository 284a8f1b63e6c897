// Event-time and processing-time windows: how a row finds its windows. Times and sizes are ms.

interface WindowCommon {
	/** The time column of the input (ms timestamps); for `attached` windows the window_end column. */
	readonly time: number;
	readonly eventTime: boolean;
	/** TIMESTAMP_LTZ time: windows are cut in this time zone; absent: UTC arithmetic. */
	readonly timeZone?: string | undefined;
	/** Of GROUP BY TUMBLE(…) and the like, not of a table function. */
	readonly groupWindow?: boolean;
}

export type WindowSpec =
	| (WindowCommon & { readonly kind: "tumble"; readonly size: number; readonly offset: number })
	/** Slices that windows share are merged from the last to the first, those of a group window from the first to the last. */
	| (WindowCommon & { readonly kind: "hop"; readonly size: number; readonly slide: number; readonly offset: number })
	/** `size` is the maximum size. */
	| (WindowCommon & {
			readonly kind: "cumulate";
			readonly size: number;
			readonly step: number;
			readonly offset: number;
	  })
	/** Sessions are per `partition` (input columns; the aggregate's keys when it aggregates). */
	| (WindowCommon & { readonly kind: "session"; readonly gap: number; readonly partition: readonly number[] })
	/** The input already carries window_start / window_end columns (cascaded windows). */
	| (WindowCommon & { readonly kind: "attached"; readonly start: number; readonly end: number });
