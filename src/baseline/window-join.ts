// WindowJoin: joins the rows of the same window once it closes. Rows whose window has closed are late, counted and dropped.
import type { WindowJoinSpec } from "../job/specs.js";
import { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { TimeZone } from "../types/time-zone.js";
import type { Row } from "../types/value.js";
import type { OperatorContext } from "./context.js";
import { JoinRows } from "./join-rows.js";
import { getOrCreate, type Key } from "./keys.js";
import { MIN_WATERMARK, type RowOutput, StatefulOperator } from "./operator.js";
import { closingTime, zoneOf } from "./windows.js";

interface Pane {
	/** Rows by key; those whose key is NULL match nothing. */
	readonly sides: readonly [Map<Key, Row[]>, Map<Key, Row[]>];
	readonly unmatchable: readonly [Row[], Row[]];
}

interface WindowJoinState {
	/** By window end. */
	readonly open: Map<number, Pane>;
	watermark: number;
}

export class WindowJoin extends StatefulOperator<WindowJoinState> {
	readonly #spec: WindowJoinSpec;
	readonly #rows: JoinRows;
	readonly #zone: TimeZone | undefined;

	constructor(spec: WindowJoinSpec, inputs: readonly Schema[], context: OperatorContext) {
		super({ open: new Map(), watermark: MIN_WATERMARK });
		this.#spec = spec;
		this.#rows = new JoinRows(spec, inputs[0]!, inputs[1]!, context);
		this.#zone = zoneOf(spec.timeZone);
	}

	process(row: Row, _kind: RowKind, input: number, out: RowOutput): void {
		const side = input as 0 | 1;
		const end = Number(row[side === 0 ? this.#spec.leftWindowEnd : this.#spec.rightWindowEnd]);
		if (closingTime(end, this.#zone) <= this.state.watermark) {
			out.late();
			return;
		}
		const pane = getOrCreate(this.state.open, end, newPane);
		const key = this.#rows.keys[side](row);
		if (key === undefined) pane.unmatchable[side].push(row);
		else getOrCreate(pane.sides[side], key, (): Row[] => []).push(row);
	}

	advance(watermark: number, out: RowOutput): void {
		if (this.#spec.final) return;
		this.#close(watermark, out);
	}

	finish(out: RowOutput): void {
		this.#close(Number.POSITIVE_INFINITY, out);
	}

	#close(watermark: number, out: RowOutput): void {
		this.state.watermark = watermark;
		const due = [...this.state.open.keys()].filter((end) => closingTime(end, this.#zone) <= watermark);
		for (const end of due.sort((left, right) => left - right)) {
			this.#joinPane(this.state.open.get(end)!, out);
			this.state.open.delete(end);
		}
	}

	#joinPane(pane: Pane, out: RowOutput): void {
		const { type } = this.#spec;
		const isFilter = type === "semi" || type === "anti";
		const padsLeft = type === "left" || type === "full";
		const matched = new Set<Row>();
		for (const [key, lefts] of [...pane.sides[0], [undefined, pane.unmatchable[0]] as const]) {
			const rights = (key !== undefined && pane.sides[1].get(key)) || [];
			for (const left of lefts) {
				let found = false;
				for (const right of rights) {
					const joined = this.#rows.join(left, right);
					if (joined === undefined) continue;
					found = true;
					matched.add(right);
					if (!isFilter) out.emit(joined, RowKind.INSERT);
				}
				if (isFilter && found === (type === "semi")) out.emit(left, RowKind.INSERT);
				if (!found && padsLeft) out.emit(this.#rows.padRight(left), RowKind.INSERT);
			}
		}
		if (type !== "right" && type !== "full") return;
		for (const rights of [...pane.sides[1].values(), pane.unmatchable[1]]) {
			for (const right of rights) if (!matched.has(right)) out.emit(this.#rows.padLeft(right), RowKind.INSERT);
		}
	}
}

const newPane = (): Pane => ({ sides: [new Map(), new Map()], unmatchable: [[], []] });
