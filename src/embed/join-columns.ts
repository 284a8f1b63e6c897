// Keys and output columns of joins.
import { EngineError } from "../errors.js";
import type { JoinType } from "../job/specs.js";
import { leastCommonType } from "../types/coercion.js";
import { asNullable, type Schema } from "../types/sql-type.js";
import { sameKind, typeText } from "../types/type-text.js";
import { columnIndex } from "./bind.js";
import { distinctNames, type Input, list } from "./options.js";
import { shown } from "./shown.js";

interface Key {
	readonly left: number;
	readonly right: number;
}

/** Of `on`: names, or pairs of names. */
export function keysOf(on: readonly (string | readonly [string, string])[] | undefined, left: Input, right: Input) {
	const keys = list<string | readonly [string, string]>("on", on, 1).map((key) => keyOf(key, left, right));
	return {
		leftKeys: keys.map((key) => key.left),
		rightKeys: keys.map((key) => key.right),
		nullSafe: keys.map(() => false),
	};
}

function keyOf(key: string | readonly [string, string], left: Input, right: Input): Key {
	const isPair = Array.isArray(key) && key.length === 2 && key.every((name) => typeof name === "string");
	if (typeof key !== "string" && !isPair) {
		throw new EngineError("INVALID_ARGUMENT", `on: ${shown(key)} is no key`, {
			expected: "the name of a column of both sides, or a pair of names",
			remedy: 'Write "id" or ["left_id", "right_id"]',
		});
	}
	const [leftName, rightName] = typeof key === "string" ? [key, key] : key;
	const found = {
		left: columnIndex(left.columns, leftName, "on (left)"),
		right: columnIndex(right.columns, rightName, "on (right)"),
	};
	const types = [left.columns[found.left]!.type, right.columns[found.right]!.type] as const;
	if (sameKind(asNullable(types[0]), asNullable(types[1]))) return found;
	const common = leastCommonType(types);
	throw new EngineError(
		"TYPE_MISMATCH",
		`on: '${leftName}' is ${typeText(types[0])}, '${rightName}' ${typeText(types[1])}`,
		{
			expected: "keys of one type",
			remedy: common ? `Cast one side with project to ${typeText(common)}` : "Join by other columns",
		},
	);
}

/** The columns of both sides; `suffix` stands behind names of right ones that the left side has too. */
export function joinedColumns(left: Schema, right: Schema, suffix: string): Schema {
	const taken = new Set(left.map(({ name }) => name));
	const renamed = right.map((field) => (taken.has(field.name) ? { ...field, name: field.name + suffix } : field));
	return distinctNames([...left, ...renamed]);
}

/** What comes out of a join, padded columns nullable. */
export function outputOf(type: JoinType, joined: Schema, leftWidth: number): Schema {
	if (type === "semi" || type === "anti") return joined.slice(0, leftWidth);
	const padsLeft = type === "right" || type === "full";
	const padsRight = type === "left" || type === "full";
	return joined.map((field, i) => {
		const isPadded = i < leftWidth ? padsLeft : padsRight;
		return isPadded ? { ...field, type: asNullable(field.type) } : field;
	});
}
