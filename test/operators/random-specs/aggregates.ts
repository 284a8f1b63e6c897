// Random specs of aggregates without windows.
import fc from "fast-check";
import type {
	AggregateCall,
	FrameBound,
	GroupAggregateSpec,
	OverAggregateSpec,
	OverFrame,
} from "../../../src/job/specs.js";
import * as sql from "../../../src/types/sql-type.js";
import { physicalType } from "../../../src/types/value.js";
import { type RandomCase, withSteps } from "./random-case.js";
import {
	aggregateCalls,
	anyTypes,
	columnsOf,
	countOfRows,
	finite,
	isScalar,
	named,
	schemas,
	sortKeys,
} from "./schemas.js";

const resultsOf = (calls: readonly { readonly name: string; readonly type: sql.SqlType }[]): sql.Schema =>
	calls.map(({ name, type }) => ({ name, type }));

export const groupAggregate: fc.Arbitrary<RandomCase> = fc
	.record({
		schema: schemas(1, 5),
		mode: fc.constantFrom("stream" as const, "retract" as const, "final" as const),
		updateBefore: fc.boolean(),
		emitEmpty: fc.boolean(),
	})
	.chain(({ schema, mode, updateBefore, emitEmpty }) =>
		fc.tuple(columnsOf(schema, 3), aggregateCalls(schema)).chain(([keys, calls]) => {
			const final = mode === "final";
			const inputUpdates = mode === "retract";
			const spec: GroupAggregateSpec = {
				operator: "GroupAggregate",
				keys,
				calls,
				inputUpdates,
				updateBefore,
				final,
				emitEmpty: final && emitEmpty,
			};
			const output = [...keys.map((key) => schema[key]!), ...resultsOf(calls)];
			const driven = { spec, inputs: [schema], output, batch: final };
			const upsertKey = updateBefore || final ? undefined : [...keys.keys()];
			return withSteps(
				{ driven, upsertKey },
				[{ updates: inputUpdates, columns: inputUpdates ? finite(schema) : {} }],
				{
					maxLength: 40,
				},
			);
		}),
	);

/** ROWS or RANGE between something before the current row and that row. */
const frames = (rangeUnit: number): fc.Arbitrary<OverFrame> =>
	fc
		.tuple(
			fc.constantFrom("rows" as const, "range" as const),
			fc.constantFrom("unboundedPreceding", "currentRow", "preceding"),
			fc.nat(3),
		)
		.map(([unit, kind, offset]) => {
			const start = kind === "preceding" ? { kind, offset: unit === "rows" ? offset : offset * rangeUnit } : { kind };
			return { unit, start: start as FrameBound, end: { kind: "currentRow" } };
		});

/** Of bounded input: the end may be behind the current row. */
const anyFrames = fc
	.tuple(
		fc.constantFrom("rows" as const, "rows" as const, "range" as const),
		fc.constantFrom("unboundedPreceding", "currentRow", "preceding", "following"),
		fc.constantFrom("currentRow", "preceding", "following", "unboundedFollowing"),
		fc.nat(3),
		fc.nat(3),
	)
	.map(([unit, first, last, near, more]): OverFrame => {
		const boundOf = (kind: string, offset: number) =>
			(kind === "preceding" || kind === "following" ? { kind, offset } : { kind }) as FrameBound;
		if (unit === "range") {
			const start = boundOf(first === "currentRow" ? first : "unboundedPreceding", 0);
			return { unit, start, end: boundOf(last === "currentRow" ? last : "unboundedFollowing", 0) };
		}
		// No frame ends before it begins.
		const end = first === "following" && last !== "unboundedFollowing" ? "following" : last;
		const start = end === "preceding" && first !== "unboundedPreceding" ? "preceding" : first;
		const [from, to] = start === "preceding" ? [near + more, near] : [near, near + more];
		return { unit, start: boundOf(start, from), end: boundOf(end, to) };
	});

/** Functions of a row's place. */
const placedCalls = (schema: sql.Schema): fc.Arbitrary<AggregateCall> => {
	const bigint = sql.notNull(sql.BIGINT);
	const rank = (name: string): AggregateCall => ({
		function: name,
		args: [],
		argTypes: [],
		distinct: false,
		type: bigint,
		name,
	});
	const shifted = fc
		.tuple(fc.constantFrom("LAG", "LEAD"), fc.nat(schema.length - 1), fc.constantFrom(undefined, 0, 1, 2))
		.map(([name, column, offset]): AggregateCall => {
			const { type } = schema[column]!;
			const call = { function: name, distinct: false, type: sql.asNullable(type), name };
			if (offset === undefined) return { ...call, args: [column], argTypes: [type] };
			const types = [type, sql.notNull(sql.INTEGER)];
			return { ...call, args: [column, column], argTypes: types, literals: [undefined, offset] };
		});
	return fc.oneof(fc.constantFrom("ROW_NUMBER", "RANK", "DENSE_RANK").map(rank), shifted);
};

const TIMES = 0;
const EXACT = ["COUNT", "SUM", "AVG"];

