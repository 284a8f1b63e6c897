// LookupJoin: each row is joined with the rows an external table has for its key at that moment. Lookups may be asynchronous: rows and
// watermarks then leave in the order in which they came.
import { EngineError } from "../errors.js";
import type { LookupJoinSpec } from "../job/specs.js";
import type { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import type { LookupFunction, OperatorContext } from "./context.js";
import { JoinRows } from "./join-rows.js";
import { pick } from "./keys.js";
import { type RowOutput, StatelessOperator } from "./operator.js";

export class LookupJoin extends StatelessOperator {
	readonly ownWatermarks = true;
	readonly #spec: LookupJoinSpec;
	readonly #lookup: LookupFunction;
	readonly #rows: JoinRows;
	/** The last thing that waits for a lookup; what comes next waits behind it. */
	#last: Promise<void> | undefined;

	/** `table` is the schema of the looked-up rows after projection. */
	constructor(spec: LookupJoinSpec, input: Schema, table: Schema, context: OperatorContext) {
		super();
		if (context.lookup === undefined) {
			throw new EngineError("CONNECTOR", `Connector '${spec.table.connector}' cannot be looked up by key`);
		}
		this.#spec = spec;
		this.#lookup = context.lookup;
		this.#rows = new JoinRows({ ...spec, nullSafe: [] }, input, table, context);
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		const isKeyed = this.#rows.keys[0](row) !== undefined;
		const found = isKeyed ? this.#lookup(pick(row, this.#spec.leftKeys)) : [];
		this.#after(found, (rows) => this.#emit(row, kind, rows, out));
	}

	#emit(row: Row, kind: RowKind, found: readonly Row[], out: RowOutput): void {
		let matched = false;
		for (const other of found) {
			const joined = this.#rows.join(row, other);
			if (joined === undefined) continue;
			matched = true;
			out.emit(joined, kind);
		}
		if (!matched && this.#spec.type === "left") out.emit(this.#rows.padRight(row), kind);
	}

	advance(watermark: number, out: RowOutput): void {
		this.#after([], () => out.watermark(watermark));
	}

	#after(found: readonly Row[] | Promise<readonly Row[]>, action: (rows: readonly Row[]) => void): void {
		if (this.#last === undefined && !(found instanceof Promise)) action(found);
		else this.#last = Promise.all([found, this.#last]).then(([rows]) => action(rows));
	}

	pending(): Promise<void> | undefined {
		const last = this.#last;
		this.#last = undefined;
		return last;
	}
}
