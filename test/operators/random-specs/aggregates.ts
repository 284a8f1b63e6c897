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
import { type RandomCase, withSteps } from "./random-case.js";
import { aggregateCalls, anyTypes, columnsOf, finite, named, schemas, sortKeys } from "./schemas.js";

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

const PLAIN = { modified: false, without: ["LISTAGG"] };
const SUMS = { ...PLAIN, without: ["LISTAGG", "MIN", "MAX", "FIRST_VALUE", "LAST_VALUE", "VAR_POP", "STDDEV_SAMP"] };
const TIMES = 0;

export const overAggregate: fc.Arbitrary<RandomCase> = fc
	.record({
		types: fc.array(anyTypes, { minLength: 1, maxLength: 4 }),
		time: fc.constantFrom("rowtime" as const, "proctime" as const, "row" as const, "row" as const, "final" as const),
		streamFrame: frames(1000),
		finalFrame: fc.oneof(frames(1000), anyFrames),
		updates: fc.boolean(),
		some: fc.constantFrom({}, PLAIN, SUMS),
	})
	.chain(({ types, time, streamFrame, finalFrame, updates, some }) => {
		const frame = time === "final" ? finalFrame : streamFrame;
		const schema = named([sql.notNull(sql.timestamp(3)), ...types]);
		const byTime = { column: TIMES, ascending: true, nullsFirst: true };
		const isRange = frame.unit === "range";
		const hasOffset = frame.start.kind === "preceding" || frame.end.kind === "following";
		const isFree = (time === "row" && !isRange) || (time === "final" && !(isRange && hasOffset));
		const orders = isFree ? sortKeys(schema, 1, 2) : fc.constant([byTime]);
		const aggregates = aggregateCalls(schema, time === "final" ? some : { modified: time !== "row" });
		const placed = fc.array(placedCalls(schema), { maxLength: 2 });
		const all =
			time !== "final" ? aggregates : fc.tuple(aggregates, placed).map(([own, others]) => [...others, ...own]);
		return fc.tuple(columnsOf(schema, 2), orders, all).chain(([partition, order, calls]) => {
			const inputUpdates = time === "row" && updates;
			const groups = [{ frame, calls }];
			const spec: OverAggregateSpec = { operator: "OverAggregate", partition, order, time, groups, inputUpdates };
			const output = [...schema, ...resultsOf(calls)];
			const driven = { spec, inputs: [schema], output, batch: time === "final" };
			// A row that leaves a frame takes its value back.
			return withSteps({ driven }, [{ updates: inputUpdates, columns: finite(schema) }], {
				maxLength: 25,
				watermarks: time === "rowtime" ? 20_000 : 0,
			});
		});
	});
