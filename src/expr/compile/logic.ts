// AND, OR, NOT, IS TRUE …, IS NULL. Three-valued. Operands that are dear or may fail are evaluated only on the rows that the operands
// before them leave undecided.
import type { CallExpr, Expr } from "../../types/expr.js";
import { isCheap } from "./cheap.js";
import { columnOf, scatterColumn } from "./gather.js";
import { allocateBits, allocateMask, allocateRowIds, evaluate, type Frame, makeNode, type Node } from "./node.js";
import type { Scope } from "./scope.js";

export function compileConnective(scope: Scope, expr: CallExpr): Node {
	const [first, ...rest] = expr.args as [Expr, ...Expr[]];
	let result = columnOf(scope.compile(first));
	for (const operand of rest) {
		result = isCheap(operand)
			? connective(scope, expr, result, columnOf(scope.compile(operand)))
			: lazyConnective(scope, expr, result, operand);
	}
	return result;
}

function connective(scope: Scope, expr: CallExpr, left: Node, right: Node): Node {
	const isAnd = expr.function === "AND";
	const { combineMasks, andTruth, orTruth } = scope.program.region.kernels;
	const threeValued = isAnd ? andTruth : orTruth;
	return makeNode(expr.type, [left, right], (frame, self) => {
		self.data = allocateMask(frame);
		self.validity = 0;
		if (left.validity === 0 && right.validity === 0) {
			combineMasks(isAnd ? 0 : 1, left.data, right.data, 16, frame.rows, self.data);
			return;
		}
		self.validity = allocateBits(frame);
		threeValued(left.data, left.validity, right.data, right.validity, frame.rows, self.data, self.validity);
	});
}

/** The right operand on the rows in which the left one is not FALSE (AND) or not TRUE (OR). */
function lazyConnective(scope: Scope, expr: CallExpr, left: Node, operand: Expr): Node {
	const isAnd = expr.function === "AND";
	const below = scope.below();
	const right = below.compile(operand);
	const { undecidedMask, maskToSelection, fillBytes, combineMasks, andTruth, orTruth } = scope.program.region.kernels;
	const threeValued = isAnd ? andTruth : orTruth;
	const run = (frame: Frame, self: Node) => {
		const mask = allocateMask(frame);
		undecidedMask(left.data, left.validity, isAnd ? 0 : 1, frame.rows, mask);
		const rowIds = allocateRowIds(frame);
		const undecided = maskToSelection(mask, 0, frame.rows, rowIds);
		const decided = allocateMask(frame);
		fillBytes(decided, isAnd ? 0 : 1, (frame.rows + 15) & ~15);
		let decidedBits = 0;
		if (undecided > 0) {
			below.openBelow(undecided === frame.rows ? 0 : rowIds, undecided);
			evaluate(right, below.frame);
			if (right.validity !== 0) {
				decidedBits = allocateBits(frame);
				fillBytes(decidedBits, 255, (frame.rows + 7) >>> 3);
			}
			scatterColumn(below.frame, right, rowIds, decided, decidedBits);
		}
		self.data = allocateMask(frame);
		self.validity = left.validity === 0 && decidedBits === 0 ? 0 : allocateBits(frame);
		if (self.validity === 0) combineMasks(isAnd ? 0 : 1, left.data, decided, 16, frame.rows, self.data);
		else threeValued(left.data, left.validity, decided, decidedBits, frame.rows, self.data, self.validity);
	};
	return makeNode(expr.type, [left], run, { canFail: right.canFail, cost: right.cost + 4 });
}

export function compileNot(scope: Scope, expr: CallExpr): Node {
	const input = columnOf(scope.compile(expr.args[0] as Expr));
	const { invertMask } = scope.program.region.kernels;
	return makeNode(expr.type, [input], (frame, self) => {
		self.data = allocateMask(frame);
		invertMask(input.data, frame.rows, self.data);
		self.validity = input.validity;
	});
}

export function compileTruthTest(scope: Scope, expr: CallExpr): Node {
	const input = columnOf(scope.compile(expr.args[0] as Expr));
	const wantsFalse = expr.function.endsWith("FALSE");
	const negated = expr.function.includes("NOT");
	const { invertMask, maskAndBits } = scope.program.region.kernels;
	return makeNode(expr.type, [input], (frame, self) => {
		let mask = input.data;
		if (wantsFalse) {
			mask = allocateMask(frame);
			invertMask(input.data, frame.rows, mask);
		}
		if (input.validity !== 0) {
			const known = allocateMask(frame);
			maskAndBits(mask, input.validity, frame.rows, known);
			mask = known;
		}
		if (negated) {
			const opposite = allocateMask(frame);
			invertMask(mask, frame.rows, opposite);
			mask = opposite;
		}
		self.data = mask;
		self.validity = 0;
	});
}

export function compileNullTest(scope: Scope, expr: CallExpr): Node {
	const input = scope.compile(expr.args[0] as Expr);
	const isNull = expr.function === "IS NULL";
	const { bitsToMask, fillBytes } = scope.program.region.kernels;
	return makeNode(expr.type, [input], (frame, self) => {
		self.data = allocateMask(frame);
		self.validity = 0;
		if (input.validity === 0) fillBytes(self.data, isNull ? 0 : 1, (frame.rows + 15) & ~15);
		else bitsToMask(input.validity, isNull ? 1 : 0, frame.rows, self.data);
	});
}
