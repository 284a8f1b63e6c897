// Random specs of operators over whole rows.
import fc from "fast-check";
import type { SetOperationSpec } from "../../../src/job/specs.js";
import { RowKind } from "../../../src/types/row-kind.js";
import type { Change, Step } from "../drive.js";
import { rowOf } from "../random.js";
import { type RandomCase, withSteps } from "./random-case.js";
import { columnsOf, schemas } from "./schemas.js";

export const setOperation: fc.Arbitrary<RandomCase> = fc
	.tuple(schemas(1, 3), fc.constantFrom("intersect" as const, "except" as const), fc.boolean(), fc.boolean())
	.chain(([schema, kind, all, final]) => {
		const spec: SetOperationSpec = { operator: "SetOperation", kind, all, final };
		const driven = { spec, inputs: [schema, schema], output: schema, batch: final };
		return withSteps({ driven }, [{ updates: !final }, { updates: !final }]);
	});

const UPSERTS = [
	RowKind.INSERT,
	RowKind.UPDATE_AFTER,
	RowKind.UPDATE_AFTER,
	RowKind.UPDATE_BEFORE,
	RowKind.DELETE,
] as const;

export const changelogNormalize: fc.Arbitrary<RandomCase> = schemas(1, 4).chain((schema) => {
	const change: fc.Arbitrary<Change> = fc.tuple(fc.constantFrom(...UPSERTS), rowOf(schema));
	const step: fc.Arbitrary<Step> = fc.oneof(
		{ weight: 6, arbitrary: fc.record({ changes: fc.array(change, { maxLength: 12 }) }) },
		{ weight: 1, arbitrary: fc.constant({ restore: true } as const) },
	);
	const all = fc.array(step, { maxLength: 10 });
	return fc.tuple(columnsOf(schema, 3, { minLength: 1 }), fc.boolean(), all).map(([keys, updateBefore, steps]) => {
		const spec = { operator: "ChangelogNormalize", keys, updateBefore } as const;
		const driven = { spec, inputs: [schema], output: schema };
		return { driven, steps, upsertKey: updateBefore ? undefined : keys };
	});
});
