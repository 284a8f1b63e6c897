// intervalJoin: rows of two inputs whose keys are equal and whose times lie within a bound of each other.
import type { Schema as ArrowSchema, TypeMap } from "apache-arrow";
import { EngineError } from "../errors.js";
import type { IntervalJoinSpec, JoinType } from "../job/specs.js";
import { isTimestamp } from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import { columnIndex, Projection } from "./bind.js";
import type { Expression } from "./expression.js";
import { joinedColumns, keysOf, outputOf } from "./join-columns.js";
import {
	type CommonOptions,
	checkOptions,
	choice,
	commonOf,
	contextOf,
	type Input,
	inputOf,
	text,
	wholeNumber,
} from "./options.js";
import type { StreamPlan } from "./parts.js";
import { JoinOperator } from "./stream-operator.js";

const TYPES: readonly JoinType[] = ["inner", "left", "right", "full", "semi", "anti"];

export interface IntervalJoinOptions<L extends TypeMap, R extends TypeMap> extends CommonOptions {
	readonly left: ArrowSchema<L>;
	readonly right: ArrowSchema<R>;
	/** Columns that must be equal: a name that both sides have, or a pair of names. */
	readonly on: readonly ((keyof L & keyof R & string) | readonly [left: keyof L & string, right: keyof R & string])[];
	/** The columns of event time: Timestamps of milliseconds or seconds. */
	readonly leftTime: keyof L & string;
	readonly rightTime: keyof R & string;
	/** The left time lies from the right time + `lower` to the right time + `upper`, both included, in milliseconds. */
	readonly lower: number;
	readonly upper: number;
	/** "inner" unless told. "semi" and "anti": the left rows with and without a match. */
	readonly type?: JoinType;
	/** Over the columns of both sides, as the output names them: pairs that do not fulfil it do not match. */
	readonly condition?: Expression;
	/** Behind the names of right columns that the left side has too: "_right" unless told. */
	readonly suffix?: string;
}

/**
 * Output: the left columns, then the right ones. Pairs are sent as they come; rows without a match when `advance` has made sure that
 * none comes any more, which frees their memory, too.
 */
export async function intervalJoin<L extends TypeMap, R extends TypeMap>(
	options: IntervalJoinOptions<L, R>,
): Promise<JoinOperator> {
	const names = ["left", "right", "on", "leftTime", "rightTime", "lower", "upper", "type", "condition", "suffix"];
	checkOptions("intervalJoin", options, names);
	const left = inputOf("left", options.left);
	const right = inputOf("right", options.right);
	const { type: joinType = "inner", suffix = "_right" } = options;
	const type = choice("type", joinType, TYPES);
	const keys = keysOf(options.on, left, right);
	const lowerMs = milliseconds("lower", options.lower);
	const upperMs = milliseconds("upper", options.upper);
	if (lowerMs > upperMs) {
		throw new EngineError("INVALID_OPTION", `lower ${lowerMs} is after upper ${upperMs}`, {
			expected: "a lower bound that is not after the upper one",
			remedy: "Exchange lower and upper",
		});
	}
	const joined = joinedColumns(left.columns, right.columns, text("suffix", suffix));
	const functions = contextOf(false);
	const spec: IntervalJoinSpec = {
		operator: "IntervalJoin",
		type,
		...keys,
		leftTime: timeOf(left, options.leftTime, "leftTime"),
		rightTime: timeOf(right, options.rightTime, "rightTime"),
		lowerMs,
		upperMs,
		eventTime: true,
		condition:
			options.condition === undefined
				? undefined
				: new Projection(joined, functions).condition(options.condition, "condition"),
		leftWidth: left.columns.length,
	};
	const plan: StreamPlan = {
		stages: [{ spec, inputs: [left.columns, right.columns], output: outputOf(type, joined, left.columns.length) }],
		emitsKinds: false,
		functions,
		...commonOf(options),
		inputs: [
			{ name: "left", schema: left.schema, isChangelog: false },
			{ name: "right", schema: right.schema, isChangelog: false },
		],
	};
	return JoinOperator.create(plan);
}

const milliseconds = (option: string, value: number) =>
	wholeNumber(option, value, Number.MIN_SAFE_INTEGER, "milliseconds");

function timeOf({ columns }: Input, name: string, option: string): number {
	const index = columnIndex(columns, text(option, name), option);
	const { type } = columns[index]!;
	if (isTimestamp(type) && type.precision <= 3) return index;
	throw new EngineError("TYPE_MISMATCH", `${option}: the column is ${typeText(type)}`, {
		expected: "a Timestamp of milliseconds or seconds",
		remedy: 'Convert it with project first: col(name).cast("TIMESTAMP(3)")',
	});
}
