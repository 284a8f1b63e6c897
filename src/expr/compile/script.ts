// Functions and casts that run in JavaScript: a loop over the registered implementation, one per batch. Pure functions of one column
// are called once per distinct value, as long as values repeat.
import { asSame, type Column, isWhole } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import { readColumn, writeColumn } from "../../arrow/values.js";
import { EngineError } from "../../errors.js";
import type { Argument, ScalarImplementation } from "../../functions/function.js";
import { scalarFunction } from "../../functions/registry.js";
import type { CallExpr } from "../../types/expr.js";
import type { SqlType } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, type Value } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import { DistinctFinder, type DistinctRows, isDistinguishable } from "./distinct.js";
import { repeatedValue } from "./gather.js";
import { allocateBits, batchRow, type Frame, makeNode, type Node } from "./node.js";
import type { Scope } from "./scope.js";
import { userColumnsNode } from "./user-columns.js";

interface ScriptTraits {
	/** NULL as soon as an argument is. */
	readonly strict: boolean;
	/** Equal arguments give equal results. */
	readonly isPure: boolean;
	/** Integers from 0 up whose quotients by this are equal give equal results too: a pattern of days does not see hours. */
	readonly unit?: number;
}

const SCRIPT_COST = 50;

/** `unit`: see ScriptTraits. */
export function compileScript(scope: Scope, expr: CallExpr, unit?: number): Node {
	const args = expr.args.map((arg) => scope.compile(arg));
	if (expr.user !== undefined) {
		const implementation = scope.program.user?.(expr.user);
		if (implementation === undefined) throw unknownFunction(expr.function);
		if (implementation.columns) return userColumnsNode(args, expr.type, implementation.columns);
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
	const traits = { strict: known.nulls === "strict", isPure, ...(unit !== undefined && { unit }) };
	return scriptNode(scope, args, expr.type, implementation, traits);
}

const unknownFunction = (name: string) => new EngineError("UNKNOWN_FUNCTION", `Unknown function ${name}`);

/** A node that calls `implementation` for each row, or each distinct value. */
export function scriptNode(
	scope: Scope,
	args: readonly Node[],
	type: SqlType,
	implementation: ScalarImplementation,
	traits: ScriptTraits,
): Node {
	const { region } = scope.program;
	const varying = args.flatMap((arg, index) => (arg.constant === undefined ? [index] : []));
	const inputs = varying.map((index) => args[index] as Node);
	const constants = args.map((arg) => arg.constant ?? null);
	const call = callOf(implementation, constants, varying, traits);
	const [single] = inputs;
	const finder =
		traits.isPure && inputs.length === 1 && single !== undefined && isDistinguishable(single)
			? new DistinctFinder(single, traits.unit ?? 1)
			: undefined;
	const callRows = (frame: Frame): Column => {
		const distinct = finder?.find(frame);
		return distinct
			? callDistinct(frame, single as Node, type, call, distinct)
			: callAll(region, inputs, frame.rows, type, call, (row) => batchRow(frame, row));
	};
	const run = (frame: Frame, self: Node) => {
		const result = finder?.isOne(frame) ? callOnce(frame, single as Node, type, call) : callRows(frame);
		self.data = result.data;
		self.validity = result.validity;
		self.same = result.same;
	};
	return makeNode(type, args, run, { canFail: true, cost: SCRIPT_COST });
}

/** A column of results, one call per row; `place` gives the row of the batch for errors. */
function callAll(
	region: Region,
	inputs: readonly Column[],
	rows: number,
	type: SqlType,
	call: RowCall,
	place: (row: number) => number,
): Column {
	const columns = inputs.map((input) => readColumn(region, input, rows));
	const values = new Array<Value>(rows);
	let row = 0;
	try {
		for (; row < rows; row++) values[row] = call(columns, row);
	} catch (error) {
		throw EngineError.from(error).within({ row: place(row) });
	}
	return writeColumn(region, type, values);
}

/** One call for all rows. */
function callOnce(frame: Frame, input: Node, type: SqlType, call: RowCall): Column {
	const { region, rows } = frame;
	const one = callAll(region, [input], 1, type, call, () => batchRow(frame, 0));
	const isNull = one.validity !== 0 && (region.u8[one.validity]! & 1) === 0;
	const data = repeatedValue(frame, one.data, PHYSICAL_WIDTH[one.physical]);
	const repeated = { type, physical: one.physical, data, validity: isNull ? allocateBits(frame) : 0 };
	if (isNull) region.kernels.fillBytes(repeated.validity, 0, (rows + 7) >>> 3);
	return !isNull && isWhole(region, one) ? asSame(repeated) : repeated;
}

function callDistinct(frame: Frame, input: Node, type: SqlType, call: RowCall, distinct: DistinctRows): Column {
	const { region } = frame;
	const { ids, firsts, count } = distinct;
	const inputs = [takeColumn(region, input, firsts, count)];
	const place = (row: number) => batchRow(frame, region.u32[firsts / 4 + row] as number);
	return takeColumn(region, callAll(region, inputs, count, type, call, place), ids, frame.rows);
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
