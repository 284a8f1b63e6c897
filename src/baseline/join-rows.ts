// What all joins share: the keys of both sides, the joined row with its residual condition, NULL padding.

import { EngineError } from "../errors.js";
import type { JoinSpec } from "../job/specs.js";
import { comparatorOf } from "../types/compare.js";
import type { Expr } from "../types/expr.js";
import type { Schema } from "../types/sql-type.js";
import type { Row, Value } from "../types/value.js";
import { compileCondition, type OperatorContext } from "./context.js";
import { joinKeyOf, type Key } from "./keys.js";

interface Keyed {
	readonly leftKeys: readonly number[];
	readonly rightKeys: readonly number[];
	readonly nullSafe: readonly boolean[];
	readonly condition?: Expr | undefined;
	readonly leftWidth: number;
	readonly nullAware?: JoinSpec["nullAware"];
}

export class JoinRows {
	/** The join keys by input; rows match only within one key, and undefined matches nothing. */
	readonly keys: readonly [(row: Row) => Key | undefined, (row: Row) => Key | undefined];
	readonly #passes: (row: Row) => boolean;
	readonly #noLeft: readonly Value[];
	readonly #noRight: readonly Value[];

	constructor(spec: Keyed, left: Schema, right: Schema, context: OperatorContext) {
		const passes = compileCondition(spec.condition, context);
		if (spec.nullAware) {
			const maybeEqual = undecidedOrEqual(spec, left);
			this.keys = [() => null, () => null];
			this.#passes = (row) => maybeEqual(row) && passes(row);
		} else {
			this.keys = [joinKeyOf(spec.leftKeys, spec.nullSafe, left), joinKeyOf(spec.rightKeys, spec.nullSafe, right)];
			this.#passes = passes;
		}
		this.#noLeft = new Array<null>(spec.leftWidth).fill(null);
		this.#noRight = new Array<null>(right.length).fill(null);
	}

	/** The joined row, or undefined when the condition does not hold. */
	join(left: Row, right: Row): Row | undefined {
		const joined = [...left, ...right];
		return this.#passes(joined) ? joined : undefined;
	}

	padRight(left: Row): Row {
		return [...left, ...this.#noRight];
	}

	padLeft(right: Row): Row {
		return [...this.#noLeft, ...right];
	}
}

/** NOT IN: a pair counts as a match unless some key differs for certain, so one with a NULL does. */
function undecidedOrEqual(spec: Keyed, left: Schema): (joined: Row) => boolean {
	const pairs = spec.leftKeys.map((column, i) => ({
		left: column,
		right: spec.leftWidth + spec.rightKeys[i]!,
		compare: comparatorOf(left[column]!.type),
	}));
	return (joined) =>
		pairs.every((pair) => {
			const l = joined[pair.left]!;
			const r = joined[pair.right]!;
			return l === null || r === null || pair.compare(l, r) === 0;
		});
}

export function tooManyRows(): EngineError {
	return new EngineError("INVALID_QUERY", "A scalar subquery returned more than one row", {
		remedy: "Add LIMIT 1 or an aggregate such as MAX to the subquery",
	});
}
