// Batch → Arrow RecordBatch. Fixed-width columns and bitmaps have Arrow's layout already and leave as views of linear memory; strings,
// booleans and decimals are laid out anew by kernels; nested values go through JavaScript.
import type * as arrow from "apache-arrow";
import { isNested, type Schema, type SqlType } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";
import type { Region } from "../wasm/region.js";
import { arrowSchemaOf } from "./arrow-type.js";
import type { Batch, Column } from "./batch.js";
import { DataType } from "./data-type.js";
import { arrowLibrary } from "./library.js";
import { readColumn, writeColumn } from "./values.js";

export interface ExportOptions {
	/**
	 * Default true: the RecordBatch owns its buffers. False: its buffers are views of linear memory, valid until the batch's memory is
	 * released or the memory grows (then the views are detached: length 0); whoever keeps the RecordBatch must copy it before.
	 */
	readonly copy?: boolean;
}

/** Makes RecordBatches of one schema; row kinds are not part of them. apache-arrow must have been loaded. */
export class BatchExporter {
	readonly schema: arrow.Schema;
	readonly #columns: Schema;
	readonly #rowType: arrow.Struct;

	/** Throws UNSUPPORTED_ARROW_TYPE when a column's type has no Arrow type. */
	constructor(schema: Schema) {
		this.#columns = schema;
		this.schema = arrowSchemaOf(schema);
		this.#rowType = new (arrowLibrary().Struct)(this.schema.fields);
	}

	export(region: Region, batch: Batch, { copy = true }: ExportOptions = {}): arrow.RecordBatch {
		const writer = new ColumnWriter(region, batch.length, copy);
		const laidOut = this.#columns.map((_, index) =>
			writer.layOut(batch.columns[index] as Column, (this.schema.fields[index] as arrow.Field).type),
		);
		// Only now: the memory may have grown for one of the columns, which voids views of it.
		const children = laidOut.map((wrap) => wrap());
		const data = arrowLibrary().makeData({ type: this.#rowType, length: batch.length, nullCount: 0, children });
		return new (arrowLibrary().RecordBatch)(this.schema, data);
	}
}

/** Writes columns of one length as Arrow data. */
class ColumnWriter {
	readonly #region: Region;
	readonly #rows: number;
	readonly #copy: boolean;

	constructor(region: Region, rows: number, copy: boolean) {
		this.#region = region;
		this.#rows = rows;
		this.#copy = copy;
	}

	/** Brings the column into Arrow's layout, in linear memory. What is returned wraps that and allocates nothing there. */
	layOut(column: Column, type: arrow.DataType): () => arrow.Data {
		const { kernels } = this.#region;
		const rows = this.#rows;
		if (DataType.isNull(type)) return () => arrowLibrary().makeData({ type, length: rows });
		const { validity } = column;
		const nullCount = validity === 0 ? 0 : rows - kernels.countBits(validity, rows);
		const buffers = this.#buffers(column, type);
		return () => {
			const nullBitmap = nullCount === 0 ? undefined : this.#bytes(validity, (rows + 7) >>> 3);
			const props = { type, length: rows, nullCount, nullBitmap, ...buffers() };
			return arrowLibrary().makeData(props as Parameters<typeof arrow.makeData>[0]);
		};
	}

	#buffers(column: Column, type: arrow.DataType): () => object {
		if (isNested(column.type)) {
			const nested = this.#nested(column, type);
			return () => nested;
		}
		if (column.physical === "view") return this.#strings(column);
		const values = this.#fixed(column, type);
		return () => ({ data: values() });
	}

