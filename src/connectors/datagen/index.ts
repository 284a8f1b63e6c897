// The `datagen` source: rows of random values or sequences, at a steady rate.
import type { Batch } from "../../arrow/batch.js";
import { rowsToBatch } from "../../arrow/rows.js";
import type { ConnectorTable } from "../../job/specs.js";
import type { Schema } from "../../types/sql-type.js";
import type { Row, Value } from "../../types/value.js";
import type { Connector, SourceContext, SourceReader } from "../connector.js";
import { sleep } from "../pacing.js";
import { projectedSchema } from "../projection.js";
import { type FieldGenerator, fieldGenerator, type GeneratorContext } from "./field-generator.js";
import { DATAGEN_OPTIONS, datagenOptions, FieldOptions } from "./options.js";

export const datagen: Connector = {
	name: "datagen",
	doc: "Makes rows of random values or sequences, for trying things out.",
	options: DATAGEN_OPTIONS,
	describe(table) {
		const context = { subtask: 0, parallelism: 1, random: Math.random, now: Date.now };
		const ends = fieldsOf(table, context).some((field) => field.isSequence);
		const rows = datagenOptions(table)["number-of-rows"];
		return {
			changelog: "insert",
			bounded: rows !== undefined || ends,
			...(rows === undefined ? {} : { statistics: { rows } }),
		};
	},
	source: { open: (context) => new DatagenReader(context) },
};

interface TableField {
	readonly generator: FieldGenerator;
	readonly isSequence: boolean;
}

/** One per physical column. Refuses options that fit no field. */
function fieldsOf(table: ConnectorTable, context: GeneratorContext): TableField[] {
	const options = new FieldOptions(table);
	const fields = table.columns.map(({ name, type }) => {
		const own = options.child(name);
		return {
			generator: fieldGenerator(type, own, context),
			isSequence: own.get<string>("kind", "random") === "sequence",
		};
	});
	options.checkAll();
	return fields;
}

class DatagenReader implements SourceReader {
	readonly #context: SourceContext;
	readonly #schema: Schema;
	readonly #fields: readonly FieldGenerator[];
	/** Rows of this subtask, all in all. */
	readonly #total: number;
	readonly #rowsPerMs: number;
	readonly #start: number;
	#emitted = 0;
	#resumed = 0;
	#ended = false;

	constructor(context: SourceContext) {
		const { table, subtask, parallelism, startPosition = [], limit = Number.POSITIVE_INFINITY } = context;
		this.#context = context;
		this.#schema = projectedSchema(table, context.projection);
		const generation = { subtask, parallelism, random: Math.random, now: context.now };
		this.#fields = fieldsOf(table, generation).map(({ generator }) => generator);
		const options = datagenOptions(table);
		const rows = options["number-of-rows"] ?? Number.POSITIVE_INFINITY;
		this.#total = Math.min(limit, share(rows, subtask, parallelism));
		this.#rowsPerMs = options["rows-per-second"] / 1000 / parallelism;
		this.#start = context.now();
		this.#resumed = (startPosition[subtask] as number | undefined) ?? 0;
		this.#emitted = this.#resumed;
	}

	next(): Batch | null | Promise<void> {
		if (this.#ended || this.#emitted >= this.#total) return null;
		const { now, signal, batchRows, region } = this.#context;
		const due = this.#resumed + Math.floor((now() - this.#start) * this.#rowsPerMs) - this.#emitted;
		if (due < 1) return sleep(1 / this.#rowsPerMs, signal);
		const rows = this.#generate(Math.min(due, batchRows, this.#total - this.#emitted));
		return rows.length === 0 ? null : rowsToBatch(region, this.#schema, rows);
	}

	position(): number {
		return this.#emitted;
	}

	close(): void {}

	#generate(count: number): Row[] {
		const { projection } = this.#context;
		const rows: Row[] = [];
		for (let i = 0; i < count && !this.#ended; i++) {
			const values = this.#fields.map((field) => field.next(this.#emitted));
			if (values.includes(undefined)) {
				this.#ended = true;
				break;
			}
			rows.push(projection.map((path) => valueAt(values as Row, path)));
			this.#emitted++;
		}
		return rows;
	}
}

const valueAt = (row: Row, [index, ...rest]: readonly number[]): Value =>
	rest.reduce<Value>((value, inner) => (value as readonly Value[] | null)?.[inner] ?? null, row[index!] ?? null);

/** The part of `total` rows that a subtask makes. */
function share(total: number, subtask: number, parallelism: number): number {
	if (!Number.isFinite(total)) return total;
	return Math.floor((total * (subtask + 1)) / parallelism) - Math.floor((total * subtask) / parallelism);
}
