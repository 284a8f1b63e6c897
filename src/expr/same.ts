// Structural equality of bound expressions (GROUP BY keys, repeated aggregates, common subplans).
import type { Expr } from "../types/expr.js";

const texts = new WeakMap<object, string>();

/** A text that two expressions share exactly when they compute the same from the same input; types without nullability. */
export function exprKey(expr: Expr): string {
	let text = texts.get(expr);
	if (text === undefined) {
		text = JSON.stringify(expr, (key, value) => {
			if (key === "nullable" || key === "attribute") return undefined;
			if (typeof value === "bigint") return `${value}n`;
			if (value instanceof Uint8Array) return [...value];
			if (Object.is(value, -0)) return "-0";
			return typeof value === "number" && !Number.isFinite(value) ? `#${value}` : value;
		});
		texts.set(expr, text);
	}
	return text;
}

export const sameExpr = (left: Expr, right: Expr): boolean => left === right || exprKey(left) === exprKey(right);
