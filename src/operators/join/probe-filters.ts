// Which probe rows of a join may be left out before they are looked up: those that the build side's keys turn away, and those that the
// join's consumer would drop.
import type { Batch } from "../../arrow/batch.js";
import type { JoinSpec } from "../../job/specs.js";
import type { Region } from "../../wasm/region.js";
import { MappedFilters, NO_FILTERS, type RowFilter, RowFilters } from "../row-filter.js";
import type { BuildFilter } from "./build-filter.js";

export class ProbeFilters {
	readonly #region: Region;
	/** ANTI: probe rows without a match are what is wanted. */
	readonly #keepsUnmatched: boolean;
	readonly #ofConsumer: MappedFilters;
	readonly #filters = new RowFilters();
	#build: BuildFilter | undefined;
	#consumer = NO_FILTERS;
	#all = NO_FILTERS;

	constructor(region: Region, spec: JoinSpec, leftColumns: number) {
		this.#region = region;
		this.#keepsUnmatched = spec.type === "anti" && spec.build === "right";
		this.#ofConsumer = new MappedFilters((column) => probeColumn(spec, leftColumns, column));
	}

	/** The same array while `consumer`, filters of the join's output, and `build` stay the same. */
	of(build: BuildFilter | undefined, consumer: readonly RowFilter[]): readonly RowFilter[] {
		const passedOn = this.#ofConsumer.of(consumer);
		if (build !== this.#build || passedOn !== this.#consumer) {
			this.#build = build;
			this.#consumer = passedOn;
			this.#all = build && !this.#keepsUnmatched ? [...build.rows, ...passedOn] : passedOn;
		}
		return this.#all;
	}

	passing(filters: readonly RowFilter[], batch: Batch): Batch {
		return filters.length === 0 ? batch : this.#filters.passing(filters, batch, this.#region);
	}
}

/** The column of the probe side that an output column is, if no row of the other side comes out for want of a probe row. */
function probeColumn({ type, build }: JoinSpec, leftColumns: number, column: number): number | undefined {
	if (build === "right") return column < leftColumns && type !== "right" && type !== "full" ? column : undefined;
	return column >= leftColumns && (type === "inner" || type === "right") ? column - leftColumns : undefined;
}