type OverTime = OverAggregateSpec["time"];

/** The frames for which there are kernels. */
const framesOf: Readonly<Record<OverTime, fc.Arbitrary<OverFrame>>> = {
	rowtime: frames(1000),
	proctime: frames(1000).filter(({ unit, start }) => unit === "rows" || start.kind === "unboundedPreceding"),
	row: frames(1).filter(({ unit, start }) => unit === "rows" && start.kind !== "unboundedPreceding"),
	final: fc.oneof(
		frames(1000).filter(({ unit, start }) => unit === "rows" || start.kind !== "preceding"),
		anyFrames,
	),
};

/** Whether there are kernels for a call over a frame, by what docs/operators.md lists as having none. */
function hasKernels(time: OverTime, { unit, start, end }: OverFrame, call: AggregateCall): boolean {
	if (call.distinct && (time === "row" || time === "final")) return false;
	const isText = physicalType(call.type) === "view";
	if (time === "row") return !isText;
	if (call.function === "LISTAGG") return false;
	if (start.kind === "unboundedPreceding") return true;
	if (time !== "final") return true;
	const isShort = unit === "rows" && end.kind !== "unboundedFollowing";
	return (isShort && !isText) || (EXACT.includes(call.function) && call.argTypes.every(sql.isInteger));
}

const modesOf = { rowtime: "time", proctime: "time", row: "rows", final: "bounded" } as const;

/** OVER aggregates that have kernels. */
export const overAggregate = (mode: "time" | "rows" | "bounded"): fc.Arbitrary<RandomCase> =>
	fc.constantFrom(...(Object.keys(modesOf) as OverTime[]).filter((time) => modesOf[time] === mode)).chain((time) =>
		fc
			.tuple(fc.array(anyTypes, { minLength: 1, maxLength: 4 }), framesOf[time], fc.boolean())
			.chain(([types, frame, updates]) => {
				const schema = named([sql.notNull(sql.timestamp(3)), ...types]);
				const order = time === "row" || time === "final" ? anyOrder(schema, time === "final") : fc.constant([BY_TIME]);
				const calls = aggregateCalls(schema).map((all) => {
					const own = all.filter((call) => hasKernels(time, frame, call));
					return own.length > 0 ? own : [countOfRows];
				});
				const placed = time === "final" ? fc.array(placedCalls(schema), { maxLength: 2 }) : fc.constant([]);
				const partition = columnsOf(schema, 2, { accepts: time === "final" ? isScalar : () => true });
				return fc.tuple(partition, order, calls, placed).chain(([partition, order, calls, placed]) => {
					const spec = { partition, order, time, inputUpdates: time === "row" && updates };
					return overCase(schema, { ...spec, groups: [{ frame, calls: [...placed, ...calls] }] });
				});
			}),
	);

/** OVER aggregates of which many have none: they test the bridge to the baseline. */
export const overAggregateBridged: fc.Arbitrary<RandomCase> = fc
	.record({
		types: fc.array(anyTypes, { minLength: 1, maxLength: 4 }),
		time: fc.constantFrom<OverTime[]>("rowtime", "proctime", "row", "final"),
		streamFrame: frames(1000),
		finalFrame: fc.oneof(frames(1000), anyFrames),
		updates: fc.boolean(),
	})
	.chain(({ types, time, streamFrame, finalFrame, updates }) => {
		const frame = time === "final" ? finalFrame : streamFrame;
		const schema = named([sql.notNull(sql.timestamp(3)), ...types]);
		const isRange = frame.unit === "range";
		const hasOffset = frame.start.kind === "preceding" || frame.end.kind === "following";
		const isFree = (time === "row" && !isRange) || (time === "final" && !(isRange && hasOffset));
		const order = isFree ? sortKeys(schema, 1, 2) : fc.constant([BY_TIME]);
		const calls = aggregateCalls(schema, { modified: time !== "row" });
		return fc.tuple(columnsOf(schema, 2), order, calls).chain(([partition, order, calls]) => {
			const spec = { partition, order, time, inputUpdates: time === "row" && updates };
			return overCase(schema, { ...spec, groups: [{ frame, calls }] });
		});
	});

const BY_TIME = { column: TIMES, ascending: true, nullsFirst: true };

const anyOrder = (schema: sql.Schema, texts: boolean) =>
	sortKeys(schema, 1, 2, (type) => texts || physicalType(type) !== "view");

function overCase(schema: sql.Schema, over: Omit<OverAggregateSpec, "operator">): fc.Arbitrary<RandomCase> {
	const { time, inputUpdates, groups } = over;
	const output = [...schema, ...resultsOf(groups.flatMap(({ calls }) => calls))];
	const spec: OverAggregateSpec = { operator: "OverAggregate", ...over };
	const driven = { spec, inputs: [schema], output, batch: time === "final" };
	// A row that leaves a frame takes its value back.
	return withSteps({ driven }, [{ updates: inputUpdates, columns: finite(schema) }], {
		maxLength: 25,
		watermarks: time === "rowtime" ? 20_000 : 0,
	});
}
