// Text functions in kernels. Parts of a text point into it; new text is written into the arena. What the kernels leave out (characters
// beyond ASCII in UPPER and LOWER, empty separators, sets that are not ASCII) runs in JavaScript.
import type { CallExpr, Expr } from "../../types/expr.js";
import { INTEGER, isCharacter } from "../../types/sql-type.js";
import { columnOf } from "./gather.js";
import {
	allocateValues,
	allValid,
	bothValid,
	evaluate,
	type Frame,
	isConstant,
	makeNode,
	type Node,
	writableBits,
} from "./node.js";
import type { Scope } from "./scope.js";
import { compileScript } from "./script.js";

const VIEW = 16;

/** How far apart a node's values are, as kernels are told: 0 for a constant. */
const stepOf = (node: Node, width: number) => (isConstant(node) ? 0 : width);

/** Room for the bytes of all the node's texts, once per row for a constant. */
function reserveText(frame: Frame, ...nodes: readonly Node[]): number {
	const { kernels, arena } = frame.region;
	let bytes = 0;
	for (const node of nodes) {
		const rows = isConstant(node) ? 1 : frame.rows;
		const total = kernels.viewsTotalBytes(node.data, rows);
		bytes += isConstant(node) ? total * frame.rows : total;
	}
	return arena.allocate(bytes + VIEW);
}

/** UPPER and LOWER; a batch with text beyond ASCII is left to JavaScript. */
export function compileLetterCase(scope: Scope, expr: CallExpr): Node {
	const input = columnOf(scope.compile(expr.args[0] as Expr));
	const { mapCase } = scope.program.region.kernels;
	const upper = expr.function === "UPPER" ? 1 : 0;
	let fallback: Node | undefined;
	const run = (frame: Frame, self: Node) => {
		self.data = allocateValues(frame, VIEW);
		self.validity = input.validity;
		if (mapCase(input.data, frame.rows, upper, self.data, reserveText(frame, input)) < 0) return;
		fallback ??= compileScript(scope, expr);
		evaluate(fallback, frame);
		self.data = fallback.data;
		self.validity = fallback.validity;
	};
	return makeNode(expr.type, [input], run, { cost: 10 });
}

export function compileCharLength(scope: Scope, expr: CallExpr): Node {
	const input = columnOf(scope.compile(expr.args[0] as Expr));
	const { characterLengths } = scope.program.region.kernels;
	const run = (frame: Frame, self: Node) => {
		self.data = allocateValues(frame, 4);
		self.validity = input.validity;
		characterLengths(input.data, frame.rows, self.data);
	};
	return makeNode(expr.type, [input], run, { cost: 5 });
}

const MAX_COUNT = 2_147_483_647;

/** SUBSTRING; LEFT(text, n) is its first n characters. */
export function compileSubstring(scope: Scope, expr: CallExpr): Node | undefined {
	const [text, ...bounds] = expr.args.map((arg) => scope.compile(arg)) as [Node, ...Node[]];
	if (expr.function === "SUBSTRING") {
		const [start, count = scope.literal(MAX_COUNT, INTEGER)] = bounds;
		return substringNode(scope, expr, text, start as Node, count);
	}
	// RIGHT has no such form: of more characters than there are it is the whole text, where SUBSTRING would be empty.
	const size = bounds[0]?.constant;
	if (expr.function !== "LEFT" || typeof size !== "number") return undefined;
	return substringNode(scope, expr, text, scope.literal(1, INTEGER), scope.literal(Math.max(size, 0), INTEGER));
}

function substringNode(scope: Scope, expr: CallExpr, text: Node, start: Node, count: Node): Node {
	const input = columnOf(text);
	const { substring } = scope.program.region.kernels;
	const startStep = stepOf(start, 4);
	const countStep = stepOf(count, 4);
	const mayBeNegative = typeof count.constant !== "number" || count.constant < 0;
	const run = (frame: Frame, self: Node) => {
		const validity = allValid(frame, [input, start, count]);
		const bits = mayBeNegative ? writableBits(frame, validity) : 0;
		self.data = allocateValues(frame, VIEW);
		const nulls = substring(input.data, start.data, startStep, count.data, countStep, frame.rows, self.data, bits);
		self.validity = nulls === 0 ? validity : bits;
		if (self.validity !== 0) frame.region.kernels.emptyInvalid(self.data, self.validity, frame.rows);
	};
	return makeNode(expr.type, [input, start, count], run, { cost: 5 });
}

const SIDES: Readonly<Record<string, number>> = { LTRIM: 1, LEADING: 1, RTRIM: 2, TRAILING: 2, BTRIM: 3, BOTH: 3 };

