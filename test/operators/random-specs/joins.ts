// Random specs of joins: the sides have key columns of the same types, and others.
import fc from "fast-check";
import type { IntervalJoinSpec, JoinSpec, JoinType, TemporalJoinSpec, WindowJoinSpec } from "../../../src/job/specs.js";
import * as sql from "../../../src/types/sql-type.js";
import type { Driven } from "../drive.js";
import { type RandomCase, withSteps } from "./random-case.js";
import { anyTypes, conditions, named, scalarTypes } from "./schemas.js";

const TIME = sql.notNull(sql.timestamp(3));
/** The first column of both sides. */
const TIMES = 0;
const types = fc.constantFrom<JoinType>("inner", "left", "right", "full", "semi", "anti");

const sides = fc
	.record({
		keys: fc.array(fc.tuple(scalarTypes, fc.boolean(), fc.boolean()), { maxLength: 3 }),
		left: fc.array(anyTypes, { maxLength: 2 }),
		right: fc.array(anyTypes, { maxLength: 2 }),
	})
	.chain(({ keys, left, right }) => {
		// The keys lie in front on one side and behind on the other; a column may be NULL on one side alone.
		const leftTypes = keys.map(([type]) => type);
		const rightTypes = keys.map(([type, , nullable]) => sql.withNullability(type, nullable));
		const leftSchema = named([TIME, ...leftTypes, ...left], "l");
		const rightSchema = named([TIME, ...right, ...rightTypes], "r");
		return fc.option(conditions([...leftSchema, ...rightSchema]), { nil: undefined }).map((condition) => ({
			inputs: [leftSchema, rightSchema] as const,
			on: {
				leftKeys: keys.map((_, i) => 1 + i),
				rightKeys: keys.map((_, i) => 1 + right.length + i),
				nullSafe: keys.map(([, isNullSafe]) => isNullSafe),
				leftWidth: leftSchema.length,
				condition,
			},
		}));
	});

const outputOf = ([left, right]: readonly [sql.Schema, sql.Schema], type: JoinType): sql.Schema =>
	[...left, ...(type === "semi" || type === "anti" ? [] : right)].map(({ name, type: of }) => ({
		name,
		type: sql.asNullable(of),
	}));

export const join: fc.Arbitrary<RandomCase> = fc
	.tuple(sides, types, fc.boolean(), fc.boolean())
	.chain(([{ inputs, on }, type, leftUpdates, rightUpdates]) => {
		const spec: JoinSpec = { operator: "Join", type, ...on, leftUpdates, rightUpdates };
		const driven: Driven = { spec, inputs, output: outputOf(inputs, type) };
		return withSteps({ driven }, [{ updates: leftUpdates }, { updates: rightUpdates }]);
	});

export const boundedJoin: fc.Arbitrary<RandomCase> = fc
	.tuple(sides, types, fc.constantFrom("left" as const, "right" as const))
	.chain(([{ inputs, on }, type, build]) => {
		const spec: JoinSpec = { operator: "Join", type, ...on, build, leftUpdates: false, rightUpdates: false };
		const driven: Driven = { spec, inputs, output: outputOf(inputs, type), batch: true };
		return withSteps({ driven }, [{ updates: false }, { updates: false }]);
	});

export const intervalJoin: fc.Arbitrary<RandomCase> = fc
	.tuple(sides, types, fc.integer({ min: -4000, max: 4000 }), fc.integer({ min: -500, max: 6000 }), fc.boolean())
	.chain(([{ inputs, on }, type, lowerMs, length, eventTime]) => {
		const times = { leftTime: TIMES, rightTime: TIMES, lowerMs, upperMs: lowerMs + length, eventTime };
		const spec: IntervalJoinSpec = { operator: "IntervalJoin", type, ...on, ...times };
		const driven: Driven = { spec, inputs, output: outputOf(inputs, type) };
		return withSteps({ driven }, [{ updates: false }, { updates: false }], { watermarks: 20_000 });
	});

export const windowJoin: fc.Arbitrary<RandomCase> = fc
	.tuple(sides, types, fc.constantFrom(undefined, "Europe/Berlin"), fc.boolean())
	.chain(([{ inputs, on }, type, timeZone, final]) => {
		const windows = { leftWindowEnd: TIMES, rightWindowEnd: TIMES, timeZone, final };
		const spec: WindowJoinSpec = { operator: "WindowJoin", type, ...on, ...windows };
		const driven: Driven = { spec, inputs, output: outputOf(inputs, type), batch: final };
		// Window ends around the hour that clocks skip.
		const start = timeZone === undefined ? 0 : Date.UTC(2021, 2, 27, 23);
		const unit = timeZone === undefined ? 4000 : 3_600_000;
		const ends = fc.constantFrom(0, 1, 2, 3, 4).map((n) => start + n * unit);
		const side = { updates: false, columns: { [TIMES]: ends } };
		return withSteps({ driven }, [side, side], { watermarks: final ? 0 : 5 * unit, start });
	});

export const temporalJoin: fc.Arbitrary<RandomCase> = fc
	.tuple(sides, fc.constantFrom("inner" as const, "left" as const), fc.boolean(), fc.boolean())
	.chain(([{ inputs, on }, type, eventTime, updates]) => {
		const { nullSafe: _, ...rest } = on;
		const times = { leftTime: TIMES, rightTime: eventTime ? TIMES : undefined };
		const spec: TemporalJoinSpec = { operator: "TemporalJoin", type, ...rest, ...times };
		const driven: Driven = { spec, inputs, output: outputOf(inputs, type) };
		return withSteps({ driven, ordered: true }, [{ updates }, { updates }], { watermarks: 20_000 });
	});
