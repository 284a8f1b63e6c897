// The operators that look at one row at a time: Calc, Expand, Correlate, Union and DropUpdateBefore.
import type { CalcSpec, CorrelateSpec, ExpandSpec } from "../job/specs.js";
import { RowKind } from "../types/row-kind.js";
import type { Row, Value } from "../types/value.js";
import { compileCondition, type OperatorContext, type RowFunction } from "./context.js";
import { type RowOutput, StatelessOperator } from "./operator.js";

export class Calc extends StatelessOperator {
	readonly #context: OperatorContext;
	readonly #passes: (row: Row) => boolean;
	readonly #projection: readonly RowFunction[];

	constructor(spec: CalcSpec, context: OperatorContext) {
		super();
		this.#context = context;
		this.#passes = compileCondition(spec.condition, context);
		this.#projection = spec.projection.map((expr) => context.compile(expr));
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		if (!this.#passes(row)) return;
		out.emit(
			this.#projection.map((evaluate) => evaluate(row)),
			kind,
		);
	}

	advance(watermark: number): void {
		const { arrived } = this.#context.functions;
		if (arrived) arrived.watermark = watermark;
	}
}

export class Expand extends StatelessOperator {
	readonly #projections: readonly (readonly RowFunction[])[];

	constructor(spec: ExpandSpec, context: OperatorContext) {
		super();
		this.#projections = spec.projections.map((exprs) => exprs.map((expr) => context.compile(expr)));
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		for (const projection of this.#projections) {
			out.emit(
				projection.map((evaluate) => evaluate(row)),
				kind,
			);
		}
	}
}

export class Correlate extends StatelessOperator {
	readonly #rowsOf: (row: Row) => Iterable<Row>;
	readonly #passes: (row: Row) => boolean;
	/** What a row without partners gets; undefined for an inner join. */
	readonly #padding: readonly Value[] | undefined;

	constructor(spec: CorrelateSpec, context: OperatorContext) {
		super();
		this.#rowsOf = context.table(spec);
		this.#passes = compileCondition(spec.condition, context);
		const width = spec.row.kind === "ROW" ? spec.row.fields.length : 1;
		this.#padding = spec.type === "left" ? new Array<null>(width).fill(null) : undefined;
	}

	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		let found = false;
		for (const added of this.#rowsOf(row)) {
			const joined = [...row, ...added];
			if (!this.#passes(joined)) continue;
			found = true;
			out.emit(joined, kind);
		}
		if (!found && this.#padding !== undefined) out.emit([...row, ...this.#padding], kind);
	}
}

export class Union extends StatelessOperator {
	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		out.emit(row, kind);
	}
}

export class DropUpdateBefore extends StatelessOperator {
	process(row: Row, kind: RowKind, _input: number, out: RowOutput): void {
		if (kind !== RowKind.UPDATE_BEFORE) out.emit(row, kind);
	}
}
