// OVER of bounded input whose partitions are longer than a batch: what frames hold goes on from one batch to the next.
import { expect, test } from "vitest";
import type { AggregateCall, FrameBound, OverAggregateSpec, OverFrame } from "../../src/job/specs.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { type Change, drive, fold, type Step } from "./drive.js";
import { expected } from "./oracle.js";

const BIGINT = sql.notNull(sql.BIGINT);
const schema = ["k", "t", "v"].map((name) => ({ name, type: name === "v" ? sql.BIGINT : BIGINT }));
const ROWS = 14_000;
const STEP = 4000;

const call = (name: string, type: sql.SqlType, column?: number): AggregateCall => ({
	function: name,
	args: column === undefined ? [] : [column],
	argTypes: column === undefined ? [] : [schema[column]!.type],
	distinct: false,
	type,
	name,
});
const count = call("COUNT", BIGINT);
const sum = call("SUM", sql.BIGINT, 2);
const low = call("MIN", sql.BIGINT, 2);
const frame = (unit: OverFrame["unit"], start: FrameBound, end: FrameBound): OverFrame => ({ unit, start, end });
const bound = (kind: "preceding" | "following", offset: number) => ({ kind, offset });
const first = { kind: "unboundedPreceding" } as const;
const last = { kind: "unboundedFollowing" } as const;
const own = { kind: "currentRow" } as const;

const groups: OverAggregateSpec["groups"] = [
	{ frame: frame("range", first, own), calls: [sum, low, call("DENSE_RANK", BIGINT), call("RANK", BIGINT)] },
	{ frame: frame("rows", first, own), calls: [count, call("ROW_NUMBER", BIGINT), call("LAG", sql.BIGINT, 2)] },
	{ frame: frame("range", first, last), calls: [sum, low] },
	{ frame: frame("rows", own, last), calls: [sum, count, call("LEAD", sql.BIGINT, 2)] },
	{ frame: frame("rows", bound("preceding", 9000), bound("following", 30)), calls: [sum, count] },
	{ frame: frame("rows", bound("following", 3), bound("following", 6)), calls: [count, low] },
	{ frame: frame("rows", bound("preceding", 60), bound("preceding", 50)), calls: [sum, low] },
];

/** A partition of most rows, some of hundreds, many of one or two. */
const partitionOf = (i: number) => (i % 7 > 1 ? 1n : i % 7 === 1 ? BigInt(i % 5) + 2n : BigInt(i));

test("frames go on from batch to batch", async () => {
	const rows = Array.from({ length: ROWS }, (_, i): Row => {
		const mixed = (i * 7919) % ROWS;
		return [partitionOf(i), BigInt(Math.floor(mixed / 3)), i % 11 === 0 ? null : BigInt((i * 31) % 1000)];
	});
	const steps: Step[] = [];
	for (let at = 0; at < ROWS; at += STEP) {
		steps.push({ changes: rows.slice(at, at + STEP).map((row): Change => [RowKind.INSERT, row]) });
	}
	const calls = groups.flatMap((group) => group.calls);
	const order = [{ column: 1, ascending: true, nullsFirst: true }];
	const spec = {
		operator: "OverAggregate",
		partition: [0],
		order,
		time: "final",
		groups,
		inputUpdates: false,
	} as const;
	const output = [...schema, ...calls.map(({ type }, i) => ({ name: `c${i}`, type: sql.asNullable(type) }))];
	const driven = { spec, inputs: [schema], output, batch: true };
	const { changes } = await drive(driven, steps);
	expect(fold(changes, output)).toEqual(fold(expected(driven, steps).changes, output));
});
