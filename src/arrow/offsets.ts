// Where the rows of Arrow columns of strings, binaries, lists and maps begin.
import type * as arrow from "apache-arrow";
import type { EngineError } from "../errors.js";
import { malformed, type Place } from "./malformed.js";

export type Offsets = Int32Array | BigInt64Array;

/**
 * One offset more than rows; the first and the last lie within the `available` bytes or elements of the child, what is between is not looked at.
 * Throws INVALID_ARGUMENT where they do not, or where there are too few.
 *
 * Where apache-arrow has made a column as long as others (a Table or RecordBatch of columns of different lengths), it has set bits of NULLs and
 * left the offsets as they were: those NULLs have none, or zeros. Here they begin where the last value ends.
 */
export function offsetsOf(source: arrow.Data, available: number, place: Place): Offsets {
	const { length, nullCount } = source;
	const offsets = source.valueOffsets as Offsets;
	const kind = offsets?.[Symbol.toStringTag];
	if (kind !== "Int32Array" && kind !== "BigInt64Array") {
		throw malformed(place, undefined, `it has ${kind ?? "nothing"} for offsets`, "an Int32Array or BigInt64Array");
	}
	const isWhole = offsets.length > length && (nullCount === 0 || Number(offsets[length]) > Number(offsets[0]));
	const found = isWhole ? offsets.subarray(0, length + 1) : padded(source, offsets, place);
	if (!isWithin(Number(found[0]), Number(found[length]), available)) throw misplaced(found, available, place);
	return found;
}

function padded(source: arrow.Data, offsets: Offsets, place: Place): Offsets {
	const { length } = source;
	let held = length;
	while (held > 0 && !source.getValid(held - 1)) held--;
	if (offsets.length <= held) {
		throw malformed(place, Math.max(offsets.length - 1, 0), `it has ${offsets.length} offsets`, `${held + 1} of them`);
	}
	const all = isLarge(offsets) ? new BigInt64Array(length + 1) : new Int32Array(length + 1);
	all.set(offsets.subarray(0, held + 1) as never);
	return all.fill(all[held] as never, held);
}

/** Whatever realm the array is of. */
export const isLarge = (offsets: Offsets): boolean => offsets.BYTES_PER_ELEMENT === 8;

/** Throws INVALID_ARGUMENT where the value of a row does not lie within the `available` ones, behind those of the rows before. */
export function checkOffsets(offsets: Offsets, available: number, place: Place): void {
	if (firstMisplaced(offsets, available) < offsets.length - 1) throw misplaced(offsets, available, place);
}

/** Why the first row that is wrong is refused. */
export function misplaced(offsets: Offsets, available: number, place: Place): EngineError {
	const row = firstMisplaced(offsets, available);
	const problem = `its value lies from ${offsets[row]} to ${offsets[row + 1]} of ${available}`;
	return malformed(place, row, problem, "offsets that rise from 0 at least to the length of the values at most");
}

function firstMisplaced(offsets: Offsets, available: number): number {
	const rows = offsets.length - 1;
	let row = 0;
	while (row < rows && isWithin(Number(offsets[row]), Number(offsets[row + 1]), available)) row++;
	return row;
}

const isWithin = (start: number, end: number, available: number): boolean =>
	start >= 0 && end >= start && end <= available;
