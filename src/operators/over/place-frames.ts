// The aggregates over one kind of frame of sorted rows. Where frames begin with their partition, or rows are taken back without a trace,
// rows enter and leave a running state; else short frames are added up each.
import { BATCH_ROWS, type Column } from "../../arrow/batch.js";
import type { AggregateCall, OverFrame } from "../../job/specs.js";
import { isInteger } from "../../types/sql-type.js";
import { physicalType } from "../../types/value.js";
import { Aggregates, canRun, hasKernels } from "../aggregate/aggregates.js";
import { BatchWeights } from "../aggregate/batch-weights.js";
import type { OperatorContext } from "../operator.js";
import type { AllRows } from "../rank/all-rows.js";
import { RowLayout } from "../state/row-layout.js";
import type { Places } from "./places.js";

/** Every row of a frame is looked at for every row that the frame belongs to. */
const MAX_LENGTH = 257;
const EVENTS = 4 * BATCH_ROWS;
const CURSOR_BYTES = 24;
const SUMS = new Set(["COUNT", "SUM", "$SUM0", "AVG"]);

/** How frames are evaluated: rows enter, enter and leave, or each frame is listed. */
type Way = "enter" | "slide" | "list";

/** Undefined: there are no kernels. */
export function wayOf({ unit, start, end }: OverFrame, calls: readonly AggregateCall[]): Way | undefined {
	const isOffset = (kind: string) => kind === "preceding" || kind === "following";
	if (unit === "range" && (isOffset(start.kind) || isOffset(end.kind))) return undefined;
	if (calls.some(({ distinct }) => distinct)) return undefined;
	if (start.kind === "unboundedPreceding") return canRun(calls) ? "enter" : undefined;
	if (calls.every(leavesNoTrace) && canRun(calls)) return "slide";
	const length = lengthOf({ unit, start, end });
	const isListed = hasKernels(calls) && calls.every((one) => physicalType(one.type) !== "view");
	return isListed && length !== undefined && length <= MAX_LENGTH ? "list" : undefined;
}

const leavesNoTrace = ({ function: name, argTypes }: AggregateCall) => SUMS.has(name) && argTypes.every(isInteger);

/** Rows of a frame at most, where that is known. */
function lengthOf({ unit, start, end }: OverFrame): number | undefined {
	if (unit !== "rows") return undefined;
	const [first, last] = [start, end].map((bound) => {
		if (bound.kind === "currentRow") return 0;
		if (bound.kind === "preceding") return -bound.offset;
		return bound.kind === "following" ? bound.offset : undefined;
	});
	return first === undefined || last === undefined ? undefined : last - first + 1;
}

/** Whether the row itself is always in its frame. */
const holdsItself = ({ start, end }: OverFrame) => start.kind !== "following" && end.kind !== "preceding";

export class PlaceFrames {
	readonly #context: OperatorContext;
	readonly #frame: OverFrame;
	readonly #way: Way;
	readonly #aggregates: Aggregates;
	readonly #stride: number;
	/** Input columns that the calls read. */
	readonly #used: readonly number[];

	constructor(frame: OverFrame, calls: readonly AggregateCall[], way: Way, context: OperatorContext) {
		const { region, owner, functions } = context;
		this.#context = context;
		this.#frame = frame;
		this.#way = way;
		const layout = new RowLayout(8);
		const grouped = holdsItself(frame);
		const options = { calls, updates: way === "slide", grouped, merged: false, functions };
		this.#aggregates = new Aggregates(region, owner, layout, options);
		this.#stride = layout.stride;
		const columns = calls.flatMap(({ args, filter }) => (filter === undefined ? args : [...args, filter]));
		this.#used = [...new Set(columns)];
	}

	/** Evaluates frames from the first place on: each call gives the results of the next `n` rows. */
	over(places: Places, all: AllRows): (at: number, n: number) => Column[] {
		const frames = places.frames(this.#frame);
		if (this.#way === "list") return (at, n) => this.#list(places, all, frames, at, n);
		const { region } = this.#context;
		const cursor = region.arena.allocate(CURSOR_BYTES);
		const bytes = (places.partitions.groups + 1) * this.#stride;
		const states = region.arena.allocate(bytes);
		region.u8.fill(0, states, states + bytes);
		region.u8.fill(0, cursor, cursor + CURSOR_BYTES);
		// Before the first partition.
		region.u32[(cursor >>> 2) + 3] = states;
		return (at, n) => this.#run(places, all, frames, cursor, at, n);
	}

	dispose(): void {
		this.#aggregates.dispose();
	}

	#run(places: Places, all: AllRows, frames: Frames, cursor: number, at: number, n: number): Column[] {
		const { region } = this.#context;
		const { arena, kernels } = region;
		const stride = this.#stride;
		const { starts, ends } = frames;
		const stateOf = arena.allocate(n * 4);
		const copies = arena.allocate(n * stride);
		region.u8.fill(0, copies, copies + n * stride);
		const [rows, states] = [arena.allocate(EVENTS * 4), arena.allocate(EVENTS * 4)];
		const [kinds, snaps] = [arena.allocate(EVENTS), arena.allocate(EVENTS * 4)];
		for (let from = at; from < at + n; from = region.u32[cursor >>> 2]!) {
			const mark = arena.mark();
			const [copy, state] = [copies + (from - at) * stride, stateOf + (from - at) * 4];
			// biome-ignore format: the kernel's parameters
			const length = kernels.placesEvents(
				places.rows, places.partitions.firsts, starts, ends, at + n, cursor, stride, copy, state, EVENTS, rows, states, kinds, snaps,
			);
			const columns = this.#columns(all, rows, length);
			const batch = { length, columns, kinds: this.#way === "slide" ? kinds : 0 };
			if (length > 0) this.#aggregates.run(new BatchWeights(region, batch, states), snaps);
			arena.release(mark);
		}
		return this.#aggregates.results(stateOf, n);
	}

	#list(places: Places, all: AllRows, { starts, ends }: Frames, at: number, n: number): Column[] {
		const { region } = this.#context;
		const { arena, kernels } = region;
		const states = arena.allocate(n * this.#stride);
		const stateRows = arena.allocate(n * 4);
		kernels.rowsIota(states, this.#stride, n, stateRows);
		kernels.rowsClear(stateRows, n, 0, this.#stride);
		const most = n * (lengthOf(this.#frame) as number);
		const [rows, stateOf] = [arena.allocate(most * 4), arena.allocate(most * 4)];
		const length = kernels.placesFrames(places.rows, starts, ends, at, n, states, this.#stride, rows, stateOf);
		const batch = { length, columns: this.#columns(all, rows, length), kinds: 0 };
		if (length > 0) this.#aggregates.update(new BatchWeights(region, batch, stateOf));
		return this.#aggregates.results(stateRows, n);
	}

	#columns(all: AllRows, rows: number, n: number): Column[] {
		const columns: Column[] = [];
		for (const column of this.#used) columns[column] = all.column(column, rows, n);
		return columns;
	}
}

type Frames = ReturnType<Places["frames"]>;
