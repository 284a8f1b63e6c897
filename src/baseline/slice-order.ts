// The order in which the aggregates of hopping and cumulating windows see rows. Flink cuts such windows into slices, the rows of one
// slice in the order of arrival, and merges a hopping window's slices from the last to the first, a cumulating one's from the first to
// the last. Only aggregates that keep an order tell the difference.
import type { AggregateCall } from "../job/specs.js";
import type { WindowSpec } from "../job/window.js";
import type { RowKind } from "../types/row-kind.js";
import type { Row } from "../types/value.js";
import { getOrCreate } from "./keys.js";
import { floorTo } from "./windows.js";

/** The rows of one window and key by the start of their slice. */
export type SlicedRows = Map<number, (readonly [Row, RowKind])[]>;

const ORDERED = new Set(["LISTAGG", "ARRAY_AGG", "JSON_ARRAYAGG"]);

export class SliceOrder {
	readonly #spec: Extract<WindowSpec, { kind: "hop" | "cumulate" }>;
	readonly #hasFired: (end: number) => boolean;

	private constructor(spec: Extract<WindowSpec, { kind: "hop" | "cumulate" }>, hasFired: (end: number) => boolean) {
		this.#spec = spec;
		this.#hasFired = hasFired;
	}

	/** Undefined when the order of arrival is right: no slices, or no aggregate that keeps it. */
	static of(
		spec: WindowSpec,
		calls: readonly AggregateCall[],
		hasFired: (end: number) => boolean,
	): SliceOrder | undefined {
		if (spec.kind !== "hop" && spec.kind !== "cumulate") return undefined;
		return calls.some((call) => ORDERED.has(call.function)) ? new SliceOrder(spec, hasFired) : undefined;
	}

	add(rows: SlicedRows, time: number, row: Row, kind: RowKind): void {
		getOrCreate(rows, this.#sliceOf(time), () => []).push([row, kind]);
	}

	#sliceOf(time: number): number {
		const spec = this.#spec;
		if (spec.kind === "hop") return floorTo(time, spec.slide, spec.offset);
		const windowStart = floorTo(time, spec.size, spec.offset);
		let slice = floorTo(time, spec.step, windowStart);
		// What fired has been merged already; a row that comes late follows it.
		while (this.#hasFired(slice + 2 * spec.step)) slice += spec.step;
		return slice;
	}

	inOrder(rows: SlicedRows): (readonly [Row, RowKind])[] {
		const slices = [...rows.keys()].sort((left, right) => left - right);
		if (this.#spec.kind === "hop") slices.reverse();
		return slices.flatMap((slice) => rows.get(slice)!);
	}
}
