// OverAggregate over an updating input, in any order: a row that comes or goes changes the results of the rows whose frames hold it.
// Each batch sends once how they changed. For frames of a bounded number of rows that end with the current one.
import type { Batch, Column } from "../../arrow/batch.js";
import type { AggregateCall, OverAggregateSpec, OverFrame } from "../../job/specs.js";
import { asNullable, type Schema } from "../../types/sql-type.js";
import { physicalType } from "../../types/value.js";
import { Aggregates, hasKernels } from "../aggregate/aggregates.js";
import { BatchWeights } from "../aggregate/batch-weights.js";
import { changesBetween } from "../aggregate/changes.js";
import type { Operator, OperatorContext, OperatorDefinition, Output, StateReader, StateWriter } from "../operator.js";
import { OrderWords } from "../rank/order-words.js";
import { RowLayout } from "../state/row-layout.js";
import type { Rows } from "../state/row-store.js";
import { finalOver } from "./final-over.js";
import { SortedRows } from "./sorted-rows.js";
import { timeOver } from "./time-over.js";

/** Every row of a frame is looked at for every row that the frame belongs to. */
const MAX_REACH = 256;
const TABLE = "rows";

interface Group {
	/** Rows of the frame before the current one. */
	readonly reach: number;
	readonly aggregates: Aggregates;
	/** Bytes of the aggregates' state. */
	readonly stride: number;
	/** Input columns that the calls read. */
	readonly used: readonly number[];
}

class OverAggregate implements Operator {
	readonly #context: OperatorContext;
	readonly #spec: OverAggregateSpec;
	readonly #groups: readonly Group[];
	readonly #sorted: SortedRows;

	constructor(spec: OverAggregateSpec, words: OrderWords, context: OperatorContext) {
		const { region, owner, functions, inputs } = context;
		this.#context = context;
		this.#spec = spec;
		this.#groups = spec.groups.map(({ frame, calls }) => {
			const layout = new RowLayout(8);
			const options = { calls, updates: false, grouped: true, merged: false, functions };
			const aggregates = new Aggregates(region, owner, layout, options);
			return { reach: reachOf(frame)!, aggregates, stride: layout.stride, used: columnsOf(calls) };
		});
		this.#sorted = new SortedRows(region, owner, {
			input: inputs[0] as Schema,
			partition: spec.partition,
			words,
			reach: Math.max(...this.#groups.map(({ reach }) => reach)),
			results: callsOf(spec).map(({ type }) => type),
		});
	}

	process(batch: Batch, _input: number, out: Output): void {
		if (batch.length === 0) return;
		for (const touched of this.#sorted.place(batch)) this.#send(touched, out);
	}

	snapshot(writer: StateWriter): void {
		const input = this.#context.inputs[0] as Schema;
		const results = callsOf(this.#spec).map(({ type }, i) => ({ name: `$${i}`, type: asNullable(type) }));
		writer.table(TABLE, [...input, ...results], this.#savedBatches(), this.#spec.partition);
	}

	restore(reader: StateReader): void {
		for (const { columns, length } of reader.table(TABLE)) this.#sorted.restore(columns, length);
	}

	dispose(): void {
		this.#sorted.dispose();
		for (const { aggregates } of this.#groups) aggregates.dispose();
	}

	#send(touched: Rows, out: Output): void {
		const { region } = this.#context;
		const { rows, count } = touched;
		const fresh = region.arena.allocate(count);
		const empty = region.arena.allocate(count);
		const gone = region.arena.allocate(count * 4);
		const goneCount = region.kernels.sortedStates(rows, count, fresh, empty, gone);
		const before = this.#sorted.results(touched);
		const after = this.#groups.flatMap((group) => this.#evaluate(group, touched));
		const columns = this.#sorted.columns(touched);
		const changes = changesBetween(region, { rows, count, fresh, empty }, columns, before, after, true);
		if (changes.length > 0) out.emit(changes);
		this.#sorted.writeResults(touched, after);
		this.#sorted.settle(touched, { rows: gone, count: goneCount });
	}

	/** The results of a group's calls for touched rows, each an aggregate of its frame; of no rows for those that are gone. */
	#evaluate({ reach, aggregates, stride, used }: Group, touched: Rows): Column[] {
		const { region } = this.#context;
		const { arena, kernels } = region;
		const { count: n } = touched;
		const states = arena.allocate(n * 4);
		kernels.rowsIota(arena.allocate(n * stride), stride, n, states);
		kernels.rowsClear(states, n, 0, stride);
		const frames = this.#sorted.frames(touched, reach);
		const columns: Column[] = [];
		for (const column of used) columns[column] = this.#sorted.column(column, frames);
		const stateOf = arena.allocate(frames.count * 4);
		kernels.take4(states, frames.positions, frames.count, stateOf);
		aggregates.update(new BatchWeights(region, { length: frames.count, columns, kinds: 0 }, stateOf));
		return aggregates.results(states, n);
	}

	*#savedBatches(): Generator<Batch> {
		for (const rows of this.#sorted.scan()) {
			yield { length: rows.count, columns: [...this.#sorted.columns(rows), ...this.#sorted.results(rows)], kinds: 0 };
		}
	}
}

const callsOf = ({ groups }: OverAggregateSpec): AggregateCall[] => groups.flatMap(({ calls }) => calls);

const columnsOf = (calls: readonly AggregateCall[]): number[] => [
	...new Set(calls.flatMap(({ args, filter }) => (filter === undefined ? args : [...args, filter]))),
];

/** Rows of the frame before the current row, where that is a small number. */
function reachOf({ unit, start, end }: OverFrame): number | undefined {
	if (unit !== "rows" || end.kind !== "currentRow") return undefined;
	if (start.kind === "currentRow") return 0;
	return start.kind === "preceding" && start.offset <= MAX_REACH ? start.offset : undefined;
}

/** Distinct values and strings would have to be kept from one evaluation to the next. */
const isEvaluated = (calls: readonly AggregateCall[]) =>
	hasKernels(calls) && calls.every(({ distinct, type }) => !distinct && physicalType(type) !== "view");

export const overAggregate: OperatorDefinition<"OverAggregate"> = {
	name: "OverAggregate",
	create(spec, context) {
		if (spec.time === "rowtime" || spec.time === "proctime") return timeOver(spec, context);
		if (spec.time === "final") return finalOver(spec, context);
		if (!spec.groups.every(({ frame, calls }) => reachOf(frame) !== undefined && isEvaluated(calls))) return undefined;
		const words = OrderWords.of(spec.order, context.inputs[0] as Schema);
		return words && new OverAggregate(spec, words, context);
	},
};
