// RecordBatches → batches of one input: checked against its schema, cut to the size that kernels like, with row kinds where it is a changelog.
import type * as arrow from "apache-arrow";
import { schemaOfArrow } from "../arrow/arrow-type.js";
import { BATCH_ROWS, type Batch, type Column } from "../arrow/batch.js";
import { checkSchema } from "../arrow/batch-schema.js";
import { columnOf, importColumn } from "../arrow/import.js";
import { checkLayouts, thawed } from "../arrow/layout.js";
import type { Place } from "../arrow/malformed.js";
import { EngineError, nearestName } from "../errors.js";
import { notNull, type Schema, STRING } from "../types/sql-type.js";
import type { Region } from "../wasm/region.js";
import { shown } from "./shown.js";

/** The column of row kinds, first in a changelog's batches: +I, -U, +U or -D. */
export const OP = { name: "op", type: notNull(STRING) } as const;

/** The SQL schema of an input. */
export function inputSchema(schema: unknown, option: string): Schema {
	const { fields } = (schema ?? {}) as arrow.Schema;
	if (!Array.isArray(fields) || fields.length === 0) {
		throw new EngineError("INVALID_ARGUMENT", `${option} is not an Arrow schema with columns`, {
			expected: "a Schema of apache-arrow, such as the `schema` of a Table or RecordBatch",
			remedy: `Pass { ${option}: table.schema, … }`,
		});
	}
	const columns = schemaOfArrow(schema as arrow.Schema);
	for (const [index, { name }] of columns.entries()) {
		if (columns.findIndex((other) => other.name === name) === index) continue;
		throw new EngineError("INVALID_SCHEMA", `${option} has two columns '${name}'`, {
			expected: "columns of distinct names",
			remedy: "Rename one of them",
		});
	}
	return columns;
}

/** The columns behind `op`. */
export function changelogColumns(schema: Schema, option: string): Schema {
	const [first, ...rest] = schema;
	if (first?.name === OP.name && (first.type.kind === "VARCHAR" || first.type.kind === "CHAR")) return rest;
	const near = nearestName(
		OP.name,
		schema.map(({ name }) => name),
	);
	throw new EngineError("INVALID_SCHEMA", `${option} is no changelog: its first column is '${first?.name}'`, {
		expected: `a first column '${OP.name}' of strings +I, -U, +U or -D`,
		remedy: near === undefined ? "Leave out changelog: true, or add the column" : `Move '${near}' to the front`,
	});
}

export class BatchReader {
	readonly #region: Region;
	readonly #schema: Schema;
	readonly #isChangelog: boolean;
	/** Arrow schemas found to be this one; batches of a stream mostly share one. */
	readonly #known = new WeakSet<arrow.Schema>();

	/** `schema`: of the RecordBatches, `op` included where they are a changelog. */
	constructor(region: Region, schema: Schema, isChangelog: boolean) {
		this.#region = region;
		this.#schema = schema;
		this.#isChangelog = isChangelog;
	}

	/** Throws when the batch is not of this input; nothing of it has been taken then. */
	check(batch: unknown): asserts batch is arrow.RecordBatch {
		const { schema, data, numRows } = (batch ?? {}) as arrow.RecordBatch;
		if (!Array.isArray(schema?.fields) || !Array.isArray(data?.children) || !Number.isSafeInteger(numRows)) {
			throw new EngineError("INVALID_ARGUMENT", `${shown(batch)} is not a RecordBatch`, {
				expected: "a RecordBatch of apache-arrow",
				remedy: "Push each of table.batches, not the table",
			});
		}
		if (!this.#known.has(schema)) {
			checkSchema(schemaOfArrow(schema), this.#schema);
			this.#known.add(schema);
		}
		for (const [index, { name, type }] of this.#schema.entries()) {
			const place = { column: name, firstRow: 0 };
			const column = thawed(columnOf(data, index, numRows, place));
			checkLayouts(column, type, place);
			if (type.nullable || column.nullCount === 0) continue;
			throw new EngineError("NULL_CONSTRAINT", `Column '${name}' of the batch holds NULLs`, {
				expected: "no NULLs, as its field is declared not nullable",
				remedy: "Declare the field nullable in the input schema",
			});
		}
	}

	/**
	 * Calls `take` with each part of a batch; memory is given back behind it. Where the first part's values cannot be taken, returns why: nothing
	 * of the batch has been taken then.
	 */
	read(source: arrow.RecordBatch, take: (batch: Batch) => void): EngineError | undefined {
		const { arena } = this.#region;
		for (let from = 0; from < source.numRows; from += BATCH_ROWS) {
			const mark = arena.mark();
			let part: Batch | undefined;
			try {
				part = this.#part(source, from, Math.min(BATCH_ROWS, source.numRows - from));
				take(part);
			} catch (error) {
				const isOfBatch = error instanceof EngineError && error.domain === "user";
				if (from === 0 && part === undefined && isOfBatch) return error;
				throw error;
			} finally {
				arena.release(mark);
			}
		}
		return undefined;
	}

	#part(source: arrow.RecordBatch, from: number, length: number): Batch {
		const { data, numRows } = source;
		const columns = this.#schema.map(({ name, type }, index) => {
			const place = { column: name, firstRow: from };
			const column = columnOf(data, index, numRows, place);
			const part = length === numRows ? column : sliced(column, from, length, place);
			return importColumn(this.#region, part, type, place);
		});
		if (!this.#isChangelog) return { length, columns, kinds: 0 };
		const [op, ...rest] = columns;
		return { length, columns: rest, kinds: this.#kinds(op as Column, length, from) };
	}

	#kinds({ data }: Column, length: number, from: number): number {
		const kinds = this.#region.arena.allocate(length);
		const row = this.#region.kernels.kindsOfViews(data, length, kinds);
		if (row === length) return kinds;
		throw new EngineError("INVALID_ARGUMENT", `Column '${OP.name}' names no kind of change`, {
			row: from + row,
			expected: "+I, -U, +U or -D",
			remedy: "Write one of these in each row",
		});
	}
}

function sliced(column: arrow.Data, from: number, length: number, place: Place): arrow.Data {
	try {
		return column.slice(from, length);
	} catch (cause) {
		throw new EngineError("INVALID_ARGUMENT", `Column '${place.column}' of the batch cannot be sliced any more`, {
			expected: "buffers that stay where they are until push has settled",
			remedy: "Transfer them to another thread afterwards, or push a copy",
			cause,
		});
	}
}
