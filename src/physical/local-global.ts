// Local-global aggregation: where rows travel to their aggregate, each sender first sums up its own, and the aggregate adds up sums.
//
//     … ─hash─► GroupAggregate      becomes      … ► LocalGroupAggregate ─hash─► GroupAggregate
//
// Only for input that is added, and for calls that can be added up without loss: floating-point sums would depend on who sums what.
import type { JobEdge, JobGraph, JobVertex } from "../job/job-graph.js";
import { sessionOption } from "../job/session-options.js";
import type { AggregateCall, GroupAggregateSpec, LocalGroupAggregateSpec, WindowAggregateSpec } from "../job/specs.js";
import { call, column, type Expr } from "../types/expr.js";
import { asNullable, BIGINT, decimal, INTEGER, notNull, type Schema, type SqlType } from "../types/sql-type.js";
import { describe } from "./describe.js";

export function splitAggregates(graph: JobGraph): JobGraph {
	if (isOnePhase(graph.options)) return graph;
	const vertices: JobVertex[] = [];
	/** Where each vertex of the old graph went. */
	const moved: number[] = [];
	const add = (vertex: JobVertex) => vertices.push({ ...vertex, id: vertices.length }) - 1;
	for (const old of graph.vertices) {
		const vertex = { ...old, inputs: old.inputs.map((edge) => ({ ...edge, from: moved[edge.from]! })) };
		const parts = splitOf(vertex, vertices);
		moved[old.id] = parts === undefined ? add(vertex) : addParts(parts, vertex, vertices, add);
	}
	return { ...graph, vertices };
}

const isOnePhase = (options: JobGraph["options"]) =>
	sessionOption(options, "table.optimizer.agg-phase-strategy") === "ONE_PHASE";

/** Whether rows that come from several subtasks are summed up there before they travel. */
export const isSummedUpFirst = (spec: GroupAggregateSpec | WindowAggregateSpec, options: JobGraph["options"]) =>
	!isOnePhase(options) && piecesOfAll(spec) !== undefined;

interface Split {
	readonly local: LocalGroupAggregateSpec;
	/** What the local aggregate emits. */
	readonly partial: Schema;
	readonly global: GroupAggregateSpec | WindowAggregateSpec;
	readonly globalSchema: Schema;
	/** Makes the original columns of the global aggregate's; absent: they are the same. */
	readonly projection: readonly Expr[] | undefined;
}

function addParts(split: Split, vertex: JobVertex, vertices: readonly JobVertex[], add: (vertex: JobVertex) => number) {
	const [edge] = vertex.inputs as [JobEdge];
	const input = vertices[edge.from]!;
	const local = add({
		...vertex,
		spec: split.local,
		inputs: [{ from: edge.from, exchange: { kind: "forward" } }],
		schema: split.partial,
		changelog: "insert",
		kinds: "I",
		parallelism: input.parallelism,
		upsertKey: undefined,
		description: describe(split.local, [input.schema], split.partial),
	});
	// The keys come first in what the local aggregate emits.
	const keys = split.global.distributedBy ?? split.global.keys;
	const exchange = keys.length === 0 ? edge.exchange : ({ kind: "hash", keys } as const);
	const global = add({
		...vertex,
		spec: split.global,
		inputs: [{ from: local, exchange }],
		schema: split.globalSchema,
		description: describe(split.global, [split.partial], split.globalSchema),
	});
	if (split.projection === undefined) return global;
	const spec = { operator: "Calc", projection: split.projection } as const;
	return add({
		...vertex,
		spec,
		inputs: [{ from: global, exchange: { kind: "forward" } }],
		description: describe(spec, [split.globalSchema], vertex.schema),
	});
}

