// One side of a join whose rows may be taken back: found by what identifies them, the join key with the upsert key or the whole row.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import { asNullable, INTEGER, notNull } from "../../types/sql-type.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { gatherColumn, scatterColumn } from "../state/row-columns.js";
import { packFields, type RowField, RowLayout } from "../state/row-layout.js";
import { StringHeap } from "../state/string-heap.js";
import type { SideOptions } from "./append-side.js";
import { COUNTERS, fillCounter, type KeptBatch, type KeptRows, type Probe } from "./kept-rows.js";
import type { Pairs } from "./pairs.js";

interface KeptColumn extends RowField {
	readonly isKey: boolean;
}

export interface UpdatingSideOptions extends SideOptions {
	/** Columns that tell rows apart, the join key among them; absent: all. */
	readonly identity: readonly number[] | undefined;
}

export class UpdatingSide implements KeptRows {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	/** The rows by identity. */
	readonly #index: GroupIndex;
	/** The lists of rows by join key. */
	readonly #lists: GroupIndex;
	readonly #identity: readonly number[];
	/** Columns kept behind the identity, in the order of `#restFields`. */
	readonly #rest: readonly number[];
	readonly #strings: StringHeap | undefined;
	readonly #stride: number;
	readonly #mark: number;
	#epoch = 0;
	readonly head: number;
	readonly #link: number;
	readonly count: number;
	readonly matches: number;
	readonly padding: number;
	readonly #columns: readonly KeptColumn[];
	readonly counters = COUNTERS;

