// What a consumer knows of rows before it gets them: it will drop those that do not pass. Whoever makes the rows may leave them out, and
// need not; it saves what they would cost on the way.
import type { Batch, Column } from "../arrow/batch.js";
import { takeBatch } from "../arrow/take.js";
import type { Selection } from "../expr/compile.js";
import type { Region } from "../wasm/region.js";

export interface RowFilter {
	/** The column of the rows that it looks at. */
	readonly column: number;
	/** Those of the column's rows that pass. */
	narrow(column: Column, selection: Selection): Selection;
}

export const NO_FILTERS: readonly RowFilter[] = [];

/** Turning away pays for itself unless more than this share of the rows passes. */
const WORTHWHILE_SHARE = 0.75;
const TRIED_ROWS = 65_536;

/** One place where filters are applied; each is given up once it has shown not to pay there. */
export class RowFilters {
	readonly #tried = new WeakMap<RowFilter, { seen: number; passed: number }>();

	narrow(filters: readonly RowFilter[], { columns }: Pick<Batch, "columns">, selection: Selection): Selection {
		let left = selection;
		for (const filter of filters) {
			const tried = this.#triesOf(filter);
			if (left.rows === 0 || (tried.seen > TRIED_ROWS && tried.passed > tried.seen * WORTHWHILE_SHARE)) continue;
			tried.seen += left.rows;
			left = filter.narrow(columns[filter.column]!, left);
			tried.passed += left.rows;
		}
		return left;
	}

	/** The batch without what does not pass. */
	passing(filters: readonly RowFilter[], batch: Batch, region: Region): Batch {
		const { rowIds, rows } = this.narrow(filters, batch, { rowIds: 0, rows: batch.length });
		return rows === batch.length ? batch : takeBatch(region, batch, rowIds, rows);
	}

	#triesOf(filter: RowFilter) {
		let tries = this.#tried.get(filter);
		if (tries === undefined) {
			tries = { seen: 0, passed: 0 };
			this.#tried.set(filter, tries);
		}
		return tries;
	}
}

/** Filters of an output's columns as filters of an input's, for the columns that come from there; `from` must not change. */
export class MappedFilters {
	readonly #from: (column: number) => number | undefined;
	#source = NO_FILTERS;
	#mapped = NO_FILTERS;

	constructor(from: (column: number) => number | undefined) {
		this.#from = from;
	}

	/** The same array for the same filters. */
	of(filters: readonly RowFilter[]): readonly RowFilter[] {
		if (filters !== this.#source) {
			this.#source = filters;
			this.#mapped = filters.flatMap((filter): RowFilter[] => {
				const column = this.#from(filter.column);
				return column === undefined ? [] : [{ column, narrow: (keys, rows) => filter.narrow(keys, rows) }];
			});
		}
		return this.#mapped;
	}
}