/** TRIM(side, set, text), LTRIM, RTRIM and BTRIM(text[, set]). */
export function compileTrim(scope: Scope, expr: CallExpr): Node | undefined {
	const isTrim = expr.function === "TRIM";
	const [side, set, text] = isTrim ? expr.args : [undefined, expr.args[1], expr.args[0]];
	const characters = set === undefined ? " " : set.kind === "literal" ? set.value : undefined;
	const sides = isTrim ? (side?.kind === "literal" ? SIDES[String(side.value)] : undefined) : SIDES[expr.function];
	// biome-ignore lint/suspicious/noControlCharactersInRegex: the set of ASCII characters begins with them.
	if (typeof characters !== "string" || !/^[\x00-\x7f]*$/.test(characters) || sides === undefined) return undefined;
	const input = columnOf(scope.compile(text as Expr));
	const { trim } = scope.program.region.kernels;
	const members = asciiSet(scope, characters);
	const run = (frame: Frame, self: Node) => {
		self.data = allocateValues(frame, VIEW);
		self.validity = input.validity;
		trim(input.data, frame.rows, members, sides, self.data);
	};
	return makeNode(expr.type, [input], run, { cost: 5 });
}

/** 128 bits, one per ASCII character. */
function asciiSet(scope: Scope, characters: string): number {
	const set = scope.program.constants.allocate(16);
	const { u8 } = scope.program.region;
	for (const character of characters) {
		const code = character.charCodeAt(0);
		(u8[set + (code >>> 3)] as number) |= 1 << (code & 7);
	}
	return set;
}

/** || and CONCAT: NULL as soon as one text is. */
export function compileConcatenation(scope: Scope, expr: CallExpr): Node | undefined {
	const [first, ...rest] = expr.args.map((arg) => scope.compile(arg)) as [Node, ...Node[]];
	if (rest.length === 0) return first;
	return rest.reduce((left, right) => joined(scope, expr, left, right), first);
}

function joined(scope: Scope, expr: CallExpr, first: Node, right: Node): Node {
	const left = isConstant(right) ? columnOf(first) : first;
	const { concatenate, emptyInvalid } = scope.program.region.kernels;
	const leftStep = stepOf(left, VIEW);
	const rightStep = stepOf(right, VIEW);
	const run = (frame: Frame, self: Node) => {
		const bytes = reserveText(frame, left, right);
		self.data = allocateValues(frame, VIEW);
		concatenate(left.data, leftStep, right.data, rightStep, frame.rows, self.data, bytes);
		self.validity = bothValid(frame, left.validity, right.validity);
		if (self.validity !== 0) emptyInvalid(self.data, self.validity, frame.rows);
	};
	return makeNode(expr.type, [left, right], run, { cost: 10 });
}

/** POSITION(sought IN text) without a start. */
export function compilePosition(scope: Scope, expr: CallExpr): Node | undefined {
	if (expr.args.length !== 2) return undefined;
	const [sought, text] = expr.args.map((arg) => scope.compile(arg)) as [Node, Node];
	const { positions } = scope.program.region.kernels;
	const input = columnOf(text);
	const soughtStep = stepOf(sought, VIEW);
	const run = (frame: Frame, self: Node) => {
		self.data = allocateValues(frame, 4);
		self.validity = bothValid(frame, sought.validity, input.validity);
		positions(sought.data, soughtStep, input.data, VIEW, frame.rows, self.data);
	};
	return makeNode(expr.type, [sought, input], run, { cost: 8 });
}

export function compileReplace(scope: Scope, expr: CallExpr): Node | undefined {
	const [text, from, to] = expr.args.map((arg) => scope.compile(arg)) as [Node, Node, Node];
	if (!isConstant(from) || !isConstant(to) || from.constant === "") return undefined;
	const input = columnOf(text);
	const { replace, replacedBytes } = scope.program.region.kernels;
	const run = (frame: Frame, self: Node) => {
		const bytes = frame.region.arena.allocate(replacedBytes(input.data, frame.rows, from.data, to.data) + VIEW);
		self.data = allocateValues(frame, VIEW);
		self.validity = input.validity;
		replace(input.data, frame.rows, from.data, to.data, self.data, bytes);
	};
	return makeNode(expr.type, [input], run, { cost: 15 });
}

export function compileSplitIndex(scope: Scope, expr: CallExpr): Node | undefined {
	const [text, separator, place] = expr.args.map((arg) => scope.compile(arg)) as [Node, Node, Node];
	const index = place.constant;
	if (typeof index !== "number" || index < 0) return undefined;
	if (!isConstant(separator) || separator.constant === "" || !isCharacter(separator.type)) return undefined;
	const input = columnOf(text);
	const { splitIndex } = scope.program.region.kernels;
	const run = (frame: Frame, self: Node) => {
		const bits = writableBits(frame, input.validity);
		self.data = allocateValues(frame, VIEW);
		const nulls = splitIndex(input.data, frame.rows, separator.data, index, self.data, bits);
		self.validity = nulls === 0 ? input.validity : bits;
	};
	return makeNode(expr.type, [input], run, { cost: 8 });
}
