// Random specs of aggregates without windows.
import fc from "fast-check";
import type { FrameBound, GroupAggregateSpec, OverAggregateSpec, OverFrame } from "../../../src/job/specs.js";
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

const TIMES = 0;

export const overAggregate: fc.Arbitrary<RandomCase> = fc
	.record({
		types: fc.array(anyTypes, { minLength: 1, maxLength: 4 }),
		time: fc.constantFrom("rowtime" as const, "proctime" as const, "row" as const, "row" as const, "final" as const),
		frame: frames(1000),
		updates: fc.boolean(),
	})
	.chain(({ types, time, frame, updates }) => {
		const schema = named([sql.notNull(sql.timestamp(3)), ...types]);
		const byTime = { column: TIMES, ascending: true, nullsFirst: true };
		const isRange = frame.unit === "range";
		const isFree = (time === "row" || time === "final") && !isRange;
		const orders = isFree ? sortKeys(schema, 1, 2) : fc.constant([byTime]);
		const all = aggregateCalls(schema, { modified: time !== "row" });
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
