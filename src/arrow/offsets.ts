// Where the rows of Arrow columns of strings, binaries, lists and maps begin.
import type * as arrow from "apache-arrow";

/**
 * One offset more than rows. Where apache-arrow has made a column as long as others (a Table or RecordBatch of columns of different lengths), it
 * has set bits of NULLs and left the offsets as they were: those NULLs have none, or zeros. Here they begin where the last value ends.
 */
export function offsetsOf(source: arrow.Data): Int32Array | BigInt64Array {
	const { length, nullCount } = source;
	const offsets = source.valueOffsets as Int32Array | BigInt64Array;
	const isWhole = offsets.length > length && (nullCount === 0 || Number(offsets[length]) > Number(offsets[0]));
	if (isWhole) return offsets.subarray(0, length + 1);
	let held = length;
	while (held > 0 && !source.getValid(held - 1)) held--;
	const padded = offsets instanceof BigInt64Array ? new BigInt64Array(length + 1) : new Int32Array(length + 1);
	padded.set(offsets.subarray(0, held + 1) as never);
	return padded.fill(padded[held] as never, held);
}
