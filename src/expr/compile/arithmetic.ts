// + - * / % and the sign of numbers and intervals. Both operands have one type (the binder casts); integers wrap.
import { EngineError } from "../../errors.js";
import type { CallExpr } from "../../types/expr.js";
import { isInterval, isNumeric, type SqlType } from "../../types/sql-type.js";
import { castNode } from "./cast.js";
import { compileDecimal } from "./decimal.js";
import { columnOf } from "./gather.js";
import {
	allocateValues,
	allValid,
	batchRow,
	bothValid,
	type Frame,
	isConstant,
	Mode,
	makeNode,
	type Node,
	widthOf,
} from "./node.js";
import type { Scope } from "./scope.js";

const ARITHMETIC = {
	i8: "arithmeticI8",
	i16: "arithmeticI16",
	i32: "arithmeticI32",
	i64: "arithmeticI64",
	f32: "arithmeticF32",
	f64: "arithmeticF64",
} as const;
const DIVIDE = { i8: "divideI8", i16: "divideI16", i32: "divideI32", i64: "divideI64" } as const;
const OPERATOR: Readonly<Record<string, number>> = { "+": 0, "-": 1, "*": 2, "/": 3 };

/** Whether values are plain integers or floats in memory, so that arithmetic on them is machine arithmetic. */
const isPlainNumber = (type: SqlType) => (isNumeric(type) && type.kind !== "DECIMAL") || isInterval(type);

/** The operands as kernels take them: at most one constant. */
export function operands(scope: Scope, expr: CallExpr): readonly [Node, Node, mode: number] {
	const left = scope.compile(expr.args[0] as CallExpr);
	const right = scope.compile(expr.args[1] as CallExpr);
	if (isConstant(right)) return [columnOf(left), right, Mode.RIGHT_CONSTANT];
	return [left, right, isConstant(left) ? Mode.LEFT_CONSTANT : Mode.COLUMNS];
}

export function compileAddition(scope: Scope, expr: CallExpr): Node | undefined {
	const [left, right] = expr.args.map((arg) => arg.type) as [SqlType, SqlType];
	if (expr.type.kind === "DECIMAL") return compileDecimal(scope, expr);
	if (!isPlainNumber(left) || !isPlainNumber(right) || !isPlainNumber(expr.type)) return undefined;
	if (expr.function === "*" && isInterval(expr.type)) return undefined;
	return machineArithmetic(scope, expr);
}

function machineArithmetic(scope: Scope, expr: CallExpr): Node | undefined {
	const [left, right, mode] = operands(scope, expr);
	if (left.physical !== right.physical || !(left.physical in ARITHMETIC)) return undefined;
	const kernel = scope.program.region.kernels[ARITHMETIC[left.physical as keyof typeof ARITHMETIC]];
	const operator = OPERATOR[expr.function] as number;
	const width = widthOf(left);
	const result = makeNode(left.type, [left, right], (frame, self) => {
		self.data = allocateValues(frame, width);
		kernel(operator, mode, left.data, right.data, frame.rows, self.data);
		self.validity = bothValid(frame, left.validity, right.validity);
	});
	return castNode(scope, result, expr.type);
}

export function compileDivision(scope: Scope, expr: CallExpr): Node | undefined {
	const [left, right] = expr.args.map((arg) => arg.type) as [SqlType, SqlType];
	if (!isNumeric(left) || !isNumeric(right) || left.kind === "DECIMAL" || right.kind === "DECIMAL") return undefined;
	if (left.kind === "DOUBLE" || left.kind === "FLOAT") {
		return expr.function === "/" ? machineArithmetic(scope, expr) : undefined;
	}
	return integerDivision(scope, expr);
}

function integerDivision(scope: Scope, expr: CallExpr): Node | undefined {
	const [left, right, mode] = operands(scope, expr);
	if (left.physical !== right.physical || !(left.physical in DIVIDE)) return undefined;
	const kernel = scope.program.region.kernels[DIVIDE[left.physical as keyof typeof DIVIDE]];
	const remainder = expr.function === "%" ? 1 : 0;
	const canFail = !isConstant(right) || right.constant === 0 || right.constant === 0n;
	const run = (frame: Frame, self: Node) => {
		self.data = allocateValues(frame, widthOf(left));
		self.validity = allValid(frame, [left, right]);
		const failed = kernel(remainder, mode, left.data, right.data, self.validity, frame.rows, self.data);
		if (failed >= 0) throw divisionByZero(batchRow(frame, failed));
	};
	return castNode(scope, makeNode(left.type, [left, right], run, { canFail, cost: 4 }), expr.type);
}

export const divisionByZero = (row: number) =>
	new EngineError("DIVISION_BY_ZERO", "Division by zero", {
		row,
		remedy: "Divide by NULLIF(divisor, 0) to get NULL instead",
	});

/** Zero minus the value; for floats minus zero, so that 0.0 becomes -0.0. */
export function compileNegation(scope: Scope, expr: CallExpr): Node | undefined {
	if (!isPlainNumber(expr.type)) return undefined;
	const input = scope.compile(expr.args[0] as CallExpr);
	if (isConstant(input) || !(input.physical in ARITHMETIC)) return undefined;
	const kernel = scope.program.region.kernels[ARITHMETIC[input.physical as keyof typeof ARITHMETIC]];
	const zero = scope.literal(input.physical === "i64" && expr.type.kind === "BIGINT" ? 0n : -0, expr.type);
	return makeNode(expr.type, [input], (frame, self) => {
		self.data = allocateValues(frame, widthOf(input));
		kernel(1, Mode.LEFT_CONSTANT, zero.data, input.data, frame.rows, self.data);
		self.validity = input.validity;
	});
}
