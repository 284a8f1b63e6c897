// Join of bounded inputs: the build side is read whole into a table, the probe side streams past it. Probe rows that come early wait.
import type { JoinSpec } from "../job/specs.js";
import { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import type { OperatorContext } from "./context.js";
import { JoinRows, tooManyRows } from "./join-rows.js";
import type { Key } from "./keys.js";
import { type RowOutput, StatefulOperator } from "./operator.js";

interface BuildRow {
	readonly row: Row;
	matches: number;
}

interface HashJoinState {
	readonly table: Map<Key, BuildRow[]>;
	/** Build rows that match nothing because a key is NULL. */
	readonly unmatchable: BuildRow[];
	/** Probe rows that came before the build side ended. */
	early: Row[];
	built: boolean;
}

export class HashJoin extends StatefulOperator<HashJoinState> {
	readonly #spec: JoinSpec;
	readonly #rows: JoinRows;
	readonly #buildInput: 0 | 1;

	constructor(spec: JoinSpec, inputs: readonly Schema[], context: OperatorContext) {
		super({ table: new Map(), unmatchable: [], early: [], built: false });
		this.#spec = spec;
		this.#rows = new JoinRows(spec, inputs[0]!, inputs[1]!, context);
		this.#buildInput = spec.build === "left" ? 0 : 1;
	}

	process(row: Row, _kind: RowKind, input: number, out: RowOutput): void {
		if (input === this.#buildInput) this.#build(row);
		else if (this.state.built) this.#probe(row, out);
		else this.state.early.push(row);
	}

	#build(row: Row): void {
		const key = this.#rows.keys[this.#buildInput](row);
		const entry = { row, matches: 0 };
		if (key === undefined) {
			this.state.unmatchable.push(entry);
			return;
		}
		const bucket = this.state.table.get(key);
		if (bucket === undefined) this.state.table.set(key, [entry]);
		else {
			if (this.#spec.single && this.#buildInput === 1) throw tooManyRows();
			bucket.push(entry);
		}
	}

	#probe(row: Row, out: RowOutput): void {
		const { type, single } = this.#spec;
		const fromLeft = this.#buildInput === 1;
		const key = this.#rows.keys[fromLeft ? 0 : 1](row);
		let found = false;
		for (const entry of (key !== undefined && this.state.table.get(key)) || []) {
			const joined = fromLeft ? this.#rows.join(row, entry.row) : this.#rows.join(entry.row, row);
			if (joined === undefined) continue;
			found = true;
			entry.matches++;
			if (single && !fromLeft && entry.matches > 1) throw tooManyRows();
			if (type !== "semi" && type !== "anti") out.emit(joined, RowKind.INSERT);
			else if (fromLeft) break;
		}
		if (type === "semi" || type === "anti") {
			if (fromLeft && found === (type === "semi")) out.emit(row, RowKind.INSERT);
		} else if (!found && (type === "full" || type === (fromLeft ? "left" : "right"))) {
			out.emit(fromLeft ? this.#rows.padRight(row) : this.#rows.padLeft(row), RowKind.INSERT);
		}
	}

	endInput(input: number, out: RowOutput): void {
		if (input !== this.#buildInput) return;
		this.state.built = true;
		for (const row of this.state.early) this.#probe(row, out);
		this.state.early = [];
	}

	finish(out: RowOutput): void {
		const { type } = this.#spec;
		const left = this.#buildInput === 0;
		const { table, unmatchable } = this.state;
		for (const bucket of [...table.values(), unmatchable]) {
			for (const { row, matches } of bucket) {
				if (left && (type === "semi" || type === "anti")) {
					if (matches > 0 === (type === "semi")) out.emit(row, RowKind.INSERT);
				} else if (matches === 0 && (type === "full" || type === (left ? "left" : "right"))) {
					out.emit(left ? this.#rows.padRight(row) : this.#rows.padLeft(row), RowKind.INSERT);
				}
			}
		}
		table.clear();
	}
}