	/** Bytes of linear memory: a view or a copy. */
	#bytes(address: number, bytes: number): Uint8Array<ArrayBuffer> {
		const view = this.#region.u8.subarray(address, address + bytes);
		return this.#copy ? view.slice() : view;
	}

	#fixed({ physical, data }: Column, type: arrow.DataType): () => ArrayBufferView {
		const { arena, kernels } = this.#region;
		const rows = this.#rows;
		switch (physical) {
			case "bool": {
				const bits = arena.allocate((rows + 7) >>> 3);
				kernels.maskToBits(data, rows, bits);
				return () => this.#bytes(bits, (rows + 7) >>> 3);
			}
			case "i64": {
				if (!DataType.isDecimal(type)) return () => this.#array(BigInt64Array, data, rows);
				const wide = this.#widened(data);
				return () => this.#array(Uint32Array, wide, rows * 4);
			}
			case "i128":
				return () => this.#array(Uint32Array, data, rows * 4);
			default:
				return () => this.#array<ArrayBufferView>(ARRAYS[physical as keyof typeof ARRAYS], data, rows);
		}
	}

	#widened(data: number): number {
		const wide = this.#region.arena.allocate(this.#rows * 16);
		this.#region.kernels.widenI64(data, this.#rows, wide);
		return wide;
	}

	#array<T extends ArrayBufferView>(Type: ArrayType<T>, address: number, length: number): T {
		if (!this.#copy) return new Type(this.#region.u8.buffer, address, length);
		const bytes = this.#bytes(address, length * Type.BYTES_PER_ELEMENT);
		return new Type(bytes.buffer, 0, length);
	}

	#strings({ data }: Column): () => object {
		const { arena, kernels } = this.#region;
		const rows = this.#rows;
		const length = kernels.viewsTotalBytes(data, rows);
		const offsets = arena.allocate((rows + 1) * 4);
		const bytes = arena.allocate(length);
		kernels.viewsToBytes(data, rows, offsets, bytes);
		return () => ({ valueOffsets: this.#array(Int32Array, offsets, rows + 1), data: this.#bytes(bytes, length) });
	}

	#nested(column: Column, type: arrow.DataType): object {
		const values = readColumn(this.#region, column, this.#rows) as (Row | null)[];
		const { type: sqlType } = column;
		if (sqlType.kind === "ROW") {
			return {
				children: sqlType.fields.map((field, index) => {
					const items = values.map((row) => (row === null ? null : (row[index] as Value)));
					return this.#child(field.type, items, (type.children[index] as arrow.Field).type);
				}),
			};
		}
		const items = values.flatMap((list) => list ?? []);
		const [element] = type.children as [arrow.Field];
		const child = entryTypes(sqlType);
		return {
			valueOffsets: offsetsOf(values),
			child: child
				? this.#entries(child, items as readonly Row[], element.type)
				: this.#child((sqlType as { element: SqlType }).element, items, element.type),
		};
	}

	/** The struct of keys and values of a map. */
	#entries([key, value]: readonly [SqlType, SqlType], entries: readonly Row[], type: arrow.DataType): arrow.Data {
		const [keyField, valueField] = type.children as [arrow.Field, arrow.Field];
		const children = [
			this.#child(
				key,
				entries.map((entry) => entry[0] as Value),
				keyField.type,
			),
			this.#child(
				value,
				entries.map((entry) => entry[1] as Value),
				valueField.type,
			),
		];
		return arrowLibrary().makeData({ type: type as arrow.Struct, length: entries.length, nullCount: 0, children });
	}

	#child(sqlType: SqlType, items: readonly Value[], type: arrow.DataType): arrow.Data {
		const writer = new ColumnWriter(this.#region, items.length, true);
		return writer.layOut(writeColumn(this.#region, sqlType, items), type)();
	}
}

interface ArrayType<T extends ArrayBufferView> {
	readonly BYTES_PER_ELEMENT: number;
	new (buffer: ArrayBuffer, offset: number, length: number): T;
}

const ARRAYS = { i8: Int8Array, i16: Int16Array, i32: Int32Array, f32: Float32Array, f64: Float64Array } as const;

const INTEGER: SqlType = { kind: "INTEGER", nullable: false };

/** Key and value type of a MAP or MULTISET; undefined for an ARRAY. */
function entryTypes(type: SqlType): readonly [SqlType, SqlType] | undefined {
	if (type.kind === "MAP") return [type.key, type.value];
	return type.kind === "MULTISET" ? [type.element, INTEGER] : undefined;
}

function offsetsOf(lists: readonly (Row | null)[]): Int32Array {
	const offsets = new Int32Array(lists.length + 1);
	for (const [row, list] of lists.entries()) offsets[row + 1] = (offsets[row] as number) + (list?.length ?? 0);
	return offsets;
}
