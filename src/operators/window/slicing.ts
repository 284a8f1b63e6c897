// How windows are made of slices: every row falls into one slice, and a window is a run of whole slices, so that overlapping windows
// share the work. Slices are named by their start, windows by their end, in ms.
import type { WindowSpec } from "../../job/window.js";
import { greatestCommonDivisor } from "../../types/integers.js";

export interface Slicing {
	/** The column that decides, or undefined for processing time. */
	readonly column: number | undefined;
	/** Length of a slice, and where they start. */
	readonly unit: number;
	readonly offset: number;
	/** The window after which nobody needs the slice; -Infinity for a slice in a gap between windows. */
	lastEnd(slice: number): number;
	/** The first window with the slice whose end is after `time`. */
	firstEndAfter(slice: number, time: number): number;
	/** Start of the window's first slice. */
	startOf(end: number): number;
	/** Bound of the window's slices, not included. */
	boundOf(end: number): number;
	/** Start of the first slice that windows after this one need. */
	keptFrom(end: number): number;
	/** The window that follows, to be looked at after this one has fired; undefined: only rows make windows. */
	next(end: number): number | undefined;
}

type Sliced = Exclude<WindowSpec, { readonly kind: "session" }>;

export const floorTo = (time: number, size: number, offset: number) =>
	Math.floor((time - offset) / size) * size + offset;

export function slicingOf(spec: Sliced): Slicing {
	const column = spec.kind === "attached" || spec.eventTime ? spec.time : undefined;
	switch (spec.kind) {
		case "tumble":
			return { column, unit: spec.size, offset: spec.offset, ...single(spec.size) };
		case "attached":
			// Named by the end alone, which is where its rows are.
			return { column: spec.end, unit: 1, offset: 0, ...single(0), boundOf: after, keptFrom: after };
		case "hop":
			return { column, ...hopping(spec.size, spec.slide, spec.offset) };
		case "cumulate":
			return { column, ...cumulating(spec.size, spec.step, spec.offset) };
	}
}

const same = (end: number) => end;
const after = (end: number) => end + 1;

/** A slice is a window. */
function single(size: number) {
	const endOf = (slice: number) => slice + size;
	return {
		lastEnd: endOf,
		firstEndAfter: endOf,
		startOf: (end: number) => end - size,
		boundOf: same,
		keptFrom: same,
		next: () => undefined,
	};
}

function hopping(size: number, slide: number, offset: number) {
	const unit = greatestCommonDivisor(size, slide);
	const lastEnd = (slice: number) => {
		const end = floorTo(slice, slide, offset) + size;
		return end > slice ? end : Number.NEGATIVE_INFINITY;
	};
	const firstEnd = (slice: number) => floorTo(slice + unit - 1 - size, slide, offset) + slide + size;
	return {
		unit,
		offset: offset % unit,
		lastEnd,
		firstEndAfter: (slice: number, time: number) =>
			Math.max(firstEnd(slice), floorTo(time, slide, offset + size) + slide),
		startOf: (end: number) => end - size,
		boundOf: same,
		keptFrom: (end: number) => Math.min(end - size + slide, end),
		next: (end: number) => end + slide,
	};
}

function cumulating(size: number, step: number, offset: number) {
	const lastEnd = (slice: number) => floorTo(slice, size, offset) + size;
	return {
		unit: step,
		offset,
		lastEnd,
		firstEndAfter: (slice: number, time: number) => Math.max(slice + step, floorTo(time, step, offset) + step),
		startOf: (end: number) => floorTo(end - 1, size, offset),
		boundOf: same,
		keptFrom: same,
		next: (end: number) => (end === lastEnd(end - 1) ? undefined : end + step),
	};
}
