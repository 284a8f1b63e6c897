// Session windows per key: rows gather in sessions that grow and merge until the watermark closes them. Sessions that only touch merge
// too; whether a row is late is judged after merging. The accumulators of sessions that a row joins are merged before it is added, as in
// Flink: aggregates that keep an order see first the rows of one session, then those of the other, then the row.
import type { RowKind } from "../types/row-kind.js";
import type { TimeZone } from "../types/time-zone.js";
import type { Row } from "../types/value.js";
import type { Key } from "./keys.js";
import { isAddedOnly, type SlicePart, type SliceRows } from "./slice-order.js";
import { TimerQueue } from "./timers.js";
import { closingTime, type TimeWindow } from "./windows.js";

export interface Session extends TimeWindow {
	/** The rows in the order of arrival; what was merged stands where it was merged. */
	readonly rows: SliceRows;
}

interface OpenSession extends Session {
	start: number;
	end: number;
	rows: SlicePart[];
}

/**
 * Flink keeps the windows to be merged in a set of 16 buckets; the first of the set takes in the other, of one bucket the later. The
 * hash of a window is its start plus the inverse (modulo 2³²) of twice its end plus one.
 */
function bucketOf({ start, end }: TimeWindow): number {
	const odd = Math.imul(end | 0, 2) + 1;
	let inverse = Math.imul(Math.imul(odd, odd), odd);
	for (let step = 0; step < 3; step++) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
	const hash = (start + inverse) | 0;
	return (hash ^ (hash >>> 16)) & 15;
}

/** Rows taken back in the session that goes had been added there. */
function mergedRows(sessions: readonly OpenSession[]): SlicePart[] {
	const inOrder = sessions.toSorted((left, right) => bucketOf(left) - bucketOf(right) || right.start - left.start);
	return inOrder.flatMap(({ rows }, i): readonly SlicePart[] =>
		i === 0 || isAddedOnly(rows) ? rows : [{ merged: rows }],
	);
}

export class Sessions {
	readonly #gap: number;
	readonly #zone: TimeZone | undefined;
	#open = new Map<Key, OpenSession[]>();
	readonly #timers = new TimerQueue<Key>();

	constructor(gap: number, zone: TimeZone | undefined) {
		this.#gap = gap;
		this.#zone = zone;
	}

	/** Puts a row of wall-clock time `time` into its session; false when that one has closed already. */
	add(key: Key, time: number, row: Row, kind: RowKind, watermark: number): boolean {
		const sessions = this.#open.get(key);
		const touching = sessions?.filter((session) => session.start <= time + this.#gap && session.end >= time) ?? [];
		const start = touching.reduce((least, session) => Math.min(least, session.start), time);
		const end = touching.reduce((most, session) => Math.max(most, session.end), time + this.#gap);
		const closing = closingTime(end, this.#zone);
		if (closing <= watermark) return false;
		const [only] = touching;
		if (only !== undefined && touching.length === 1) {
			if (only.end !== end) this.#timers.register(closing, key);
			only.start = start;
			only.end = end;
			only.rows.push([row, kind]);
			return true;
		}
		this.#timers.register(closing, key);
		const merged = { start, end, rows: [...mergedRows(touching), [row, kind] as const] };
		this.#open.set(key, [...(sessions ?? []).filter((session) => !touching.includes(session)), merged]);
		return true;
	}

	/** Takes out the sessions that `watermark` closes, in the order of their ends. */
	*closed(watermark: number): Generator<readonly [Key, Session]> {
		for (let timer = this.#timers.next(watermark); timer !== undefined; timer = this.#timers.next(watermark)) {
			const { key, time } = timer;
			const sessions = this.#open.get(key) ?? [];
			const due = sessions.filter((session) => closingTime(session.end, this.#zone) <= time);
			if (due.length === 0) continue;
			const left = sessions.filter((session) => !due.includes(session));
			if (left.length === 0) this.#open.delete(key);
			else this.#open.set(key, left);
			for (const session of due) yield [key, session];
		}
	}

	snapshot(): unknown {
		return { open: this.#open, timers: this.#timers.snapshot() };
	}

	restore(state: unknown): void {
		const { open, timers } = state as { open: Map<Key, OpenSession[]>; timers: unknown };
		this.#open = open;
		this.#timers.restore(timers);
	}
}
