// Session windows per key: rows gather in sessions that grow and merge until the watermark closes them. Sessions that only touch merge
// too; whether a row is late is judged after merging.
import type { RowKind } from "../types/row-kind.js";
import type { TimeZone } from "../types/time-zone.js";
import type { Row } from "../types/value.js";
import type { Key } from "./keys.js";
import { TimerQueue } from "./timers.js";
import { closingTime, type TimeWindow } from "./windows.js";

export interface Session extends TimeWindow {
	/** The rows in the order of arrival, those of merged sessions one session after the other, with their kinds. */
	readonly rows: readonly (readonly [Row, RowKind])[];
}

interface OpenSession extends Session {
	start: number;
	end: number;
	rows: (readonly [Row, RowKind])[];
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
		const inOrder = touching.sort((left, right) => left.start - right.start);
		const merged = { start, end, rows: [...inOrder.flatMap(({ rows }) => rows), [row, kind] as const] };
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
