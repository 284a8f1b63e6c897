// Correlate with UNNEST of an ARRAY or MAP: each row once per element that the condition lets pass, or padded when there is none. Elements
// are read from the rows' encoding a batch at a time; other table functions run row by row.
import { BATCH_ROWS, type Batch, type Column, validityBytes } from "../arrow/batch.js";
import { fieldOffset } from "../arrow/nested.js";
import { takeColumn } from "../arrow/take.js";
import {
	type CompiledCondition,
	type CompiledExpressions,
	compileCondition,
	compileExpressions,
} from "../expr/compile.js";
import type { CorrelateSpec } from "../job/specs.js";
import { asNullable, INTEGER, notNull, type SqlType } from "../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../types/value.js";
import type { Region } from "../wasm/region.js";
import type { Operator, OperatorContext, OperatorDefinition, Output } from "./operator.js";

/** Elements that are looked at together. */
const SPAN_ITEMS = BATCH_ROWS;

/** Which arrays of a collection become columns: see assembly/column/unnest.ts. */
const ARRAY = 0;
const KEYS = 1;
const VALUES = 2;

/** Pairs of a batch row and an element. */
interface Pairs {
	readonly indices: number;
	readonly items: number;
	readonly count: number;
}

class Correlate implements Operator {
	readonly #context: OperatorContext;
	readonly #argument: CompiledExpressions;
	readonly #condition: CompiledCondition | undefined;
	readonly #collection: SqlType;
	readonly #isLeft: boolean;
	readonly #hasPlaces: boolean;

	constructor(spec: CorrelateSpec, context: OperatorContext) {
		const { region, functions, owner, user, inputs, vertex } = context;
		const [argument] = spec.args;
		this.#context = context;
		this.#argument = compileExpressions([argument!], inputs[0] ?? [], region, functions, { owner, user });
		const joined = [...(inputs[0] ?? []), ...vertex.schema.slice(inputs[0]?.length ?? 0)];
		this.#condition = spec.condition && compileCondition(spec.condition, joined, region, functions, { owner, user });
		this.#collection = argument!.type;
		this.#isLeft = spec.type === "left";
		this.#hasPlaces = spec.function === "UNNEST WITH ORDINALITY";
	}

	process(batch: Batch, _input: number, out: Output): void {
		if (batch.length === 0) return;
		const { arena, kernels } = this.#context.region;
		const [collections] = this.#argument.evaluate(batch) as [Column];
		const part = this.#collection.kind === "MAP" ? KEYS : ARRAY;
		const { data, validity } = collections;
		for (let from = 0; from < batch.length; ) {
			const mark = arena.mark();
			const to = kernels.itemsSpan(data, validity, part, from, batch.length, SPAN_ITEMS);
			this.#correlate(batch, collections, part, from, to, out);
			arena.release(mark);
			from = to;
		}
	}

	dispose(): void {
		this.#argument.dispose();
		this.#condition?.dispose();
	}

	#correlate(batch: Batch, collections: Column, part: number, from: number, to: number, out: Output): void {
		const { arena, kernels } = this.#context.region;
		const { data, validity } = collections;
		const total = kernels.itemsCount(data, validity, part, from, to, 0);
		const indices = arena.allocate(total * 4);
		kernels.itemsCount(data, validity, part, from, to, indices);
		const read = new Items(this.#context.region, collections, from, to, total);
		const { columns, present } = this.#columnsOf(read, part);
		const all = this.#numbered(indices, total, present);
		const passing = this.#condition ? this.#filter(batch, columns, all) : all;
		const padded = this.#isLeft ? this.#pad(passing.pairs, batch.length, from, to, total) : passing.pairs;
		this.#emit(batch, columns, padded, passing.places, out);
	}

