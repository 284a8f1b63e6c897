// The pattern of MATCH_RECOGNIZE as a nondeterministic automaton, built as Flink's CEP builds it: strictly contiguous variables; a
// greedy quantifier forbids the state after it to take a row that the quantified variable takes as well.
import type { PatternVariable } from "./match.js";

/** A row matches when variable `variable` accepts it, or, negated, when it does not. */
export interface Condition {
	readonly variable: number;
	readonly negated: boolean;
}

export interface Transition {
	readonly target: number;
	/** `take` consumes the row, `proceed` tries the target on the same row. */
	readonly action: "take" | "proceed";
	readonly conditions: Condition[];
}

export interface PatternState {
	/** The variable to which a row taken here belongs. */
	readonly variable: number;
	readonly transitions: Transition[];
}

export interface Automaton {
	readonly states: readonly PatternState[];
	readonly start: number;
	readonly final: number;
}

export function compilePattern(pattern: readonly PatternVariable[]): Automaton {
	const states: PatternState[] = [{ variable: -1, transitions: [] }];
	const final = 0;
	let next = final;
	for (let i = pattern.length - 1; i >= 0; i--) next = addVariable(states, pattern[i]!, i, next);
	return { states, start: next, final };
}

/** The states of one variable before state `next`; the number of the first. */
function addVariable(states: PatternState[], definition: PatternVariable, variable: number, next: number): number {
	const { min, max } = definition;
	const isOptional = min === 0;
	const isGreedy = definition.greedy && min !== max && !(min === 0 && max === 1);
	const from = Math.max(1, min);
	const newState = (): number => states.push({ variable, transitions: [] }) - 1;
	const accepts = (): Condition[] => [{ variable, negated: false }];
	const single = (target: number, skip: boolean): number => {
		const state = newState();
		states[state]!.transitions.push({ target, action: "take", conditions: accepts() });
		if (skip) states[state]!.transitions.push({ target: next, action: "proceed", conditions: [] });
		return state;
	};
	let last = next;
	if (isGreedy) {
		for (const { conditions } of states[next]!.transitions) conditions.push({ variable, negated: true });
	}
	if (max === undefined) {
		last = newState();
		states[last]!.transitions.push(
			{ target: next, action: "proceed", conditions: [] },
			{ target: last, action: "take", conditions: accepts() },
		);
	} else for (let i = from; i < max; i++) last = single(last, true);
	for (let i = 1; i < from; i++) last = single(last, false);
	return single(last, isOptional);
}
