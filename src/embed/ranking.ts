// sort, topN, deduplicate and limit: rows in an order, and the first of them.
import type { TypeMap } from "apache-arrow";
import { EngineError } from "../errors.js";
import type { RankSpec } from "../job/specs.js";
import { BIGINT, isTimestamp, notNull, type Schema } from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import { Projection } from "./bind.js";
import {
	type ChangelogInput,
	checkOptions,
	choice,
	contextOf,
	distinctNames,
	type InputOptions,
	inputOf,
	list,
	type OrderKey,
	OUTPUT_MODES,
	type OutputMode,
	planOf,
	sortKeys,
	text,
	wholeNumber,
} from "./options.js";
import { StreamOperator } from "./stream-operator.js";

export interface SortOptions<T extends TypeMap> extends InputOptions<T>, ChangelogInput {
	/** The first decides, then the next ones; equal rows keep the order in which they came. */
	readonly by: readonly OrderKey[];
	/** How many rows to send, and how many to leave out before them. */
	readonly limit?: number;
	readonly offset?: number;
}

/** All rows in order, once the input is finished. */
export async function sort<T extends TypeMap>(options: SortOptions<T>): Promise<StreamOperator> {
	checkOptions("sort", options, ["input", "by", "limit", "offset", "changelog"]);
	const input = inputOf("input", options.input, options.changelog);
	const functions = contextOf(true);
	const projection = new Projection(input.columns, functions);
	const order = sortKeys(list("by", options.by, 1), projection, "by");
	const { offset = 0 } = options;
	const spec = {
		operator: "Sort",
		order,
		offset: wholeNumber("offset", offset, 0, "rows"),
		...(options.limit !== undefined && { fetch: wholeNumber("limit", options.limit, 0, "rows") }),
		inputUpdates: input.isChangelog,
		final: true,
	} as const;
	const more = { ...options, emitsKinds: false, functions, kept: input.columns.length };
	return StreamOperator.create(planOf(input, projection, spec, projection.schema, more));
}

export interface TopNOptions<T extends TypeMap> extends InputOptions<T>, ChangelogInput {
	/** The first `n` rows per key; without keys, of all rows. */
	readonly keys?: readonly (keyof T & string)[];
	readonly by: readonly OrderKey[];
	readonly n: number;
	/** The name of a column for the row's rank, from 1. */
	readonly rank?: string;
	/** "final" unless told. */
	readonly output?: OutputMode;
}

export async function topN<T extends TypeMap>(options: TopNOptions<T>): Promise<StreamOperator> {
	checkOptions("topN", options, ["input", "keys", "by", "n", "rank", "output", "changelog"]);
	const input = inputOf("input", options.input, options.changelog);
	const { keys = [], output: mode = "final" } = options;
	const output = choice("output", mode, OUTPUT_MODES);
	const functions = contextOf(output === "final");
	const projection = new Projection(input.columns, functions);
	const partition = list("keys", keys, 0).map((key) => projection.index(key, "keys"));
	const order = sortKeys(list("by", options.by, 1), projection, "by");
	refuseComputed(projection);
	const rank = options.rank === undefined ? undefined : text("rank", options.rank);
	const spec = {
		operator: "Rank",
		function: "ROW_NUMBER",
		partition,
		order,
		from: 1,
		to: wholeNumber("n", options.n, 1, "rows"),
		outputRank: rank !== undefined,
		inputUpdates: input.isChangelog,
		updateBefore: output === "changes",
		final: output === "final",
	} as const;
	const schema: Schema =
		rank === undefined ? input.columns : distinctNames([...input.columns, { name: rank, type: notNull(BIGINT) }]);
	const more = { ...options, emitsKinds: output !== "final", functions };
	return StreamOperator.create(planOf(input, projection, spec, schema, more));
}

export interface DeduplicateOptions<T extends TypeMap> extends InputOptions<T>, ChangelogInput {
	readonly keys: readonly (keyof T & string)[];
	/** "first" unless told. */
	readonly keep?: "first" | "last";
	/** A Timestamp that decides which row is first or last; absent: the order in which they come. */
	readonly time?: keyof T & string;
	/** "final" unless told. */
	readonly output?: OutputMode;
}

