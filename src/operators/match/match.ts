// Match (MATCH_RECOGNIZE): rows in the order of time drive the automaton's runs, in kernels. Rows wait for the watermark; by processing
// time they are taken as they come. What a match's measures pick comes out of the kernel as columns, over which they are computed.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { type CompiledExpressions, compileExpressions } from "../../expr/compile.js";
import type { MatchSpec } from "../../job/match.js";
import { mapColumns } from "../../types/expr.js";
import type { Schema } from "../../types/sql-type.js";
import {
	MAX_WATERMARK,
	type Operator,
	type OperatorContext,
	type OperatorDefinition,
	type Output,
	type StateReader,
	type StateWriter,
} from "../operator.js";
import { OrderWords } from "../rank/order-words.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { RowLayout } from "../state/row-layout.js";
import { MatchMachine, type MatchPlan, PARTITION_BYTES, planMatch } from "./machine.js";
import { SavedRuns } from "./saved-runs.js";
import { WaitingRows } from "./waiting-rows.js";

const WAITING = "waiting";
const RUNS = "runs";

class Match implements Operator {
	readonly #spec: MatchSpec;
	readonly #context: OperatorContext;
	readonly #partitions: GroupIndex;
	readonly #machine: MatchMachine;
	readonly #saved: SavedRuns;
	readonly #waiting: WaitingRows;
	readonly #measures: CompiledExpressions;
	readonly #byProcessingTime: boolean;
	#watermark = Number.MIN_SAFE_INTEGER;
	/** The watermark by which runs were last looked through for those that have ended. */
	#expired = Number.MIN_SAFE_INTEGER;

	constructor(plan: MatchPlan, words: OrderWords, context: OperatorContext) {
		const { region, owner, functions, user } = context;
		const input = context.inputs[0] as Schema;
		const { spec } = plan;
		this.#spec = spec;
		this.#context = context;
		this.#byProcessingTime = !spec.eventTime && !spec.final;
		const key = keyLayout(spec.partition.map((column) => input[column]!.type));
		const layout = new RowLayout(key.bytes);
		const offset = layout.reserve(8);
		layout.reserve(PARTITION_BYTES - 8);
		this.#partitions = new GroupIndex(region, owner, key, layout.stride);
		this.#machine = new MatchMachine(region, owner, plan, offset);
		this.#saved = new SavedRuns(region, plan, input, this.#machine, this.#partitions, offset);
		this.#waiting = new WaitingRows(region, owner, input, words, spec.order[0]!);
		let before = 0;
		const exprs = spec.measures.map(({ value: { expr, refs } }) => {
			const first = before;
			before += refs.length;
			return mapColumns(expr, (index) => index + first);
		});
		const picked = plan.picks.map(({ type }, i) => ({ name: `f${i}`, type }));
		this.#measures = compileExpressions(exprs, picked, region, functions, { owner, user });
	}

