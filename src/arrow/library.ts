// apache-arrow, brought in when the first Arrow value leaves the engine: loading it takes longer than planning and running a small query.
// Arrow values that come in bring their own classes with them; they are told apart by type id (enumerations.ts), never by instanceof.
import type * as Arrow from "apache-arrow";

let loaded: typeof Arrow | undefined;

/** Call before `arrowLibrary()`, wherever something can be waited for. */
export async function loadArrow(): Promise<typeof Arrow> {
	if (loaded === undefined) {
		const library = await import("apache-arrow");
		// A program that has imported apache-arrow itself has it after one turn; the files of one that it has not take 40 ms.
		await Promise.race([shareTypes(library), new Promise((resolve) => setTimeout(resolve))]);
		loaded = library;
	}
	return loaded;
}

/**
 * In the package the library is a copy of the installed one. Instances of its classes are the program's too, but for types, which the
 * program, and its library, tell by `instanceof`: each of our types therefore inherits from the installed one, and our library takes
 * for a DataType whatever has a type's id.
 */
async function shareTypes({ DataType, ...classes }: typeof Arrow): Promise<void> {
	const installed = await import("apache-arrow/type").catch(() => undefined);
	if (installed === undefined || installed.DataType === DataType) return;
	Object.defineProperty(DataType, Symbol.hasInstance, {
		value(this: unknown, value: unknown) {
			if (this === DataType) return isObject(value) && typeof (value as { typeId?: unknown }).typeId === "number";
			return Function.prototype[Symbol.hasInstance].call(this as never, value);
		},
	});
	for (const [name, theirs] of Object.entries(installed)) {
		const ours = (classes as Record<string, unknown>)[name];
		if (isClass(ours) && isClass(theirs)) Object.setPrototypeOf(ours.prototype, theirs.prototype);
	}
}

const isClass = (value: unknown): value is { readonly prototype: object } =>
	typeof value === "function" && isObject(value.prototype);

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
