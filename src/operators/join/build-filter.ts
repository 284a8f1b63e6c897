// What a build side that has been read whole tells about probe rows by its integer keys: which cannot match, and with a single key which do.
import type { Batch, Column } from "../../arrow/batch.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import type { RowFilter } from "../row-filter.js";
import type { AppendSide } from "./append-side.js";
import type { JoinKeys } from "./join-keys.js";
import { KeyBits } from "./key-bits.js";

interface FilteredKey {
	readonly bits: KeyBits;
	/** Position among the keys. */
	readonly index: number;
}

export class BuildFilter {
	readonly #keys: JoinKeys;
	readonly #probe: 0 | 1;
	readonly #filters: readonly FilteredKey[];
	/** What tells which probe rows may match. */
	readonly rows: readonly RowFilter[];

	/** Undefined when no key is an integer, or all are spread too far. */
	static of(
		{ region, owner }: { readonly region: Region; readonly owner: MemoryOwner },
		keys: JoinKeys,
		build: 0 | 1,
		side: AppendSide,
	): BuildFilter | undefined {
		const filters = keys.integerKeys.flatMap(({ index, kind }): FilteredKey[] => {
			const bits = KeyBits.of(region, owner, kind, () => side.keyRuns(keys.columns[build][index]!));
			return bits ? [{ bits, index }] : [];
		});
		return filters.length === 0 ? undefined : new BuildFilter(keys, build === 0 ? 1 : 0, filters);
	}

	private constructor(keys: JoinKeys, probe: 0 | 1, filters: readonly FilteredKey[]) {
		this.#keys = keys;
		this.#probe = probe;
		this.#filters = filters;
		this.rows = filters.map(({ bits, index }) => ({
			column: keys.columns[probe][index]!,
			narrow: (column, selection) => bits.narrow(column, selection),
		}));
	}

	/** Whether a row's key is there is all there is to know about a match. */
	get isExact(): boolean {
		return this.#keys.slotKey !== undefined;
	}

	/** The rows whose key is there (`wanted`) or is not; for exact filters. */
	select(batch: Batch, wanted: boolean): Batch {
		const [{ bits, index }] = this.#filters as [FilteredKey];
		return bits.select(batch, this.#column(batch, index), wanted);
	}

	dispose(): void {
		for (const { bits } of this.#filters) bits.dispose();
	}

	#column({ columns }: Batch, index: number): Column {
		return columns[this.#keys.columns[this.#probe][index]!] as Column;
	}
}
