// Hints as plans carry them.
import type { Hint } from "../../sql/ast.js";
import type { PlanHint } from "../nodes.js";

/** By upper-case name, `'key' = 'value'` pairs apart from plain arguments. */
export function planHints(hints: readonly Hint[]): PlanHint[] {
	return hints.map((hint) => ({
		name: hint.name.text.toUpperCase(),
		args: hint.options.filter((option) => option.key === undefined).map((option) => option.value),
		options: Object.fromEntries(
			hint.options.filter((option) => option.key !== undefined).map((option) => [option.key as string, option.value]),
		),
	}));
}
