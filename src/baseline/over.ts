// OverAggregate without time: in batch at the end of the input; in a stream over any order column, where a row that comes or goes
// changes the values of the rows after it and these changes are emitted.
import type { OverAggregateSpec } from "../job/specs.js";
import { isAddition, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";
import type { OperatorContext } from "./context.js";
import { equalRows, getOrCreate, insertionPoint, type Key, type KeyOf, keyOf } from "./keys.js";
import { type RowOutput, StatefulOperator } from "./operator.js";
import { OverFrames } from "./over-frames.js";

/** All rows first, then the results partition by partition. */
export class FinalOver extends StatefulOperator<Map<Key, Row[]>> {
	readonly #key: KeyOf;
	readonly #frames: OverFrames;

	constructor(spec: OverAggregateSpec, input: Schema, context: OperatorContext) {
		super(new Map());
		this.#key = keyOf(spec.partition, input);
		this.#frames = new OverFrames(spec, input, context);
	}

	process(row: Row): void {
		getOrCreate(this.state, this.#key(row), (): Row[] => []).push(row);
	}

	finish(out: RowOutput): void {
		for (const partition of this.state.values()) {
			const rows = partition.sort(this.#frames.compare);
			const results = this.#frames.evaluate(rows);
			for (const [i, row] of rows.entries()) out.emit([...row, ...results[i]!], RowKind.INSERT);
		}
		this.state.clear();
	}
}

interface SortedPartition {
	/** Sorted; equal ones in the order of arrival. */
	readonly rows: Row[];
	/** The calls' values of each row as last emitted. */
	results: Value[][];
}

export class UpdatingOver extends StatefulOperator<Map<Key, SortedPartition>> {
	readonly #key: KeyOf;
	readonly #frames: OverFrames;
	readonly #isSameRow: (left: Row, right: Row) => boolean;
	readonly #isSameResult: (left: Row, right: Row) => boolean;

	constructor(spec: OverAggregateSpec, input: Schema, context: OperatorContext) {
		super(new Map());
		this.#key = keyOf(spec.partition, input);
		this.#frames = new OverFrames(spec, input, context);
		this.#isSameRow = equalRows(input.map(({ type }) => type));
		this.#isSameResult = equalRows(spec.groups.flatMap(({ calls }) => calls.map(({ type }) => type)));
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		const key = this.#key(row);
		const partition = getOrCreate(this.state, key, (): SortedPartition => ({ rows: [], results: [] }));
		if (isAddition(kind)) this.#insert(partition, row, kind, out);
		else this.#remove(partition, row, out);
		if (partition.rows.length === 0) this.state.delete(key);
	}

	#insert(partition: SortedPartition, row: Row, kind: RowKind, out: RowOutput): void {
		const at = insertionPoint(partition.rows, row, this.#frames.compare);
		const rows = partition.rows.toSpliced(at, 0, row);
		const results = this.#frames.evaluate(rows);
		out.emit([...row, ...results[at]!], kind);
		const before = partition.results.toSpliced(at, 0, results[at]!);
		this.#emitChanges(rows, before, results, out);
		partition.rows.splice(at, 0, row);
		partition.results = results;
	}

	#remove(partition: SortedPartition, row: Row, out: RowOutput): void {
		const at = partition.rows.findIndex((candidate) => this.#isSameRow(candidate, row));
		if (at < 0) return;
		out.emit([...row, ...partition.results[at]!], RowKind.DELETE);
		partition.rows.splice(at, 1);
		const results = this.#frames.evaluate(partition.rows);
		this.#emitChanges(partition.rows, partition.results.toSpliced(at, 1), results, out);
		partition.results = results;
	}

	#emitChanges(rows: readonly Row[], before: readonly Value[][], after: readonly Value[][], out: RowOutput): void {
		for (const [i, row] of rows.entries()) {
			if (this.#isSameResult(before[i]!, after[i]!)) continue;
			out.emit([...row, ...before[i]!], RowKind.UPDATE_BEFORE);
			out.emit([...row, ...after[i]!], RowKind.UPDATE_AFTER);
		}
	}
}
