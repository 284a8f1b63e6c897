// CAST among BOOLEAN, integers, floats and DECIMAL in kernels. Returns undefined for pairs (or scales) that need JavaScript.
import { type DecimalType, exactDigits, powerOfTen } from "../../types/decimal.js";
import { BIGINT, DOUBLE, decimal, isApproximate, isInteger, isInterval, type SqlType } from "../../types/sql-type.js";
import { type PhysicalType, physicalType } from "../../types/value.js";
import { limitOf, multiplied, narrowData, scaledWide, widened } from "./decimal.js";
import {
	allocateMask,
	allocateValues,
	evaluate,
	type Frame,
	Mode,
	makeNode,
	type Node,
	retyped,
	setNarrow,
	setValues,
	widthOf,
	writableBits,
} from "./node.js";
import type { Scope } from "./scope.js";

const SOURCE: Partial<Record<PhysicalType, number>> = { i8: 0, i16: 1, i32: 2, i64: 3, f32: 4, f64: 5, bool: 6 };
const CAST = {
	i8: "castToI8",
	i16: "castToI16",
	i32: "castToI32",
	i64: "castToI64",
	f32: "castToF32",
	f64: "castToF64",
} as const;

const isMachine = (type: SqlType) => isInteger(type) || isApproximate(type);

/** The same cast, to a type, in JavaScript. */
type ScriptCast = (type: SqlType) => Node;

/** `script` is the same cast in JavaScript, for values that the kernel leaves to it. */
export function castNumber(scope: Scope, input: Node, type: SqlType, script: ScriptCast): Node | undefined {
	const from = input.type;
	if (isInterval(from) || isInterval(type)) return undefined;
	if (isMachine(from) && isMachine(type)) return castMachine(scope, input, type);
	if (from.kind === "BOOLEAN" && isMachine(type)) return castMachine(scope, input, type);
	if (type.kind === "BOOLEAN" && isMachine(from)) return castToBoolean(scope, input, type);
	if (type.kind === "DECIMAL" && isInteger(from)) {
		const digits = exactDigits(from)?.precision as number;
		return scaleUp(scope, castMachine(scope, input, BIGINT), digits, 0, type);
	}
	if (from.kind !== "DECIMAL") return undefined;
	if (type.kind === "DECIMAL") return rescaled(scope, input, from, type, script);
	if (type.kind === "DOUBLE" && from.scale <= 22) return castToDouble(scope, input, from, type, script);
	return isInteger(type) && from.scale <= 18 ? castToInteger(scope, input, from, type, script) : undefined;
}

/** A BIGINT becomes a FLOAT through DOUBLE, as the row evaluator's numbers do. */
function castMachine(scope: Scope, input: Node, type: SqlType): Node {
	const target = physicalType(type);
	if (input.physical === target) return retyped(input, type);
	if (input.physical === "i64" && target === "f32") return castMachine(scope, castMachine(scope, input, DOUBLE), type);
	const source = SOURCE[input.physical] as number;
	const kernel = scope.program.region.kernels[CAST[target as keyof typeof CAST]];
	return makeNode(type, [input], (frame, self) => {
		self.data = allocateValues(frame, widthOf(self));
		kernel(source, input.data, frame.rows, self.data);
		self.validity = input.validity;
	});
}

const COMPARE = {
	i8: "compareI8",
	i16: "compareI16",
	i32: "compareI32",
	i64: "compareI64",
	f32: "compareF32",
	f64: "compareF64",
} as const;
const NOT_EQUAL = 1;

function castToBoolean(scope: Scope, input: Node, type: SqlType): Node {
	const zero = scope.literal(input.type.kind === "BIGINT" ? 0n : 0, input.type);
	const kernel = scope.program.region.kernels[COMPARE[input.physical as keyof typeof COMPARE]];
	return makeNode(type, [input], (frame, self) => {
		self.data = allocateMask(frame);
		kernel(NOT_EQUAL, Mode.RIGHT_CONSTANT, input.data, zero.data, frame.rows, self.data);
		self.validity = input.validity;
	});
}

/** 64-bit values of up to `digits` digits and a scale, at a scale that is no smaller. */
function scaleUp(scope: Scope, input: Node, digits: number, scale: number, type: DecimalType): Node {
	const up = type.scale - scale;
	if (digits + up > 18) {
		return type.precision > 18
			? scaledWide(scope, input, up, type)
			: narrowed(scope, limitedWide(scope, input, up, type.precision), type);
	}
	const exact = decimal(18, type.scale);
	const scaled = up === 0 ? retyped(input, exact) : multiplied(scope, input, up, exact);
	const limited = digits + up <= type.precision ? scaled : limitedI64(scope, scaled, type.precision);
	return type.precision <= 18 ? retyped(limited, type) : widened(limited, type);
}

