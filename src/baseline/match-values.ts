// DEFINE conditions and MEASURES: ordinary expressions over values picked from a (partial) match.
import { type MatchExpr, type MatchRef, skipFailure } from "../job/match.js";
import type { Row, Value } from "../types/value.js";
import type { OperatorContext } from "./context.js";

/** A row of a match with the variable it belongs to, and the rows before it. */
export interface MatchedRow {
	readonly row: Row;
	readonly variable: string;
	/** Place of the row in its partition. */
	readonly sequence: number;
	readonly previous: MatchedRow | undefined;
}

/** Of a match that ends with `last`, the candidate in a condition; `found`: the time at which it turned out to be one. */
export type MatchValue = (last: MatchedRow, found: number) => Value;

export function rowsOf(last: MatchedRow | undefined): MatchedRow[] {
	const rows: MatchedRow[] = [];
	for (let at = last; at !== undefined; at = at.previous) rows.push(at);
	return rows.reverse();
}

export function compileMatchExpr({ expr, refs }: MatchExpr, context: OperatorContext): MatchValue {
	const evaluate = context.compile(expr);
	const values = refs.map((ref) => compileRef(ref, context));
	return (last, found) => evaluate(values.map((value) => value(last, found)));
}

function compileRef(ref: MatchRef, context: OperatorContext): MatchValue {
	switch (ref.kind) {
		case "matchRowtime":
			return (_last, found) => found;
		case "matchProctime":
			return () => context.now();
		case "first": {
			const value = context.compile(ref.value);
			return (last) => {
				const found = ofVariable(rowsOf(last), ref.variable)[ref.offset];
				return found === undefined ? null : value(found.row);
			};
		}
		case "last": {
			const value = context.compile(ref.value);
			return (last) => {
				const found = fromEnd(last, ref.variable, ref.offset);
				return found === undefined ? null : value(found.row);
			};
		}
		case "aggregate":
			return compileAggregate(ref, context);
	}
}

/** The row `offset` rows of the variable before its last one. */
function fromEnd(last: MatchedRow, variable: string | undefined, offset: number): MatchedRow | undefined {
	let left = offset;
	for (let at: MatchedRow | undefined = last; at !== undefined; at = at.previous) {
		if ((variable === undefined || at.variable === variable) && left-- === 0) return at;
	}
	return undefined;
}

function compileAggregate(ref: Extract<MatchRef, { kind: "aggregate" }>, context: OperatorContext): MatchValue {
	const args = ref.args.map((expr) => context.compile(expr));
	const create = context.aggregate(
		{
			function: ref.function,
			args: [...args.keys()],
			argTypes: ref.args.map(({ type }) => type),
			literals: ref.args.map((arg) => (arg.kind === "literal" ? arg.value : undefined)),
			distinct: false,
			type: ref.type,
			name: ref.function,
		},
		true,
	);
	return (last) => {
		const accumulator = create();
		for (const { row } of ofVariable(rowsOf(last), ref.variable)) accumulator.add(args.map((arg) => arg(row)));
		return accumulator.result();
	};
}

function ofVariable(rows: readonly MatchedRow[], variable: string | undefined): readonly MatchedRow[] {
	return variable === undefined ? rows : rows.filter((candidate) => candidate.variable === variable);
}

/** AFTER MATCH SKIP TO FIRST/LAST of a variable: the first row that may start another match. */
export function skipTarget(rows: readonly MatchedRow[], variable: string, kind: "toFirst" | "toLast"): MatchedRow {
	const found = ofVariable(rows, variable).at(kind === "toFirst" ? 0 : -1);
	if (found === undefined) throw skipFailure({ kind, variable }, "missing");
	if (found === rows[0]) throw skipFailure({ kind, variable }, "first");
	return found;
}
