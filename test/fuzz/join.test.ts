// The extended run of the joins and set operations: random specs over random streams, against the baseline.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JoinSpec, JoinType, WindowJoinSpec } from "../../src/job/specs.js";
import { call, column, type Expr } from "../../src/types/expr.js";
import * as sql from "../../src/types/sql-type.js";
import { type Driven, drive, fold, type Step } from "../operators/drive.js";
import { expected } from "../operators/oracle.js";
import { stepsOf } from "../operators/random.js";

const RUNS = { numRuns: Number(process.env.FUZZ_RUNS ?? 20_000) };
const end = sql.notNull(sql.timestamp(3));
const schemaOf = (prefix: string): sql.Schema =>
	[sql.BIGINT, sql.STRING, sql.notNull(sql.INTEGER), end, sql.DOUBLE].map((type, i) => ({
		name: `${prefix}${i}`,
		type,
	}));
const [left, right] = [schemaOf("l"), schemaOf("r")];
const WIDTH = left.length;

const types = fc.constantFrom<JoinType>("inner", "left", "right", "full", "semi", "anti");
const keys = fc.constantFrom<readonly number[]>([0], [1], [2], [4], [0, 1], [2, 0], [1, 4, 2], []);
const conditions = fc.constantFrom<Expr | undefined>(
	undefined,
	undefined,
	call("<", [column(2, sql.INTEGER), column(WIDTH + 2, sql.INTEGER)], sql.BOOLEAN),
	call("<=", [column(1, sql.STRING), column(WIDTH + 1, sql.STRING)], sql.BOOLEAN),
);

const outputOf = (type: JoinType): sql.Schema =>
	[...left, ...(type === "semi" || type === "anti" ? [] : right)].map(({ name, type: of }) => ({
		name,
		type: sql.asNullable(of),
	}));

async function agrees(driven: Driven, steps: readonly Step[]): Promise<void> {
	const { changes, lateRecordsDropped } = await drive({ ...driven, build: "release" }, steps);
	const wanted = expected(driven, steps);
	expect(fold(changes, driven.output)).toEqual(fold(wanted.changes, driven.output));
	expect(lateRecordsDropped).toBe(wanted.late);
}

const bounded = (steps: readonly Step[]) => steps.filter((step) => !("restore" in step));

test("Join of streams", async () => {
	const cases = fc
		.tuple(types, keys, conditions, fc.boolean(), fc.boolean(), fc.boolean())
		.chain(([type, on, condition, leftUpdates, rightUpdates, nullSafe]) => {
			const spec: JoinSpec = {
				operator: "Join",
				type,
				leftKeys: on,
				rightKeys: on,
				nullSafe: on.map(() => nullSafe),
				condition,
				leftWidth: WIDTH,
				leftUpdates,
				rightUpdates,
			};
			const inputs = [
				{ schema: left, updates: leftUpdates },
				{ schema: right, updates: rightUpdates },
			];
			const driven: Driven = { spec, inputs: [left, right], output: outputOf(type) };
			return stepsOf(inputs, { maxLength: 30 }).map((steps) => [driven, steps] as const);
		});
	await fc.assert(
		fc.asyncProperty(cases, ([driven, steps]) => agrees(driven, steps)),
		RUNS,
	);
});

test("Join of bounded inputs", async () => {
	const cases = fc
		.tuple(types, keys, conditions, fc.constantFrom("left" as const, "right" as const))
		.chain(([type, on, condition, build]) => {
			const spec: JoinSpec = {
				operator: "Join",
				type,
				leftKeys: on,
				rightKeys: on,
				nullSafe: on.map((_, i) => i === 1),
				condition,
				leftWidth: WIDTH,
				build,
				leftUpdates: false,
				rightUpdates: false,
			};
			const inputs = [left, right].map((schema) => ({ schema, updates: false }));
			const driven: Driven = { spec, inputs: [left, right], output: outputOf(type), batch: true };
			return stepsOf(inputs, { maxLength: 30 }).map((steps) => [driven, bounded(steps)] as const);
		});
	await fc.assert(
		fc.asyncProperty(cases, ([driven, steps]) => agrees(driven, steps)),
		RUNS,
	);
});

test("WindowJoin", async () => {
	const cases = fc
		.tuple(types, keys, conditions, fc.constantFrom(undefined, "Europe/Berlin"))
		.chain(([type, on, condition, timeZone]) => {
			const spec: WindowJoinSpec = {
				operator: "WindowJoin",
				type,
				leftKeys: on,
				rightKeys: on,
				nullSafe: on.map((_, i) => i === 1),
				leftWindowEnd: 3,
				rightWindowEnd: 3,
				timeZone,
				condition,
				leftWidth: WIDTH,
				final: false,
			};
			const inputs = [left, right].map((schema) => ({ schema, updates: false }));
			const driven: Driven = { spec, inputs: [left, right], output: outputOf(type) };
			const coarse = (step: Step): Step =>
				"changes" in step
					? {
							...step,
							changes: step.changes.map(([kind, row]) => [
								kind,
								row.map((value, i) => (i === 3 ? Math.ceil(Number(value) / 4000) * 4000 : value)),
							]),
						}
					: step;
			return stepsOf(inputs, { maxLength: 30, watermarks: 20_000 }).map(
				(steps) => [driven, steps.map(coarse)] as const,
			);
		});
	await fc.assert(
		fc.asyncProperty(cases, ([driven, steps]) => agrees(driven, steps)),
		RUNS,
	);
});

test("SetOperation", async () => {
	const cases = fc
		.tuple(fc.constantFrom("intersect" as const, "except" as const), fc.boolean(), fc.boolean())
		.chain(([kind, all, final]) => {
			const schema = left.slice(0, 2);
			const spec = { operator: "SetOperation", kind, all, final } as const;
			const driven: Driven = { spec, inputs: [schema, schema], output: schema, batch: final };
			const input = { schema, updates: !final };
			return stepsOf([input, input], { maxLength: 40 }).map((steps) => [driven, steps] as const);
		});
	await fc.assert(
		fc.asyncProperty(cases, ([driven, steps]) => agrees(driven, steps)),
		RUNS,
	);
});