function splitOf({ spec, inputs, schema }: JobVertex, vertices: readonly JobVertex[]): Split | undefined {
	if (spec.operator !== "GroupAggregate" && spec.operator !== "WindowAggregate") return undefined;
	if (inputs[0]?.exchange.kind === "forward") return undefined;
	const input = vertices[inputs[0]!.from]!;
	if (input.parallelism === 1) return undefined;
	const all = piecesOfAll(spec);
	if (all === undefined) return undefined;
	const { pieces, columns } = all;
	const window = spec.operator === "WindowAggregate" ? slicedWindow(spec.window) : undefined;
	const keys = window === undefined ? [...spec.keys, ...columns] : spec.keys;
	const calls = distinctCalls(pieces.flatMap((piece) => piece.local));
	const eventTime = spec.operator === "WindowAggregate" && { eventTime: true };
	const local: LocalGroupAggregateSpec = {
		operator: "LocalGroupAggregate",
		keys,
		calls,
		...(window && { window }),
		...eventTime,
	};
	const carried = [...spec.keys, ...columns];
	const partial = [...carried.map((key) => input.schema[key]!), ...calls.map(({ name, type }) => ({ name, type }))];
	return { local, partial, ...globalOf(spec, schema, carried.length, pieces) };
}

/** The calls' pieces and the window's columns; undefined: the aggregate can't be split. */
function piecesOfAll(spec: GroupAggregateSpec | WindowAggregateSpec) {
	if (spec.inputUpdates) return undefined;
	const pieces = spec.calls.flatMap((one) => piecesOf(one) ?? []);
	const columns = spec.operator === "WindowAggregate" ? windowColumns(spec) : [];
	return pieces.length === spec.calls.length && columns !== undefined ? { pieces, columns } : undefined;
}

const slicedWindow = (window: WindowAggregateSpec["window"]): LocalGroupAggregateSpec["window"] =>
	window.kind === "session" || window.kind === "attached" ? undefined : window;

/** The columns beside the keys that say to which windows a row belongs; undefined where windows are not made of slices. */
function windowColumns({ window, keys, final }: WindowAggregateSpec): number[] | undefined {
	if (window.kind === "session" || final || !window.eventTime) return undefined;
	if (window.kind !== "attached") return [window.time];
	return [...new Set([window.start, window.end])].filter((index) => !keys.includes(index)).length === 2
		? [window.start, window.end]
		: undefined;
}

function globalOf(
	spec: GroupAggregateSpec | WindowAggregateSpec,
	schema: Schema,
	carried: number,
	pieces: readonly Piece[],
): Pick<Split, "global" | "globalSchema" | "projection"> {
	const keys = spec.keys.map((_, index) => index);
	const locals = distinctCalls(pieces.flatMap((piece) => piece.local));
	/** What adds up the partial calls of each piece. */
	const sums = pieces.map((piece) =>
		piece.local.map((one, i): AggregateCall => {
			const { function: name, type } = piece.global[i]!;
			const at = carried + placeOf(one, locals);
			return { ...one, function: name, args: [at], argTypes: [one.type], filter: undefined, type };
		}),
	);
	const calls = distinctCalls(sums.flat());
	const width = keys.length;
	const properties = schema.slice(width + spec.calls.length);
	const globalSchema = [...schema.slice(0, width), ...calls.map(({ name, type }) => ({ name, type })), ...properties];
	const global =
		spec.operator === "GroupAggregate"
			? { ...spec, keys, calls, addsRowCounts: spec.calls.some(countsRows) }
			: { ...spec, keys, calls, window: movedWindow(spec.window, width) };
	if (calls.length === pieces.length && pieces.every((piece) => piece.result === undefined)) {
		return { global, globalSchema, projection: undefined };
	}
	const results = pieces.map((piece, i): Expr => {
		const places = sums[i]!.map((one) => width + placeOf(one, calls));
		return piece.result?.(places) ?? column(places[0]!, schema[width + i]!.type);
	});
	const field = (index: number) => column(index, globalSchema[index]!.type);
	const projection = [...keys.map(field), ...results, ...properties.map((_, i) => field(width + calls.length + i))];
	return { global, globalSchema, projection };
}

