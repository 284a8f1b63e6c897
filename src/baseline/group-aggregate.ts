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
	readonly keys: readonly Value[];
	/** The results last emitted. */
	results: readonly Value[] | undefined;
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
		this.#isSame = equalRows(spec.calls.map(({ type }) => type));
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		const key = this.#key(row);
		let state = this.#groups.get(key);
		if (state === undefined) {
			// Taking back from a group that does not exist changes nothing.
			if (!isAddition(kind)) return;
			state = { group: this.#aggregates.create(), count: 0, keys: pick(row, this.#spec.keys), results: undefined };
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
		const { keys, results: before } = state;
		if (state.count === 0) {
			if (before !== undefined) out.emit([...keys, ...before], RowKind.DELETE);
			return;
		}
		const after = state.group.results();
		if (before === undefined) out.emit([...keys, ...after], RowKind.INSERT);
		else if (this.#isSame(before, after)) return;
		else {
			if (this.#spec.updateBefore) out.emit([...keys, ...before], RowKind.UPDATE_BEFORE);
			out.emit([...keys, ...after], RowKind.UPDATE_AFTER);
		}
		state.results = after;
	}

	finish(out: RowOutput): void {
		if (!this.#spec.final) return;
		if (this.#groups.size === 0 && this.#spec.emitEmpty && this.#spec.keys.length === 0) {
			out.emit(this.#aggregates.create().results(), RowKind.INSERT);
		}
		for (const { keys, group } of this.#groups.values()) out.emit([...keys, ...group.results()], RowKind.INSERT);
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
