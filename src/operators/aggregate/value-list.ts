// The values of each group in the order of their arrival: what LISTAGG joins, and the first or last of which FIRST_VALUE and LAST_VALUE
// give where rows may be taken back; or those that MIN and MAX of a frame may yet pick. See assembly/aggregate/list.ts.
import { type Column, VIEW_BYTES, validityBytes, withValidity } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import { array, asNullable, INTEGER, notNull, type SqlType } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { gatherColumn, scatterColumn } from "../state/row-columns.js";
import type { RowField, RowLayout } from "../state/row-layout.js";
import { RowStore } from "../state/row-store.js";
import { StringHeap } from "../state/string-heap.js";
import type { Accumulator, AggregateInput, Weighing } from "./accumulator.js";
import type { OrderedValues } from "./distinct-set.js";

const STORE_HEADER_BYTES = 64;
const NODE_BYTES = 24;
/** Of nodes that stand for several values. */
const WIDE_NODE_BYTES = 32;
const VALUE = 8;
const STANDS_FOR = 24;
/** In the group's row, behind the first and the last node. */
const COUNT = 8;

/** What a list holds: all values, or of values that leave in the order in which they came those that may yet be the least or greatest. */
export const Kept = { ALL: 0, LEAST: 1, GREATEST: -1 } as const;
export type Kept = (typeof Kept)[keyof typeof Kept];

/** Kinds of values in listSlide. */
const SLIDE_KIND = { view: 0, bool: 1, i8: 1, i16: 2, i32: 4, f32: 5, i64: 8, f64: 9, i128: 16 } as const;

export class ValueList implements Accumulator, OrderedValues {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #weighing: Weighing;
	readonly #arg: number;
	readonly #offset: number;
	readonly #field: RowField;
	readonly #kept: Kept;
	/** Bytes of a value; 0: a view. */
	readonly #width: number;
	readonly #storeHeader: number;
	readonly #nodes: RowStore;
	readonly #strings: StringHeap | undefined;
	/** A node of zeros. */
	readonly #padding: number;
	/** Nodes that left since the last settle: results that are still to be sent may point to their strings. */
	#gone: { readonly nodes: number; readonly count: number }[] = [];
	readonly saved: readonly SqlType[];

	constructor(
		region: Region,
		owner: MemoryOwner,
		layout: RowLayout,
		weighing: Weighing,
		arg: number,
		type: SqlType,
		kept: Kept = Kept.ALL,
	) {
		this.#region = region;
		this.#kept = kept;
		this.#owner = owner;
		this.#weighing = weighing;
		this.#arg = arg;
		this.#offset = layout.reserve(8);
		layout.reserve(8);
		const physical = physicalType(type);
		this.#field = { type: notNull(type), physical, offset: VALUE, nullOffset: 0, nullMask: 0 };
		this.#width = physical === "view" ? 0 : PHYSICAL_WIDTH[physical];
		this.#storeHeader = region.heap.allocateZeroed(STORE_HEADER_BYTES, owner);
		const nodeBytes = kept === Kept.ALL ? NODE_BYTES : WIDE_NODE_BYTES;
		this.#nodes = new RowStore(region, owner, this.#storeHeader, nodeBytes);
		this.#strings = physical === "view" ? new StringHeap(region, owner) : undefined;
		this.#padding = region.heap.allocateZeroed(NODE_BYTES, owner);
		const values = notNull(array(notNull(type)));
		this.saved = kept === Kept.ALL ? [values] : [values, notNull(array(notNull(INTEGER)))];
	}

	update(input: AggregateInput): void {
		this.run(input, 0);
	}