const movedWindow = (window: WindowAggregateSpec["window"], width: number): WindowAggregateSpec["window"] =>
	window.kind === "attached"
		? { ...window, start: width, end: width + 1, time: width + 1 }
		: ({ ...window, time: width } as WindowAggregateSpec["window"]);

/** A call as partial calls, what adds each of them up, and the result made of the sums where there are several. */
interface Piece {
	readonly local: readonly AggregateCall[];
	readonly global: readonly { readonly function: string; readonly type: SqlType }[];
	/** Of the columns of the sums. */
	readonly result?: (columns: readonly number[]) => Expr;
}

/** Without those that compute what another one does: AVG(x), SUM(x) and COUNT(*) share their parts. */
const distinctCalls = (calls: readonly AggregateCall[]): AggregateCall[] =>
	calls.filter((one, index) => placeOf(one, calls) === index);

const placeOf = (one: AggregateCall, calls: readonly AggregateCall[]): number =>
	calls.findIndex((other) => keyOf(other) === keyOf(one));

const keyOf = ({ function: name, args, filter, type }: AggregateCall): string =>
	JSON.stringify([name, args, filter ?? null, type]);

const countsRows = ({ function: name, argTypes, filter, distinct }: AggregateCall): boolean =>
	name === "COUNT" && filter === undefined && !distinct && argTypes.every((type) => !type.nullable);

const COUNT_TYPE = notNull(BIGINT);
const INTEGERS = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT"];
/** Sums of so many digits can be added up for ever without overflowing on the way. */
const SAFE_PRECISION = 28;

function piecesOf(one: AggregateCall): Piece | undefined {
	if (one.distinct || one.user !== undefined || (one.orderBy ?? []).length > 0) return undefined;
	switch (one.function) {
		case "COUNT":
			return { local: [countOf(one)], global: [{ function: "$SUM0", type: one.type }] };
		case "MIN":
		case "MAX":
			return { local: [{ ...one, type: partialType(one, one.type) }], global: [one] };
		case "SUM":
		case "$SUM0": {
			const type = sumType(one.argTypes[0]!);
			return type && { local: [{ ...one, function: "SUM", type: partialType(one, type) }], global: [one] };
		}
		case "AVG":
			return averageOf(one);
		default:
			return undefined;
	}
}

function averageOf(one: AggregateCall): Piece | undefined {
	if (!INTEGERS.includes(one.argTypes[0]!.kind)) return undefined;
	const sum = { ...one, function: "SUM", type: partialType(one, BIGINT), name: `sum$${one.name}` };
	const count = countOf({ ...one, function: "COUNT", type: COUNT_TYPE, name: `count$${one.name}` });
	const total = asNullable(BIGINT);
	// Of no values the sum is NULL, and so is the quotient.
	const result = ([sums, counts]: readonly number[]): Expr => {
		const average = call("/", [column(sums!, total), column(counts!, COUNT_TYPE)], total);
		const { type } = one;
		return type.kind === "BIGINT" ? average : { kind: "cast", input: average, type, safe: false };
	};
	return {
		local: [sum, count],
		global: [
			{ function: "SUM", type: total },
			{ function: "$SUM0", type: COUNT_TYPE },
		],
		result,
	};
}

/** A count of values that are never NULL is one of rows. Four bytes travel: a local aggregate sums up fewer rows than they count. */
const countOf = (one: AggregateCall): AggregateCall => {
	const count = { ...one, type: notNull(INTEGER) };
	return one.argTypes.every((type) => !type.nullable) ? { ...count, args: [], argTypes: [] } : count;
};

/** NOT NULL when every row of a group brings a value. */
const partialType = ({ argTypes, filter }: AggregateCall, type: SqlType): SqlType =>
	filter === undefined && argTypes[0]!.nullable === false ? notNull(type) : asNullable(type);

function sumType(type: SqlType): SqlType | undefined {
	if (INTEGERS.includes(type.kind)) return BIGINT;
	return type.kind === "DECIMAL" && type.precision <= SAFE_PRECISION ? decimal(38, type.scale) : undefined;
}