	process(batch: Batch, _input: number, out: Output): void {
		const { region, metrics } = this.#context;
		const n = batch.length;
		if (n === 0) return;
		if (this.#byProcessingTime) {
			const nowMs = this.#context.now();
			const times = region.arena.allocate(n * 8);
			region.i64.fill(BigInt(nowMs), times / 8, times / 8 + n);
			this.#run(batch.columns, n, times, out);
			return;
		}
		const times = batch.columns[this.#spec.order[0]!.column] as Column;
		const indices = region.arena.allocate((n + 1) * 4);
		const count = region.kernels.matchOnTime(times.data, n, this.#watermark, indices);
		metrics.lateRecordsDropped += n - count;
		this.#waiting.add(batch, count === n ? 0 : indices, count);
	}

	advance(watermark: number, out: Output): void {
		if (this.#spec.eventTime && !this.#spec.final) this.#advance(watermark, out);
	}

	finish(_input: number, out: Output): void {
		if (this.#spec.final) this.#advance(MAX_WATERMARK, out);
	}

	snapshot(writer: StateWriter): void {
		const { partition } = this.#spec;
		writer.value("watermark", this.#watermark);
		writer.table(WAITING, this.#context.inputs[0] as Schema, this.#waiting.all(), partition);
		writer.table(RUNS, this.#saved.schema, this.#saved.batches(), [...partition.keys()]);
	}

	restore(reader: StateReader): void {
		this.#watermark = Number(reader.value("watermark") ?? Number.MIN_SAFE_INTEGER);
		for (const batch of reader.table(WAITING)) this.#waiting.add(batch, 0, batch.length);
		for (const batch of reader.table(RUNS)) this.#saved.load(batch);
	}

	dispose(): void {
		this.#measures.dispose();
		this.#waiting.dispose();
		this.#machine.dispose();
		this.#partitions.dispose();
	}

	#advance(watermark: number, out: Output): void {
		this.#watermark = watermark;
		for (const { columns, length } of this.#waiting.due(watermark)) {
			this.#run(columns, length, columns[this.#spec.order[0]!.column]!.data, out);
		}
		this.#expire(watermark, out);
	}

	/** Takes rows that are in order. */
	#run(columns: readonly Column[], n: number, times: number, out: Output): void {
		const { kernels, arena } = this.#context.region;
		const keys = this.#spec.partition.map((column) => columns[column] as Column);
		const { rows } = this.#partitions.find(keys, n);
		this.#machine.point(columns, times, this.#context.now());
		for (let from = 0; ; ) {
			from = kernels.matchRows(this.#machine.address, rows, from, n);
			this.#machine.check();
			if (from === n) break;
			this.#provide(this.#context.region.u32[rows / 4 + from]!, out);
		}
		this.#send(out);
		const idle = arena.allocate((n + 1) * 4);
		const count = kernels.matchIdle(this.#machine.address, rows, n, idle);
		this.#partitions.remove(idle, count);
	}

	/** Ends the runs that can no longer finish; at once where a match waits for that, else now and then. */
	#expire(watermark: number, out: Output): void {
		const { withinMs } = this.#spec;
		if (withinMs === undefined) return;
		const isDue = watermark === MAX_WATERMARK || watermark - this.#expired >= withinMs;
		if (!isDue && this.#machine.waiting === 0) return;
		this.#expired = watermark;
		const { region, owner } = this.#context;
		const idle: number[] = [];
		for (const { rows, count } of this.#partitions.scan(BATCH_ROWS)) {
			for (let from = 0; ; ) {
				from = region.kernels.matchExpire(this.#machine.address, rows, from, count, watermark);
				this.#machine.check();
				if (from === count) break;
				this.#provide(region.u32[rows / 4 + from]!, out);
			}
			this.#send(out);
			const found = region.arena.allocate((count + 1) * 4);
			const n = region.kernels.matchIdle(this.#machine.address, rows, count, found);
			for (const row of region.u32.subarray(found / 4, found / 4 + n)) idle.push(row);
		}
		if (idle.length === 0) return;
		const rows = region.heap.allocate(idle.length * 4, owner);
		region.u32.set(idle, rows / 4);
		this.#partitions.remove(rows, idle.length);
		region.heap.free(rows, idle.length * 4, owner);
	}

	#provide(keyRow: number, out: Output): void {
		if (this.#machine.provide(keyRow)) return;
		this.#send(out);
		this.#machine.provide(keyRow);
	}

	/** Sends the matches found. */
	#send(out: Output): void {
		const length = this.#machine.found;
		if (length === 0) return;
		const { arena } = this.#context.region;
		const mark = arena.mark();
		const keys = this.#partitions.gatherKeys(this.#machine.partitions, length);
		const measures = this.#measures.evaluate({ length, columns: this.#machine.picked(), kinds: 0 });
		out.emit({ length, columns: [...keys, ...measures], kinds: 0 });
		arena.release(mark);
		this.#machine.sent();
	}
}

export const match: OperatorDefinition<"Match"> = {
	name: "Match",
	create(spec, context) {
		const input = context.inputs[0] as Schema;
		const plan = planMatch(spec, input);
		const words = OrderWords.of(spec.order, input);
		return plan && words && new Match(plan, words, context);
	},
};
