// RecordBatches → batches of one input: checked against its schema, cut to the size that kernels like, with row kinds where it is a changelog.
import type * as arrow from "apache-arrow";
import { schemaOfArrow } from "../arrow/arrow-type.js";
import { BATCH_ROWS, type Batch, type Column } from "../arrow/batch.js";
import { checkSchema, importColumn } from "../arrow/import.js";
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
		if (!Array.isArray(schema?.fields) || !Array.isArray(data?.children) || typeof numRows !== "number") {
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
			if (type.nullable || (data.children[index] as arrow.Data).nullCount === 0) continue;
			throw new EngineError("NULL_CONSTRAINT", `Column '${name}' of the batch holds NULLs`, {
				expected: "no NULLs, as its field is declared not nullable",
				remedy: "Declare the field nullable in the input schema",
			});
		}
	}

	/** Calls `take` with each part of a batch; memory is given back behind it. */
	read(source: arrow.RecordBatch, take: (batch: Batch) => void): void {
		const { arena } = this.#region;
		for (let from = 0; from < source.numRows; from += BATCH_ROWS) {
			const mark = arena.mark();
			try {
				take(this.#part(source, from, Math.min(BATCH_ROWS, source.numRows - from)));
			} finally {
				arena.release(mark);
			}
		}
	}

	#part(source: arrow.RecordBatch, from: number, length: number): Batch {
		const isWhole = length === source.numRows;
		const columns = this.#schema.map(({ type }, index) => {
			const data = source.data.children[index] as arrow.Data;
			return importColumn(this.#region, isWhole ? data : data.slice(from, length), type);
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
