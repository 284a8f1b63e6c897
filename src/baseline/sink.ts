// The end of a graph: rows are handed over chunk by chunk, those with a NULL where the table allows none are refused or dropped.
import { EngineError } from "../errors.js";
import type { JobVertex } from "../job/job-graph.js";
import type { SinkSpec } from "../job/specs.js";
import type { RowKind } from "../types/row-kind.js";
import type { Row } from "../types/value.js";
import type { RowInput, VertexCounters } from "./vertex.js";

/** Takes the rows of a Sink vertex; a promise holds the sources back. */
export interface RowSink {
	write(rows: readonly Row[], kinds: readonly RowKind[]): void | Promise<void>;
	finish?(): void | Promise<void>;
}

export class SinkInput {
	readonly counters: VertexCounters;
	readonly #spec: SinkSpec;
	readonly #vertex: JobVertex;
	readonly #sink: RowSink;
	#rows: Row[] = [];
	#kinds: RowKind[] = [];
	#flushed = Promise.resolve();

	constructor(spec: SinkSpec, vertex: JobVertex, sink: RowSink) {
		this.#spec = spec;
		this.#vertex = vertex;
		this.#sink = sink;
		this.counters = { description: vertex.description, rowsIn: 0, rowsOut: 0, lateRecordsDropped: 0 };
	}

	input(_input: number): RowInput {
		return { process: (row, kind) => this.#process(row, kind), watermark() {}, idle() {}, end() {} };
	}

	#process(row: Row, kind: RowKind): void {
		this.counters.rowsIn++;
		for (const column of this.#spec.notNull) {
			if (row[column] !== null) continue;
			if (this.#spec.dropsNulls) return;
			throw this.#nullRefused(column);
		}
		this.#rows.push(row);
		this.#kinds.push(kind);
	}

	#nullRefused(column: number): EngineError {
		const name = this.#vertex.schema[column]?.name ?? `#${column}`;
		return new EngineError("NULL_CONSTRAINT", `column '${name}' of the sink is NOT NULL, but a row has NULL there`, {
			operator: "Sink",
			remedy: "Set 'table.exec.sink.not-null-enforcer' = 'DROP' to drop such rows, or filter them in the query",
		});
	}

	/** Also called by the clock while sources wait: writes never overlap. */
	flush(): Promise<void> {
		this.#flushed = this.#flushed.then(() => this.#write());
		return this.#flushed;
	}

	async #write(): Promise<void> {
		if (this.#rows.length === 0) return;
		const [rows, kinds] = [this.#rows, this.#kinds];
		this.#rows = [];
		this.#kinds = [];
		await this.#sink.write(rows, kinds);
	}

	async finish(): Promise<void> {
		await this.flush();
		await this.#sink.finish?.();
	}
}
