// What functions may know about the session they run in.

/** What a call may know about its session. One object per job; plain data, so that it travels to workers. */
export interface FunctionContext {
	/** `table.local-time-zone`, an IANA name or offset. */
	readonly timeZone: string;
	/** Wall-clock ms when the query started: CURRENT_TIMESTAMP in batch mode. */
	readonly queryStartMs: number;
	readonly batch: boolean;
	readonly currentCatalog: string;
	readonly currentDatabase: string;
	/**
	 * Wall-clock ms of the rows at hand: CURRENT_TIMESTAMP in streaming mode, the same in all expressions of an operator. Whoever drives
	 * operators sets it before each call (setMoment). Absent: nobody does; it is always when the query started.
	 */
	readonly moment?: { ms: number } | undefined;
	/** Of the operator that evaluates, which keeps it up to date: the watermark that has arrived, ms. Absent: it does not tell. */
	readonly arrived?: { watermark: number | null } | undefined;
}

/** Wall-clock ms of the rows at hand. */
export const momentOf = ({ moment, queryStartMs }: FunctionContext): number => moment?.ms ?? queryStartMs;

/** The rows that come now have the moment `ms`. */
export function setMoment({ moment }: FunctionContext, ms: number): void {
	if (moment) moment.ms = ms;
}