	constructor(region: Region, owner: MemoryOwner, options: UpdatingSideOptions) {
		const { schema, keys, padded, counted, identity } = options;
		this.#region = region;
		this.#owner = owner;
		const lists = new RowLayout(keys.layout.bytes);
		this.head = lists.reserve(8);
		this.#lists = new GroupIndex(region, owner, keys.layout, lists.stride);
		const types = schema.map(({ type }) => (padded ? asNullable(type) : type));
		this.#identity = [...new Set(identity ?? types.keys())];
		this.#rest = [...types.keys()].filter((column) => !this.#identity.includes(column));
		const key = keyLayout(this.#identity.map((column) => types[column]!));
		const rest = packFields(
			this.#rest.map((column) => types[column]!),
			key.bytes,
		);
		const layout = new RowLayout(key.bytes + rest.bytes);
		this.#link = layout.reserve(8);
		this.count = layout.reserve(4);
		this.#mark = layout.reserve(4);
		this.matches = counted ? layout.reserve(8) : 0;
		this.#stride = layout.stride;
		this.#index = new GroupIndex(region, owner, key, layout.stride);
		this.#strings = rest.views > 0 ? new StringHeap(region, owner) : undefined;
		this.#columns = types.map((_, column) => {
			const at = this.#identity.indexOf(column);
			return at >= 0
				? { ...key.fields[at]!, isKey: true }
				: { ...rest.fields[this.#rest.indexOf(column)]!, isKey: false };
		});
		this.padding = padded ? region.heap.allocate(layout.stride, owner) : 0;
		if (padded) this.#writePadding();
	}

	probe(keys: readonly Column[], n: number): Probe {
		return { lists: this.#lists.lookup(keys, n) };
	}

	pairs(lists: number, from: number, to: number): Pairs {
		const { arena, kernels } = this.#region;
		const total = kernels.listTotal(lists, from, to, this.head);
		const indices = arena.allocate(total * 4);
		const rows = arena.allocate(total * 4);
		const count = kernels.listPairs(lists, from, to, this.head, this.#link, indices, rows);
		return { indices, rows, count };
	}

	keep(batch: Batch, keys: readonly Column[], matched: number): void {
		const { arena, kernels } = this.#region;
		const keyRows = this.#lists.find(keys, batch.length).rows;
		const { length: n, kinds, columns } = batch;
		const identity = this.#identity.map((column) => columns[column]!);
		const { rows } = this.#index.find(identity, n);
		const touched = arena.allocate(n * 4);
		const wasThere = arena.allocate(n);
		const firsts = arena.allocate(n * 4);
		const epoch = ++this.#epoch;
		const distinct = kernels.keepCount(rows, n, kinds, this.count, this.#mark, epoch, touched, wasThere, firsts);
		this.#write(batch, rows, matched);
		this.#relink(keyRows, touched, wasThere, firsts, distinct);
		this.#forgetKeys(keyRows, n);
	}

	complete(): void {}

	longestList(keys: readonly Column[], n: number): number {
		return this.#region.kernels.listLongest(this.#lists.lookup(keys, n), n, this.head);
	}

	read(column: number, rows: number, n: number): Column {
		const field = this.#columns[column]!;
		return gatherColumn(this.#region, rows, n, field, field.isKey);
	}

	cellsOf(rows: number): number {
		return rows;
	}

	rowsOf(cells: number): number {
		return cells;
	}

	*batches(): Generator<KeptBatch> {
		const { arena, kernels } = this.#region;
		for (const { rows: keyRows, count: keys } of this.#lists.scan(BATCH_ROWS)) {
			const total = kernels.listTotal(keyRows, 0, keys, this.head);
			const all = arena.allocate(total * 4);
			kernels.listRows(keyRows, keys, this.head, this.#link, all);
			for (let from = 0; from < total; from += BATCH_ROWS) {
				const count = Math.min(BATCH_ROWS, total - from);
				const rows = all + from * 4;
				const columns = this.#columns.map((_, column) => this.read(column, rows, count));
				const counters = [this.count, this.matches].map((offset): Column => {
					const data = fillCounter(this.#region, count, 0);
					if (offset > 0) kernels.rowsRead4(rows, count, offset, data);
					return { type: notNull(INTEGER), physical: "i32", data, validity: 0 };
				});
				yield { rows, count, columns, counters };
			}
		}
	}

	load(columns: readonly Column[], n: number, keys: readonly Column[]): void {
		const width = this.#columns.length;
		const [counts, matches] = [columns[width]!, columns[width + 1]!];
		this.keep({ length: n, columns: columns.slice(0, width), kinds: 0 }, keys, matches.data);
		const { rows } = this.#index.find(
			this.#identity.map((column) => columns[column]!),
			n,
		);
		this.#region.kernels.rowsWrite4(counts.data, 0, n, rows, this.count, 0, 0);
	}

	dispose(): void {
		this.#index.dispose();
		this.#lists.dispose();
		this.#strings?.dispose();
		if (this.padding > 0) this.#region.heap.free(this.padding, this.#stride, this.#owner);
	}

	/** Writes what is not identity from the last addition of each row. */
	#write({ length: n, kinds, columns }: Batch, rows: number, matched: number): void {
		if (this.#rest.length === 0 && this.matches === 0) return;
		const { arena, kernels } = this.#region;
		const targets = arena.allocate(n * 4);
		const indices = arena.allocate(n * 4);
		const added = kernels.keepLastAdded(rows, n, kinds, this.#mark, ++this.#epoch, targets, indices);
		const fields = this.#rest.map((column) => this.#columns[column]!);
		for (const { nullOffset, nullMask } of fields) {
			if (nullMask !== 0) kernels.keepClearBits(targets, added, nullOffset, nullMask);
		}
		for (const [i, column] of this.#rest.entries()) {
			const field = fields[i]!;
			if (field.physical === "view") this.#strings?.drop(targets, added, field.offset);
			scatterColumn(this.#region, takeColumn(this.#region, columns[column]!, indices, added), added, targets, field);
			if (field.physical === "view") this.#strings?.keep(targets, added, field.offset);
		}
		if (this.matches > 0 && matched !== 0) kernels.keepWrite(targets, added, this.matches, matched, indices);
	}

	/** Links rows that came into their keys' lists, and removes those that are gone. */
	#relink(keyRows: number, touched: number, wasThere: number, firsts: number, distinct: number): void {
		const { arena, kernels } = this.#region;
		const positions = arena.allocate(distinct * 4);
		const came = kernels.keepTurned(touched, wasThere, distinct, this.count, true, positions);
		const cameRows = this.#pick(touched, positions, came);
		kernels.listPush(this.#pickKeys(keyRows, firsts, positions, came), cameRows, came, this.head, this.#link);
		const gone = kernels.keepTurned(touched, wasThere, distinct, this.count, false, positions);
		if (gone === 0) return;
		const goneRows = this.#pick(touched, positions, gone);
		const linked = arena.allocate(gone * 4);
		const left = kernels.keepLinked(positions, gone, wasThere, linked);
		const leftRows = this.#pick(touched, linked, left);
		kernels.listRemove(this.#pickKeys(keyRows, firsts, linked, left), leftRows, left, this.head, this.#link);
		for (const { physical, offset, isKey } of this.#columns) {
			if (physical === "view" && !isKey) this.#strings?.drop(goneRows, gone, offset);
		}
		this.#index.remove(goneRows, gone);
	}

	/** Zeros with every null bit set. */
	#writePadding(): void {
		this.#region.kernels.fillBytes(this.padding, 0, this.#stride);
		for (const { nullOffset, nullMask } of this.#columns) {
			(this.#region.u8[this.padding + nullOffset] as number) |= nullMask;
		}
	}

	/** Frees keys that have no rows any more. */
	#forgetKeys(keyRows: number, n: number): void {
		const empty = this.#region.arena.allocate(n * 4);
		this.#lists.remove(empty, this.#region.kernels.listEmptyKeys(keyRows, n, this.head, empty));
	}

	#pick(values: number, positions: number, n: number): number {
		const out = this.#region.arena.allocate(n * 4);
		this.#region.kernels.take4(values, positions, n, out);
		return out;
	}

	#pickKeys(keyRows: number, firsts: number, positions: number, n: number): number {
		return this.#pick(keyRows, this.#pick(firsts, positions, n), n);
	}
}
