// Random specs of operators that order rows.
import fc from "fast-check";
import type { DeduplicateSpec, RankSpec } from "../../../src/job/specs.js";
import * as sql from "../../../src/types/sql-type.js";
import type { Value } from "../../../src/types/value.js";
import { valuesOf } from "../random.js";
import { type RandomCase, withSteps } from "./random-case.js";
import { anyTypes, columnsOf, named, schemas, sortKeys } from "./schemas.js";

const TIME = sql.notNull(sql.timestamp(3));
/** The first two columns of every input: a time, and a window's end or a number of rows. */
const TIMES = 0;
const WINDOW_END = 1;
const NUMBER = 1;

const inputs = (second: sql.SqlType) =>
	fc.array(anyTypes, { minLength: 1, maxLength: 4 }).map((types) => named([TIME, second, ...types]));
const few = (...values: Value[]) => fc.constantFrom(...values);
/** Times in windows of 4 × `unit` ms, and their ends. */
const timesOf = (unit: number) => ({
	[TIMES]: fc.integer({ min: 0, max: 12 * unit }),
	[WINDOW_END]: few(4 * unit, 8 * unit, 12 * unit),
});
/** Either windows are long, or watermarks often meet their ends. */
const units = fc.constantFrom(1000, 1000, 3);
const numbersOf = ({ kind, nullable }: sql.SqlType) =>
	few(...(kind === "BIGINT" ? [1n, 2n, 4n] : [1, 2, 4]), ...(nullable ? [null] : []));
const RANK = { name: "rank", type: sql.notNull(sql.BIGINT) };
const zones = few(undefined as never, "Europe/Berlin") as fc.Arbitrary<string | undefined>;

export const rank: fc.Arbitrary<RandomCase> = fc
	.record({
		mode: fc.constantFrom("stream", "stream", "retract", "final", "window"),
		variable: fc.constantFrom(
			undefined,
			undefined,
			sql.BIGINT,
			sql.notNull(sql.BIGINT),
			sql.INTEGER,
			sql.notNull(sql.INTEGER),
		),
		outputRank: fc.boolean(),
		updateBefore: fc.boolean(),
		from: fc.integer({ min: 1, max: 3 }),
		more: fc.nat(4),
		unit: units,
		numbering: fc.constantFrom("ROW_NUMBER" as const, "RANK" as const, "DENSE_RANK" as const),
		timeZone: zones,
	})
	.chain(({ mode, variable, ...random }) => {
		const isWindow = mode === "window";
		const isStream = mode === "stream" || mode === "retract";
		const isVariable = variable !== undefined && !isWindow;
		return inputs(isWindow || !variable ? TIME : variable).chain((schema) =>
			fc.tuple(columnsOf(schema, 2), sortKeys(schema, 1, 3)).chain(([partition, order]) => {
				const { from, more, outputRank, updateBefore, timeZone, unit } = random;
				// The rows of a partition have one number of rows.
				const own = isVariable ? [...new Set([NUMBER, ...partition])] : partition;
				const to = isVariable ? { column: NUMBER } : from + more;
				const isKeyed = outputRank || (from === 1 && to === 1);
				const spec: RankSpec = {
					operator: "Rank",
					function: isStream ? "ROW_NUMBER" : random.numbering,
					partition: own,
					order,
					from: isVariable ? 1 : from,
					to,
					outputRank,
					inputUpdates: mode === "retract",
					updateBefore: updateBefore || !isKeyed || mode === "retract",
					final: mode === "final",
					...(isWindow && { windowEnd: WINDOW_END, timeZone }),
				};
				const output = outputRank ? [...schema, RANK] : schema;
				const driven = { spec, inputs: [schema], output, batch: spec.final };
				const upsertKey = spec.updateBefore ? undefined : outputRank ? [...own, schema.length] : own;
				const columns = isWindow ? timesOf(unit) : { [NUMBER]: isVariable ? numbersOf(variable) : valuesOf(TIME) };
				return withSteps(
					{ driven, upsertKey },
					[{ updates: mode === "retract", columns }],
					isWindow ? { watermarks: 12 * unit } : {},
				);
			}),
		);
	});

export const deduplicate: fc.Arbitrary<RandomCase> = fc
	.record({
		mode: fc.constantFrom("stream", "stream", "final", "window"),
		byTime: fc.boolean(),
		keep: fc.constantFrom("first" as const, "last" as const),
		updateBefore: fc.boolean(),
		unit: units,
		timeZone: zones,
	})
	.chain(({ mode, byTime, keep, updateBefore, unit, timeZone }) =>
		inputs(TIME).chain((schema) =>
			columnsOf(schema, 3).chain((keys) => {
				const isWindow = mode === "window";
				const spec: DeduplicateSpec = {
					operator: "Deduplicate",
					keys,
					order: byTime ? TIMES : undefined,
					keep,
					updateBefore,
					final: mode === "final",
					...(isWindow && { windowEnd: WINDOW_END, timeZone }),
				};
				const driven = { spec, inputs: [schema], output: schema, batch: spec.final };
				const upsertKey = updateBefore ? undefined : keys;
				return withSteps({ driven, upsertKey }, [{ updates: false, columns: timesOf(unit) }], {
					watermarks: 12 * unit,
				});
			}),
		),
	);

const places = fc.tuple(fc.constantFrom(0, 0, 1, 3), fc.constantFrom(undefined, 0, 1, 4, 1500));

export const sort: fc.Arbitrary<RandomCase> = fc
	.tuple(schemas(1, 5), fc.boolean(), fc.boolean(), places)
	.chain(([schema, final, updates, [offset, fetch]]) =>
		sortKeys(schema, 0, 3).chain((order) => {
			const inputUpdates = updates && !final;
			// A stream is sorted only as far as it is limited.
			const limit = final ? fetch : Math.max(1, fetch ?? 3);
			const spec = { operator: "Sort", order, offset, fetch: limit, inputUpdates, final } as const;
			const driven = { spec, inputs: [schema], output: schema, batch: final };
			return withSteps({ driven, ordered: final }, [{ updates: inputUpdates }]);
		}),
	);

export const limit: fc.Arbitrary<RandomCase> = fc
	.tuple(schemas(1, 4), fc.boolean(), places)
	.chain(([schema, inputUpdates, [offset, fetch = 7]]) => {
		const spec = { operator: "Limit", offset, fetch, inputUpdates } as const;
		return withSteps({ driven: { spec, inputs: [schema], output: schema } }, [{ updates: inputUpdates }]);
	});

export const temporalSort: fc.Arbitrary<RandomCase> = inputs(sql.STRING).chain((schema) =>
	sortKeys(schema, 0, 2).chain((more) => {
		const order = [{ column: TIMES, ascending: true, nullsFirst: true }, ...more];
		const driven = { spec: { operator: "TemporalSort", order } as const, inputs: [schema], output: schema };
		return withSteps({ driven, ordered: true }, [{ updates: false }], { watermarks: 20_000 });
	}),
);
