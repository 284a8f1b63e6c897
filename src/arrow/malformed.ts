// Errors of Arrow columns whose buffers do not hold what their length, offsets or indexes say.
import { EngineError } from "../errors.js";

/** Which column of a RecordBatch a piece of Arrow data is of. */
export interface Place {
	/** The path to it: `point.x`, `tags[]`, `scores.value`. */
	readonly column: string;
	/** The batch's row of its first value; undefined within lists and dictionaries, whose values have no row of their own. */
	readonly firstRow: number | undefined;
}

/** `row`: the value of the column at which it shows; undefined: none of them. */
export function malformed(place: Place, row: number | undefined, problem: string, expected: string): EngineError {
	const { column, firstRow } = place;
	const value = row !== undefined && firstRow === undefined ? `, value ${row}` : "";
	return new EngineError("INVALID_ARGUMENT", `Column '${column}' of the batch${value}: ${problem}`, {
		...(row !== undefined && firstRow !== undefined && { row: firstRow + row }),
		expected,
		remedy: "Mend what wrote the column, or build it anew from its values",
	});
}

/** Of a child whose rows are those of the column. */
export const fieldOf = ({ column, firstRow }: Place, name: string): Place => ({
	column: `${column}.${name}`,
	firstRow,
});

/** Of a child whose values belong to rows in numbers of their own. */
export const withinRows = ({ column }: Place, suffix: string): Place => ({
	column: column + suffix,
	firstRow: undefined,
});
