// WindowTableFunction over tumbling, hopping and cumulating windows: each row once per window that holds it, with window_start, window_end
// and window_time. Rows pass whatever their lateness.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import type { WindowTableFunctionSpec } from "../../job/specs.js";
import type { WindowSpec } from "../../job/window.js";
import type { Schema } from "../../types/sql-type.js";
import type { Operator, OperatorContext, OperatorDefinition, Output } from "../operator.js";
import { nullRowtime, unitsPerMs } from "./slice-parts.js";
import { ZoneClock } from "./zone-clock.js";

type RowWindow = Extract<WindowSpec, { kind: "tumble" | "hop" | "cumulate" }>;

class WindowTableFunction implements Operator {
	readonly #window: RowWindow;
	readonly #context: OperatorContext;
	readonly #clock: ZoneClock | undefined;
	readonly #scale: number;
	/** Windows that hold one row, at most. */
	readonly #windowsPerRow: number;

	constructor(window: RowWindow, context: OperatorContext) {
		this.#window = window;
		this.#context = context;
		this.#clock = ZoneClock.of(context.region, window.timeZone);
		const isScaled = window.eventTime && this.#clock === undefined;
		this.#scale = isScaled ? unitsPerMs((context.inputs[0] as Schema)[window.time]!.type) : 1;
		const { size } = window;
		const step = window.kind === "hop" ? window.slide : window.kind === "cumulate" ? window.step : size;
		this.#windowsPerRow = Math.ceil(size / step);
	}

	process(batch: Batch, _input: number, out: Output): void {
		const { arena } = this.#context.region;
		const { data, validity } = this.#timesOf(batch);
		const rows = Math.max(1, Math.floor(BATCH_ROWS / this.#windowsPerRow));
		for (let from = 0; from < batch.length; from += rows) {
			const mark = arena.mark();
			this.#assign(batch, data, validity, from, Math.min(from + rows, batch.length), out);
			arena.release(mark);
		}
	}

	dispose(): void {}

	#timesOf(batch: Batch): { readonly data: number; readonly validity: number } {
		const { region, functions } = this.#context;
		if (!this.#window.eventTime) {
			const data = region.arena.allocate(batch.length * 8);
			const now = this.#context.now();
			region.kernels.sliceFill(data, batch.length, this.#clock?.localOf(now) ?? now);
			return { data, validity: 0 };
		}
		const times = batch.columns[this.#window.time]!;
		if (times.validity !== 0 && !functions.batch) throw nullRowtime();
		return this.#clock?.local(times, batch.length) ?? times;
	}

	#assign(batch: Batch, times: number, validity: number, from: number, to: number, out: Output): void {
		const { region, vertex } = this.#context;
		const { arena, kernels } = region;
		const room = (to - from) * this.#windowsPerRow;
		const rows = arena.allocate(room * 4);
		const [starts, ends] = [arena.allocate(room * 8), arena.allocate(room * 8)];
		const window = this.#window;
		const { size, offset } = window;
		const step = window.kind === "hop" ? window.slide : window.kind === "cumulate" ? window.step : size;
		const assign = window.kind === "cumulate" ? kernels.assignCumulations : kernels.assignHops;
		const n = assign(times, validity, this.#scale, from, to, size, step, offset, rows, starts, ends);
		if (n === 0) return;
		const locals = arena.allocate(n * 8);
		kernels.sliceLast(ends, n, locals);
		const lasts = this.#clock?.instants(locals, n) ?? locals;
		const isWhole = n === batch.length && kernels.pairsAreRows(rows, n);
		const passed = isWhole ? batch.columns : batch.columns.map((column) => takeColumn(region, column, rows, n));
		const properties = [starts, ends, lasts].map((data, i): Column => {
			const { type } = vertex.schema[batch.columns.length + i]!;
			return { type, physical: "i64", data, validity: 0 };
		});
		out.emit({ length: n, columns: [...passed, ...properties], kinds: this.#kinds(batch, rows, n) });
	}

	#kinds({ kinds }: Batch, rows: number, n: number): number {
		if (kinds === 0) return 0;
		const { arena, kernels } = this.#context.region;
		const taken = arena.allocate(n);
		kernels.take1(kinds, rows, n, taken);
		return taken;
	}
}

export const windowTableFunction: OperatorDefinition<"WindowTableFunction"> = {
	name: "WindowTableFunction",
	create({ window }: WindowTableFunctionSpec, context) {
		if (window.kind === "session" || window.kind === "attached") return undefined;
		return new WindowTableFunction(window, context);
	},
};
