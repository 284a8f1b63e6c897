// Drives one baseline operator, or a chain of them, by hand: rows with kinds and inputs, watermarks, and optional restarts from a
// snapshot between any two steps.
import { createOperator } from "../../src/baseline/create.js";
import { operatorContext } from "../../src/baseline/library.js";
import { MAX_WATERMARK, type RowOperator } from "../../src/baseline/operator.js";
import { Vertex } from "../../src/baseline/vertex.js";
import type { OperatorSpec } from "../../src/job/specs.js";
import { isAddition, ROW_KIND_TEXT, RowKind, type RowKindText } from "../../src/types/row-kind.js";
import type { Schema, SqlType } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";

/** A row of an input, or a watermark of one input (of all, without `input`). */
export type Step =
	| { readonly kind: RowKind; readonly row: Row; readonly input: number }
	| { readonly watermark: number; readonly input?: number };

export const insert = (...row: Row): Step => ({ kind: RowKind.INSERT, row, input: 0 });
export const change = (kind: RowKindText, ...row: Row): Step => ({
	kind: ROW_KIND_TEXT.indexOf(kind) as RowKind,
	row,
	input: 0,
});
export const on = (input: number, step: Step): Step => ({ ...step, input });
export const left = (...row: Row): Step => on(0, insert(...row));
export const right = (...row: Row): Step => on(1, insert(...row));
export const watermark = (time: number): Step => ({ watermark: time });

export interface Setup {
	readonly specs: readonly OperatorSpec[];
	/** Schemas of the first operator's inputs, then the output schema of each operator. */
	readonly inputs: readonly Schema[];
	readonly outputs: readonly Schema[];
	readonly batch?: boolean;
	readonly now?: () => number;
}

export const schemaOf = (...types: readonly SqlType[]): Schema => types.map((type, i) => ({ name: `c${i}`, type }));

export interface Change {
	readonly kind: RowKind;
	readonly row: Row;
}

export interface Outcome {
	readonly changes: readonly Change[];
	readonly late: number;
	/** What the first operator dropped as late. */
	readonly lateChanges: readonly Change[];
	/** The first operator's snapshot after the last step, before the inputs end. */
	readonly stateAtEnd?: unknown;
}

/** Runs the chain over the steps to the end of all inputs; before each step in `restarts` every operator is replaced by a restored copy. */
export function run(setup: Setup, steps: readonly Step[], restarts: ReadonlySet<number> = new Set()): Outcome {
	const changes: Change[] = [];
	const context = operatorContext(
		{
			context: {
				timeZone: "UTC",
				queryStartMs: 0,
				batch: setup.batch ?? false,
				currentCatalog: "default_catalog",
				currentDatabase: "default_database",
			},
			options: {},
		},
		setup.now ?? (() => 0),
		undefined,
	);
	const create = (index: number): RowOperator => {
		const inputs = index === 0 ? setup.inputs : [setup.outputs[index - 1]!];
		return createOperator(setup.specs[index]!, inputs, setup.outputs[index]!, context);
	};
	const vertices = setup.specs.map((spec, index) => {
		const inputs = index === 0 ? setup.inputs.length : 1;
		return new Restartable(spec.operator, spec.operator, create(index), inputs);
	});
	for (const [index, vertex] of vertices.entries()) {
		const next = vertices[index + 1];
		const sink = {
			process: (row: Row, kind: RowKind) => changes.push({ kind, row }),
			watermark() {},
			idle() {},
			end() {},
		};
		vertex.connect(next === undefined ? sink : next.input(0));
	}
	const sources = setup.inputs.map((_, input) => vertices[0]!.input(input));
	const lateChanges: Change[] = [];
	const { counters } = vertices[0]!;
	for (const [at, step] of steps.entries()) {
		const lateBefore = counters.lateRecordsDropped;
		if (restarts.has(at)) for (const [index, vertex] of vertices.entries()) vertex.restart(create(index));
		if ("row" in step) sources[step.input]!.process(step.row, step.kind);
		else if (step.input !== undefined) sources[step.input]!.watermark(step.watermark);
		else for (const source of sources) source.watermark(step.watermark);
		if ("row" in step && counters.lateRecordsDropped > lateBefore) lateChanges.push(step);
	}
	const stateAtEnd = structuredClone(vertices[0]!.operator.snapshot());
	for (const source of sources) source.watermark(MAX_WATERMARK);
	for (const source of sources) source.end();
	const late = vertices.reduce((sum, vertex) => sum + vertex.counters.lateRecordsDropped, 0);
	return { changes, late, lateChanges, stateAtEnd };
}

class Restartable extends Vertex {
	restart(fresh: RowOperator): void {
		fresh.restore(structuredClone(this.operator.snapshot()));
		(this as { operator: RowOperator }).operator = fresh;
	}
}

/** `+I a|1` for each change. */
export const textOf = (changes: readonly Change[]): string[] =>
	changes.map(({ kind, row }) => `${ROW_KIND_TEXT[kind]} ${rowText(row)}`);

export const rowText = (row: Row): string => row.map((value) => (value === null ? "NULL" : String(value))).join("|");

/** The rows left when all changes are applied, sorted. A row taken back that was not there is an error. */
export function fold(changes: readonly Change[]): string[] {
	const table: string[] = [];
	for (const { kind, row } of changes) {
		const text = rowText(row);
		if (isAddition(kind)) table.push(text);
		else {
			const at = table.indexOf(text);
			if (at < 0) throw new Error(`${ROW_KIND_TEXT[kind]} ${text} takes back a row that is not there`);
			table.splice(at, 1);
		}
	}
	return table.sort();
}
