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
			for (let i = 0; i < rows.length; i++) out.emit([...rows[i]!, ...results[i]!], RowKind.INSERT);
		}
		this.state.clear();
	}
}

interface SortedPartition {
	/** Sorted; equal ones in the order of arrival. */
	readonly rows: Row[];
	/** The calls' values of each row as last emitted. */
	readonly results: Value[][];
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
		const { rows, results } = partition;
		const at = insertionPoint(rows, row, this.#frames.compare);
		rows.splice(at, 0, row);
		const from = this.#firstPeer(rows, at);
		const after = this.#frames.evaluate(rows, from, this.#endOfChange(rows, at + 1));
		out.emit([...row, ...after[at - from]!], kind);
		results.splice(at, 0, after[at - from]!);
		this.#replace(partition, from, after, out);
	}

	#remove(partition: SortedPartition, row: Row, out: RowOutput): void {
		const { rows, results } = partition;
		const at = this.#placeOf(rows, row);
		if (at < 0) return;
		out.emit([...row, ...results[at]!], RowKind.DELETE);
		const from = this.#firstPeer(rows, at);
		rows.splice(at, 1);
		results.splice(at, 1);
		this.#replace(partition, from, this.#frames.evaluate(rows, from, this.#endOfChange(rows, at)), out);
	}

	#placeOf(rows: readonly Row[], row: Row): number {
		const { compare } = this.#frames;
		for (let at = insertionPoint(rows, row, compare) - 1; at >= 0 && compare(rows[at]!, row) === 0; at--) {
			if (this.#isSameRow(rows[at]!, row)) return at;
		}
		return -1;
	}

	/** Values of rows before this index may change when the row before index `next` came, or the one that was there went. */
	#endOfChange(rows: readonly Row[], next: number): number {
		const { reach, hasPeers } = this.#frames;
		if (!hasPeers) return Math.min(rows.length, next + reach);
		const end = Math.min(rows.length, next + reach + 1);
		return end === 0 ? 0 : this.#endOfPeers(rows, end - 1);
	}

	#endOfPeers(rows: readonly Row[], at: number): number {
		let end = at + 1;
		while (end < rows.length && this.#frames.compare(rows[end]!, rows[at]!) === 0) end++;
		return end;
	}

	/** Frames end at the current row and its peers, so a change at `at` matters from here on. */
	#firstPeer(rows: readonly Row[], at: number): number {
		let first = at;
		while (this.#frames.hasPeers && first > 0 && this.#frames.compare(rows[first - 1]!, rows[at]!) === 0) first--;
		return first;
	}

	#replace({ rows, results }: SortedPartition, from: number, after: readonly Value[][], out: RowOutput): void {
		for (let i = 0; i < after.length; i++) {
			const row = rows[from + i]!;
			const before = results[from + i]!;
			const values = after[i]!;
			if (this.#isSameResult(before, values)) continue;
			out.emit([...row, ...before], RowKind.UPDATE_BEFORE);
			out.emit([...row, ...values], RowKind.UPDATE_AFTER);
			results[from + i] = values;
		}
	}
}
