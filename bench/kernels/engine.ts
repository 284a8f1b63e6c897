// Operators over batches that lie in linear memory already, as in a running job: what is measured as `wasm`.
import { BATCH_ROWS, type Batch, type Column } from "../../src/arrow/batch.js";
import { contextOf } from "../../src/embed/options.js";
import type { OperatorSpec } from "../../src/job/specs.js";
import { aloneContext } from "../../src/operators/alone-context.js";
import { loadOperators, operatorFor } from "../../src/operators/index.js";
import type { Operator, Output } from "../../src/operators/operator.js";
import type { Schema } from "../../src/types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../../src/types/value.js";
import { type MemoryOwner, memoryOwner } from "../../src/wasm/heap.js";
import { Region } from "../../src/wasm/region.js";

export interface Stage {
	readonly spec: OperatorSpec;
	readonly inputs: readonly Schema[];
	readonly output: Schema;
}

/** Values of a fixed-width column, or strings as UTF-8 bytes and offsets. */
export type Values = ArrayBufferView | { readonly bytes: Uint8Array; readonly offsets: Uint32Array };

export class Engine {
	readonly region: Region;
	readonly #owner: MemoryOwner = memoryOwner("bench");

	private constructor(region: Region) {
		this.region = region;
	}

	static async create(): Promise<Engine> {
		await loadOperators();
		return new Engine(await Region.create());
	}

	/** Rows in memory that stays, cut into batches. */
	batches(schema: Schema, values: readonly Values[], rows: number, batchRows = BATCH_ROWS): Batch[] {
		const columns = schema.map(({ type }, i) => {
			const physical = physicalType(type);
			const data = this.#place(values[i] as Values, rows);
			return { column: { type, physical, data, validity: 0 } as Column, width: PHYSICAL_WIDTH[physical] };
		});
		const batches: Batch[] = [];
		for (let from = 0; from < rows; from += batchRows) {
			batches.push({
				length: Math.min(batchRows, rows - from),
				columns: columns.map(({ column, width }) => ({ ...column, data: column.data + from * width })),
				kinds: 0,
			});
		}
		return batches;
	}

	/** Operators one behind the other; `take` gets what the last one sends. */
	chain(stages: readonly Stage[], take: (batch: Batch) => void): Chain {
		return new Chain(this.region, stages, take);
	}

	#place(values: Values, rows: number): number {
		const { region } = this;
		if (ArrayBuffer.isView(values)) {
			const data = region.heap.allocate(values.byteLength + 16, this.#owner);
			region.u8.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), data);
			return data;
		}
		const bytes = region.heap.allocate(values.bytes.length + 16, this.#owner);
		const views = region.heap.allocate(rows * 16 + 16, this.#owner);
		const offsets = region.heap.allocate((rows + 1) * 4, this.#owner);
		region.u8.set(values.bytes, bytes);
		region.u32.set(values.offsets, offsets >>> 2);
		region.kernels.bytesToViews(bytes, offsets, rows, 0, views);
		region.heap.free(offsets, (rows + 1) * 4, this.#owner);
		return views;
	}
}

export class Chain {
	readonly #region: Region;
	readonly #operators: readonly Operator[];
	readonly #outputs: Output[];

	constructor(region: Region, stages: readonly Stage[], take: (batch: Batch) => void) {
		this.#region = region;
		this.#operators = stages.map((stage) => operatorOf(region, stage));
		this.#outputs = stages.map((_, i) => ({
			emit: (batch) => {
				const next = this.#operators[i + 1];
				if (next) next.process(batch, 0, this.#outputs[i + 1] as Output);
				else take(batch);
			},
			watermark: () => {},
			idle: () => {},
		}));
	}

	process(batch: Batch, input = 0): void {
		const { arena } = this.#region;
		const mark = arena.mark();
		(this.#operators[0] as Operator).process(batch, input, this.#outputs[0] as Output);
		arena.release(mark);
	}

	advance(watermark: number): void {
		this.#each((operator, out) => operator.advance?.(watermark, out));
	}

	/** Input 0 of the first operator, the one that ends last, ends all behind it. */
	finish(input = 0): void {
		this.#each((operator, out) => {
			if (input === 0 || operator === this.#operators[0]) operator.finish?.(input, out);
		});
	}

	dispose(): void {
		for (const operator of this.#operators) operator.dispose();
	}

	#each(run: (operator: Operator, out: Output) => void): void {
		const mark = this.#region.arena.mark();
		for (const [i, operator] of this.#operators.entries()) run(operator, this.#outputs[i] as Output);
		this.#region.arena.release(mark);
	}
}

function operatorOf(region: Region, stage: Stage): Operator {
	const { spec } = stage;
	const functions = contextOf("final" in spec ? spec.final : true);
	const operator = operatorFor(spec, aloneContext({ ...stage, region, owner: memoryOwner(spec.operator), functions }));
	if (!operator) throw new Error(`no kernels for ${spec.operator}`);
	return operator;
}
