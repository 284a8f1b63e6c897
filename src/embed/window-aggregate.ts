// windowAggregate: aggregates per key and window of event time, sent when the watermark passes the window's end.
import type { TypeMap } from "apache-arrow";
import { EngineError } from "../errors.js";
import { unmergeable } from "../job/aggregate-order.js";
import type { AggregateCall } from "../job/specs.js";
import type { WindowSpec } from "../job/window.js";
import { isTimestamp, notNull, type SqlType, timestamp } from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import type { Aggregate } from "./aggregate-functions.js";
import { Projection } from "./bind.js";
import type { ColumnLike } from "./expression.js";
import { aggregateCalls, keysOf } from "./hash-aggregate.js";
import {
	type ChangelogInput,
	checkOptions,
	contextOf,
	distinctNames,
	type InputOptions,
	inputOf,
	type NamedColumn,
	planOf,
	wholeNumber,
} from "./options.js";
import { shown } from "./shown.js";
import { WindowOperator } from "./stream-operator.js";

type WindowKind = "tumble" | "hop" | "cumulate" | "session";

/** How time is cut into windows. Made by tumble, hop, cumulate and session. */
export interface Window {
	readonly kind: WindowKind;
	readonly sizes: Readonly<Record<string, number>>;
}

/** Windows of `size` ms, one after the other. `offset` shifts their starts from the epoch. */
export const tumble = (size: number, offset = 0): Window => ({
	kind: "tumble",
	sizes: { size: positive("size", size), offset: integer("offset", offset) },
});

/** Windows of `size` ms that begin every `slide` ms. */
export const hop = ({ size, slide, offset = 0 }: { size: number; slide: number; offset?: number }): Window => ({
	kind: "hop",
	sizes: { size: positive("size", size), slide: positive("slide", slide), offset: integer("offset", offset) },
});

/** Windows of `size` ms that send what they have every `step` ms. */
export const cumulate = ({ size, step, offset = 0 }: { size: number; step: number; offset?: number }): Window => {
	if (positive("size", size) % positive("step", step) !== 0) {
		throw new EngineError("INVALID_OPTION", `size ${size} is no multiple of step ${step}`, {
			expected: "a size of whole steps",
			remedy: "Change one of them",
		});
	}
	return { kind: "cumulate", sizes: { size, step, offset: integer("offset", offset) } };
};

/** Windows per key that end when nothing has come for `gap` ms. */
export const session = (gap: number): Window => ({ kind: "session", sizes: { gap: positive("gap", gap) } });

export interface WindowAggregateOptions<T extends TypeMap> extends InputOptions<T>, ChangelogInput {
	/** The column of event time: a Timestamp. */
	readonly time: ColumnLike;
	readonly window: Window;
	readonly keys?: readonly NamedColumn<T>[];
	readonly aggregates: Readonly<Record<string, Aggregate>>;
	/** Rows that come too late for all their windows are not only counted: `lateData` of the operator gives them out. */
	readonly sideOutputLateData?: boolean;
}

/** Output: the keys, the aggregates, window_start and window_end. */
export async function windowAggregate<T extends TypeMap>(options: WindowAggregateOptions<T>): Promise<WindowOperator> {
	checkOptions("windowAggregate", options, [
		"input",
		"time",
		"window",
		"keys",
		"aggregates",
		"changelog",
		"sideOutputLateData",
	]);
	const input = inputOf("input", options.input, options.changelog);
	const functions = contextOf(false);
	const projection = new Projection(input.columns, functions);
	const time = projection.index(options.time, "time");
	checkTime(projection.schema[time]!.type);
	const { keys: columns = [] } = options;
	const { keys, names } = keysOf(columns, projection);
	const calls = aggregateCalls(options.aggregates, projection, true);
	const window = windowSpec(options.window, time, keys);
	checkMergeable(window, calls);
	const schema = distinctNames([
		...keys.map((key, i) => ({ name: names[i] as string, type: projection.schema[key]!.type })),
		...calls.map(({ name, type }) => ({ name, type })),
		{ name: "window_start", type: notNull(timestamp(3)) },
		{ name: "window_end", type: notNull(timestamp(3)) },
	]);
	const spec = {
		operator: "WindowAggregate",
		window,
		keys,
		calls,
		properties: ["start", "end"],
		inputUpdates: input.isChangelog,
		final: false,
	} as const;
	const plan = planOf(input, projection, spec, schema, { ...options, emitsKinds: false, functions });
	return WindowOperator.create({ ...plan, lateOf: options.sideOutputLateData ? input : undefined });
}

function windowSpec(window: Window, time: number, keys: readonly number[]): WindowSpec {
	const { kind, sizes } = window ?? {};
	if (!["tumble", "hop", "cumulate", "session"].includes(kind) || !sizes) {
		throw new EngineError("INVALID_OPTION", `window is ${shown(window)}`, {
			expected: "tumble(…), hop(…), cumulate(…) or session(…)",
			remedy: "Write window: tumble(10_000)",
		});
	}
	const spec = { kind, time, eventTime: true, ...sizes, ...(kind === "session" && { partition: keys }) };
	return spec as unknown as WindowSpec;
}

/** What a session of SQL refuses like Flink does. */
function checkMergeable({ kind }: WindowSpec, calls: readonly AggregateCall[]): void {
	const call = kind === "hop" || kind === "cumulate" ? unmergeable(calls) : undefined;
	if (call === undefined) return;
	throw new EngineError("UNSUPPORTED", `${call.function} cannot be merged, as slices of ${kind} windows have to be`, {
		expected: "an aggregate that can be merged, or a window of one slice",
		remedy: "Use tumble, or an aggregate such as min, max or listagg",
	});
}

function checkTime(type: SqlType): void {
	if (isTimestamp(type)) return;
	throw new EngineError("TYPE_MISMATCH", `time: the column is ${typeText(type)}`, {
		expected: "a Timestamp",
		remedy: 'Convert it: call("TO_TIMESTAMP_LTZ", col(name), 3) for milliseconds since the epoch',
	});
}

const positive = (option: string, value: number) => wholeNumber(option, value, 1, "milliseconds");
const integer = (option: string, value: number) => wholeNumber(option, value, Number.MIN_SAFE_INTEGER, "milliseconds");