/** The product in 128 bits, NULL where it reaches 10^precision. */
function limitedWide(scope: Scope, input: Node, up: number, precision: number): Node {
	const product = scaledWide(scope, input, up, decimal(38, 0));
	const limit = limitOf(scope, precision);
	const { limitI64, limitI128 } = scope.program.region.kernels;
	return makeNode(product.type, [product], (frame, self) => {
		const bits = writableBits(frame, product.validity);
		const { narrow } = product;
		const nulls =
			narrow && precision <= 18
				? limitI64(narrow.data, limit, frame.rows, bits)
				: limitI128(product.data, limit, frame.rows, bits);
		setValues(self, product);
		self.validity = nulls === 0 ? product.validity : bits;
	});
}

function limitedI64(scope: Scope, input: Node, precision: number): Node {
	const limit = scope.literal(powerOfTen(precision), BIGINT);
	const { limitI64 } = scope.program.region.kernels;
	return makeNode(input.type, [input], (frame, self) => {
		const bits = writableBits(frame, input.validity);
		const nulls = limitI64(input.data, limit.data, frame.rows, bits);
		self.data = input.data;
		self.validity = nulls === 0 ? input.validity : bits;
	});
}

/** The low halves of 128-bit values that fit 64 bits, unless NULL. */
function narrowed(scope: Scope, input: Node, type: DecimalType): Node {
	const { narrowI128 } = scope.program.region.kernels;
	return makeNode(type, [input], (frame, self) => {
		self.data = input.narrow?.data ?? allocateValues(frame, 8);
		if (!input.narrow) narrowI128(input.data, frame.rows, self.data);
		self.validity = input.validity;
	});
}

function rescaled(scope: Scope, input: Node, from: DecimalType, to: DecimalType, script: ScriptCast): Node | undefined {
	if (to.scale < from.scale) return scaledDown(scope, input, from, to, script);
	if (input.physical === "i64") return scaleUp(scope, input, from.precision, from.scale, to);
	const up = to.scale - from.scale;
	if (to.precision <= 18) return narrowed(scope, limitedWide(scope, input, up, to.precision), to);
	if (up === 0 && from.precision <= to.precision) return retyped(input, to);
	return scaledWide(scope, input, up, to);
}

/** Rounded half up in 64 bits; 128-bit values that do not fit them are left to JavaScript. */
function scaledDown(
	scope: Scope,
	input: Node,
	from: DecimalType,
	to: DecimalType,
	script: ScriptCast,
): Node | undefined {
	const down = from.scale - to.scale;
	if (down > 18) return undefined;
	const divisor = scope.literal(powerOfTen(down), BIGINT);
	const { divideRoundI64, limitI64 } = scope.program.region.kernels;
	const mayExceed = from.precision - from.scale + 1 > to.precision - to.scale;
	const limit = to.precision <= 18 && mayExceed ? scope.literal(powerOfTen(to.precision), BIGINT) : undefined;
	return narrowFirst(scope, input, to, script, (frame, self, values) => {
		const rounded = allocateValues(frame, 8);
		divideRoundI64(values, divisor.data, frame.rows, rounded);
		if (self.physical === "i64") self.data = rounded;
		else setNarrow(frame, self, rounded, 63);
		if (limit) {
			const bits = writableBits(frame, input.validity);
			if (limitI64(rounded, limit.data, frame.rows, bits) > 0) self.validity = bits;
		}
		return true;
	});
}

function castToDouble(scope: Scope, input: Node, from: DecimalType, type: SqlType, script: ScriptCast): Node {
	const { decimalToF64 } = scope.program.region.kernels;
	const unit = 10 ** from.scale;
	return narrowFirst(scope, input, type, script, (frame, self, values) => {
		self.data = allocateValues(frame, 8);
		return decimalToF64(values, unit, input.validity, frame.rows, self.data) < 0;
	});
}

function castToInteger(scope: Scope, input: Node, from: DecimalType, type: SqlType, script: ScriptCast): Node {
	const { divideI64 } = scope.program.region.kernels;
	const unit = scope.literal(powerOfTen(from.scale), BIGINT);
	const integers = narrowFirst(scope, input, BIGINT, script, (frame, self, values) => {
		self.data = allocateValues(frame, 8);
		divideI64(0, Mode.RIGHT_CONSTANT, values, unit.data, 0, frame.rows, self.data);
		return true;
	});
	return type.kind === "BIGINT" ? integers : castMachine(scope, integers, type);
}

/** `compute` works on 64-bit values; when the input does not fit them or it returns false, the whole column is left to `script`. */
function narrowFirst(
	scope: Scope,
	input: Node,
	type: SqlType,
	script: ScriptCast,
	compute: (frame: Frame, self: Node, values: number) => boolean,
): Node {
	const { narrowExact } = scope.program.region.kernels;
	let fallback: Node | undefined;
	return makeNode(type, [input], (frame, self) => {
		let values = narrowData(input);
		let fits = true;
		if (values === 0) {
			values = allocateValues(frame, 8);
			fits = narrowExact(input.data, input.validity, frame.rows, values) < 0;
		}
		self.validity = input.validity;
		if (fits && compute(frame, self, values)) return;
		fallback ??= script(type);
		evaluate(fallback, frame);
		setValues(self, fallback);
		self.validity = fallback.validity;
	});
}
