// NOT IN: an anti join in which a NULL key on either side leaves the row out.
import type { JoinSpec } from "../../job/specs.js";
import { call, column, type Expr } from "../../types/expr.js";
import { BOOLEAN, notNull, type Schema } from "../../types/sql-type.js";

/** NOT IN as a condition on all pairs: one counts as a match unless a key differs for certain, so one with a NULL does. */
export function withoutKeys(spec: JoinSpec, [left, right]: readonly Schema[]): JoinSpec {
	const maybeEqual = spec.leftKeys.map((key, i): Expr => {
		const other = spec.rightKeys[i] as number;
		const operands = [column(key, left![key]!.type), column(spec.leftWidth + other, right![other]!.type)];
		return call("IS NOT FALSE", [call("=", operands, BOOLEAN)], notNull(BOOLEAN));
	});
	const conditions = spec.condition ? [...maybeEqual, spec.condition] : maybeEqual;
	const condition = conditions.reduce((all, one) => call("AND", [all, one], BOOLEAN));
	return { ...spec, leftKeys: [], rightKeys: [], nullSafe: [], nullAware: false, condition };
}
