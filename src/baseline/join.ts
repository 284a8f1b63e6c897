// Join of two unbounded inputs: both sides are kept, every row is joined with the other side's matches as it comes, and what was sent
// before is taken back when a row goes or an outer row finds its first match. The changelog is that of Flink's streaming join.
import type { JoinSpec } from "../job/specs.js";
import { isAddition, RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import type { OperatorContext } from "./context.js";
import { JoinRows, tooManyRows } from "./join-rows.js";
import { type Key, type KeyOf, keyOf, rowKeyOf } from "./keys.js";
import { type RowOutput, StatefulOperator } from "./operator.js";

interface Entry {
	readonly row: Row;
	/** How many equal rows there are. */
	count: number;
	/** Rows of the other side that match. */
	matches: number;
}

/** The rows of one join key: by what tells them apart, upsert key or whole row; of an append-only input a list. */
type Bucket = Entry[] | Map<Key, Entry>;
type Side = Map<Key, Bucket>;

interface Match {
	readonly entry: Entry;
	readonly joined: Row;
}

const NONE: readonly Match[] = [];

export class Join extends StatefulOperator<readonly [Side, Side]> {
	readonly #spec: JoinSpec;
	readonly #rows: JoinRows;
	/** Absent for an append-only input. */
	readonly #rowKeys: readonly [KeyOf | undefined, KeyOf | undefined];
	readonly #outer: readonly [boolean, boolean];

	constructor(spec: JoinSpec, inputs: readonly Schema[], context: OperatorContext) {
		super([new Map(), new Map()]);
		this.#spec = spec;
		this.#rows = new JoinRows(spec, inputs[0]!, inputs[1]!, context);
		const rowKey = (schema: Schema, upsertKey: readonly number[] | undefined) =>
			upsertKey ? keyOf(upsertKey, schema) : rowKeyOf(schema);
		this.#rowKeys = [
			spec.leftUpdates ? rowKey(inputs[0]!, spec.leftUpsertKey) : undefined,
			spec.rightUpdates ? rowKey(inputs[1]!, spec.rightUpsertKey) : undefined,
		];
		const full = spec.type === "full";
		this.#outer = [full || spec.type === "left" || spec.type === "anti", full || spec.type === "right"];
	}

	process(row: Row, kind: RowKind, input: number, out: RowOutput): void {
		const side = input as 0 | 1;
		const upsertKey = side === 0 ? this.#spec.leftUpsertKey : this.#spec.rightUpsertKey;
		const key = this.#rows.keys[side](row);
		if (key === undefined) {
			if (this.#outer[side]) this.#emitPadded(side, row, kind, out);
			return;
		}
		// A deletion by upsert key may carry nothing but the key, and an addition replaces the row with its key.
		const before = upsertKey && this.#entryOf(side, key, row)?.row;
		if (!isAddition(kind)) this.#retract(side, key, before ?? row, kind, out);
		else {
			if (before !== undefined) this.#retract(side, key, before, RowKind.UPDATE_BEFORE, out);
			this.#add(side, key, row, kind, out);
		}
	}

	#entryOf(side: 0 | 1, key: Key, row: Row): Entry | undefined {
		const rowKey = this.#rowKeys[side];
		const bucket = this.state[side].get(key);
		return rowKey && bucket instanceof Map ? bucket.get(rowKey(row)) : undefined;
	}

	#add(side: 0 | 1, key: Key, row: Row, kind: RowKind, out: RowOutput): void {
		const other = side === 0 ? 1 : 0;
		const matches = this.#matchesOf(side, key, row);
		let count = 0;
		for (const { entry } of matches) {
			count += entry.count;
			entry.matches++;
			if (entry.matches === 1) this.#emitFirstMatch(other, entry, kind, out);
		}
		this.#remember(side, key, row, count);
		if (this.#isFilter()) {
			if (side === 0 && count > 0 === (this.#spec.type === "semi")) out.emit(row, kind);
			return;
		}
		if (count === 0) {
			if (this.#outer[side]) this.#emitPadded(side, row, RowKind.INSERT, out);
			return;
		}
		const joinedKind = this.#outer[side] || this.#outer[other] ? RowKind.INSERT : kind;
		emitAll(matches, joinedKind, out);
	}

	#retract(side: 0 | 1, key: Key, row: Row, kind: RowKind, out: RowOutput): void {
		const other = side === 0 ? 1 : 0;
		if (!this.#forget(side, key, row)) return;
		const matches = this.#matchesOf(side, key, row);
		if (this.#isFilter()) {
			if (side === 0 && matches.length > 0 === (this.#spec.type === "semi")) out.emit(row, kind);
		} else if (matches.length === 0) {
			if (this.#outer[side]) this.#emitPadded(side, row, RowKind.DELETE, out);
		} else emitAll(matches, this.#outer[side] ? RowKind.DELETE : kind, out);
		for (const { entry } of matches) {
			entry.matches--;
			if (entry.matches === 0) this.#emitLastMatchGone(other, entry, kind, out);
		}
	}

	#isFilter(): boolean {
		return this.#spec.type === "semi" || this.#spec.type === "anti";
	}

	#matchesOf(side: 0 | 1, key: Key, row: Row): readonly Match[] {
		const bucket = this.state[side === 0 ? 1 : 0].get(key);
		if (bucket === undefined) return NONE;
		const found: Match[] = [];
		for (const entry of bucket.values()) {
			const joined = side === 0 ? this.#rows.join(row, entry.row) : this.#rows.join(entry.row, row);
			if (joined !== undefined) found.push({ entry, joined });
		}
		return found;
	}

	#remember(side: 0 | 1, key: Key, row: Row, matches: number): void {
		const bucket = this.state[side].get(key);
		if (bucket !== undefined && side === 1 && this.#spec.single) throw tooManyRows();
		const rowKey = this.#rowKeys[side]?.(row);
		const entry = { row, count: 1, matches };
		if (bucket === undefined) this.state[side].set(key, rowKey === undefined ? [entry] : new Map([[rowKey, entry]]));
		else if (!(bucket instanceof Map)) bucket.push(entry);
		else {
			const equal = bucket.get(rowKey!);
			if (equal === undefined) bucket.set(rowKey!, entry);
			else equal.count++;
		}
	}

	/** Removes one such row; false when there was none. */
	#forget(side: 0 | 1, key: Key, row: Row): boolean {
		const bucket = this.state[side].get(key);
		const rowKey = this.#rowKeys[side]?.(row);
		if (!(bucket instanceof Map) || rowKey === undefined) return false;
		const entry = bucket.get(rowKey);
		if (entry === undefined) return false;
		entry.count--;
		if (entry.count === 0) bucket.delete(rowKey);
		if (bucket.size === 0) this.state[side].delete(key);
		return true;
	}

	#emitPadded(side: 0 | 1, row: Row, kind: RowKind, out: RowOutput): void {
		if (this.#spec.type === "anti") out.emit(row, kind);
		else
			out.emit(
				side === 0 ? this.#rows.padRight(row) : this.#rows.padLeft(row),
				isAddition(kind) ? RowKind.INSERT : RowKind.DELETE,
			);
	}

	/** `entry` of `side` got its first match by a row of kind `kind` on the other side. */
	#emitFirstMatch(side: 0 | 1, entry: Entry, kind: RowKind, out: RowOutput): void {
		const { type } = this.#spec;
		if (type === "semi") {
			if (side === 0) repeat(entry.count, () => out.emit(entry.row, kind));
		} else if (this.#outer[side]) repeat(entry.count, () => this.#emitPadded(side, entry.row, RowKind.DELETE, out));
	}

	#emitLastMatchGone(side: 0 | 1, entry: Entry, kind: RowKind, out: RowOutput): void {
		const { type } = this.#spec;
		if (type === "semi") {
			if (side === 0) repeat(entry.count, () => out.emit(entry.row, kind));
		} else if (this.#outer[side]) repeat(entry.count, () => this.#emitPadded(side, entry.row, RowKind.INSERT, out));
	}
}

function emitAll(matches: readonly Match[], kind: RowKind, out: RowOutput): void {
	for (const { entry, joined } of matches) for (let i = 0; i < entry.count; i++) out.emit(joined, kind);
}

function repeat(times: number, action: () => void): void {
	for (let i = 0; i < times; i++) action();
}
