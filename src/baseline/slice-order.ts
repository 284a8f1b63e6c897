// The order in which the aggregates of hopping and cumulating windows see rows. Flink cuts such windows into slices, the rows of one
// slice in the order of arrival. It merges the slices of a cumulating window and of GROUP BY HOP(…) from the first to the last, those of
// HOP as a table function from the last to the first. Only aggregates that keep an order tell the difference.
import { keepsOrder } from "../job/aggregate-order.js";
import type { AggregateCall } from "../job/specs.js";
import type { WindowSpec } from "../job/window.js";
import { greatestCommonDivisor } from "../types/integers.js";
import { isAddition, type RowKind } from "../types/row-kind.js";
import type { Row } from "../types/value.js";
import type { Group } from "./aggregates.js";
import { getOrCreate } from "./keys.js";
import { floorTo } from "./windows.js";

/** A row with its kind, or what is left of rows that are added up apart from all others. */
export type SlicePart = readonly [Row, RowKind] | { readonly merged: SliceRows };

/** Rows in the order of arrival. */
export type SliceRows = readonly SlicePart[];

export const isAddedOnly = (rows: SliceRows): rows is readonly (readonly [Row, RowKind])[] =>
	rows.every((part) => !("merged" in part) && isAddition(part[1]));

/** Every row, in the order of the parts. */
export const rowsOf = (parts: SliceRows): (readonly [Row, RowKind])[] =>
	parts.flatMap((part) => ("merged" in part ? rowsOf(part.merged) : [part]));

/** The rows of one window and key by the start of their slice. */
export type SlicedRows = Map<number, (readonly [Row, RowKind])[]>;

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
		return calls.some(keepsOrder) ? new SliceOrder(spec, hasFired) : undefined;
	}

	add(rows: SlicedRows, time: number, row: Row, kind: RowKind): void {
		getOrCreate(rows, this.#sliceOf(time), () => []).push([row, kind]);
	}

	/** Rows that come late for a cumulating window's slice follow what has been merged: they are half a step behind the last such slice. */
	#sliceOf(time: number): number {
		const spec = this.#spec;
		if (spec.kind === "hop") return floorTo(time, greatestCommonDivisor(spec.size, spec.slide), spec.offset);
		const slice = floorTo(time, spec.step, spec.offset);
		if (!this.#hasFired(slice + spec.step)) return slice;
		let merged = slice;
		while (this.#hasFired(merged + 2 * spec.step)) merged += spec.step;
		return merged + spec.step / 2;
	}

	/** Slices are added up each by itself, late rows one after the other. */
	addTo(group: Group, rows: SlicedRows): void {
		const slices = [...rows.keys()].sort((left, right) => left - right);
		const spec = this.#spec;
		if (spec.kind === "hop" && !spec.groupWindow) slices.reverse();
		for (const slice of slices) {
			const some = rows.get(slice)!;
			const isLate = spec.kind === "cumulate" && floorTo(slice, spec.step, spec.offset) !== slice;
			if (isLate) for (const [row, kind] of some) group.change(row, kind);
			else group.addSlice(some);
		}
	}
}
