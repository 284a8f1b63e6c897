// CAST: kernels for pairs that are machine conversions, the conversion of types/cast.ts in a loop for all others.
import { castFunction } from "../../types/cast.js";
import type { CastExpr } from "../../types/expr.js";
import { BIGINT, isCharacter, isInteger, type SqlType } from "../../types/sql-type.js";
import { sameKind } from "../../types/type-text.js";
import { castNumber } from "./cast-number.js";
import { columnOf } from "./gather.js";
import { allocateValues, makeNode, type Node, retyped } from "./node.js";
import type { Scope } from "./scope.js";
import { scriptNode } from "./script.js";
import { castTime } from "./temporal.js";

export function compileCast(scope: Scope, expr: CastExpr): Node {
	return castNode(scope, scope.compile(expr.input), expr.type, expr.safe);
}

/** The node's values in another type. */
export function castNode(scope: Scope, input: Node, type: SqlType, safe = false): Node {
	if (isSameLayout(input.type, type)) return relabelled(input, type);
	const convert = castFunction(input.type, type, { safe, timeZone: scope.program.functions.timeZone });
	if (input.constant !== undefined && !mayThrow(convert, input)) return scope.literal(convert(input.constant), type);
	const script = (to: SqlType) => scriptCast(scope, input, to, safe);
	const column = columnOf(input);
	return (
		castNumber(scope, column, type, script) ??
		castTime(scope, column, type) ??
		castToText(scope, column, type) ??
		script(type)
	);
}

/** Integers as text, in full. */
function castToText(scope: Scope, input: Node, type: SqlType): Node | undefined {
	if (!isInteger(input.type) || type.kind !== "VARCHAR" || type.length < 20) return undefined;
	const integers = castNode(scope, input, BIGINT);
	const { integerTexts } = scope.program.region.kernels;
	return makeNode(
		type,
		[integers],
		(frame, self) => {
			self.data = allocateValues(frame, 16);
			self.validity = integers.validity;
			const bytes = allocateValues(frame, 32);
			integerTexts(integers.data, integers.validity, frame.rows, self.data, bytes);
		},
		{ cost: 10 },
	);
}

function scriptCast(scope: Scope, input: Node, type: SqlType, safe: boolean): Node {
	const convert = castFunction(input.type, type, { safe, timeZone: scope.program.functions.timeZone });
	return scriptNode(scope, [input], type, convert, { strict: true, isPure: true });
}

function mayThrow(convert: (value: Exclude<Node["constant"], undefined>) => unknown, input: Node): boolean {
	try {
		convert(input.constant as Exclude<Node["constant"], undefined>);
		return false;
	} catch {
		return true;
	}
}

/** Whether a value of one type is, byte for byte, the same value of the other. */
function isSameLayout(from: SqlType, to: SqlType): boolean {
	if (sameKind(from, to)) return true;
	return isCharacter(from) && to.kind === "VARCHAR" && "length" in from && from.length <= to.length;
}

function relabelled(input: Node, type: SqlType): Node {
	if (input.type === type) return input;
	if (input.constant !== undefined) return { ...input, type };
	return retyped(input, type);
}
