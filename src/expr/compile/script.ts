// Functions and casts that run in JavaScript: a loop over the registered implementation, one per batch. Pure functions of one text are
// called once per distinct value, as long as values repeat.
import { readColumn, writeColumn } from "../../arrow/values.js";
import { EngineError } from "../../errors.js";
import type { Argument, ScalarImplementation } from "../../functions/function.js";
import { scalarFunction } from "../../functions/registry.js";
import type { CallExpr } from "../../types/expr.js";
import type { SqlType } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { batchRow, type Frame, makeNode, type Node } from "./node.js";
import type { Scope } from "./scope.js";

interface ScriptTraits {
	/** NULL as soon as an argument is. */
	readonly strict: boolean;
	/** Equal arguments give equal results. */
	readonly isPure: boolean;
}

const SCRIPT_COST = 50;

export function compileScript(scope: Scope, expr: CallExpr): Node {
	const args = expr.args.map((arg) => scope.compile(arg));
	if (expr.user !== undefined) {
		const implementation = scope.program.user?.(expr.user);
		if (implementation === undefined) throw unknownFunction(expr.function);
		return scriptNode(scope, args, expr.type, implementation, { strict: false, isPure: false });
	}
	const known = scalarFunction(expr.function);
	if (known === undefined) throw unknownFunction(expr.function);
	const argumentsOf: Argument[] = expr.args.map((arg) =>
		arg.kind === "literal" ? { type: arg.type, literal: arg.value } : { type: arg.type },
	);
	const implementation = known.implement({
		args: argumentsOf,
		result: expr.type,
		context: scope.program.functions,
	});
	const isPure = (known.determinism ?? "pure") === "pure";
	return scriptNode(scope, args, expr.type, implementation, { strict: known.nulls === "strict", isPure });
}

const unknownFunction = (name: string) => new EngineError("UNKNOWN_FUNCTION", `Unknown function ${name}`);

/** A node that calls `implementation` for each row. */
export function scriptNode(
	scope: Scope,
	args: readonly Node[],
	type: SqlType,
	implementation: ScalarImplementation,
	traits: ScriptTraits,
): Node {
	const { region } = scope.program;
	const varying = args.flatMap((arg, index) => (arg.constant === undefined ? [index] : []));
	const constants = args.map((arg) => arg.constant ?? null);
	const call = callOf(implementation, constants, varying, traits);
	const run = (frame: Frame, self: Node) => {
		const inputs = varying.map((index) => readColumn(region, args[index] as Node, frame.rows));
		const values = new Array<Value>(frame.rows);
		let row = 0;
		try {
			for (; row < frame.rows; row++) values[row] = call(inputs, row);
		} catch (error) {
			throw EngineError.from(error).within({ row: batchRow(frame, row) });
		}
		const column = writeColumn(region, type, values);
		self.data = column.data;
		self.validity = column.validity;
	};
	return makeNode(type, args, run, { canFail: true, cost: SCRIPT_COST });
}

type RowCall = (inputs: readonly (readonly Value[])[], row: number) => Value;

/** The call with its constants in place, specialised for the number of arguments that vary. */
function callOf(
	implementation: ScalarImplementation,
	constants: readonly Value[],
	varying: readonly number[],
	{ strict, isPure }: ScriptTraits,
): RowCall {
	if (strict && constants.some((value, index) => value === null && !varying.includes(index))) return () => null;
	const args = [...constants];
	const [first] = varying;
	if (first === undefined) return () => implementation(...args);
	if (varying.length === 1) {
		const single = (value: Value): Value => {
			if (strict && value === null) return null;
			args[first] = value;
			return implementation(...args);
		};
		const remembered = isPure ? memoised(single) : single;
		return ([column], row) => remembered((column as Value[])[row] as Value);
	}
	return (inputs, row) => {
		for (let i = 0; i < varying.length; i++) {
			const value = (inputs[i] as Value[])[row] as Value;
			if (strict && value === null) return null;
			args[varying[i] as number] = value;
		}
		return implementation(...args);
	};
}

/** Distinct values remembered at most, and calls after which remembering must have paid. */
const MEMO_LIMIT = 16_384;
const MEMO_TRIAL = 8_192;

/** Remembers results of text arguments; gives up when fewer than half of the calls repeat a value. */
function memoised(call: (value: Value) => Value): (value: Value) => Value {
	const results = new Map<string, Value>();
	let calls = 0;
	let hits = 0;
	let isUseful = true;
	return (value) => {
		if (typeof value !== "string" || !isUseful) return call(value);
		calls++;
		const known = results.get(value);
		if (known !== undefined) {
			hits++;
			return known;
		}
		const result = call(value);
		if (calls === MEMO_TRIAL) {
			isUseful = hits * 2 >= calls;
			calls = 0;
			hits = 0;
			if (!isUseful) results.clear();
		}
		if (results.size >= MEMO_LIMIT) results.clear();
		if (isUseful) results.set(value, result);
		return result;
	};
}
