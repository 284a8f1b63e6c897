// LocalGroupAggregate: each row is a group of its own, with its time for the start of its slice.
import type { LocalGroupAggregateSpec } from "../job/specs.js";
import { RowKind } from "../types/row-kind.js";
import type { Schema } from "../types/sql-type.js";
import type { Row } from "../types/value.js";
import { Aggregates } from "./aggregates.js";
import type { OperatorContext } from "./context.js";
import { pick } from "./keys.js";
import type { RowOperator, RowOutput } from "./operator.js";

export class LocalGroupAggregate implements RowOperator {
	readonly #carried: readonly number[];
	readonly #aggregates: Aggregates;

	constructor({ keys, calls, window }: LocalGroupAggregateSpec, input: Schema, context: OperatorContext) {
		this.#carried = window === undefined ? keys : [...keys, window.time];
		this.#aggregates = new Aggregates(calls, input, true, context);
	}

	process(row: Row, _kind: RowKind, _input: number, out: RowOutput): void {
		const group = this.#aggregates.create();
		group.add(row);
		out.emit([...pick(row, this.#carried), ...group.results()], RowKind.INSERT);
	}

	/** Nothing is kept between rows. */
	snapshot(): undefined {
		return undefined;
	}

	restore(): void {}
}
