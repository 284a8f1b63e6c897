// A scan's filters, applied while events are made: the fields that filters read are made for all events, the others for those that pass.
import type { Batch, Column } from "../../arrow/batch.js";
import type { RowFilter, SourceContext } from "../connector.js";
import type { EventRows, EventSelection } from "./generator.js";
import { type EventField, TYPE_FIELD } from "./layout.js";
import type { EventPath } from "./schema.js";

/** Rows after which it must have paid. */
const TRIAL_ROWS = 10_000;

export class FilterSelection implements EventSelection {
	readonly fields: readonly EventField[];
	readonly #filter: RowFilter;
	/** The fields of the scan's columns, where a filter reads them. */
	readonly #columns: readonly (EventField | undefined)[];
	#seen = 0;
	#selected = 0;

	/** Undefined where nothing could be saved. `paths`: the scan's columns. */
	static of({ rowFilter, limit }: SourceContext, paths: readonly EventPath[]): FilterSelection | undefined {
		const filter = limit === undefined ? rowFilter?.() : undefined;
		if (filter === undefined) return undefined;
		const columns = paths.map(({ field }, index) => (filter.columns.has(index) ? field : undefined));
		const fields = new Set(columns.filter((field) => field !== undefined));
		const readsEvents = paths.some(({ field }, index) => field === undefined && filter.columns.has(index));
		const others = paths.some(({ field }) => field === undefined || !fields.has(field));
		if (!readsEvents && others && [...fields].some((field) => field !== TYPE_FIELD)) {
			return new FilterSelection(filter, columns, [...fields]);
		}
		filter.dispose();
		return undefined;
	}

	private constructor(filter: RowFilter, columns: readonly (EventField | undefined)[], fields: readonly EventField[]) {
		this.#filter = filter;
		this.#columns = columns;
		this.fields = fields;
	}

	/** False once most rows have passed: then all fields are made for all rows at once. */
	get isUseful(): boolean {
		return this.#seen < TRIAL_ROWS || this.#selected * 2 < this.#seen;
	}

	select(rows: EventRows): ReturnType<RowFilter["select"]> {
		const columns = this.#columns.map((field) => (field ? rows.column(field) : UNREAD));
		const selected = this.#filter.select({ length: rows.length, columns, kinds: 0 } satisfies Batch);
		this.#seen += rows.length;
		this.#selected += selected.rows;
		return selected;
	}

	dispose(): void {
		this.#filter.dispose();
	}
}

const UNREAD: Column = { type: TYPE_FIELD.type, physical: "i32", data: 0, validity: 0 };
