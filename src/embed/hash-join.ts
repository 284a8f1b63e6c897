// hashJoin: rows of two inputs whose keys are equal.
import type { Schema as ArrowSchema, TypeMap } from "apache-arrow";
import { EngineError } from "../errors.js";
import type { JoinSpec, JoinType } from "../job/specs.js";
import { leastCommonType } from "../types/coercion.js";
import { asNullable, type Schema } from "../types/sql-type.js";
import { sameKind, typeText } from "../types/type-text.js";
import { columnIndex, Projection } from "./bind.js";
import type { Expression } from "./expression.js";
import {
	type CommonOptions,
	checkOptions,
	choice,
	contextOf,
	distinctNames,
	type Input,
	inputOf,
	list,
	text,
} from "./options.js";
import { shown } from "./shown.js";
import { JoinOperator, type StreamPlan } from "./stream-operator.js";

const TYPES: readonly JoinType[] = ["inner", "left", "right", "full", "semi", "anti"];

export interface HashJoinOptions<L extends TypeMap, R extends TypeMap> extends CommonOptions {
	readonly left: ArrowSchema<L>;
	readonly right: ArrowSchema<R>;
	/** Columns that must be equal: a name that both sides have, or a pair of names. */
	readonly on: readonly ((keyof L & keyof R & string) | readonly [left: keyof L & string, right: keyof R & string])[];
	/** "inner" unless told. "semi" and "anti": the left rows with and without a match. */
	readonly type?: JoinType;
	/** Over the columns of both sides, as the output names them: pairs that do not fulfil it do not match. */
	readonly condition?: Expression;
	/**
	 * The side that is read whole before the other one passes by it (finish it first: what the other side brings before is kept). Absent:
	 * rows match whichever side brings them, both sides are kept, and an outer join takes padded rows back: its output is a changelog.
	 */
	readonly build?: "left" | "right";
	/** Rows of the input may be taken back, see ChangelogInput; not with `build`. */
	readonly leftChangelog?: boolean;
	readonly rightChangelog?: boolean;
	/** Behind the names of right columns that the left side has too: "_right" unless told. */
	readonly suffix?: string;
}

/** Output: the left columns, then the right ones. */
export async function hashJoin<L extends TypeMap, R extends TypeMap>(
	options: HashJoinOptions<L, R>,
): Promise<JoinOperator> {
	const names = ["left", "right", "on", "type", "condition", "build", "leftChangelog", "rightChangelog", "suffix"];
	checkOptions("hashJoin", options, names);
	const left = inputOf("left", options.left, options.leftChangelog);
	const right = inputOf("right", options.right, options.rightChangelog);
	const type = choice("type", options.type ?? "inner", TYPES);
	const build = options.build === undefined ? undefined : choice("build", options.build, ["left", "right"]);
	if (build && (left.isChangelog || right.isChangelog)) {
		throw new EngineError("INVALID_OPTION", "A changelog has no end at which to build", {
			expected: "inputs that are no changelogs with build",
			remedy: "Leave out build",
		});
	}
	const keys = list<string | readonly [string, string]>("on", options.on, 1).map((key) => keyOf(key, left, right));
	const joined = joinedColumns(left.columns, right.columns, text("suffix", options.suffix ?? "_right"));
	const functions = contextOf(build !== undefined);
	const condition =
		options.condition === undefined
			? undefined
			: new Projection(joined, functions).condition(options.condition, "condition");
	const spec: JoinSpec = {
		operator: "Join",
		type,
		leftKeys: keys.map((key) => key.left),
		rightKeys: keys.map((key) => key.right),
		nullSafe: keys.map(() => false),
		condition,
		leftWidth: left.columns.length,
		build,
		leftUpdates: left.isChangelog,
		rightUpdates: right.isChangelog,
	};
	const plan: StreamPlan = {
		stages: [{ spec, inputs: [left.columns, right.columns], output: outputOf(type, joined, left.columns.length) }],
		emitsKinds: left.isChangelog || right.isChangelog || (build === undefined && type !== "inner" && type !== "semi"),
		functions,
		memoryLimitBytes: options.memoryLimitBytes,
		maxBufferedBatches: options.maxBufferedBatches,
		kernels: options.kernels,
		inputs: [
			{ name: "left", schema: left.schema, isChangelog: left.isChangelog },
			{ name: "right", schema: right.schema, isChangelog: right.isChangelog },
		],
	};
	return JoinOperator.create(plan);
}

interface Key {
	readonly left: number;
	readonly right: number;
}

function keyOf(key: string | readonly [string, string], left: Input, right: Input): Key {
	const isPair = Array.isArray(key) && key.length === 2;
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

function joinedColumns(left: Schema, right: Schema, suffix: string): Schema {
	const taken = new Set(left.map(({ name }) => name));
	const renamed = right.map((field) => (taken.has(field.name) ? { ...field, name: field.name + suffix } : field));
	return distinctNames([...left, ...renamed]);
}

function outputOf(type: JoinType, joined: Schema, leftWidth: number): Schema {
	if (type === "semi" || type === "anti") return joined.slice(0, leftWidth);
	const padsLeft = type === "right" || type === "full";
	const padsRight = type === "left" || type === "full";
	return joined.map((field, i) => {
		const isPadded = i < leftWidth ? padsLeft : padsRight;
		return isPadded ? { ...field, type: asNullable(field.type) } : field;
	});
}
