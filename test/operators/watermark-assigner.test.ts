// WatermarkAssigner: what downstream sees must not depend on how rows are cut into batches.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { WatermarkAssignerSpec } from "../../src/job/specs.js";
import { call, column, literal } from "../../src/types/expr.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import { type Change, drive, type Step } from "./drive.js";
import { propertyOf } from "./random.js";

const PROPERTY = propertyOf(1);

const TIME = sql.timestamp(3);
const schema = [
	{ name: "id", type: sql.STRING },
	{ name: "ts", type: TIME },
];
const second: sql.SqlType = { kind: "INTERVAL_DAY_TIME", unit: "SECOND", precision: 2, fraction: 6, nullable: false };
const spec: WatermarkAssignerSpec = {
	operator: "WatermarkAssigner",
	rowtime: 1,
	expression: call("-", [column(1, TIME), literal(1000, second)], TIME),
	intervalMs: 200,
	idleTimeoutMs: 0,
};
const driven = { spec, inputs: [schema], output: schema };

/** Rows in order, each with whether it is behind the watermark when it comes: after each row as Flink sends it. */
function latenessByRow(times: readonly number[]): boolean[] {
	let highest = 0;
	let sent = 0;
	return times.map((time) => {
		const behind = time <= sent;
		highest = Math.max(highest, time - 1000);
		if (highest - sent > 200) sent = highest;
		return behind;
	});
}

test("rows are behind the watermark exactly when they would be row by row, however batches are cut", async () => {
	const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });
	const rows = fc.array(fc.integer({ min: 0, max: 8000 }), { maxLength: 60 });
	await fc.assert(
		fc.asyncProperty(rows, cuts, fc.boolean(), async (times, sizes, restore) => {
			const steps: Step[] = [];
			for (let from = 0, i = 0; from < times.length; i++) {
				const size = sizes[i % sizes.length] as number;
				const part = times.slice(from, from + size);
				steps.push({ changes: part.map((time): Change => [RowKind.INSERT, [time % 3 ? "x" : null, time]]) });
				if (restore && i % 3 === 1) steps.push({ restore: true });
				from += size;
			}
			const { events } = await drive(driven, steps);
			let watermark = 0;
			const seen: boolean[] = [];
			const order: number[] = [];
			for (const event of events) {
				if (typeof event === "number") watermark = event;
				else {
					order.push(event[1][1] as number);
					seen.push((event[1][1] as number) <= watermark);
				}
			}
			expect(order).toEqual(times);
			expect(seen).toEqual(latenessByRow(times));
		}),
		PROPERTY,
	);
});

test("a batch without rows behind goes on whole, with one watermark after it", async () => {
	const times = [5000, 6000, 7000];
	const { watermarks } = await drive(driven, [
		{ changes: times.map((time): Change => [RowKind.INSERT, [null, time]]) },
		{ changes: [[RowKind.INSERT, [null, 7100]]] },
	]);
	expect(watermarks).toEqual([6000, Number.MAX_SAFE_INTEGER]);
});

test("a NULL event time is an error that names the row", async () => {
	const changes: Change[] = [
		[RowKind.INSERT, [null, 1]],
		[RowKind.INSERT, [null, null]],
	];
	await expect(drive(driven, [{ changes }])).rejects.toMatchObject({ code: "NULL_ROWTIME", row: 1 });
});