	/** The columns of the elements, one NULL more at their end, and which of them are rows at all. */
	#columnsOf(items: Items, part: number): { readonly columns: readonly Column[]; readonly present: number } {
		const type = this.#collection;
		if (type.kind === "MAP" && part === KEYS) {
			return { columns: [items.column(KEYS, type.key), items.column(VALUES, type.value)], present: 0 };
		}
		const { element } = type as Extract<SqlType, { kind: "ARRAY" }>;
		const column = items.column(ARRAY, element);
		if (element.kind !== "ROW") return { columns: [column], present: 0 };
		const fields = element.fields.map((_, field) => items.field(column, element.fields, field));
		return { columns: fields, present: column.validity };
	}

	/** Elements without NULL rows, each with its place. */
	#numbered(indices: number, total: number, present: number): Numbered {
		const { arena, kernels } = this.#context.region;
		const items = arena.allocate(total * 4);
		let pairs: Pairs = { indices, items, count: total };
		if (present === 0) kernels.rowsIota(0, 1, total, items);
		else {
			const count = kernels.itemsPresent(present, total, items);
			const rows = arena.allocate(count * 4);
			kernels.take4(indices, items, count, rows);
			pairs = { indices: rows, items, count };
		}
		if (!this.#hasPlaces) return { pairs, places: 0 };
		// By element, with room for the one that pads.
		const [places, inOrder] = [arena.allocate((total + 1) * 4), arena.allocate(pairs.count * 4)];
		kernels.itemsPlaces(pairs.indices, pairs.count, inOrder);
		kernels.fillBytes(places, 0, (total + 1) * 4);
		kernels.itemsScatter(inOrder, pairs.items, pairs.count, places);
		return { pairs, places };
	}

	#filter(batch: Batch, columns: readonly Column[], { pairs, places }: Numbered): Numbered {
		const { arena, kernels } = this.#context.region;
		const joined = { length: pairs.count, kinds: 0, columns: this.#joined(batch, columns, pairs, places, false) };
		const { rowIds, rows } = this.#condition!.select(joined);
		if (rowIds === 0) return { pairs: { ...pairs, count: rows }, places };
		const [indices, items] = [arena.allocate(rows * 4), arena.allocate(rows * 4)];
		kernels.take4(pairs.indices, rowIds, rows, indices);
		kernels.take4(pairs.items, rowIds, rows, items);
		return { pairs: { indices, items, count: rows }, places };
	}

	/** Rows `from` … `to` without a pair get one with element `padding`. */
	#pad(pairs: Pairs, n: number, from: number, to: number, padding: number): Pairs {
		const { arena, kernels } = this.#context.region;
		const matched = arena.allocate(n * 4);
		kernels.fillBytes(matched, 0, n * 4);
		kernels.matchCount(pairs.indices, pairs.items, pairs.count, 0, matched);
		const room = pairs.count + to - from;
		const [indices, items] = [arena.allocate(room * 4), arena.allocate(room * 4)];
		const { count: had } = pairs;
		const count = kernels.matchPad(pairs.indices, pairs.items, had, matched, from, to, padding, indices, items);
		return { indices, items, count };
	}

	#emit(batch: Batch, columns: readonly Column[], pairs: Pairs, places: number, out: Output): void {
		const { region } = this.#context;
		for (let from = 0; from < pairs.count; from += BATCH_ROWS) {
			const mark = region.arena.mark();
			const count = Math.min(BATCH_ROWS, pairs.count - from);
			const part = { indices: pairs.indices + from * 4, items: pairs.items + from * 4, count };
			let kinds = 0;
			if (batch.kinds !== 0) {
				kinds = region.arena.allocate(count);
				region.kernels.take1(batch.kinds, part.indices, count, kinds);
			}
			out.emit({ length: count, kinds, columns: this.#joined(batch, columns, part, places, this.#isLeft) });
			region.arena.release(mark);
		}
	}

	#joined(
		batch: Batch,
		elements: readonly Column[],
		{ indices, items, count }: Pairs,
		places: number,
		padded: boolean,
	): Column[] {
		const { region } = this.#context;
		const ours = batch.columns.map((column) => takeColumn(region, column, indices, count));
		const theirs = elements.map((column) => takeColumn(region, column, items, count));
		if (places === 0) return [...ours, ...theirs];
		return [...ours, ...theirs, placeColumn(region, places, items, count, padded)];
	}
}

/** Pairs and the places of all elements (i32 by element; 0 for the one that pads), or 0. */
interface Numbered {
	readonly pairs: Pairs;
	readonly places: number;
}

function placeColumn(region: Region, places: number, items: number, n: number, padded: boolean): Column {
	const { arena, kernels } = region;
	const data = arena.allocate(n * 4);
	kernels.take4(places, items, n, data);
	if (!padded) return { type: notNull(INTEGER), physical: "i32", data, validity: 0 };
	const validity = arena.allocate(validityBytes(n));
	kernels.itemsPlaced(data, n, validity);
	return { type: INTEGER, physical: "i32", data, validity };
}

/** Reads the elements of rows `from` … `to` of a column of collections. */
class Items {
	readonly #region: Region;
	readonly #collections: Column;
	readonly #from: number;
	readonly #to: number;
	readonly #total: number;

	constructor(region: Region, collections: Column, from: number, to: number, total: number) {
		this.#region = region;
		this.#collections = collections;
		this.#from = from;
		this.#to = to;
		this.#total = total;
	}

	/** The elements, and a NULL behind them. */
	column(part: number, type: SqlType): Column {
		const { arena, kernels } = this.#region;
		const { data, validity } = this.#collections;
		const physical = physicalType(type);
		const bytes = PHYSICAL_WIDTH[physical];
		const room = this.#total + 1;
		const out = arena.allocate(room * bytes);
		const bits = arena.allocate(validityBytes(room));
		kernels.fillBytes(bits, 0, validityBytes(room));
		const width = physical === "view" ? 0 : bytes;
		kernels.itemsRead(data, validity, part, this.#from, this.#to, width, out, bits);
		kernels.fillBytes(out + this.#total * bytes, 0, bytes);
		return { type: asNullable(type), physical, data: out, validity: bits };
	}

	/** A field of ROW elements. */
	field(rows: Column, fields: readonly { readonly type: SqlType }[], index: number): Column {
		const { arena, kernels } = this.#region;
		const { type } = fields[index]!;
		const physical = physicalType(type);
		const bytes = PHYSICAL_WIDTH[physical];
		const room = this.#total + 1;
		const data = arena.allocate(room * bytes);
		const bits = arena.allocate(validityBytes(room));
		const width = physical === "view" ? 0 : bytes;
		kernels.rowField(rows.data, rows.validity, index, fieldOffset(fields, index), width, room, data, bits);
		return { type: asNullable(type), physical, data, validity: bits };
	}
}

export const correlate: OperatorDefinition<"Correlate"> = {
	name: "Correlate",
	create(spec, context) {
		const [argument, ...others] = spec.args;
		const isUnnest = spec.function === "UNNEST" || spec.function === "UNNEST WITH ORDINALITY";
		if (spec.user !== undefined || !isUnnest || argument === undefined || others.length > 0) return undefined;
		const { kind } = argument.type;
		return kind === "ARRAY" || kind === "MAP" ? new Correlate(spec, context) : undefined;
	},
};
