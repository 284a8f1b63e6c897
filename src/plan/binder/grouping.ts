// GROUP BY: its expressions as keys, and GROUPING SETS, ROLLUP and CUBE as sets of key positions.
import { EngineError } from "../../errors.js";
import { exprKey } from "../../expr/same.js";
import type { Expression, FunctionCall, GroupBy, GroupingElement } from "../../sql/ast.js";
import type { Expr } from "../../types/expr.js";
import { bindExpression, type ExpressionContext } from "./expression.js";
import { bindGroupWindow, type GroupWindow, groupWindowCall } from "./group-window.js";

export interface Grouping {
	readonly keys: readonly Expr[];
	/** Absent: one set of all keys. */
	readonly sets?: readonly (readonly number[])[] | undefined;
	readonly window?: GroupWindow | undefined;
}

/** Positions of keys; what a grouping element stands for is a list of them. */
type KeySet = readonly number[];

export function bindGrouping(groupBy: GroupBy, context: ExpressionContext): Grouping {
	const binder = new GroupingBinder({
		...context,
		rules: { clause: "GROUP BY", aggregates: false, windows: false },
	});
	const sets = groupBy.elements.map((element) => binder.setsOf(element)).reduce(cross, [[]]);
	const simple = groupBy.elements.every((element) => element.kind === "GroupingSet");
	const { keys, window } = binder;
	if (simple) return { keys, window };
	const ordered = sets.map((set) => [...new Set(set)].sort((left, right) => left - right));
	return { keys, window, sets: groupBy.distinct ? distinctSets(ordered) : ordered };
}

const cross = (left: readonly KeySet[], right: readonly KeySet[]): KeySet[] =>
	left.flatMap((one) => right.map((other) => [...one, ...other]));

const distinctSets = (sets: readonly KeySet[]): KeySet[] => [
	...new Map(sets.map((set) => [set.join(), set] as const)).values(),
];

const MAX_SETS = 4096;

class GroupingBinder {
	readonly keys: Expr[] = [];
	window: GroupWindow | undefined;
	readonly #context: ExpressionContext;

	constructor(context: ExpressionContext) {
		this.#context = context;
	}

	setsOf(element: GroupingElement): readonly KeySet[] {
		switch (element.kind) {
			case "GroupingSet":
				return [this.#set(element.expressions)];
			case "Rollup": {
				const parts = element.sets.map((set) => this.#set(set.expressions));
				return [...parts.keys(), parts.length].reverse().map((count) => parts.slice(0, count).flat());
			}
			case "Cube": {
				const parts = element.sets.map((set) => this.#set(set.expressions));
				if (2 ** parts.length > MAX_SETS) {
					throw new EngineError("INVALID_QUERY", `CUBE of ${parts.length} columns has too many grouping sets`, {
						position: element.position,
					});
				}
				return subsets(parts);
			}
			case "GroupingSets":
				return element.elements.flatMap((inner) => this.setsOf(inner));
		}
	}

	#set(expressions: readonly Expression[]): KeySet {
		return expressions.flatMap((expression) => {
			const window = groupWindowCall(expression);
			if (window === undefined) return [this.#key(expression)];
			this.#setWindow(window);
			return [];
		});
	}

	#setWindow(ast: FunctionCall): void {
		if (this.window !== undefined) {
			throw new EngineError("INVALID_QUERY", "GROUP BY can have only one window", { position: ast.position });
		}
		this.window = bindGroupWindow(ast, this.#context);
	}

	#key(expression: Expression): number {
		const key = bindExpression(expression, this.#context);
		const known = this.keys.findIndex((other) => exprKey(other) === exprKey(key));
		return known >= 0 ? known : this.keys.push(key) - 1;
	}
}

/** All of them first, none last. */
function subsets(parts: readonly KeySet[]): KeySet[] {
	const count = 2 ** parts.length;
	return Array.from({ length: count }, (_, i) =>
		parts.filter((_, position) => (((count - 1 - i) >> (parts.length - 1 - position)) & 1) === 1).flat(),
	);
}
