// DEFINE conditions and MEASURES: ordinary expressions over values picked from a (partial) match.
import { EngineError } from "../errors.js";
import type { MatchExpr, MatchRef } from "../job/match.js";
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

/** `rows` in order, the candidate or last row at the end. */
export type MatchValue = (rows: readonly MatchedRow[]) => Value;

export function rowsOf(last: MatchedRow | undefined): MatchedRow[] {
	const rows: MatchedRow[] = [];
	for (let at = last; at !== undefined; at = at.previous) rows.push(at);
	return rows.reverse();
}

export function compileMatchExpr(
	{ expr, refs }: MatchExpr,
	timeOf: (row: Row) => Value,
	context: OperatorContext,
): MatchValue {
	const evaluate = context.compile(expr);
	const values = refs.map((ref) => compileRef(ref, timeOf, context));
	return (rows) => evaluate(values.map((value) => value(rows)));
}

function compileRef(ref: MatchRef, timeOf: (row: Row) => Value, context: OperatorContext): MatchValue {
	switch (ref.kind) {
		case "matchRowtime":
			return (rows) => timeOf(rows.at(-1)!.row);
		case "matchProctime":
			return () => context.now();
		case "first":
		case "last": {
			const value = context.compile(ref.value);
			const place = ref.kind === "first" ? ref.offset : -1 - ref.offset;
			return (rows) => {
				const found = ofVariable(rows, ref.variable).at(place);
				return found === undefined ? null : value(found.row);
			};
		}
		case "aggregate":
			return compileAggregate(ref, context);
	}
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
	return (rows) => {
		const accumulator = create();
		for (const { row } of ofVariable(rows, ref.variable)) accumulator.add(args.map((arg) => arg(row)));
		return accumulator.result();
	};
}

function ofVariable(rows: readonly MatchedRow[], variable: string | undefined): readonly MatchedRow[] {
	return variable === undefined ? rows : rows.filter((candidate) => candidate.variable === variable);
}

/** AFTER MATCH SKIP TO FIRST/LAST of a variable: the first row that may start another match. */
export function skipTarget(rows: readonly MatchedRow[], variable: string, kind: "toFirst" | "toLast"): MatchedRow {
	const found = ofVariable(rows, variable).at(kind === "toFirst" ? 0 : -1);
	const place = kind === "toFirst" ? "FIRST" : "LAST";
	if (found === undefined) {
		throw new EngineError(
			"INVALID_QUERY",
			`AFTER MATCH SKIP TO ${place} ${variable}: no row of the match is ${variable}`,
		);
	}
	if (found === rows[0]) {
		throw new EngineError("INVALID_QUERY", `AFTER MATCH SKIP TO ${place} ${variable} leads to the match's first row`, {
			remedy: "This would find the same match again; skip to another variable, or TO NEXT ROW",
		});
	}
	return found;
}
