// A batch lent to a callback: views of the kernels' memory, which are taken back when it returns.
import type * as arrow from "apache-arrow";
import { EngineError, thrownText } from "../errors.js";
import type { Region } from "../wasm/region.js";

/** What `onBatch` is: done with the batch when it returns. */
export type BatchCallback = (batch: arrow.RecordBatch) => void;

/** `batch`: views of the region's memory. Nothing may run in the region meanwhile. */
export function lend(batch: arrow.RecordBatch, region: Region, onBatch: BatchCallback): void {
	try {
		refuseAsync(called(onBatch, batch));
	} finally {
		takeBack(batch);
		region.voidViews();
	}
}

function called(onBatch: BatchCallback, batch: arrow.RecordBatch): unknown {
	try {
		return onBatch(batch);
	} catch (cause) {
		throw new EngineError("USER_FUNCTION", `onBatch failed: ${thrownText(cause)}`, {
			expected: "a function that returns",
			remedy: "The error's cause is what it threw",
			cause,
		});
	}
}

function refuseAsync(returned: unknown): void {
	if (!isPromise(returned)) return;
	// Whatever it does with the batch later fails: the caller is told here, not by an unhandled rejection, which would end the process.
	Promise.resolve(returned).catch(() => {});
	throw new EngineError("INVALID_ARGUMENT", "onBatch returned a promise", {
		expected: "a function that is done with the batch when it returns",
		remedy: "Leave out onBatch and iterate over the operator: those batches own their memory",
	});
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
	typeof (value as PromiseLike<unknown> | undefined)?.then === "function";

/** Vectors read the buffers of their column, rows the columns of the batch. */
function takeBack(batch: arrow.RecordBatch): void {
	const { data } = batch;
	for (const column of data.children) Object.defineProperties(column, GONE);
	Object.defineProperty(data, "children", TAKEN_BACK);
	Object.defineProperty(batch, "data", TAKEN_BACK);
}

const TAKEN_BACK = {
	get(): never {
		throw new EngineError("INVALID_STATE", "A batch was used after onBatch had returned", {
			expected: "use while onBatch runs",
			remedy: "Copy what is to stay, such as vector.toArray().slice(), or iterate over the operator",
		});
	},
} as const;

const GONE = { values: TAKEN_BACK, valueOffsets: TAKEN_BACK, nullBitmap: TAKEN_BACK } as const;
