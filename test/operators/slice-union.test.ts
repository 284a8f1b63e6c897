// Hopping windows over keys that rise with time, so that slices have few groups in common: the windows are the baseline's, with late rows,
// NULL keys, keys that stay, and restores.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { WindowAggregateSpec } from "../../src/job/specs.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import { type Change, type Driven, drive, fold, type Step } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf } from "./random.js";

const PROPERTY = propertyOf(52);
const TIME = sql.notNull(sql.timestamp(3));
const GREATEST = 2n ** 63n - 1n;

const drivenOf = (key: sql.SqlType, high: boolean): Driven => {
	const input = [
		{ name: "k", type: key },
		{ name: "v", type: sql.BIGINT },
		{ name: "ts", type: TIME },
	];
	const call = (name: string, args: number[], type: sql.SqlType, distinct = false) => ({
		function: name,
		args,
		argTypes: args.map((arg) => input[arg]!.type),
		distinct,
		type,
		name,
	});
	const spec: WindowAggregateSpec = {
		operator: "WindowAggregate",
		window: { kind: "hop", size: 5000, slide: 1000, offset: 0, time: 2, eventTime: true },
		keys: [0],
		calls: [
			call("COUNT", [], sql.notNull(sql.BIGINT)),
			call("SUM", [1], sql.BIGINT),
			call("MAX", [1], sql.BIGINT),
			call("COUNT", [1], sql.notNull(sql.BIGINT), true),
		],
		properties: ["start", "end"],
		inputUpdates: false,
		final: false,
	};
	const results = spec.calls.map(({ name, type }, i) => ({ name: `${name}${i}`, type }));
	const bounds = spec.properties.map((name) => ({ name, type: TIME }));
	return { spec, inputs: [input], output: [input[0]!, ...results, ...bounds], high };
};

/** Of each second so many new ids; a few rows come for ids of all times, and so many have none. */
const streams = fc.record({
	first: fc.constantFrom(0n, -40n, -GREATEST - 1n, GREATEST - 3600n),
	idsPerSecond: fc.constantFrom(0, 60, 150, 300),
	strays: fc.constantFrom(0, 0, 30),
	nulls: fc.constantFrom(0, 0, 50),
	rows: fc.array(fc.record({ jitter: fc.nat(60), late: fc.nat(300), value: fc.nat(9) }), {
		minLength: 300,
		maxLength: 1500,
	}),
	rowsPerSecond: fc.constantFrom(150, 200),
	batchRows: fc.constantFrom(20, 70, 400),
	watermarkEvery: fc.constantFrom(1, 4, 1000),
	restoreAfter: fc.nat(30),
});

test.each([
	["BIGINT", sql.notNull(sql.BIGINT), false],
	["nullable", sql.BIGINT, false],
	["high addresses", sql.BIGINT, true],
] as const)("%s", async (_, key, high) => {
	const driven = drivenOf(key, high);
	await fc.assert(
		fc.asyncProperty(streams, async (drawn) => {
			const changes = drawn.rows.map(({ jitter, late, value }, i): Change => {
				const second = i / drawn.rowsPerSecond;
				const newest = Math.floor(second * drawn.idsPerSecond);
				const isStray = drawn.strays > 0 && i % drawn.strays === 0;
				const id = drawn.first + BigInt(isStray ? jitter : newest + (jitter % 12));
				const isNull = key.nullable && drawn.nulls > 0 && i % drawn.nulls === 1;
				const time = Math.max(0, Math.floor(second * 1000) - (late === 0 ? 2500 : jitter));
				return [RowKind.INSERT, [isNull ? null : id, value === 0 ? null : BigInt(value), time]];
			});
			const steps: Step[] = [];
			for (let from = 0, batch = 0; from < changes.length; from += drawn.batchRows, batch++) {
				steps.push({ changes: changes.slice(from, from + drawn.batchRows) });
				const reached = Math.floor(((from + drawn.batchRows) / drawn.rowsPerSecond) * 1000);
				if (batch % drawn.watermarkEvery === 0) steps.push({ watermark: Math.max(0, reached - 1500) });
				if (batch === drawn.restoreAfter) steps.push({ restore: true });
			}
			const actual = await drive(driven, steps);
			const wanted = expected(driven, steps);
			expect(fold(actual.changes, driven.output)).toEqual(fold(wanted.changes, driven.output));
			expect(actual.lateRecordsDropped).toBe(wanted.late);
		}),
		PROPERTY,
	);
});
