// + - * on DECIMAL. Operands of up to 18 digits are 64-bit integers, and so are integers that the binder cast to DECIMAL; the result is
// computed in 64 bits where its type fits them, else exactly in 128. Rare shapes (results whose scale is cut) run in JavaScript.
import { type DecimalType, exactDigits, powerOfTen } from "../../types/decimal.js";
import type { CallExpr, Expr } from "../../types/expr.js";
import { BIGINT, decimal, isInteger } from "../../types/sql-type.js";
import { castNode } from "./cast.js";
import { columnOf } from "./gather.js";
import {
	allocateValues,
	bothValid,
	type Frame,
	isConstant,
	Mode,
	makeNode,
	type Node,
	retyped,
	setNarrow,
	writableBits,
} from "./node.js";
import type { Scope } from "./scope.js";

/** An exact number: its scaled integers, 64 bits (`BIGINT` or DECIMAL up to 18 digits) or 128. */
interface Operand {
	readonly node: Node;
	readonly precision: number;
	readonly scale: number;
}

export function compileDecimal(scope: Scope, expr: CallExpr): Node | undefined {
	const [left, right] = expr.args as [Expr, Expr];
	if (left.type.kind !== "DECIMAL" || right.type.kind !== "DECIMAL" || expr.type.kind !== "DECIMAL") return undefined;
	const operands = [operandOf(scope, left), operandOf(scope, right)] as const;
	return expr.function === "*" ? product(scope, operands, expr.type) : sum(scope, operands, expr);
}

/** An integer cast to DECIMAL(p, 0) counts as the integer itself. */
function operandOf(scope: Scope, expr: Expr): Operand {
	const { precision, scale } = expr.type as DecimalType;
	if (expr.kind === "cast" && isInteger(expr.input.type) && scale === 0) {
		const digits = exactDigits(expr.input.type)?.precision as number;
		if (digits <= precision)
			return { node: castNode(scope, scope.compile(expr.input), BIGINT), precision: digits, scale };
	}
	return { node: scope.compile(expr), precision, scale };
}

/** From so many bits on values do not fit 64, their signs included. */
export const WIDE_BITS = 64;
const BITS_OF_18_DIGITS = 60;

const isWide = (node: Node) => node.physical === "i128";

/** Both operands with at most one constant, and the mode in which kernels take them. */
function modeOf(left: Node, right: Node): readonly [Node, Node, number] {
	if (isConstant(right)) return [columnOf(left), right, Mode.RIGHT_CONSTANT];
	return [left, right, isConstant(left) ? Mode.LEFT_CONSTANT : Mode.COLUMNS];
}

function product(scope: Scope, [first, second]: readonly [Operand, Operand], type: DecimalType): Node | undefined {
	if (type.scale !== first.scale + second.scale) return undefined;
	const [left, right, mode] = modeOf(first.node, second.node);
	const { arithmeticI64, multiplyI64Wide } = scope.program.region.kernels;
	if (isWide(left) || isWide(right)) return wideProduct(scope, [left, right, mode], type);
	const fitsI64 = type.precision <= 18;
	const multiply = narrowProduct(scope, left, right, mode);
	return makeNode(type, [left, right], (frame, self) => {
		self.validity = bothValid(frame, left.validity, right.validity);
		if (!fitsI64 && multiply(frame, self)) return;
		self.data = allocateValues(frame, fitsI64 ? 8 : 16);
		if (fitsI64) arithmeticI64(2, mode, left.data, right.data, frame.rows, self.data);
		else multiplyI64Wide(mode, left.data, right.data, frame.rows, self.data);
	});
}

/** Address of an operand's values in 64 bits; 0 when it has none. */
export function narrowData(node: Node): number {
	if (!isWide(node)) return node.data;
	if (isConstant(node)) return bitsOf(node) < WIDE_BITS ? node.data : 0;
	return node.narrow?.data ?? 0;
}

/** Frames that are not tried after one whose products did not fit 64 bits. */
const UNTRIED_FRAMES = 15;

/** Gives a node the products in 64 bits; false when operands or products do not fit them. */
function narrowProduct(scope: Scope, left: Node, right: Node, mode: number): (frame: Frame, self: Node) => boolean {
	const { multiplyNarrow } = scope.program.region.kernels;
	let untried = 0;
	return (frame, self) => {
		if (untried > 0) {
			untried--;
			return false;
		}
		const [from, by] = [narrowData(left), narrowData(right)];
		if (from === 0 || by === 0) return false;
		const data = allocateValues(frame, 8);
		const bits = multiplyNarrow(mode, from, by, frame.rows, data);
		if (bits < WIDE_BITS) setNarrow(frame, self, data, bits);
		else untried = UNTRIED_FRAMES;
		return bits < WIDE_BITS;
	};
}

