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
} from "./options.js";
import { WindowOperator } from "./stream-operator.js";
import { type Window, windowSpec } from "./window.js";

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
