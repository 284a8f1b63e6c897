// GroupAggregate: one running group per key. Streaming emits a change after each row that changed a result; batch emits at the end.
import type { GroupAggregateSpec } from "../job/specs.js";
import { isAddition, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";
import { Aggregates, type Group } from "./aggregates.js";
import type { OperatorContext } from "./context.js";
import { equalRows, type Key, keyOf, pick } from "./keys.js";
import type { RowOperator, RowOutput } from "./operator.js";

interface GroupState {
	readonly group: Group;
	/** Rows added and not taken back. */
	count: number;
	/** The last row emitted (keys and results); until then the keys. */
	result: readonly Value[];
	emitted: boolean;
}

export class GroupAggregate implements RowOperator {
	readonly #spec: GroupAggregateSpec;
	readonly #aggregates: Aggregates;
	readonly #key: (row: Row) => Key;
	readonly #isSame: (left: Row, right: Row) => boolean;
	#groups = new Map<Key, GroupState>();

	constructor(spec: GroupAggregateSpec, input: Schema, context: OperatorContext) {
		this.#spec = spec;
		this.#aggregates = new Aggregates(spec.calls, input, !spec.inputUpdates, context);
		this.#key = keyOf(spec.keys, input);
		this.#isSame = equalRows([
			...spec.keys.map((column) => input[column]!.type),
			...spec.calls.map(({ type }) => type),
		]);
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		const key = this.#key(row);
		let state = this.#groups.get(key);
		if (state === undefined) {
			// Taking back from a group that does not exist changes nothing.
			if (!isAddition(kind)) return;
			state = { group: this.#aggregates.create(), count: 0, result: pick(row, this.#spec.keys), emitted: false };
			this.#groups.set(key, state);
		}
		if (isAddition(kind)) {
			state.group.add(row);
			state.count++;
		} else {
			state.group.retract(row);
			state.count--;
		}
		if (state.count === 0) this.#groups.delete(key);
		if (!this.#spec.final) this.#emitChange(state, out);
	}

	#emitChange(state: GroupState, out: RowOutput): void {
		const before = state.result;
		if (state.count === 0) {
			if (state.emitted) out.emit(before, RowKind.DELETE);
			return;
		}
		const after = this.#resultOf(state);
		if (!state.emitted) out.emit(after, RowKind.INSERT);
		else if (this.#isSame(before, after)) return;
		else {
			if (this.#spec.updateBefore) out.emit(before, RowKind.UPDATE_BEFORE);
			out.emit(after, RowKind.UPDATE_AFTER);
		}
		state.result = after;
		state.emitted = true;
	}

	#resultOf(state: GroupState): readonly Value[] {
		return [...state.result.slice(0, this.#spec.keys.length), ...state.group.results()];
	}

	finish(out: RowOutput): void {
		if (!this.#spec.final) return;
		if (this.#groups.size === 0 && this.#spec.emitEmpty && this.#spec.keys.length === 0) {
			out.emit(this.#aggregates.create().results(), RowKind.INSERT);
		}
		for (const state of this.#groups.values()) out.emit(this.#resultOf(state), RowKind.INSERT);
		this.#groups.clear();
	}

	snapshot(): unknown {
		return [...this.#groups].map(([key, state]) => [key, { ...state, group: state.group.snapshot() }]);
	}

	restore(saved: unknown): void {
		this.#groups = new Map(
			(saved as [Key, GroupState][]).map(([key, state]) => [
				key,
				{ ...state, group: this.#aggregates.restore(state.group) },
			]),
		);
	}
}
