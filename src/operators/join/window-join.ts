// WindowJoin: rows wait until their window closes, then those of both sides are joined like bounded inputs. Rows whose window has closed
// before are late, counted and dropped.
import type { Batch } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import type { JoinSpec, WindowJoinSpec } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import {
	MAX_WATERMARK,
	type Operator,
	type OperatorContext,
	type OperatorDefinition,
	type Output,
	type StateReader,
	type StateWriter,
} from "../operator.js";
import { lastClosedEnd, ZoneClock } from "../window/zone-clock.js";
import { join } from "./join.js";
import { WindowRows } from "./window-rows.js";

const TABLES = ["left", "right"] as const;
/** Windows that are joined one by one; when more close at once, they are joined together with the window as part of the key. */
const SINGLE_WINDOWS = 4;

class WindowJoin implements Operator {
	readonly #spec: WindowJoinSpec;
	readonly #context: OperatorContext;
	readonly #ends: readonly [number, number];
	readonly #waiting: readonly [WindowRows, WindowRows];
	readonly #clock: ZoneClock | undefined;
	#endedInputs = 0;
	#watermark = Number.MIN_SAFE_INTEGER;
	/** The last end of a window that has closed. */
	#closed = Number.MIN_SAFE_INTEGER;

	constructor(spec: WindowJoinSpec, context: OperatorContext) {
		this.#spec = spec;
		this.#context = context;
		const { region, owner, inputs } = context;
		this.#ends = [spec.leftWindowEnd, spec.rightWindowEnd];
		const { leftWindowStart, rightWindowStart } = spec;
		this.#waiting = [
			new WindowRows(region, owner, inputs[0]!, { end: spec.leftWindowEnd, start: leftWindowStart }),
			new WindowRows(region, owner, inputs[1]!, { end: spec.rightWindowEnd, start: rightWindowStart }),
		];
		this.#clock = ZoneClock.of(region, spec.timeZone);
	}

	process(batch: Batch, input: number): void {
		if (batch.length === 0) return;
		const { region, metrics } = this.#context;
		const indices = region.arena.allocate(batch.length * 4);
		const ends = batch.columns[this.#ends[input as 0 | 1]]!.data;
		const open = region.kernels.timesAfter(ends, batch.length, this.#closed, indices);
		metrics.lateRecordsDropped += batch.length - open;
		const kept = open === batch.length ? batch : takeBatch(region, batch, indices, open);
		this.#waiting[input as 0 | 1].add(kept);
	}

	advance(watermark: number, out: Output): void {
		if (this.#spec.final) return;
		this.#watermark = watermark;
		this.#closed = lastClosedEnd(watermark, this.#clock);
		this.#close(this.#closed, out);
	}

	finish(_input: number, out: Output): void {
		if (this.#spec.final && ++this.#endedInputs === 2) this.#join(MAX_WATERMARK, true, out);
	}

	snapshot(writer: StateWriter): void {
		writer.value("watermark", this.#watermark);
		for (const side of [0, 1] as const) {
			const keys = side === 0 ? this.#spec.leftKeys : this.#spec.rightKeys;
			writer.table(TABLES[side], this.#context.inputs[side]!, this.#waiting[side].saved(), keys);
		}
	}

	restore(reader: StateReader): void {
		const watermark = reader.value("watermark");
		if (typeof watermark === "number") {
			this.#watermark = watermark;
			this.#closed = lastClosedEnd(watermark, this.#clock);
		}
		for (const side of [0, 1] as const) {
			for (const batch of reader.table(TABLES[side])) this.#waiting[side].add(batch);
		}
	}

	dispose(): void {
		for (const waiting of this.#waiting) waiting.dispose();
	}

	#close(limit: number, out: Output): void {
		for (let windows = 1; ; windows++) {
			const end = Math.min(this.#waiting[0].earliest, this.#waiting[1].earliest);
			if (end > limit) return;
			if (windows > SINGLE_WINDOWS) {
				this.#join(limit, true, out);
				return;
			}
			this.#join(end, false, out);
		}
	}

	/** Joins the rows of windows that end by `limit`, several windows or just one. */
	#join(limit: number, several: boolean, out: Output): void {
		const { arena } = this.#context.region;
		const operator = join.create(this.#joinSpec(several), this.#context)!;
		try {
			for (const side of [1, 0] as const) {
				for (const batch of this.#waiting[side].take(limit)) {
					const mark = arena.mark();
					operator.process(batch, side, out);
					arena.release(mark);
				}
				const mark = arena.mark();
				operator.finish!(side, out);
				arena.release(mark);
			}
		} finally {
			operator.dispose();
		}
	}

	#joinSpec(several: boolean): JoinSpec {
		const { type, leftKeys, rightKeys, nullSafe, condition, leftWidth } = this.#spec;
		const [left, right] = several ? this.#ends.map((end) => [end]) : [[], []];
		return {
			operator: "Join",
			type,
			leftKeys: [...left!, ...leftKeys],
			rightKeys: [...right!, ...rightKeys],
			nullSafe: [...left!.map(() => false), ...nullSafe],
			condition,
			leftWidth,
			build: "right",
			leftUpdates: false,
			rightUpdates: false,
		};
	}
}

export const windowJoin: OperatorDefinition<"WindowJoin"> = {
	name: "WindowJoin",
	create: (spec, context) => (endsAreTimes(spec, context.inputs) ? new WindowJoin(spec, context) : undefined),
};

function endsAreTimes({ leftWindowEnd, rightWindowEnd }: WindowJoinSpec, [left, right]: readonly Schema[]): boolean {
	return [left?.[leftWindowEnd], right?.[rightWindowEnd]].every((field) => field?.type.kind.startsWith("TIMESTAMP"));
}
