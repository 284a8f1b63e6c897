// Batches → lines of text by the formatRows kernel. Types that it does not know are made text by JavaScript, column by column.
import type { Batch, Column } from "../arrow/batch.js";
import { readColumn, writeColumn } from "../arrow/values.js";
import { type SqlType, STRING } from "../types/sql-type.js";
import { timestampUnit, type Value } from "../types/value.js";
import type { Region } from "../wasm/region.js";
import type { Encoder } from "./format.js";

/** How a string is quoted; numbers as in assembly/format/text-rows.ts. */
export const QUOTING = { NEVER: 0, IF_NEEDED: 1, ALWAYS: 2, JSON: 3 } as const;

const KIND = {
	TEXT: 0,
	RAW_TEXT: 1,
	BOOLEAN: 2,
	TINYINT: 3,
	SMALLINT: 4,
	INTEGER: 5,
	BIGINT: 6,
	DECIMAL: 7,
	SHORT_DECIMAL: 8,
	DATE: 9,
	TIME: 10,
	TIMESTAMP: 11,
	TIMESTAMP_LTZ: 12,
} as const;

const COLUMN_BYTES = 40;
/** Longest value that is not a string, quotes included. */
const VALUE_BYTES = 48;
const PER_MS = { ms: 1, us: 1000, ns: 1_000_000 } as const;

/** How the values of a column are written, and what stands around them. */
export interface TextColumn {
	/** Index in the batch. */
	readonly index: number;
	readonly type: SqlType;
	/** Before each value, NULL included. */
	readonly before: string;
	readonly nullText: string;
	/** Of texts. */
	readonly quoting: number;
	/** Of dates and times. */
	readonly timeQuoting: number;
	readonly quote: string;
	/** CSV: the highest character that needs quotes, and another that does. */
	readonly highest?: number;
	readonly escapeChar?: string | undefined;
	/** Between date and time. */
	readonly separator: string;
	readonly plainDecimals: boolean;
	/** For values that the kernel does not know: their text, quotes included. */
	write(value: Exclude<Value, null>): string;
}

/** An encoder of `columns`, each row ending with `after`. */
export function textRowsEncoder(columns: readonly TextColumn[], after: string): Encoder {
	return {
		encode(region, batch) {
			const mark = region.arena.mark();
			const bytes = new TextRows(region, batch, columns, after).encode();
			region.arena.release(mark);
			return bytes;
		},
		finish: () => new Uint8Array(),
	};
}

class TextRows {
	readonly #region: Region;
	readonly #batch: Batch;
	readonly #columns: readonly TextColumn[];
	readonly #after: string;
	/** Bytes that the output may need. */
	#outputBytes = 16;

	constructor(region: Region, batch: Batch, columns: readonly TextColumn[], after: string) {
		this.#region = region;
		this.#batch = batch;
		this.#columns = columns;
		this.#after = after;
	}

	encode(): Uint8Array {
		const { arena, kernels } = this.#region;
		const rows = this.#batch.length;
		const descriptors = arena.allocate(this.#columns.length * COLUMN_BYTES);
		for (const [i, column] of this.#columns.entries()) this.#describe(descriptors + i * COLUMN_BYTES, column);
		const [after, afterBytes] = this.#text(this.#after);
		const out = arena.allocate(this.#outputBytes + rows * afterBytes);
		const end = kernels.formatRows(descriptors, this.#columns.length, rows, after, afterBytes, out) >>> 0;
		return this.#region.u8.subarray(out, end);
	}

	#describe(at: number, column: TextColumn): void {
		const known = kindOf(column);
		const source = this.#batch.columns[column.index] as Column;
		const { data, validity } = known === undefined ? this.#asText(source, column) : source;
		const kind = known ?? KIND.RAW_TEXT;
		const [before, beforeBytes] = this.#text(column.before);
		const [nullText, nullBytes] = this.#text(column.nullText);
		const isText = kind <= KIND.RAW_TEXT;
		this.#reserve(data, isText, beforeBytes + nullBytes, column);
		const view = this.#region.data;
		const words = [data, validity, kind, argumentOf(column), before, beforeBytes, nullText, nullBytes];
		for (const [i, word] of words.entries()) view.setUint32(at + i * 4, word, true);
		view.setUint32(at + 32, isText ? column.quoting : column.timeQuoting, true);
		view.setUint8(at + 36, column.highest ?? 0);
		view.setUint8(at + 37, column.quote.charCodeAt(0) || 0);
		view.setUint8(at + 38, column.escapeChar?.charCodeAt(0) ?? 0);
		view.setUint8(at + 39, column.separator.charCodeAt(0));
	}

	#reserve(data: number, isText: boolean, aroundBytes: number, { quoting }: TextColumn): void {
		const rows = this.#batch.length;
		const growth = quoting === QUOTING.JSON ? 6 : 2;
		const texts = isText ? this.#region.kernels.viewsTotalBytes(data, rows) * growth + rows * 2 : rows * VALUE_BYTES;
		this.#outputBytes += texts + rows * aroundBytes;
	}

	#asText(column: Column, { write }: TextColumn): Column {
		const texts = readColumn(this.#region, column, this.#batch.length).map((value) =>
			value === null ? null : write(value),
		);
		return writeColumn(this.#region, STRING, texts);
	}

	/** Address and length of a text in the arena. */
	#text(text: string): [address: number, bytes: number] {
		const encoded = new TextEncoder().encode(text);
		const address = this.#region.arena.allocate(encoded.length);
		this.#region.u8.set(encoded, address);
		return [address, encoded.length];
	}
}

/** Undefined: the kernel does not know the type. */
function kindOf({ type, plainDecimals }: TextColumn): number | undefined {
	switch (type.kind) {
		case "CHAR":
		case "VARCHAR":
			return KIND.TEXT;
		case "DECIMAL":
			return type.precision > 18 ? undefined : plainDecimals ? KIND.DECIMAL : KIND.SHORT_DECIMAL;
		default:
			return (KIND as Readonly<Record<string, number>>)[type.kind];
	}
}

function argumentOf({ type }: TextColumn): number {
	if (type.kind === "DECIMAL") return type.scale;
	const isTimestamp = type.kind === "TIMESTAMP" || type.kind === "TIMESTAMP_LTZ";
	return isTimestamp ? PER_MS[timestampUnit(type.precision)] : 0;
}
