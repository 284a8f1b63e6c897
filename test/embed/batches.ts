// RecordBatches from rows, and rows from RecordBatches, for tests of millrace/operators.
import * as arrow from "apache-arrow";
import { expect } from "vitest";
import { EngineError, type ErrorCode } from "../../src/errors.js";

export const schema = new arrow.Schema([
	new arrow.Field("k", new arrow.Int64(), true),
	new arrow.Field("name", new arrow.Utf8(), true),
	new arrow.Field("v", new arrow.Float64(), true),
	new arrow.Field("ts", new arrow.TimestampMillisecond(), false),
]);

export type TestRow = readonly [k: bigint | null, name: string | null, v: number | null, ts: number];

/** A batch of a schema, column by column. */
export function batchOf(of: arrow.Schema, columns: readonly (readonly unknown[])[]): arrow.RecordBatch {
	const children = of.fields.map((field, i) => {
		const vector = arrow.vectorFromArray(columns[i] as never[], field.type as arrow.Utf8);
		return vector.data[0] as arrow.Data;
	});
	const length = columns[0]?.length ?? 0;
	const data = arrow.makeData({ type: new arrow.Struct(of.fields), length, nullCount: 0, children });
	return new arrow.RecordBatch(of, data);
}

export const rowsBatch = (rows: readonly TestRow[]): arrow.RecordBatch =>
	batchOf(
		schema,
		[0, 1, 2, 3].map((i) => rows.map((row) => row[i])),
	);

export const rowsOf = (batches: readonly arrow.RecordBatch[]): unknown[][] =>
	batches.flatMap((batch) => batch.toArray().map((row) => Object.values(row?.toJSON() ?? {})));

/** Fails unless `run` throws an EngineError of the code whose message matches, and which says what to do. */
export async function refused(code: ErrorCode, text: RegExp, run: () => unknown): Promise<EngineError> {
	const error = await Promise.resolve()
		.then(run)
		.then(
			() => undefined,
			(thrown: unknown) => thrown,
		);
	expect(error).toBeInstanceOf(EngineError);
	const typed = error as EngineError;
	expect({ code: typed.code, message: typed.message }).toEqual({ code, message: expect.stringMatching(text) });
	expect(typed.expected, "says what is expected").toBeTruthy();
	expect(typed.remedy, "says what to do").toBeTruthy();
	return typed;
}
