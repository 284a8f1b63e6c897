// Match (MATCH_RECOGNIZE): rows per partition in time order drive the pattern's automaton. As in Flink's CEP a match is emitted once no
// unfinished match that began earlier is left, and what it makes AFTER MATCH SKIP forget is dropped.
import type { MatchSpec } from "../job/match.js";
import { type Automaton, type Condition, compilePattern } from "../job/match-automaton.js";
import { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import type { OperatorContext } from "./context.js";
import { getOrCreate, type Key, type KeyOf, keyOf, orderOf, pick, type RowComparator } from "./keys.js";
import { compileMatchExpr, type MatchedRow, type MatchValue, rowsOf, skipTarget } from "./match-values.js";
import { MAX_WATERMARK, MIN_WATERMARK, type RowOperator, type RowOutput } from "./operator.js";
import { RunQueue } from "./run-queue.js";
import { TimerQueue } from "./timers.js";

/** A match under way: the automaton's state, and where it began. */
interface Run {
	readonly state: number;
	readonly start: number;
	readonly startTime: number;
	readonly last: MatchedRow;
}

/** The run that every row may begin; of all runs the last. */
interface Beginning {
	readonly start: typeof Number.POSITIVE_INFINITY;
}

const BEGINNING: Beginning = { start: Number.POSITIVE_INFINITY };

const hasBegun = (run: Run | Beginning): run is Run => run.start !== Number.POSITIVE_INFINITY;

interface PartitionState {
	/** Rows by time, until the watermark passes it. */
	readonly waiting: Map<number, Row[]>;
	rows: number;
	/** Unfinished and finished runs. */
	runs: RunQueue<Run | Beginning>;
	readonly finished: RunQueue<Run>;
}

interface SavedPartition extends Omit<PartitionState, "runs" | "finished"> {
	readonly runs: readonly (Run | Beginning)[];
	readonly finished: readonly Run[];
}

export class Match implements RowOperator {
	readonly #spec: MatchSpec;
	readonly #key: KeyOf;
	readonly #time: number;
	readonly #compare: RowComparator;
	readonly #automaton: Automaton;
	readonly #defines: readonly (MatchValue | undefined)[];
	readonly #measures: readonly MatchValue[];
	readonly #now: () => number;
	readonly #partitions = new Map<Key, PartitionState>();
	readonly #timers = new TimerQueue<Key>();
	#watermark = MIN_WATERMARK;

	constructor(spec: MatchSpec, input: Schema, context: OperatorContext) {
		this.#spec = spec;
		this.#key = keyOf(spec.partition, input);
		this.#time = spec.order[0]!.column;
		this.#compare = orderOf(spec.order.slice(1), input);
		this.#automaton = compilePattern(spec.pattern);
		this.#defines = spec.pattern.map(({ define }) => define && compileMatchExpr(define, context));
		this.#measures = spec.measures.map(({ value }) => compileMatchExpr(value, context));
		this.#now = () => context.now();
	}

	process(row: Row, _kind: RowKind, _input: number, out: RowOutput): void {
		const key = this.#key(row);
		const partition = getOrCreate(
			this.#partitions,
			key,
			(): PartitionState => ({ waiting: new Map(), rows: 0, runs: RunQueue.of([BEGINNING]), finished: new RunQueue() }),
		);
		if (!this.#spec.eventTime && !this.#spec.final) {
			this.#processRow(partition, row, this.#now(), out);
			return;
		}
		const time = Number(row[this.#time]);
		if (time <= this.#watermark) {
			out.late();
			return;
		}
		getOrCreate(partition.waiting, time, (): Row[] => []).push(row);
		this.#timers.register(time, key);
	}

	advance(watermark: number, out: RowOutput): void {
		if (this.#spec.final || !this.#spec.eventTime) return;
		this.#advance(watermark, out);
	}

	finish(out: RowOutput): void {
		if (this.#spec.final) this.#advance(MAX_WATERMARK, out);
	}

	#advance(watermark: number, out: RowOutput): void {
		this.#watermark = watermark;
		for (let timer = this.#timers.next(watermark); timer !== undefined; timer = this.#timers.next(watermark)) {
			const partition = this.#partitions.get(timer.key);
			if (partition !== undefined) this.#advancePartition(timer.key, partition, out);
		}
	}

	#advancePartition(key: Key, partition: PartitionState, out: RowOutput): void {
		const due = [...partition.waiting.keys()].filter((time) => time <= this.#watermark);
		for (const time of due.sort((left, right) => left - right)) {
			for (const row of partition.waiting.get(time)!.sort(this.#compare)) this.#processRow(partition, row, time, out);
			partition.waiting.delete(time);
		}
		this.#expire(partition, this.#watermark, out);
		const { waiting, runs, finished } = partition;
		const earliest = runs.first!;
		if (hasBegun(earliest)) {
			if (this.#spec.withinMs !== undefined) this.#timers.register(earliest.startTime + this.#spec.withinMs, key);
		} else if (waiting.size === 0 && finished.first === undefined) this.#partitions.delete(key);
	}

	#processRow(partition: PartitionState, row: Row, time: number, out: RowOutput): void {
		this.#expire(partition, time, out);
		const sequence = partition.rows++;
		const runs = new RunQueue<Run | Beginning>();
		const finished = new RunQueue<Run>();
		for (const run of partition.runs.runs) {
			for (const next of this.#step(hasBegun(run) ? run : undefined, row, sequence, time)) {
				if (next.state === this.#automaton.final) finished.add(next);
				else runs.add(next);
			}
			if (!hasBegun(run)) runs.add(run);
		}
		partition.runs = runs;
		for (const run of finished.runs) partition.finished.add(run);
		this.#emitFinished(partition, time, out);
	}

	/** Drops the runs that can no longer finish within the interval. */
	#expire(partition: PartitionState, time: number, out: RowOutput): void {
		const { withinMs } = this.#spec;
		if (withinMs === undefined) return;
		const isOpen = (run: Run | Beginning) => !hasBegun(run) || time - run.startTime < withinMs;
		partition.runs = RunQueue.of(partition.runs.runs.filter(isOpen));
		this.#emitFinished(partition, time, out);
	}

	/** The runs that a run (undefined: a new one) becomes by a row; it ends if there are none. */
	#step(run: Run | undefined, row: Row, sequence: number, time: number): Run[] {
		const { states, start, final } = this.#automaton;
		const next: Run[] = [];
		const open = [run?.state ?? start];
		for (let state = open.pop(); state !== undefined; state = open.pop()) {
			const { variable, transitions } = states[state]!;
			for (const { action, target, conditions } of transitions) {
				if (!this.#holds(conditions, run, row, sequence)) continue;
				if (action === "proceed") {
					open.push(target);
					continue;
				}
				const last = this.#assign(run, row, sequence, variable);
				const begun = { start: run?.start ?? sequence, startTime: run?.startTime ?? time, last };
				next.push({ state: target, ...begun });
				if (target !== final && this.#mayEndAt(target, run, row, sequence)) next.push({ state: final, ...begun });
			}
		}
		return next;
	}

	/** Whether the rest of the pattern may be empty. */
	#mayEndAt(state: number, run: Run | undefined, row: Row, sequence: number): boolean {
		return this.#automaton.states[state]!.transitions.some(
			({ action, target, conditions }) =>
				action === "proceed" &&
				this.#holds(conditions, run, row, sequence) &&
				(target === this.#automaton.final || this.#mayEndAt(target, run, row, sequence)),
		);
	}

	#holds(conditions: readonly Condition[], run: Run | undefined, row: Row, sequence: number): boolean {
		return conditions.every(({ variable, negated }) => {
			const define = this.#defines[variable];
			const accepts = define === undefined || define(this.#assign(run, row, sequence, variable), 0) === true;
			return accepts !== negated;
		});
	}

	#assign(run: Run | undefined, row: Row, sequence: number, variable: number): MatchedRow {
		return { row, variable: this.#spec.pattern[variable]!.name, sequence, previous: run?.last };
	}

	/** `time`: of the row, or the watermark, that let the matches be found; at the end their last rows'. */
	#emitFinished(partition: PartitionState, time: number, out: RowOutput): void {
		const { runs, finished } = partition;
		for (let match = finished.first; match !== undefined && match.start <= runs.first!.start; match = finished.first) {
			finished.removeFirst();
			this.#skip(partition, rowsOf(match.last));
			const keys = pick(match.last.row, this.#spec.partition);
			const { last } = match;
			const when = time === MAX_WATERMARK ? Number(last.row[this.#time]) : time;
			out.emit([...keys, ...this.#measures.map((measure) => measure(last, when))], RowKind.INSERT);
		}
	}

	/** AFTER MATCH SKIP: forgets runs that began before the row at which the search goes on. */
	#skip(partition: PartitionState, rows: readonly MatchedRow[]): void {
		const { skip } = this.#spec;
		let from: number;
		if ("variable" in skip) from = skipTarget(rows, skip.variable, skip.kind).sequence;
		else from = (skip.kind === "pastLastRow" ? rows.at(-1)! : rows[0]!).sequence + 1;
		partition.runs.dropBefore(from);
		partition.finished.dropBefore(from);
	}

	snapshot(): unknown {
		const partitions = new Map<Key, SavedPartition>();
		for (const [key, { runs, finished, ...rest }] of this.#partitions) {
			partitions.set(key, { ...rest, runs: runs.runs, finished: finished.runs });
		}
		return { partitions, timers: this.#timers.snapshot(), watermark: this.#watermark };
	}

	restore(saved: unknown): void {
		const state = saved as { partitions: Map<Key, SavedPartition>; timers: unknown; watermark: number };
		for (const [key, { runs, finished, ...rest }] of state.partitions) {
			this.#partitions.set(key, { ...rest, runs: RunQueue.restored(runs), finished: RunQueue.restored(finished) });
		}
		this.#timers.restore(state.timers);
		this.#watermark = state.watermark;
	}
}