/** One row per key. */
export async function deduplicate<T extends TypeMap>(options: DeduplicateOptions<T>): Promise<StreamOperator> {
	checkOptions("deduplicate", options, ["input", "keys", "keep", "time", "output", "changelog"]);
	const input = inputOf("input", options.input, options.changelog);
	const { output: mode = "final", keep: kept = "first" } = options;
	const output = choice("output", mode, OUTPUT_MODES);
	const functions = contextOf(output === "final");
	const projection = new Projection(input.columns, functions);
	const keys = list("keys", options.keys, 1).map((key) => projection.index(key, "keys"));
	const order = options.time === undefined ? undefined : projection.index(options.time, "time");
	if (order !== undefined && !isTimestamp(input.columns[order]!.type)) {
		throw new EngineError("TYPE_MISMATCH", `time: the column is ${typeText(input.columns[order]!.type)}`, {
			expected: "a Timestamp",
			remedy: "Use topN with n: 1 to order by other types",
		});
	}
	const keep = choice("keep", kept, ["first", "last"]);
	const sent = { updateBefore: output === "changes", final: output === "final" };
	// The first row by event time would wait for a watermark; here an earlier row that comes later takes the place of the first.
	const isFirstByTime = keep === "first" && order !== undefined;
	const spec =
		input.isChangelog || (isFirstByTime && !sent.final)
			? topOne(keys, order, keep, { ...sent, inputUpdates: input.isChangelog })
			: ({ operator: "Deduplicate", keys, order, keep, ...sent } as const);
	const more = { ...options, emitsKinds: output !== "final", functions };
	return StreamOperator.create(planOf(input, projection, spec, input.columns, more));
}

/** Rows that can be taken back need the next best kept. */
function topOne(
	partition: readonly number[],
	time: number | undefined,
	keep: "first" | "last",
	changes: Pick<RankSpec, "updateBefore" | "final" | "inputUpdates">,
): RankSpec {
	const ascending = keep === "first";
	if (time === undefined && !ascending) {
		throw new EngineError("INVALID_OPTION", "deduplicate of a changelog cannot keep the last row that came", {
			expected: 'time with keep: "last"',
			remedy: "Name a Timestamp that decides which row is last",
		});
	}
	const order = time === undefined ? [] : [{ column: time, ascending, nullsFirst: ascending }];
	const one = { from: 1, to: 1, outputRank: false };
	return { operator: "Rank", function: "ROW_NUMBER", partition, order, ...one, ...changes };
}

export interface LimitOptions<T extends TypeMap> extends InputOptions<T>, ChangelogInput {
	readonly count: number;
	/** Rows to leave out first. */
	readonly offset?: number;
}

/** The first rows in the order in which they come; of a changelog those that are there, as a changelog. */
export async function limit<T extends TypeMap>(options: LimitOptions<T>): Promise<StreamOperator> {
	checkOptions("limit", options, ["input", "count", "offset", "changelog"]);
	const input = inputOf("input", options.input, options.changelog);
	const { isChangelog } = input;
	const functions = contextOf(true);
	const projection = new Projection(input.columns, functions);
	const { offset = 0 } = options;
	const spec = {
		operator: "Limit",
		offset: wholeNumber("offset", offset, 0, "rows"),
		fetch: wholeNumber("count", options.count, 0, "rows"),
		inputUpdates: isChangelog,
	} as const;
	return StreamOperator.create(
		planOf(input, projection, spec, input.columns, { ...options, emitsKinds: isChangelog, functions }),
	);
}

/** Ranked rows come and go by the columns that are sent. */
function refuseComputed(projection: Projection): void {
	if (projection.expressions === undefined) return;
	throw new EngineError("UNSUPPORTED", "by: topN orders by columns, not by expressions", {
		expected: "names of columns",
		remedy: "Compute the column with project first",
	});
}
