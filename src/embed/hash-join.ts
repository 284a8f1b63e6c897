// hashJoin: rows of two inputs whose keys are equal.
import type { Schema as ArrowSchema, TypeMap } from "apache-arrow";
import { EngineError } from "../errors.js";
import type { JoinSpec, JoinType } from "../job/specs.js";
import { Projection } from "./bind.js";
import type { Expression } from "./expression.js";
import { joinedColumns, keysOf, outputOf } from "./join-columns.js";
import { type CommonOptions, checkOptions, choice, commonOf, contextOf, inputOf, text } from "./options.js";
import type { StreamPlan } from "./parts.js";
import { JoinOperator } from "./stream-operator.js";

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
	const { type: joinType = "inner", suffix = "_right" } = options;
	const type = choice("type", joinType, TYPES);
	const build = options.build === undefined ? undefined : choice("build", options.build, ["left", "right"]);
	if (build && (left.isChangelog || right.isChangelog)) {
		throw new EngineError("INVALID_OPTION", "A changelog has no end at which to build", {
			expected: "inputs that are no changelogs with build",
			remedy: "Leave out build",
		});
	}
	const keys = keysOf(options.on, left, right);
	const joined = joinedColumns(left.columns, right.columns, text("suffix", suffix));
	const functions = contextOf(build !== undefined);
	const condition =
		options.condition === undefined
			? undefined
			: new Projection(joined, functions).condition(options.condition, "condition");
	const spec: JoinSpec = {
		operator: "Join",
		type,
		...keys,
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
		...commonOf(options),
		inputs: [
			{ name: "left", schema: left.schema, isChangelog: left.isChangelog },
			{ name: "right", schema: right.schema, isChangelog: right.isChangelog },
		],
	};
	return JoinOperator.create(plan);
}
