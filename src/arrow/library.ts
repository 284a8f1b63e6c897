// apache-arrow, brought in when the first Arrow value leaves the engine: loading it takes longer than planning and running a small query.
// Arrow values that come in bring their own classes with them; they are told apart by type id (enumerations.ts), never by instanceof.
import type * as Arrow from "apache-arrow";

let loaded: typeof Arrow | undefined;

/** Call before `arrowLibrary()`, wherever something can be waited for. */
export async function loadArrow(): Promise<typeof Arrow> {
	if (loaded === undefined) {
		// The bundled library has no types of its own: it takes those of the installed one, which must have come as an ES module.
		await import("apache-arrow/type");
		loaded = await import("apache-arrow");
	}
	return loaded;
}

/** The library; `loadArrow` must have been awaited. */
export function arrowLibrary(): typeof Arrow {
	if (loaded === undefined) throw new Error("apache-arrow is used before it is loaded");
	return loaded;
}

export function isRecordBatch(value: unknown): value is Arrow.RecordBatch {
	return isObject(value) && "numRows" in value && "schema" in value && "data" in value && !("batches" in value);
}

export function isArrowTable(value: unknown): value is Arrow.Table {
	return (
		isObject(value) &&
		"numRows" in value &&
		"schema" in value &&
		Array.isArray((value as { batches?: unknown }).batches)
	);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
