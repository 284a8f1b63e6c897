// Sorted rows of whole partitions, and which places they have in them. See assembly/order/places.ts.
import { type Column, validityBytes, withValidity } from "../../arrow/batch.js";
import type { FrameBound, OverFrame } from "../../job/specs.js";
import { BIGINT, notNull } from "../../types/sql-type.js";
import type { Region } from "../../wasm/region.js";
import type { AllRows } from "../rank/all-rows.js";

/** First and last places: arrays of i32 in the arena. */
interface Bounds {
	readonly firsts: number;
	readonly lasts: number;
	/** How many different ones. */
	readonly groups: number;
}

export const NUMBERING: Readonly<Record<string, number>> = { ROW_NUMBER: 0, RANK: 1, DENSE_RANK: 2 };

export class Places {
	readonly #region: Region;
	readonly #all: AllRows;
	/** u32 addresses. */
	readonly rows: number;
	readonly count: number;
	readonly partitions: Bounds;
	/** Rows that are equal in partition and order. */
	readonly #peers: Bounds;

	/** `partitionWords` of all `words` are those of the partition. */
	constructor(region: Region, all: AllRows, rows: number, count: number, partitionWords: number, words: number) {
		this.#region = region;
		this.#all = all;
		this.rows = rows;
		this.count = count;
		this.partitions = this.#bounds(partitionWords);
		this.#peers = this.#bounds(words);
	}

	/** The first and the last place of each row's frame. */
	frames({ unit, start, end }: OverFrame): { readonly starts: number; readonly ends: number } {
		return { starts: this.#bound(unit, start, true), ends: this.#bound(unit, end, false) };
	}

	/** ROW_NUMBER, RANK or DENSE_RANK of all rows: i64. */
	ranks(name: string): number {
		const { arena, kernels } = this.#region;
		const ranks = arena.allocate(this.count * 8);
		kernels.placesRank(NUMBERING[name]!, this.partitions.firsts, this.#peers.firsts, this.count, ranks);
		return ranks;
	}

	rankColumn(ranks: number, at: number): Column {
		return { type: notNull(BIGINT), physical: "i64", data: ranks + at * 8, validity: 0 };
	}

	/** A column's values `shift` rows further, NULL beyond the partition. */
	shifted(column: number, shift: number, at: number, n: number): Column {
		const { arena, kernels } = this.#region;
		const { firsts, lasts } = this.partitions;
		const rows = arena.allocate(n * 4);
		const validity = arena.allocate(validityBytes(n));
		kernels.placesShift(this.rows, firsts, lasts, at, n, shift, rows, validity);
		const values = this.#all.column(column, rows, n);
		if (values.validity !== 0) kernels.andBits(values.validity, validity, n, validity);
		return withValidity(values, validity);
	}

	#bounds(words: number): Bounds {
		const { arena, kernels } = this.#region;
		const [firsts, lasts] = [arena.allocate(this.count * 4), arena.allocate(this.count * 4)];
		const groups = kernels.placesBounds(this.rows, this.count, words, this.#all.texts.address, firsts, lasts);
		return { firsts, lasts, groups };
	}

	#bound(unit: OverFrame["unit"], bound: FrameBound, isStart: boolean): number {
		const { firsts, lasts } = this.partitions;
		if (bound.kind === "unboundedPreceding") return firsts;
		if (bound.kind === "unboundedFollowing") return lasts;
		if (unit === "range") return isStart ? this.#peers.firsts : this.#peers.lasts;
		const { arena, kernels } = this.#region;
		const offset = bound.kind === "currentRow" ? 0 : bound.kind === "preceding" ? -bound.offset : bound.offset;
		const places = arena.allocate(this.count * 4);
		kernels.placesOffset(firsts, lasts, this.count, offset, isStart, places);
		return places;
	}
}
