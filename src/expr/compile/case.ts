// CASE, IF and COALESCE. Cheap branches are computed for all rows and chosen from by mask; others only for the rows that reach them.
import { type CallExpr, type CaseExpr, call, type Expr } from "../../types/expr.js";
import { BOOLEAN, notNull } from "../../types/sql-type.js";
import { castNode } from "./cast.js";
import { isCheap } from "./cheap.js";
import { bitsOf, narrowData, WIDE_BITS } from "./decimal.js";
import { denseData, scatterColumn } from "./gather.js";
import {
	allocateBits,
	allocateRowIds,
	allocateValues,
	evaluate,
	type Frame,
	isConstant,
	makeNode,
	type Node,
	setNarrow,
	trueMask,
	widthOf,
} from "./node.js";
import type { Scope } from "./scope.js";

export function compileCase(scope: Scope, expr: CaseExpr): Node {
	const later = [...expr.branches.slice(1).map(({ when }) => when), ...expr.branches.map(({ then }) => then)];
	const isDense = [...later, expr.otherwise].every(isCheap);
	return isDense ? denseCase(scope, expr) : lazyCase(scope, expr);
}

/** From the last branch to the first: where its condition is TRUE its value, else what has been chosen so far. */
function denseCase(scope: Scope, expr: CaseExpr): Node {
	let chosen = castNode(scope, scope.compile(expr.otherwise), expr.type);
	for (const { when, then } of expr.branches.toReversed()) {
		const value = castNode(scope, scope.compile(then), expr.type);
		chosen = choice(scope, scope.compile(when), value, chosen);
	}
	return chosen;
}

function choice(scope: Scope, when: Node, yes: Node, no: Node): Node {
	const { choose, chooseBits } = scope.program.region.kernels;
	const width = widthOf(no);
	const constants = (isConstant(yes) ? 1 : 0) | (isConstant(no) ? 2 : 0);
	if (isConstant(when)) return when.constant === true ? yes : no;
	return makeNode(no.type, [when, yes, no], (frame, self) => {
		const mask = trueMask(frame, when);
		const bits = width === 16 ? Math.max(bitsOf(yes), bitsOf(no)) : WIDE_BITS;
		const isNarrow = bits < WIDE_BITS;
		const data = allocateValues(frame, isNarrow ? 8 : width);
		if (isNarrow) {
			choose(8, mask, narrowData(yes), narrowData(no), constants, frame.rows, data);
			setNarrow(frame, self, data, bits);
		} else {
			choose(width, mask, yes.data, no.data, constants, frame.rows, data);
			self.data = data;
		}
		self.validity = 0;
		if (yes.validity === 0 && no.validity === 0) return;
		self.validity = allocateBits(frame);
		chooseBits(mask, yes.validity, no.validity, frame.rows, self.validity);
	});
}

interface Branch {
	/** The scope of the rows that no branch before has taken, and of those that this one takes. */
	readonly reached: Scope;
	readonly when: Node;
	readonly taken: Scope;
	readonly value: Node;
}

function lazyCase(scope: Scope, expr: CaseExpr): Node {
	let reached = scope;
	const branches: Branch[] = expr.branches.map(({ when, then }, index) => {
		if (index > 0) reached = reached.below();
		const condition = reached.compile(when);
		const taken = reached.below();
		return { reached, when: condition, taken, value: castNode(taken, taken.compile(then), expr.type) };
	});
	const rest = reached.below();
	const otherwise = castNode(rest, rest.compile(expr.otherwise), expr.type);
	const values = [...branches.map(({ value }) => value), otherwise];
	const conditions = branches.map(({ when }) => when);
	const run = (frame: Frame, self: Node) => {
		const result = new CaseResult(frame, widthOf(self));
		runBranches(branches, rest, otherwise, result);
		self.data = result.data;
		self.validity = result.validity;
	};
	return makeNode(expr.type, conditions.slice(0, 1), run, {
		canFail: [...values, ...conditions].some((node) => node.canFail),
		cost: [...values, ...conditions.slice(1)].reduce((sum, node) => sum + node.cost, 4),
	});
}

/** The column being put together; a bitmap only once a branch has NULLs. */
class CaseResult {
	readonly frame: Frame;
	readonly data: number;
	validity = 0;
	/** Numbers in `frame` of the rows not yet taken; 0: all of them. */
	left = 0;
	leftRows: number;

	constructor(frame: Frame, width: number) {
		this.frame = frame;
		this.data = allocateValues(frame, width);
		this.leftRows = frame.rows;
	}

	/** Numbers in `frame` of rows given by their place among those left. */
	rowIds(places: number, rows: number): number {
		if (this.left === 0) return places;
		const rowIds = allocateRowIds(this.frame, rows);
		this.frame.region.kernels.take4(this.left, places, rows, rowIds);
		return rowIds;
	}

	put(value: Node, frame: Frame, rowIds: number): void {
		evaluate(value, frame);
		if (value.validity !== 0 && this.validity === 0) {
			this.validity = allocateBits(this.frame);
			this.frame.region.kernels.fillBytes(this.validity, 255, (this.frame.rows + 7) >>> 3);
		}
		scatterColumn(frame, value, rowIds, this.data, this.validity);
	}
}

function runBranches(branches: readonly Branch[], rest: Scope, otherwise: Node, result: CaseResult): void {
	let local: number | undefined;
	for (const branch of branches) {
		if (local !== undefined) branch.reached.openBelow(local, result.leftRows);
		local = runBranch(branch, result);
		if (result.leftRows === 0) return;
	}
	rest.openBelow(local as number, result.leftRows);
	result.put(otherwise, rest.frame, result.left);
}

/** Puts the branch's values and returns the rows that go on, by their numbers in the branch's frame (0: all). */
function runBranch({ reached, when, taken, value }: Branch, result: CaseResult): number {
	const { frame } = reached;
	const { kernels } = frame.region;
	evaluate(when, frame);
	const mask = isConstant(when) ? denseData(frame, when) : trueMask(frame, when);
	const places = allocateRowIds(frame);
	const count = kernels.maskToSelection(mask, 0, frame.rows, places);
	if (count > 0) {
		taken.openBelow(count === frame.rows ? 0 : places, count);
		result.put(value, taken.frame, result.rowIds(places, count));
	}
	const others = allocateRowIds(frame);
	kernels.complementSelection(places, count, frame.rows, others);
	result.leftRows = frame.rows - count;
	result.left = result.rowIds(others, result.leftRows);
	return count === 0 ? 0 : others;
}

/** IF(c, a, b) and COALESCE(a, b, …) as CASE. */
export function compileIf(scope: Scope, expr: CallExpr): Node {
	const { type } = expr;
	if (expr.function === "IF") {
		const [when, then, otherwise] = expr.args as [Expr, Expr, Expr];
		return scope.compile({ kind: "case", branches: [{ when, then }], otherwise, type });
	}
	const branches = expr.args
		.slice(0, -1)
		.map((then) => ({ when: call("IS NOT NULL", [then], notNull(BOOLEAN)), then }));
	const otherwise = expr.args.at(-1) as Expr;
	return branches.length === 0
		? castNode(scope, scope.compile(otherwise), type)
		: scope.compile({ kind: "case", branches, otherwise, type });
}
