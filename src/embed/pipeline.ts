// Operators one behind the other in a kernel memory of their own: what a builder plans and a StreamOperator drives.
import type * as arrow from "apache-arrow";
import type { Batch, Column } from "../arrow/batch.js";
import { BatchExporter } from "../arrow/export.js";
import { loadArrow } from "../arrow/library.js";
import { takeBatch } from "../arrow/take.js";
import { EngineError } from "../errors.js";
import type { OperatorSpec } from "../job/specs.js";
import { aloneContext } from "../operators/alone-context.js";
import { loadOperators, operatorFor } from "../operators/index.js";
import type { Operator, OperatorContext, OperatorMetrics, Output } from "../operators/operator.js";
import { type FunctionContext, setMoment } from "../types/function-context.js";
import type { Schema } from "../types/sql-type.js";
import { MAX_MEMORY_BYTES, type MemoryOwner, memoryOwner } from "../wasm/heap.js";
import type { KernelBuild } from "../wasm/kernels.js";
import { Region } from "../wasm/region.js";
import { OP } from "./batch-reader.js";
import { type BatchCallback, lend } from "./lent-batch.js";
import { shown } from "./shown.js";
import { Snapshot, SnapshotWriter } from "./snapshot.js";

/** The option that limits an operator's memory. */
export const MEMORY_LIMIT = "memoryLimitBytes";

export interface StagePlan {
	readonly spec: OperatorSpec;
	/** Schemas of its inputs; a stage behind another has one. */
	readonly inputs: readonly Schema[];
	readonly output: Schema;
}

export interface PipelinePlan {
	readonly stages: readonly StagePlan[];
	/** Batches come out with their row kinds in a first column `op`. */
	readonly emitsKinds: boolean;
	readonly functions: FunctionContext;
	/** Where rows that come too late are given out: the input that they are of. Stages in front of the operator add columns at most. */
	readonly lateOf?: { readonly schema: Schema; readonly isChangelog: boolean } | undefined;
	readonly memoryLimitBytes?: number | undefined;
	readonly kernels?: KernelBuild | undefined;
	/** Gets views of the memory, lent for the call; absent: batches that own theirs are emitted. */
	readonly onBatch?: BatchCallback | undefined;
}

export interface MemoryUse {
	/** Bytes of state now. */
	readonly stateBytes: number;
	readonly peakStateBytes: number;
	/** State and batches, kept for reuse or in use. */
	readonly usedBytes: number;
	readonly limitBytes: number;
}

/** Who takes what comes out. */
export interface PipelineSinks {
	emit(batch: arrow.RecordBatch): void;
	/** Rows that came too late, if the plan has `lateOf`. */
	late(batch: arrow.RecordBatch): void;
}

export class Pipeline {
	readonly region: Region;
	/** Of what comes out. */
	readonly schema: arrow.Schema;
	readonly #plan: PipelinePlan;
	readonly #exporter: BatchExporter;
	readonly #metrics: OperatorMetrics = { lateRecordsDropped: 0 };
	readonly #owner: MemoryOwner;
	readonly #operators: readonly Operator[];
	readonly #outputs: readonly Output[];
	readonly #sinks: PipelineSinks;
	readonly #lateExporter: BatchExporter | undefined;

	private constructor(region: Region, plan: PipelinePlan, sinks: PipelineSinks) {
		this.region = region;
		this.#plan = plan;
		this.#sinks = sinks;
		this.#lateExporter = plan.lateOf && new BatchExporter(plan.lateOf.schema);
		const last = plan.stages[plan.stages.length - 1] as StagePlan;
		this.#exporter = new BatchExporter(plan.emitsKinds ? [OP, ...last.output] : last.output);
		this.schema = this.#exporter.schema;
		this.#owner = memoryOwner(nameOf(plan));
		this.#operators = this.#create();
		this.#outputs = plan.stages.map((_, i) => this.#outputOf(i));
	}

	/** Throws UNSUPPORTED when there are no kernels for it. */
	static async create(plan: PipelinePlan, sinks: PipelineSinks): Promise<Pipeline> {
		const { memoryLimitBytes: limitBytes, kernels } = plan;
		if (limitBytes !== undefined && !(Number.isSafeInteger(limitBytes) && limitBytes > 0)) {
			throw new EngineError("INVALID_OPTION", `${MEMORY_LIMIT} is ${shown(limitBytes)}`, {
				expected: `a number of bytes from 1 to ${MAX_MEMORY_BYTES}`,
				remedy: "Leave it out for the most that there is",
			});
		}
		await Promise.all([loadArrow(), loadOperators(plan.stages.map(({ spec }) => spec))]);
		const region = await Region.create({ limitBytes, setting: MEMORY_LIMIT, ...(kernels && { build: kernels }) });
		return new Pipeline(region, plan, sinks);
	}

	get name(): string {
		return this.#owner.operator;
	}

	/** Of the late rows that are given out. */
	get lateSchema(): arrow.Schema | undefined {
		return this.#lateExporter?.schema;
	}

	get lateRecordsDropped(): number {
		return this.#metrics.lateRecordsDropped;
	}

