// Random changelogs for property tests: skewed keys, NULLs, awkward values, rows taken back, batch cuts, snapshots in between.
import fc from "fast-check";
import { RowKind } from "../../src/types/row-kind.js";
import type { Schema, SqlType } from "../../src/types/sql-type.js";
import type { Row, Value } from "../../src/types/value.js";
import type { Change, Step } from "./drive.js";

/** Cases per property: few in the ordinary run, many in the extended one. */
export const PROPERTY = { numRuns: Number(process.env.FUZZ_RUNS ?? 15), ...(process.env.FUZZ_RUNS ? {} : { seed: 7 }) };

const LONG = "a long string, more than twelve bytes";

/** Few distinct values of a type, so that they meet. */
export function valuesOf(type: SqlType): fc.Arbitrary<Value> {
	const value = plainValuesOf(type);
	return type.nullable ? fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 8, arbitrary: value }) : value;
}

function plainValuesOf(type: SqlType): fc.Arbitrary<Value> {
	switch (type.kind) {
		case "BOOLEAN":
			return fc.boolean();
		case "BIGINT":
		case "DECIMAL":
			return fc.oneof(fc.bigInt(-2n, 6n), fc.constantFrom(10n ** 12n, -(10n ** 9n)));
		case "FLOAT":
		case "DOUBLE":
			return fc.constantFrom(0, -0, 1.5, -2, 1024, Number.NaN);
		case "CHAR":
		case "VARCHAR":
			return fc.constantFrom("", "a", "b", "exactly12byt", "thirteen byte", LONG, `${LONG}!`, `${LONG}?`, "é😀");
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return fc.integer({ min: -3000, max: 20_000 });
		default:
			return fc.integer({ min: -3, max: 8 });
	}
}

export const rowOf = (schema: Schema): fc.Arbitrary<Row> => fc.tuple(...schema.map(({ type }) => valuesOf(type)));

/** Batches of insertions, and where `updates`, of taking back rows that are there; now and then a snapshot and restore. */
export function stepsOf(schema: Schema, updates: boolean, maxLength = 60): fc.Arbitrary<Step[]> {
	const action = fc.record({
		row: rowOf(schema),
		retract: fc.option(fc.nat(1000), { freq: 3 }),
		cut: fc.constantFrom("none", "none", "none", "batch", "empty", "restore"),
	});
	return fc.array(action, { maxLength }).map((actions) => {
		const steps: Step[] = [];
		const present: Row[] = [];
		let changes: Change[] = [];
		const flush = () => {
			steps.push({ changes });
			changes = [];
		};
		for (const { row, retract, cut } of actions) {
			if (updates && retract !== null && present.length > 0) {
				const [gone] = present.splice(retract % present.length, 1);
				changes.push([retract % 2 === 0 ? RowKind.DELETE : RowKind.UPDATE_BEFORE, gone as Row]);
			} else {
				present.push(row);
				changes.push([RowKind.INSERT, row]);
			}
			if (cut !== "none") flush();
			if (cut === "empty") flush();
			if (cut === "restore") steps.push({ restore: true });
		}
		flush();
		return steps;
	});
}

/** The rows that a changelog leaves, in order of insertion. */
export function rowsLeft(steps: readonly Step[], keyOf: (row: Row) => string): Row[] {
	const rows: { key: string; row: Row }[] = [];
	for (const step of steps) {
		if (!("changes" in step)) continue;
		for (const [kind, row] of step.changes) {
			const key = keyOf(row);
			if (kind === RowKind.INSERT || kind === RowKind.UPDATE_AFTER) rows.push({ key, row });
			else
				rows.splice(
					rows.findIndex((other) => other.key === key),
					1,
				);
		}
	}
	return rows.map(({ row }) => row);
}
