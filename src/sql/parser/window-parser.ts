// OVER (…) and WINDOW w AS (…): partition, order and frame.
import type { FrameBound, NamedWindow, WindowFrame, WindowSpecification } from "../ast.js";
import type { Cursor } from "./cursor.js";
import { Precedence, parseExpression } from "./expression-parser.js";
import { parseOrderBy } from "./query-parser.js";

/** At the opening parenthesis. */
export function parseWindowSpecification(cursor: Cursor): WindowSpecification {
	const start = cursor.token;
	cursor.expect("(");
	const base = cursor.acceptName();
	const partitionBy = cursor.is("PARTITION") ? parsePartitionBy(cursor) : [];
	const orderBy = cursor.is("ORDER") ? parseOrderBy(cursor) : [];
	const frame = cursor.is("ROWS") || cursor.is("RANGE") ? parseFrame(cursor) : undefined;
	cursor.expect(")");
	return {
		kind: "WindowSpecification",
		...(base && { base }),
		partitionBy,
		orderBy,
		...(frame && { frame }),
		position: cursor.from(start),
	};
}

/** At PARTITION. */
export function parsePartitionBy(cursor: Cursor) {
	cursor.expect("PARTITION", "BY");
	return cursor.ledList(() => parseExpression(cursor));
}

export function parseNamedWindow(cursor: Cursor): NamedWindow {
	const name = cursor.name();
	cursor.expect("AS");
	const specification = parseWindowSpecification(cursor);
	return { kind: "NamedWindow", name, specification, position: cursor.from(name.position) };
}

function parseFrame(cursor: Cursor): WindowFrame {
	const start = cursor.token;
	const unit = cursor.expectOneOf("ROWS", "RANGE");
	if (!cursor.accept("BETWEEN")) {
		const bound = parseFrameBound(cursor);
		return { kind: "WindowFrame", unit, start: bound, position: cursor.from(start) };
	}
	const first = parseFrameBound(cursor);
	cursor.expect("AND");
	const last = parseFrameBound(cursor);
	return { kind: "WindowFrame", unit, start: first, end: last, position: cursor.from(start) };
}

function parseFrameBound(cursor: Cursor): FrameBound {
	const start = cursor.token;
	if (cursor.acceptAll("CURRENT", "ROW")) {
		return { kind: "FrameBound", bound: "CURRENT ROW", position: cursor.from(start) };
	}
	if (cursor.accept("UNBOUNDED")) {
		const bound = `UNBOUNDED ${cursor.expectOneOf("PRECEDING", "FOLLOWING")}` as const;
		return { kind: "FrameBound", bound, position: cursor.from(start) };
	}
	const offset = parseExpression(cursor, Precedence.Additive);
	const bound = cursor.expectOneOf("PRECEDING", "FOLLOWING");
	return { kind: "FrameBound", bound, offset, position: cursor.from(start) };
}