	get memory(): MemoryUse {
		const { usedBytes, limitBytes } = this.region.heap;
		return { stateBytes: this.#owner.bytes, peakStateBytes: this.#owner.peakBytes, usedBytes, limitBytes };
	}

	process(batch: Batch, input: number): void {
		this.#setMoment();
		(this.#operators[0] as Operator).process(batch, input, this.#outputs[0] as Output);
	}

	advance(watermark: number): void {
		this.#setMoment();
		this.#each((operator, out) => operator.advance?.(watermark, out));
	}

	/** Input `input` has ended; the stages behind the first end with its last input. */
	finish(input: number, isLast: boolean): void {
		this.#setMoment();
		this.#each((operator, out, i) => {
			if (i === 0) operator.finish?.(input, out);
			else if (isLast) operator.finish?.(0, out);
		});
	}

	snapshot(extra: unknown): Uint8Array {
		const writer = new SnapshotWriter(this.region, this.#identity);
		for (const [i, operator] of this.#operators.entries()) operator.snapshot?.(writer.stage(i));
		writer.stage(this.#operators.length).value("extra", extra);
		return writer.bytes();
	}

	/** The snapshot in the bytes; throws INVALID_ARGUMENT or INVALID_STATE unless it is one of such a pipeline. */
	opened(bytes: Uint8Array): Snapshot {
		return new Snapshot(this.region, bytes, this.#identity);
	}

	restore(snapshot: Snapshot): unknown {
		for (const [i, operator] of this.#operators.entries()) operator.restore?.(snapshot.stage(i));
		return snapshot.stage(this.#operators.length).value("extra");
	}

	/** After a failure state may be half made: nobody looks for leaks then. */
	dispose(hasFailed: boolean): void {
		for (const operator of this.#operators) operator.dispose();
		this.region.arena.dispose();
		if (!hasFailed && this.region.heap.liveBlocks().length > 0)
			throw new EngineError("INTERNAL", `${this.name} leaks memory`);
	}

	#setMoment(): void {
		setMoment(this.#plan.functions, Date.now());
	}

	/** What must be alike for one operator's state to fit another. */
	get #identity(): string {
		const { stages } = this.#plan;
		const text = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}n` : value);
		return JSON.stringify(
			stages.map(({ spec, inputs }) => [spec, inputs]),
			text,
		);
	}

	#create(): Operator[] {
		const operators: Operator[] = [];
		for (const stage of this.#plan.stages) {
			const operator = operatorFor(stage.spec, this.#contextOf(stage));
			if (!operator) throw withoutKernels(stage.spec);
			operators.push(operator);
		}
		return operators;
	}

	#contextOf(stage: StagePlan): OperatorContext {
		const { functions } = this.#plan;
		return aloneContext({
			...stage,
			region: this.region,
			owner: this.#owner,
			functions,
			metrics: this.#metrics,
			now: Date.now,
		});
	}

	#outputOf(stage: number): Output {
		const isLast = stage === this.#operators.length - 1;
		const emit = isLast
			? (batch: Batch) => this.#export(batch)
			: (batch: Batch) => this.#operators[stage + 1]?.process(batch, 0, this.#outputs[stage + 1] as Output);
		const late = (batch: Batch, rows: number, n: number) => this.#exportLate(batch, rows, n);
		return { emit, watermark: () => {}, idle: () => {}, ...(this.#lateExporter && { late }) };
	}

	#export(batch: Batch): void {
		if (batch.length === 0) return;
		const { emitsKinds, onBatch } = this.#plan;
		const columns = emitsKinds ? [this.#kinds(batch), ...batch.columns] : batch.columns;
		const exported = this.#exporter.export(this.region, { ...batch, columns }, { copy: onBatch === undefined });
		if (onBatch === undefined) this.#sinks.emit(exported);
		else lend(exported, this.region, onBatch);
	}

	/** The columns of the input stand first, as they came. */
	#exportLate(batch: Batch, rows: number, n: number): void {
		const { schema, isChangelog } = this.#plan.lateOf!;
		const columns = batch.columns.slice(0, isChangelog ? schema.length - 1 : schema.length);
		const input = { ...batch, columns };
		const late = rows === 0 ? input : takeBatch(this.region, input, rows, n);
		const all = isChangelog ? [this.#kinds(late), ...late.columns] : late.columns;
		this.#sinks.late(this.#lateExporter!.export(this.region, { ...late, columns: all }));
	}

	#kinds({ kinds, length }: Batch): Column {
		const data = this.region.arena.allocate(length * 16);
		this.region.kernels.kindsToViews(kinds, length, data);
		return { type: OP.type, physical: "view", data, validity: 0 };
	}

	#each(run: (operator: Operator, out: Output, stage: number) => void): void {
		const { arena } = this.region;
		const mark = arena.mark();
		for (const [i, operator] of this.#operators.entries()) run(operator, this.#outputs[i] as Output, i);
		arena.release(mark);
	}
}

/** The operator proper, not the projection around it. */
function nameOf({ stages }: PipelinePlan): string {
	const main = stages.find(({ spec }) => spec.operator !== "Calc") ?? stages[0];
	return (main as StagePlan).spec.operator;
}

function withoutKernels(spec: OperatorSpec): EngineError {
	const calls = "calls" in spec ? (spec.calls as readonly { readonly function: string }[]) : [];
	const what =
		calls.length > 0 ? `${spec.operator} of ${calls.map((call) => call.function).join(", ")}` : spec.operator;
	return new EngineError("UNSUPPORTED", `There are no kernels for this ${what}`, {
		expected: "a combination of options that docs/operators.md lists",
		remedy: "Run it as a query: a session of 'millrace' falls back to rows for what has no kernels",
	});
}
