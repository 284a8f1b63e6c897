// Reads a TPC-H table as batches: of columns that stay in memory, or made for each batch.
import { allocateColumn, type Batch } from "../../arrow/batch.js";
import type { SourceContext, SourceReader } from "../connector.js";
import { BlockCursor, type BlockPosition, dealtBlocks } from "../nexmark/cursor.js";
import { Chunk } from "./chunk.js";
import type { TpchConfig } from "./options.js";
import { acquireTexts, releaseTexts, residentRows } from "./resident.js";
import type { Table, TableColumn } from "./tables.js";
import type { Texts } from "./texts.js";

function cursorOf(units: number, { subtask, parallelism, claim, startPosition = [] }: SourceContext): BlockCursor {
	return new BlockCursor(units, claim ?? dealtBlocks(subtask, parallelism), startPosition as readonly BlockPosition[]);
}

/** Positions are rows. */
export class ResidentReader implements SourceReader {
	readonly #context: SourceContext;
	readonly #rows: ReturnType<typeof residentRows>;
	readonly #cursor: BlockCursor;
	#rowsLeft: number;

	constructor(context: SourceContext, { table, scale }: TpchConfig, columns: readonly TableColumn[]) {
		this.#context = context;
		this.#rows = residentRows(context.region, table, columns, scale);
		this.#cursor = cursorOf(this.#rows.rows, context);
		this.#rowsLeft = context.limit ?? Number.POSITIVE_INFINITY;
	}

	next(): Batch | null {
		const range = this.#rowsLeft > 0 ? this.#cursor.next(Number.POSITIVE_INFINITY) : undefined;
		if (range === undefined) return null;
		const length = Math.min(range.count, this.#context.batchRows, this.#rowsLeft);
		this.#cursor.advance(length);
		this.#rowsLeft -= length;
		return this.#rows.slice(range.first, length);
	}

	position(): unknown {
		return this.#cursor.position();
	}

	close(): void {}
}

/** Positions are the units that chunks are made of. */
export class GeneratingReader implements SourceReader {
	readonly #context: SourceContext;
	readonly #config: TpchConfig;
	readonly #columns: readonly TableColumn[];
	readonly #texts: Texts;
	readonly #cursor: BlockCursor;
	readonly #unitsPerBatch: number;
	#rowsLeft: number;

	constructor(context: SourceContext, config: TpchConfig, columns: readonly TableColumn[]) {
		this.#context = context;
		this.#config = config;
		this.#columns = columns;
		this.#texts = acquireTexts(context.region);
		this.#cursor = cursorOf(config.table.units(config.scale), context);
		this.#unitsPerBatch = Math.max(1, Math.floor(context.batchRows / config.table.rowsPerUnit));
		this.#rowsLeft = context.limit ?? Number.POSITIVE_INFINITY;
	}

	next(): Batch | null {
		const range = this.#rowsLeft > 0 ? this.#cursor.next(Number.POSITIVE_INFINITY) : undefined;
		if (range === undefined) return null;
		const units = Math.min(range.count, this.#unitsPerBatch);
		this.#cursor.advance(units);
		const batch = this.#make(this.#config.table, range.first, units);
		const length = Math.min(batch.length, this.#rowsLeft);
		this.#rowsLeft -= length;
		return { ...batch, length };
	}

	position(): unknown {
		return this.#cursor.position();
	}

	close(): void {
		releaseTexts(this.#context.region, this.#texts);
	}

	#make(table: Table, first: number, units: number): Batch {
		const { region } = this.#context;
		const text = (bytes: number) => region.arena.allocate(bytes);
		const chunk = new Chunk(region, this.#texts, this.#config.scale, { first, units }, text);
		const length = table.rowsOf(chunk);
		const columns = this.#columns.map((made) => {
			const column = allocateColumn(region, made.type, length, false);
			made.make(chunk, column.data);
			return column;
		});
		return { length, columns, kinds: 0 };
	}
}
