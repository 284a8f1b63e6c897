// LIKE with a literal pattern, STARTSWITH, ENDSWITH, and REGEXP_EXTRACT of the kind (X|^)literal([^c]*): searches for literals, in
// kernels. Patterns with `_` and other regular expressions run in JavaScript.
import type { CallExpr, Expr } from "../../types/expr.js";
import { STRING } from "../../types/sql-type.js";
import { columnOf } from "./gather.js";
import { allocateMask, allocateValues, type Frame, Mode, makeNode, type Node, writableBits } from "./node.js";
import type { Scope } from "./scope.js";

/** The texts between the %, and whether the first begins (1) and the last ends (2) the text. */
interface Parts {
	readonly texts: readonly string[];
	readonly anchors: number;
}

/** Undefined for patterns that need more than a search: `_`, or a misplaced escape, which is an error at run time. */
function partsOf(pattern: string, mark: string | undefined): Parts | undefined {
	if (mark !== undefined && mark.length !== 1) return undefined;
	const texts = [""];
	for (let i = 0; i < pattern.length; i++) {
		let character = pattern.charAt(i);
		if (character === mark) {
			character = pattern.charAt(++i);
			if (character !== "_" && character !== "%" && character !== mark) return undefined;
		} else if (character === "_") return undefined;
		else if (character === "%") {
			texts.push("");
			continue;
		}
		texts[texts.length - 1] += character;
	}
	const anchors = (texts[0] !== "" ? 1 : 0) | (texts.at(-1) !== "" ? 2 : 0);
	if (texts.length === 1) return { texts, anchors: 3 };
	return { texts: texts.filter((text) => text !== ""), anchors };
}

const literalText = (expr: Expr | undefined): string | undefined =>
	expr?.kind === "literal" && typeof expr.value === "string" ? expr.value : undefined;

export function compileLike(scope: Scope, expr: CallExpr): Node | undefined {
	const [text, pattern, escapeMark] = expr.args as [Expr, Expr, Expr?];
	const source = literalText(pattern);
	const mark = literalText(escapeMark);
	if (source === undefined || (escapeMark !== undefined && mark === undefined)) return undefined;
	const parts = partsOf(source, mark);
	return parts && searchNode(scope, expr, text, parts);
}

/** STARTSWITH and ENDSWITH of text. */
export function compileEdge(scope: Scope, expr: CallExpr): Node | undefined {
	const [text, part] = expr.args as [Expr, Expr];
	const sought = literalText(part);
	if (sought === undefined) return undefined;
	const anchors = expr.function === "STARTSWITH" ? 1 : 2;
	return searchNode(scope, expr, text, { texts: sought === "" ? [] : [sought], anchors });
}

function searchNode(scope: Scope, expr: CallExpr, text: Expr, { texts, anchors }: Parts): Node {
	const input = columnOf(scope.compile(text));
	const { matchParts, fillBytes, compareViews } = scope.program.region.kernels;
	const views = texts.length === 1 ? scope.literal(texts[0] as string, STRING).data : storeViews(scope, texts);
	const run = (frame: Frame, self: Node) => {
		self.data = allocateMask(frame);
		self.validity = input.validity;
		if (texts.length === 0) fillBytes(self.data, 1, (frame.rows + 15) & ~15);
		else if (texts.length === 1 && anchors === 3) {
			compareViews(0, Mode.RIGHT_CONSTANT, input.data, views, frame.rows, self.data);
		} else matchParts(input.data, frame.rows, views, texts.length, anchors, self.data);
	};
	return makeNode(expr.type, [input], run, { cost: anchors === 1 ? 4 : 8 });
}

/** The address of the views of several texts, one after the other. */
function storeViews(scope: Scope, texts: readonly string[]): number {
	const { constants, region } = scope.program;
	const views = constants.allocate(Math.max(1, texts.length) * 16);
	for (const [index, text] of texts.entries()) {
		region.kernels.copyBytes(views + index * 16, constants.store(text, STRING), 16);
	}
	return views;
}

/** (X|^) or (^|X) or nothing, a literal, ([^c]*): X and c single characters. */
const LITERAL_EXTRACT =
	/^(?:\(([^\\^$.*+?()[\]{}|])\|\^\)|\(\^\|([^\\^$.*+?()[\]{}|])\))?([\w=&;:,/ "'<>@#%~-]+)\(\[\^([^\\^[\]])\]\*\)$/;

const ANYWHERE = 256;

interface LiteralExtract {
	readonly literal: string;
	/** Code of the character before the literal, or ANYWHERE. */
	readonly before: number;
	readonly until: number;
	/** What of the match is wanted: 0 what follows the literal, 1 all, 2 what stands before. */
	readonly part: number;
}

function literalExtract(pattern: string, group: number): LiteralExtract | undefined {
	const match = LITERAL_EXTRACT.exec(pattern);
	if (match === null) return undefined;
	const [, leading, trailing, literal, until] = match as unknown as readonly [
		string,
		string | undefined,
		string | undefined,
		string,
		string,
	];
	const before = leading ?? trailing;
	const part = (before === undefined ? [1, 0] : [1, 2, 0])[group];
	const [untilCode, beforeCode] = [until.charCodeAt(0), before?.charCodeAt(0) ?? ANYWHERE];
	if (part === undefined || untilCode > 127 || (beforeCode > 127 && beforeCode !== ANYWHERE)) return undefined;
	return { literal, before: beforeCode, until: untilCode, part };
}

export function compileRegexpExtract(scope: Scope, expr: CallExpr): Node | undefined {
	const [text, pattern, group] = expr.args as [Expr, Expr, Expr?];
	const source = literalText(pattern);
	const index = group === undefined ? 0 : group.kind === "literal" ? group.value : undefined;
	const extract = source !== undefined && typeof index === "number" ? literalExtract(source, index) : undefined;
	if (extract === undefined) return undefined;
	const { before, until, part } = extract;
	const literal = scope.literal(extract.literal, STRING);
	const input = columnOf(scope.compile(text));
	const { extractAfter } = scope.program.region.kernels;
	const run = (frame: Frame, self: Node) => {
		const bits = writableBits(frame, input.validity);
		self.data = allocateValues(frame, 16);
		const nulls = extractAfter(input.data, frame.rows, literal.data, before, 1, until, part, self.data, bits);
		self.validity = nulls === 0 ? input.validity : bits;
	};
	return makeNode(expr.type, [input], run, { cost: 10 });
}