/** Products that may exceed the precision: NULL then. Of 64 bits, none does. */
function wideProduct(scope: Scope, [left, right, mode]: readonly [Node, Node, number], type: DecimalType): Node {
	const { multiplyDecimals } = scope.program.region.kernels;
	const multiply = narrowProduct(scope, left, right, mode);
	const limit = limitOf(scope, type.precision);
	const wide = (isWide(left) ? 1 : 0) | (isWide(right) ? 2 : 0);
	return makeNode(
		type,
		[left, right],
		(frame, self) => {
			const validity = bothValid(frame, left.validity, right.validity);
			self.validity = validity;
			if (multiply(frame, self)) return;
			const bits = writableBits(frame, validity);
			self.data = allocateValues(frame, 16);
			const nulls = multiplyDecimals(mode, left.data, right.data, wide, limit, frame.rows, self.data, bits);
			self.validity = nulls === 0 ? validity : bits;
		},
		{ cost: 4 },
	);
}

/** The address of 10^precision as 128 bits. */
export const limitOf = (scope: Scope, precision: number): number =>
	scope.program.constants.store(powerOfTen(precision), decimal(38, 0));

function sum(
	scope: Scope,
	operands: readonly [Operand, Operand],
	{ function: sign, type }: CallExpr,
): Node | undefined {
	const { precision, scale } = type as DecimalType;
	const [first, second] = operands;
	const exactScale = Math.max(first.scale, second.scale);
	const integerDigits = Math.max(first.precision - first.scale, second.precision - second.scale);
	if (scale !== exactScale || integerDigits + scale + 1 > precision) return undefined;
	const wide = precision > 18;
	const [left, right, mode] = modeOf(aligned(scope, first, scale, wide), aligned(scope, second, scale, wide));
	const operator = sign === "-" ? 1 : 0;
	const { arithmeticI64, addI128 } = scope.program.region.kernels;
	const add = wide ? addI128 : arithmeticI64;
	return makeNode(type, [left, right], (frame, self) => {
		self.validity = bothValid(frame, left.validity, right.validity);
		const bits = wide ? Math.max(bitsOf(left), bitsOf(right)) + 1 : 0;
		const isNarrow = wide && bits < WIDE_BITS;
		const data = allocateValues(frame, wide && !isNarrow ? 16 : 8);
		if (isNarrow) {
			arithmeticI64(operator, mode, narrowData(left), narrowData(right), frame.rows, data);
			setNarrow(frame, self, data, bits);
			return;
		}
		add(operator, mode, left.data, right.data, frame.rows, data);
		self.data = data;
	});
}

/** Of 128-bit values: how many bits they have at most besides their signs; WIDE_BITS when `narrowData` has none of them. */
export function bitsOf({ constant, narrow }: Node): number {
	if (typeof constant === "bigint")
		return Math.min(WIDE_BITS, (constant < 0n ? ~constant : constant).toString(2).length);
	return narrow?.bits ?? WIDE_BITS;
}

/** The operand at a scale that is no smaller, in 64 or 128 bits; the caller knows that it fits. */
function aligned(scope: Scope, { node, precision, scale }: Operand, to: number, wide: boolean): Node {
	const digits = precision + to - scale;
	const type = wide ? decimal(38, to) : decimal(18, to);
	if (isConstant(node)) {
		return scope.literal((node.constant as bigint) * powerOfTen(to - scale), type);
	}
	if (isWide(node)) return to === scale ? node : scaledWide(scope, node, to - scale, type);
	if (digits <= 18) {
		const scaled = to === scale ? retyped(node, decimal(18, to)) : multiplied(scope, node, to - scale, decimal(18, to));
		return wide ? widened(scaled, type) : scaled;
	}
	return scaledWide(scope, node, to - scale, type);
}

/** 64-bit values times 10^digits, which fit 64 bits. */
export function multiplied(scope: Scope, node: Node, digits: number, type: DecimalType): Node {
	const unit = scope.literal(powerOfTen(digits), BIGINT);
	const { arithmeticI64 } = scope.program.region.kernels;
	return makeNode(type, [node], (frame, self) => {
		self.data = allocateValues(frame, 8);
		arithmeticI64(2, Mode.RIGHT_CONSTANT, node.data, unit.data, frame.rows, self.data);
		self.validity = node.validity;
	});
}

/** Values of up to 18 digits as 128 bits. */
export const widened = (node: Node, type: DecimalType): Node =>
	makeNode(
		type,
		[node],
		(frame, self) => {
			setNarrow(frame, self, node.data, BITS_OF_18_DIGITS);
			self.validity = node.validity;
		},
		{ cost: 0 },
	);

/** Values times 10^digits in 128 bits; NULL where that does not fit the type. */
export function scaledWide(scope: Scope, node: Node, digits: number, type: DecimalType): Node {
	const unit = scope.literal(powerOfTen(digits), decimal(38, 0));
	const wide = isWide(node) ? node : retyped(node, decimal(18, 0));
	return wideProduct(scope, [wide, unit, Mode.RIGHT_CONSTANT], type);
}
