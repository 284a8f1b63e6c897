// The wall clock of a time zone for columns of times: windows over TIMESTAMP_LTZ are cut in local time, and an instant is made of their
// ends only to compare with the watermark and to send it.
import type { Column } from "../../arrow/batch.js";
import { timestamp } from "../../types/sql-type.js";
import { changeBetween, localToUtc, passingOf, type TimeZone, timeZoneOf, utcToLocal } from "../../types/time-zone.js";
import type { Region } from "../../wasm/region.js";
import { MAX_WATERMARK } from "../operator.js";
import { unitsPerMs } from "./slice-parts.js";

const DAY_MS = 86_400_000;
/** Beyond the days of a calendar: the watermarks of no and of all time. */
const LAST_INSTANT = 8_000_000_000_000_000;
const LOCAL = timestamp(3);
/** How far a span is looked for on either side of a time. */
const REACH_DAYS = 200;
const SPAN_BYTES = 24;
/** Times of more spans than these come seldom; the oldest is forgotten. */
const MAX_SPANS = 64;

/** Times of which the same has to be added. */
interface Span {
	readonly from: number;
	/** Not included. */
	readonly to: number;
	readonly difference: number;
}

export class ZoneClock {
	readonly #zone: TimeZone;
	readonly #local: Shift;
	readonly #instants: Shift;

	private constructor(region: Region, zone: TimeZone) {
		this.#zone = zone;
		this.#local = new Shift(region, (time) => zone.offsetAt(time));
		this.#instants = new Shift(region, (time) => localToUtc(zone, time) - time);
	}

	/** Undefined: UTC, in which times are as they are. */
	static of(region: Region, id: string | undefined): ZoneClock | undefined {
		return id === undefined || id === "UTC" ? undefined : new ZoneClock(region, timeZoneOf(id));
	}

	/** A column of instants as wall-clock ms, in the arena. */
	local({ type, data, validity }: Column, n: number): Column {
		const local = this.#local.apply(data, validity, unitsPerMs(type), n);
		return { type: LOCAL, physical: "i64", data: local, validity };
	}

	/** The wall-clock ms of an instant. */
	localOf(instant: number): number {
		return utcToLocal(this.#zone, instant);
	}

	/** The instants of wall-clock ms in an i64 column; of two the earlier one. */
	instants(locals: number, n: number): number {
		return this.#instants.apply(locals, 0, 1, n);
	}

	instantOf(local: number): number {
		return localToUtc(this.#zone, local);
	}

	/** When a window closes that ends with this wall-clock ms. */
	closingOf(last: number): number {
		return passingOf(this.#zone, last);
	}

	/** The greatest wall-clock ms that has passed for good at an instant: those that come twice when they have come the second time. */
	passed(instant: number): number {
		if (Math.abs(instant) > LAST_INSTANT) return instant;
		const [before, after] = [this.#zone.offsetAt(instant - DAY_MS), this.#zone.offsetAt(instant + DAY_MS)];
		if (before === after) return instant + before;
		const change = changeBetween(this.#zone, instant - DAY_MS, instant + DAY_MS);
		return instant < change ? Math.min(instant + before, change + after - 1) : instant + after;
	}
}

/** The greatest window end that `watermark` closes: its last millisecond, as an instant, is not after the watermark. */
export function lastClosedEnd(watermark: number, clock: ZoneClock | undefined): number {
	if (watermark >= MAX_WATERMARK || watermark <= Number.MIN_SAFE_INTEGER) return watermark;
	return (clock?.passed(watermark) ?? watermark) + 1;
}

/** Adds a difference that changes with time, but at most once a day. */
class Shift {
	readonly #region: Region;
	readonly #differenceAt: (time: number) => number;
	#spans: Span[] = [];

	constructor(region: Region, differenceAt: (time: number) => number) {
		this.#region = region;
		this.#differenceAt = differenceAt;
	}

	apply(times: number, validity: number, scale: number, n: number): number {
		const { arena, kernels } = this.#region;
		const out = arena.allocate(n * 8);
		for (let row = 0; ; ) {
			const mark = arena.mark();
			const spans = this.#written();
			row = kernels.zoneShift(times, validity, scale, row, n, spans, this.#spans.length, out);
			arena.release(mark);
			if (row === n) return out;
			const time = floorDivide(this.#region.i64[(times >>> 3) + row] as bigint, BigInt(scale));
			this.#spans = [this.#spanAt(time), ...this.#spans.slice(0, MAX_SPANS - 1)];
		}
	}

	#written(): number {
		const { arena } = this.#region;
		const address = arena.allocate(this.#spans.length * SPAN_BYTES);
		for (const [i, { from, to, difference }] of this.#spans.entries()) {
			const at = (address >>> 3) + i * 3;
			const words = this.#region.i64;
			words[at] = BigInt(from);
			words[at + 1] = BigInt(to);
			words[at + 2] = BigInt(difference);
		}
		return address;
	}

	#spanAt(time: number): Span {
		const difference = this.#differenceAt(time);
		let [from, to] = [time, time + 1];
		for (let day = 0; day < REACH_DAYS && this.#differenceAt(from - DAY_MS) === difference; day++) from -= DAY_MS;
		for (let day = 0; day < REACH_DAYS && this.#differenceAt(to + DAY_MS) === difference; day++) to += DAY_MS;
		return { from, to, difference };
	}
}

function floorDivide(value: bigint, by: bigint): number {
	return Number(value / by) - (value % by < 0n ? 1 : 0);
}
