// INTERSECT and EXCEPT, with and without ALL: how often each row is on each side decides how often it is in the result. Sends once per
// row and batch; bounded input, at the end.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { SetOperationSpec } from "../../job/specs.js";
import { RowKind } from "../../types/row-kind.js";
import { asNullable, INTEGER, notNull, type Schema } from "../../types/sql-type.js";
import type { Operator, OperatorContext, OperatorDefinition, Output, StateReader, StateWriter } from "../operator.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { RowLayout } from "../state/row-layout.js";

class SetOperation implements Operator {
	readonly #spec: SetOperationSpec;
	readonly #context: OperatorContext;
	readonly #index: GroupIndex;
	readonly #mark: number;
	readonly #counts: number;
	readonly #mode: number;
	#epoch = 0;
	#ended = 0;

	constructor(spec: SetOperationSpec, context: OperatorContext) {
		this.#spec = spec;
		this.#context = context;
		const { region, owner, inputs } = context;
		const types = inputs[0]!.map(({ type }, i) =>
			inputs.some((input) => input[i]!.type.nullable) ? asNullable(type) : type,
		);
		const key = keyLayout(types);
		const layout = new RowLayout(key.bytes);
		this.#mark = layout.reserve(4);
		this.#counts = layout.reserve(4);
		for (let i = 1; i < inputs.length; i++) layout.reserve(4);
		this.#index = new GroupIndex(region, owner, key, layout.stride);
		this.#mode = (spec.kind === "except" ? 1 : 0) | (spec.all ? 2 : 0);
	}

	process({ columns, length: n, kinds }: Batch, input: number, out: Output): void {
		const { arena, kernels } = this.#context.region;
		const { rows } = this.#index.find(columns, n);
		const touched = arena.allocate(n * 4);
		const before = arena.allocate(n * 4);
		const inputs = this.#context.inputs.length;
		const [counts, mode, mark] = [this.#counts, this.#mode, this.#mark];
		// biome-ignore format: the kernel's parameters
		const count = kernels.setTouch(rows, n, kinds, counts, input, inputs, mode, mark, ++this.#epoch, touched, before);
		if (this.#spec.final) return;
		this.#emit(touched, count, before, false, out);
		this.#emit(touched, count, before, true, out);
		const gone = arena.allocate(count * 4);
		this.#index.remove(gone, kernels.setGone(touched, count, counts, inputs, gone));
	}

	finish(_input: number, out: Output): void {
		if (!this.#spec.final || ++this.#ended < this.#context.inputs.length) return;
		for (const { rows, count } of this.#index.scan(BATCH_ROWS)) this.#emit(rows, count, 0, true, out);
	}

	snapshot(writer: StateWriter): void {
		writer.table("rows", this.#savedSchema, this.#saved(), [...this.#context.inputs[0]!.keys()]);
	}

	restore(reader: StateReader): void {
		const { kernels } = this.#context.region;
		const width = this.#context.inputs[0]!.length;
		for (const { columns, length } of reader.table("rows")) {
			const { rows } = this.#index.find(columns.slice(0, width), length);
			for (const [i, { data }] of columns.slice(width).entries()) {
				kernels.rowsWrite4(data, 0, length, rows, this.#counts + i * 4, 0, 0);
			}
		}
	}

	dispose(): void {
		this.#index.dispose();
	}

	#emit(rows: number, n: number, before: number, gains: boolean, out: Output): void {
		const { arena, kernels } = this.#context.region;
		const inputs = this.#context.inputs.length;
		const total = kernels.setTotal(rows, n, this.#counts, inputs, this.#mode, before, gains);
		if (total === 0) return;
		const all = arena.allocate(total * 4);
		kernels.setRows(rows, n, this.#counts, inputs, this.#mode, before, gains, all);
		for (let from = 0; from < total; from += BATCH_ROWS) {
			const mark = arena.mark();
			const length = Math.min(BATCH_ROWS, total - from);
			let kinds = 0;
			if (!gains) {
				kinds = arena.allocate(length);
				kernels.fillBytes(kinds, RowKind.DELETE, length);
			}
			out.emit({ length, columns: this.#index.gatherKeys(all + from * 4, length), kinds });
			arena.release(mark);
		}
	}

	get #savedSchema(): Schema {
		const counts = this.#context.inputs.map((_, i) => ({ name: `count${i}`, type: notNull(INTEGER) }));
		const types = this.#index.fields.map(({ type }, i) => ({ name: this.#context.inputs[0]![i]!.name, type }));
		return [...types, ...counts];
	}

	*#saved(): Generator<Batch> {
		const { arena, kernels } = this.#context.region;
		for (const { rows, count } of this.#index.scan(BATCH_ROWS)) {
			const counts = this.#context.inputs.map((_, i): Column => {
				const data = arena.allocate(count * 4);
				kernels.rowsRead4(rows, count, this.#counts + i * 4, data);
				return { type: notNull(INTEGER), physical: "i32", data, validity: 0 };
			});
			yield { length: count, columns: [...this.#index.gatherKeys(rows, count), ...counts], kinds: 0 };
		}
	}
}

export const setOperation: OperatorDefinition<"SetOperation"> = {
	name: "SetOperation",
	create: (spec, context) => new SetOperation(spec, context),
};
