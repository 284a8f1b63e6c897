// Structural equality of plain data: equal texts for equal values.

/** JSON of plain data that keeps bigints, byte strings, -0, NaN and infinities apart. */
export function structureKey(value: unknown): string {
	return JSON.stringify(value, (_, item: unknown) => {
		if (typeof item === "bigint") return `${item}n`;
		if (item instanceof Uint8Array) return { bytes: [...item] };
		if (typeof item === "number" && (!Number.isFinite(item) || Object.is(item, -0)))
			return { number: Object.is(item, -0) ? "-0" : String(item) };
		return item;
	});
}
