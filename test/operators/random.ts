// Random changelogs for property tests: skewed keys, NULLs, awkward values, rows taken back, batch cuts, snapshots in between.
import fc from "fast-check";
import { equalValues } from "../../src/types/compare.js";
import { RowKind } from "../../src/types/row-kind.js";
import { notNull as asNotNull, type Schema, type SqlType } from "../../src/types/sql-type.js";
import type { Row, Value } from "../../src/types/value.js";
import type { Change, Step } from "./drive.js";

/**
 * For an operator with so many properties: a few cases of one seed in the ordinary run, and in the extended one FUZZ_RUNS random cases
 * divided among them.
 */
export function propertyOf(properties: number): { readonly numRuns: number; readonly seed?: number } {
	const cases = Number(process.env.FUZZ_RUNS ?? 0);
	return cases > 0 ? { numRuns: Math.ceil(cases / properties) } : { numRuns: 15, seed: 7 };
}

const LONG = "a long string, more than twelve bytes";
const BINARIES = [[], [0], [0, 255], new Array(30).fill(7), new Array(31).fill(7)].map((bytes) =>
	Uint8Array.from(bytes),
);

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
		case "BINARY":
		case "VARBINARY":
			return fc.constantFrom(...BINARIES);
		case "TIME":
			return fc.nat(8);
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return type.precision <= 3 ? fc.integer({ min: -3000, max: 20_000 }) : fc.bigInt(-3_000_000n, 20_000_000n);
		case "ARRAY":
			return fc.array(valuesOf(type.element), { maxLength: 12 });
		case "ROW":
			return fc.tuple(...type.fields.map((field) => valuesOf(field.type)));
		case "MAP": {
			const entry = fc.tuple(valuesOf(asNotNull(type.key)), valuesOf(type.value));
			return fc.uniqueArray(entry, { selector: ([key]) => key, maxLength: 5 });
		}
		default:
			return fc.integer({ min: -3, max: 8 });
	}
}

/** Values of columns that are not just any of their type. */
export type ColumnValues = Readonly<Record<number, fc.Arbitrary<Value>>>;

export const rowOf = (schema: Schema, columns: ColumnValues = {}): fc.Arbitrary<Row> =>
	fc.tuple(...schema.map(({ type }, i) => columns[i] ?? valuesOf(type)));

/** How one input of an operator changes. */
export interface RandomInput {
	readonly schema: Schema;
	/** Rows are taken back. */
	readonly updates: boolean;
	/** Columns of which no two rows present have equal values. */
	readonly unique?: readonly number[];
	readonly columns?: ColumnValues;
}

export interface RandomSteps {
	readonly maxLength?: number;
	/** Watermarks up to this time, rising from `start` on. */
	readonly watermarks?: number;
	readonly start?: number;
}

/** Batches of insertions, and where rows may be taken back, of those; now and then an empty batch or a snapshot and restore. */
export function stepsOf(inputs: readonly RandomInput[], options: RandomSteps = {}): fc.Arbitrary<Step[]> {
	const { maxLength = 60, watermarks = 0, start = 0 } = options;
	const action = fc.record({
		watermark: fc.option(fc.nat(Math.floor(watermarks / 10)), { freq: 4 }),
		input: fc.nat(inputs.length - 1),
		rows: fc.tuple(...inputs.map(({ schema, columns }) => rowOf(schema, columns))),
		retract: fc.option(fc.nat(1000), { freq: 3 }),
		cut: fc.constantFrom("none", "none", "none", "batch", "empty", "restore"),
	});
	return fc.array(action, { maxLength }).map((actions) => {
		const steps: Step[] = [];
		const present: Row[][] = inputs.map(() => []);
		let changes: Change[] = [];
		let current = 0;
		let watermark = start - 1;
		const flush = () => {
			steps.push({ changes, input: current });
			changes = [];
		};
		for (const { input, rows, retract, cut, watermark: rise } of actions) {
			if (input !== current && changes.length > 0) flush();
			current = input;
			changes.push(...changeOf(inputs[input]!, present[input]!, rows[input]!, retract));
			if (cut !== "none") flush();
			if (cut === "empty") flush();
			if (cut === "restore") steps.push({ restore: true });
			if (watermarks === 0 || rise === null) continue;
			flush();
			watermark += rise + 1;
			steps.push({ watermark });
		}
		flush();
		return steps;
	});
}

function changeOf(
	{ schema, updates, unique }: RandomInput,
	present: Row[],
	row: Row,
	retract: number | null,
): Change[] {
	if (updates && retract !== null && present.length > 0) {
		const [gone] = present.splice(retract % present.length, 1);
		return [[retract % 2 === 0 ? RowKind.DELETE : RowKind.UPDATE_BEFORE, gone!]];
	}
	const before = unique ? present.findIndex((other) => same(schema, unique, other, row)) : -1;
	present.push(row);
	if (before < 0) return [[RowKind.INSERT, row]];
	if (!updates) {
		present.pop();
		return [];
	}
	const [old] = present.splice(before, 1);
	return [
		[RowKind.UPDATE_BEFORE, old!],
		[RowKind.UPDATE_AFTER, row],
	];
}

const same = (schema: Schema, columns: readonly number[], left: Row, right: Row): boolean =>
	columns.every((column) => equalValues(left[column]!, right[column]!, schema[column]!.type));

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
