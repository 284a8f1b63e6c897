// Folds a changelog into the table it describes.
import { keyText } from "../types/compare.js";
import { type ChangelogMode, isAddition, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";

/** Keeps arrival order of the rows that remain. Memory grows with the table, not with the changelog, except for `insert`. */
export class ChangelogTable {
	readonly #apply: (row: Row, kind: RowKind) => void;
	readonly #rows: () => Row[];

	/** `upsertKey`: columns that identify a row in `upsert` mode. */
	constructor(schema: Schema, mode: ChangelogMode, upsertKey?: readonly number[]) {
		const types = schema.map((field) => field.type);
		if (mode === "insert") {
			const rows: Row[] = [];
			this.#apply = (row) => rows.push(row);
			this.#rows = () => rows;
		} else if (mode === "upsert" && upsertKey !== undefined) {
			const keyTypes = upsertKey.map((index) => types[index]!);
			const rows = new Map<string, Row>();
			this.#apply = (row, kind) => {
				const key = keyText(
					upsertKey.map((index) => row[index]!),
					keyTypes,
				);
				if (isAddition(kind)) rows.set(key, row);
				else if (kind === RowKind.DELETE) rows.delete(key);
			};
			this.#rows = () => [...rows.values()];
		} else {
			const counted = new Map<string, { row: Row; count: number }>();
			this.#apply = (row, kind) => count(counted, keyText(row, types), row, isAddition(kind) ? 1 : -1);
			this.#rows = () => [...counted.values()].flatMap(({ row, count }) => Array<Row>(Math.max(count, 0)).fill(row));
		}
	}

	apply(row: Row, kind: RowKind): void {
		this.#apply(row, kind);
	}

	rows(): Row[] {
		return this.#rows();
	}
}

/** A retraction may overtake its insertion between parallel channels, so a count may be negative for a while. */
function count(counted: Map<string, { row: Row; count: number }>, key: string, row: Row, change: number): void {
	const entry = counted.get(key);
	if (!entry) counted.set(key, { row, count: change });
	else if (entry.count + change === 0) counted.delete(key);
	else entry.count += change;
}
