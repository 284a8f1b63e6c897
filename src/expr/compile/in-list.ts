// IN (literals): few candidates are compared one by one, many integers or texts are looked up in a hash set made once.
import { type CallExpr, call, type Expr, type LiteralExpr } from "../../types/expr.js";
import { BIGINT, BOOLEAN, isCharacter, isDatetime, isInteger, type SqlType } from "../../types/sql-type.js";
import { castNode } from "./cast.js";
import { isComparable } from "./comparison.js";
import { columnOf } from "./gather.js";
import { allocateMask, makeNode, type Node, retyped } from "./node.js";
import type { Scope } from "./scope.js";

/** Up to so many candidates are compared one by one. */
const MAX_COMPARISONS = 4;

export function compileIn(scope: Scope, expr: CallExpr): Node | undefined {
	const [value, ...candidates] = expr.args as [Expr, ...Expr[]];
	if (!candidates.every((candidate) => candidate.kind === "literal" && isComparable(value.type, candidate.type)))
		return undefined;
	const literals = candidates as readonly LiteralExpr[];
	if (literals.some(({ value: candidate }) => Number.isNaN(candidate))) return undefined;
	if (candidates.length <= MAX_COMPARISONS) return comparisons(scope, expr, value, candidates);
	if (literals.some((literal) => literal.value === null)) return undefined;
	if (isCharacter(value.type)) return textSet(scope, expr, value, literals);
	return isInteger(value.type) || isDatetime(value.type) ? integerSet(scope, expr, value, literals) : undefined;
}

function comparisons(scope: Scope, { type }: CallExpr, value: Expr, candidates: readonly Expr[]): Node {
	const tests = candidates.map((candidate) => call("=", [value, candidate], { ...BOOLEAN, nullable: type.nullable }));
	return scope.compile(tests.length === 1 ? (tests[0] as Expr) : call("OR", tests, type));
}

const tableSize = (count: number) => 2 ** Math.ceil(Math.log2(count) + 1);

function textSet(scope: Scope, expr: CallExpr, value: Expr, literals: readonly LiteralExpr[]): Node {
	const { constants, region } = scope.program;
	const { buildViewSet, inViewSet, copyBytes } = region.kernels;
	const texts = [...new Set(literals.map((literal) => literal.value as string))];
	const list = constants.allocate(texts.length * 16);
	for (const [index, text] of texts.entries()) copyBytes(list + index * 16, constants.store(text, value.type), 16);
	const slots = tableSize(texts.length);
	const table = constants.allocate(slots * 4);
	buildViewSet(list, texts.length, table, slots - 1);
	return membership(scope, expr, value, undefined, (input, rows, out) =>
		inViewSet(input.data, rows, list, table, slots - 1, out),
	);
}

function integerSet(scope: Scope, expr: CallExpr, value: Expr, literals: readonly LiteralExpr[]): Node {
	const { constants, region } = scope.program;
	const { buildI64Set, inI64Set } = region.kernels;
	const numbers = [...new Set(literals.map((literal) => BigInt(literal.value as number | bigint)))];
	const list = constants.allocate(numbers.length * 8);
	region.i64.set(numbers, list / 8);
	const slots = tableSize(numbers.length);
	const table = constants.allocate(slots * 4);
	buildI64Set(list, numbers.length, table, slots - 1);
	return membership(scope, expr, value, BIGINT, (input, rows, out) =>
		inI64Set(input.data, rows, list, table, slots - 1, out),
	);
}

function membership(
	scope: Scope,
	expr: CallExpr,
	value: Expr,
	as: SqlType | undefined,
	test: (input: Node, rows: number, out: number) => void,
): Node {
	const node = columnOf(scope.compile(value));
	const input = as === undefined ? node : asInteger(scope, node, as);
	return makeNode(
		expr.type,
		[input],
		(frame, self) => {
			self.data = allocateMask(frame);
			self.validity = input.validity;
			test(input, frame.rows, self.data);
		},
		{ cost: 6 },
	);
}

/** Dates and times by their integers. */
function asInteger(scope: Scope, node: Node, type: SqlType): Node {
	if (node.physical === "i64") return retyped(node, type);
	const integer = node.physical === "i32" ? retyped(node, { kind: "INTEGER", nullable: node.type.nullable }) : node;
	return castNode(scope, integer, type);
}