	run(input: AggregateInput, snaps: number): void {
		const values = input.batch.columns[this.#arg] as Column;
		this.#apply(input.rows, input.batch.length, values, this.#weighing(input), snaps);
	}

	merge(into: number, from: number, n: number): void {
		const { arena, kernels } = this.#region;
		const { indices, values, count } = this.valuesOf(from, n);
		const groups = arena.allocate(count * 4);
		kernels.take4(into, indices, count, groups);
		this.#apply(groups, count, values, 0);
	}

	valuesOf(groups: number, n: number) {
		const { indices, nodes, count } = this.#nodesOf(groups, n);
		return { indices, values: gatherColumn(this.#region, nodes, count, this.#field), count };
	}

	/** The first or last value of each group; NULL where there is none. */
	end(rows: number, n: number, last: boolean): Column {
		const { arena, kernels } = this.#region;
		const nodes = arena.allocate(n * 4);
		kernels.listEnds(rows, n, this.#offset, last, this.#padding, nodes);
		return this.#nullable(gatherColumn(this.#region, nodes, n, this.#field), rows, n);
	}

	/** The texts of each group with `separator` between them; NULL where there are none. */
	joined(rows: number, n: number, separator: Uint8Array): Column {
		const { arena, kernels } = this.#region;
		const between = this.#text(separator);
		const texts = kernels.listBytes(rows, n, this.#offset);
		const data = arena.allocate(n * VIEW_BYTES);
		const separators = kernels.listValues(rows, n, this.#offset) * separator.length;
		kernels.listJoin(rows, n, this.#offset, between, data, arena.allocate(texts + separators));
		return this.#nullable({ type: this.#field.type, physical: "view", data, validity: 0 }, rows, n);
	}

	save(rows: number, n: number): Column[] {
		const values = this.#encoded(rows, n, VALUE, this.#width);
		return this.#kept === Kept.ALL ? [values] : [values, this.#encoded(rows, n, STANDS_FOR, 4)];
	}

	load([lists, standsFor]: readonly Column[], rows: number, n: number): void {
		const { arena, kernels } = this.#region;
		const source = (lists as Column).data;
		const count = kernels.itemsCount(source, 0, 0, 0, n, 0);
		const [indices, groups] = [arena.allocate(count * 4), arena.allocate(count * 4)];
		kernels.itemsCount(source, 0, 0, 0, n, indices);
		kernels.take4(rows, indices, count, groups);
		const { type, physical } = this.#field;
		const data = this.#items(lists as Column, n, count, this.#width, PHYSICAL_WIDTH[physical]);
		const nodes = this.#apply(groups, count, { type, physical, data, validity: 0 }, 0);
		if (standsFor) kernels.listStandFor(nodes, count, this.#items(standsFor, n, count, 4, 4));
	}

	/** What stands at `field` of the nodes of groups. */
	#encoded(rows: number, n: number, field: number, width: number): Column {
		const { arena, kernels } = this.#region;
		const values = kernels.listValues(rows, n, this.#offset);
		const bytes = n * 5 + values * ((width || 8) + 1) + kernels.listBytes(rows, n, this.#offset);
		const data = arena.allocate(n * VIEW_BYTES);
		kernels.listEncode(rows, n, this.#offset, field, width, data, arena.allocate(bytes));
		return { type: this.saved[field === VALUE ? 0 : 1]!, physical: "view", data, validity: 0 };
	}

	/** The `count` values of `n` arrays, which take `bytes` each. */
	#items({ data: source }: Column, n: number, count: number, width: number, bytes: number): number {
		const { arena, kernels } = this.#region;
		const data = arena.allocate(count * bytes);
		const bits = arena.allocate(validityBytes(count));
		kernels.fillBytes(bits, 0, validityBytes(count));
		kernels.itemsRead(source, 0, 0, 0, n, width, data, bits);
		return data;
	}

	settle(): void {
		for (const { nodes, count } of this.#gone) this.#free(nodes, count);
		this.#gone = [];
	}

	release(rows: number, n: number): void {
		const { nodes, count } = this.#nodesOf(rows, n);
		this.#free(nodes, count);
	}

	clear(): void {
		this.#gone = [];
		this.#nodes.clear();
		this.#strings?.clear();
	}

	dispose(): void {
		this.#nodes.clear();
		this.#strings?.dispose();
		this.#region.heap.free(this.#storeHeader, STORE_HEADER_BYTES, this.#owner);
		this.#region.heap.free(this.#padding, NODE_BYTES, this.#owner);
	}

	/** Returns the nodes of the values that were added. */
	#apply(groups: number, n: number, values: Column, weights: number, snaps = 0): number {
		const { arena, kernels } = this.#region;
		const added = arena.allocate(n * 4);
		const count = kernels.listAdded(weights, n, added);
		const nodes = this.#nodes.take(count);
		const taken = takeColumn(this.#region, withValidity(values, 0), added, count);
		scatterColumn(this.#region, taken, count, nodes, this.#field);
		this.#strings?.keep(nodes, count, VALUE);
		const isWhole = this.#kept === Kept.ALL;
		// A value may drop all that lists hold.
		const gone = arena.allocate((isWhole ? n : this.#nodes.live) * 4);
		const kind = SLIDE_KIND[this.#field.physical];
		const left = isWhole
			? kernels.listUpdate(groups, n, this.#offset, values.data, this.#width, weights, nodes, gone, snaps)
			: kernels.listSlide(kind, this.#kept, groups, n, this.#offset, weights, nodes, gone, snaps);
		if (left > 0) this.#gone.push({ nodes: gone, count: left });
		return nodes;
	}

	#nodesOf(groups: number, n: number): { readonly indices: number; readonly nodes: number; readonly count: number } {
		const { arena, kernels } = this.#region;
		const total = kernels.listValues(groups, n, this.#offset);
		const [indices, nodes] = [arena.allocate(total * 4), arena.allocate(total * 4)];
		return { indices, nodes, count: kernels.listNodes(groups, n, this.#offset, indices, nodes) };
	}

	#free(nodes: number, n: number): void {
		this.#strings?.drop(nodes, n, VALUE);
		this.#nodes.give(nodes, n);
	}

	#nullable(column: Column, rows: number, n: number): Column {
		const validity = this.#region.arena.allocate(validityBytes(n));
		const nulls = this.#region.kernels.resultCounted(rows, n, this.#offset + COUNT, validity);
		const { type, physical, data } = column;
		return { type: asNullable(type), physical, data, validity: nulls === 0 ? 0 : validity };
	}

	/** A view of bytes, both in the arena. */
	#text(bytes: Uint8Array): number {
		const { arena } = this.#region;
		const [view, copy] = [arena.allocate(VIEW_BYTES), arena.allocate(bytes.length)];
		this.#region.u8.set(bytes, copy);
		this.#region.kernels.listView(copy, bytes.length, view);
		return view;
	}
}
