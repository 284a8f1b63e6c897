// A batch lent to a callback: views of the kernels' memory, which are taken back when it returns.
import type * as arrow from "apache-arrow";
import { EngineError, thrownText } from "../errors.js";
import type { Region } from "../wasm/region.js";

/** What `onBatch` is: done with the batch when it returns. */
export type BatchCallback = (batch: arrow.RecordBatch) => void;

/** `batch`: views of the region's memory. Nothing may run in the region meanwhile. */
export function lend(batch: arrow.RecordBatch, region: Region, onBatch: BatchCallback): void {
	const { data } = batch;
	const columns = [...data.children];
	let isBack = false;
	try {
		call(onBatch, batch);
	} finally {
		isBack = takeBack([batch, ["data"]], [data, ["children"]], ...columns.map((column) => [column, BUFFERS] as const));
		region.voidViews();
	}
	if (!isBack) throw frozen();
}

function call(onBatch: BatchCallback, batch: arrow.RecordBatch): void {
	let promise: PromiseLike<unknown> | undefined;
	try {
		const returned: unknown = onBatch(batch);
		if (isPromise(returned)) promise = returned;
	} catch (cause) {
		throw new EngineError("USER_FUNCTION", `onBatch failed: ${thrownText(cause)}`, {
			expected: "a function that returns",
			remedy: "The error's cause is what it threw",
			cause,
		});
	}
	if (promise === undefined) return;
	// Whatever it does with the batch later fails: the caller is told here, not by an unhandled rejection, which would end the process.
	Promise.resolve(promise).catch(() => {});
	throw new EngineError("INVALID_ARGUMENT", "onBatch returned a promise", {
		expected: "a function that is done with the batch when it returns",
		remedy: "Leave out onBatch and iterate over the operator: those batches own their memory",
	});
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
	typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";

/** Says whether all could be taken back: what is frozen cannot. Vectors read the buffers of their column, rows the columns of the batch. */
function takeBack(...lent: readonly (readonly [holder: object, properties: readonly string[]])[]): boolean {
	const taken = lent.flatMap(([holder, properties]) =>
		properties.map((property) => Reflect.defineProperty(holder, property, TAKEN_BACK)),
	);
	return taken.every((isTaken) => isTaken);
}

const BUFFERS = ["values", "valueOffsets", "nullBitmap"] as const;

const frozen = () =>
	new EngineError("INVALID_ARGUMENT", "onBatch froze or sealed the batch, which cannot be taken back then", {
		expected: "a batch that is left as it is",
		remedy: "Freeze a copy, or leave out onBatch: the batches of the iterator own their memory",
	});

const TAKEN_BACK = {
	get(): never {
		throw new EngineError("INVALID_STATE", "A batch was used after onBatch had returned", {
			expected: "use while onBatch runs",
			remedy: "Copy what is to stay, such as vector.toArray().slice(), or iterate over the operator",
		});
	},
} as const;
