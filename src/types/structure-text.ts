// Structural equality of plain, immutable data (types, expressions, specs): equal texts for equal values. The texts of what is asked for and
// of SQL types, which expressions share, are kept.

/** A function from values to texts that leaves out the named properties at every depth. Keeps bigints, byte strings, -0, NaN and infinities apart. */
export function structureTexts(...ignored: readonly string[]): (value: unknown) => string {
	const known = new WeakMap<object, string>();
	const text = (value: unknown): string => {
		switch (typeof value) {
			case "string":
				return JSON.stringify(value);
			case "number":
				return Object.is(value, -0) ? "-0" : String(value);
			case "bigint":
				return `${value}n`;
			case "object":
				if (value === null) return "null";
				if (Array.isArray(value)) return `[${value.map(text).join()}]`;
				if (value instanceof Uint8Array) return `x${value.join()}`;
				return "nullable" in value ? kept(value) : objectText(value);
			default:
				return String(value);
		}
	};
	const objectText = (object: object): string => {
		let result = "";
		for (const key in object) {
			const value = (object as Record<string, unknown>)[key];
			if (value !== undefined && !ignored.includes(key)) result += `${result === "" ? "" : ","}"${key}":${text(value)}`;
		}
		return `{${result}}`;
	};
	const kept = (object: object): string => {
		let result = known.get(object);
		if (result === undefined) {
			result = objectText(object);
			known.set(object, result);
		}
		return result;
	};
	const isObject = (value: unknown): value is object =>
		typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
	return (value) => (isObject(value) ? kept(value) : text(value));
}
