// Which windows hold a row, and when they fire. Windows over TIMESTAMP_LTZ are cut in local time: their bounds are wall-clock ms, and
// an instant is made of them only to compare with the watermark.
import { EngineError } from "../errors.js";
import type { WindowSpec } from "../job/window.js";
import type { Schema } from "../types/sql-type.js";
import { localToUtc, passingOf, type TimeZone, timeZoneOf, utcToLocal } from "../types/time-zone.js";
import type { Row, Value } from "../types/value.js";
import { timestampUnit } from "../types/value.js";
import type { OperatorContext } from "./context.js";
import { nullRowtime } from "./watermark-assigner.js";

/** [start, end) in wall-clock ms. */
export interface TimeWindow {
	readonly start: number;
	readonly end: number;
}

/** The last of the times `offset` + n × `size` that is not after `time`. */
export const floorTo = (time: number, size: number, offset: number) =>
	Math.floor((time - offset) / size) * size + offset;

/** The end − 1 of a window as an instant: the watermark that closes it. */
export function closingTime(end: number, zone: TimeZone | undefined): number {
	return zone === undefined ? end - 1 : passingOf(zone, end - 1);
}

export const zoneOf = (id: string | undefined): TimeZone | undefined =>
	id === undefined || id === "UTC" ? undefined : timeZoneOf(id);

export class WindowAssigner {
	readonly zone: TimeZone | undefined;
	readonly #spec: WindowSpec;
	readonly #batch: boolean;
	readonly #now: () => number;
	readonly #toMs: (value: Value) => number;

	constructor(spec: WindowSpec, input: Schema, context: OperatorContext) {
		this.#spec = spec;
		this.zone = zoneOf(spec.timeZone);
		this.#batch = context.functions.batch;
		this.#now = () => context.now();
		this.#toMs = millisecondsOf(input, spec.time);
	}

	/** The row's time as wall-clock ms; undefined for a NULL in batch, which belongs to no window. */
	timeOf(row: Row): number | undefined {
		const value = this.#spec.eventTime ? row[this.#spec.time]! : this.#now();
		if (value === null) {
			if (this.#batch) return undefined;
			throw nullRowtime();
		}
		const time = this.#toMs(value);
		return this.zone === undefined ? time : utcToLocal(this.zone, time);
	}

	/** The windows of a row, the first to close first. */
	windowsOf(row: Row): readonly TimeWindow[] {
		const spec = this.#spec;
		if (spec.kind === "attached") return [{ start: Number(row[spec.start]), end: Number(row[spec.end]) }];
		const time = this.timeOf(row);
		if (time === undefined) return [];
		switch (spec.kind) {
			case "tumble": {
				const start = floorTo(time, spec.size, spec.offset);
				return [{ start, end: start + spec.size }];
			}
			case "hop": {
				const windows: TimeWindow[] = [];
				for (let start = floorTo(time, spec.slide, spec.offset); start > time - spec.size; start -= spec.slide) {
					windows.push({ start, end: start + spec.size });
				}
				return windows.reverse();
			}
			case "cumulate": {
				const start = floorTo(time, spec.size, spec.offset);
				const windows: TimeWindow[] = [];
				for (let end = floorTo(time, spec.step, start) + spec.step; end <= start + spec.size; end += spec.step) {
					windows.push({ start, end });
				}
				return windows;
			}
			case "session":
				throw new EngineError("INTERNAL", "Sessions are not cut row by row");
		}
	}

	closingTime(window: TimeWindow): number {
		return closingTime(window.end, this.zone);
	}

	/** The values of the window columns. */
	properties(window: TimeWindow, names: readonly ("start" | "end" | "time")[]): Value[] {
		return names.map((name) => {
			if (name === "start") return window.start;
			if (name === "end") return window.end;
			return this.zone === undefined ? window.end - 1 : localToUtc(this.zone, window.end - 1);
		});
	}
}

function millisecondsOf(input: Schema, column: number): (value: Value) => number {
	const type = input[column]?.type;
	const unit = type?.kind === "TIMESTAMP" || type?.kind === "TIMESTAMP_LTZ" ? timestampUnit(type.precision) : "ms";
	if (unit === "ms") return Number;
	const scale = unit === "us" ? 1000 : 1_000_000;
	return (value) => Math.floor(Number(value) / scale);
}
