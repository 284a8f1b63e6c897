// INTERSECT and EXCEPT, with and without ALL: how often each row is on each side decides how often it is in the result.
import type { SetOperationSpec } from "../job/specs.js";
import { isAddition, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import { getOrCreate, type Key, type KeyOf, rowKeyOf } from "./keys.js";
import { type RowOutput, StatefulOperator } from "./operator.js";

interface Occurrences {
	readonly row: Row;
	/** Per input. */
	readonly counts: number[];
}

export class SetOperation extends StatefulOperator<Map<Key, Occurrences>> {
	readonly #spec: SetOperationSpec;
	readonly #inputs: number;
	readonly #key: KeyOf;

	constructor(spec: SetOperationSpec, inputs: readonly Schema[]) {
		super(new Map());
		this.#spec = spec;
		this.#inputs = inputs.length;
		this.#key = rowKeyOf(inputs[0]!);
	}

	process(row: Row, kind: RowKind, input: number, out: RowOutput): void {
		const key = this.#key(row);
		const found = getOrCreate(this.state, key, () => ({ row, counts: new Array<number>(this.#inputs).fill(0) }));
		const before = this.#multiplicity(found.counts);
		found.counts[input]! += isAddition(kind) ? 1 : -1;
		if (this.#spec.final) return;
		const after = this.#multiplicity(found.counts);
		for (let i = before; i < after; i++) out.emit(found.row, RowKind.INSERT);
		for (let i = after; i < before; i++) out.emit(found.row, RowKind.DELETE);
		if (found.counts.every((count) => count === 0)) this.state.delete(key);
	}

	#multiplicity(counts: readonly number[]): number {
		const [first = 0, ...others] = counts.map((count) => Math.max(0, count));
		const present = this.#spec.all ? first : Math.min(1, first);
		if (this.#spec.kind === "intersect") return Math.min(present, ...others);
		if (this.#spec.all) return others.reduce((left, count) => Math.max(0, left - count), present);
		return others.some((count) => count > 0) ? 0 : present;
	}

	finish(out: RowOutput): void {
		if (!this.#spec.final) return;
		for (const { row, counts } of this.state.values()) {
			for (let i = this.#multiplicity(counts); i > 0; i--) out.emit(row, RowKind.INSERT);
		}
		this.state.clear();
	}
}
