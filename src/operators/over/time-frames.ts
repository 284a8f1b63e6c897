// The frames of an OVER aggregate in order of time, and the aggregates over them. Layouts in assembly/order/frames.ts.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { takeColumn } from "../../arrow/take.js";
import type { AggregateCall, OverAggregateSpec, OverFrame } from "../../job/specs.js";
import { BIGINT, notNull, type Schema, type SqlType } from "../../types/sql-type.js";
import { Aggregates, canRun } from "../aggregate/aggregates.js";
import { BatchWeights } from "../aggregate/batch-weights.js";
import type { DistinctSet } from "../aggregate/distinct-set.js";
import { readSets, savedEntries, writeSets } from "../aggregate/saved-sets.js";
import type { OperatorContext, StateReader, StateWriter } from "../operator.js";
import type { DueRows } from "../rank/due-rows.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { type PackedFields, RowLayout } from "../state/row-layout.js";
import type { Rows } from "../state/row-store.js";

const LAST_TIME = 16;
const FORGET_AT = 24;
const FRAME_BYTES = 8;

interface Frame {
	/** Rows or ms before the current row; negative: all. */
	readonly reach: number;
	readonly isRange: boolean;
	/** Offset in partitions of the frame's first row and number of rows; of bounded frames. */
	readonly list: number;
	readonly aggregates: Aggregates;
	/** Input columns that the calls read. */
	readonly used: readonly number[];
}

/** How far a frame reaches back, negative: to the beginning; undefined: not as frames in time do. */
function reachOf({ start, end }: OverFrame): number | undefined {
	if (end.kind !== "currentRow") return undefined;
	if (start.kind === "unboundedPreceding") return -1;
	if (start.kind === "currentRow") return 0;
	return start.kind === "preceding" ? start.offset : undefined;
}

/** Whether there are kernels for all frames. */
export const hasTimeFrames = ({ groups }: OverAggregateSpec): boolean =>
	groups.every(({ frame, calls }) => reachOf(frame) !== undefined && canRun(calls));

export class TimeFrames {
	readonly #context: OperatorContext;
	readonly #due: DueRows;
	readonly #partition: readonly number[];
	readonly #key: PackedFields;
	readonly #keys: GroupIndex;
	/** Offset of what is kept per partition. */
	readonly at: number;
	readonly #stride: number;
	readonly #frames: readonly Frame[];
	readonly #bounded: readonly Frame[];
	#epoch = 1;

	constructor(spec: OverAggregateSpec, due: DueRows, context: OperatorContext) {
		const { region, owner, functions, inputs } = context;
		const input = inputs[0] as Schema;
		this.#context = context;
		this.#due = due;
		this.#partition = spec.partition;
		this.#key = keyLayout(spec.partition.map((column) => input[column]!.type));
		const layout = new RowLayout(this.#key.bytes);
		this.at = layout.reserve(8);
		for (let i = 0; i < 3; i++) layout.reserve(8);
		const lists = spec.groups.map(({ frame }) => (reachOf(frame)! < 0 ? 0 : layout.reserve(FRAME_BYTES)));
		this.#frames = spec.groups.map(({ frame, calls }, i): Frame => {
			const reach = reachOf(frame)!;
			const isBounded = reach >= 0;
			const options = { calls, updates: isBounded, sliding: isBounded, grouped: true, merged: true, functions };
			const aggregates = new Aggregates(region, owner, layout, options);
			return { reach, isRange: frame.unit === "range", list: lists[i]!, aggregates, used: columnsOf(calls) };
		});
		this.#bounded = this.#frames.filter(({ reach }) => reach >= 0);
		this.#stride = layout.stride;
		this.#keys = new GroupIndex(region, owner, this.#key, layout.stride);
	}

	get isBounded(): boolean {
		return this.#bounded.length > 0;
	}

	/** The length of the bounded range, if that is a frame; else negative. */
	get range(): number {
		return this.#bounded.find(({ isRange }) => isRange)?.reach ?? -1;
	}

	/** The partitions of rows. */
	find({ columns, length }: Pick<Batch, "columns" | "length">): number {
		return this.findKeys(
			this.#partition.map((column) => columns[column]!),
			length,
		);
	}

	findKeys(keys: readonly Column[], n: number): number {
		return this.#keys.find(keys, n).rows;
	}

	/** Lets rows that are in order of time enter, and sends them with their results. `peers`: rows of one time see each other. */
	enter({ rows, count }: Rows, peers: boolean, send: (batch: Batch) => void): void {
		const { region } = this.#context;
		const { kernels, arena } = region;
		const columns = this.#due.gather(rows, count);
		const partitions = this.find({ columns, length: count });
		kernels.overLink(rows, partitions, count, this.at, this.#due.timeAt, this.#bounded.length);
		const gone = arena.allocate((count + this.#due.rows.store.live + 1) * 4);
		region.u32[gone >>> 2] = 0;
		const results = this.#frames.flatMap((frame) =>
			this.#run(frame, { rows, count }, partitions, peers, columns, gone),
		);
		for (let at = 0; at < count; at += BATCH_ROWS) {
			const mark = arena.mark();
			const length = Math.min(BATCH_ROWS, count - at);
			const all = [...columns, ...results];
			send({ length, columns: count === length ? all : all.map((column) => this.#part(column, at, length)), kinds: 0 });
			arena.release(mark);
		}
		for (const { aggregates } of this.#frames) aggregates.settle(partitions, count);
		if (this.isBounded) this.#due.rows.remove(gone + 4, region.u32[gone >>> 2]!);
		else this.#due.rows.remove(rows, count);
	}

	/** Forgets the partitions whose time has come. */
	forget(heap: number, limit: number): void {
		const { region } = this.#context;
		const { arena, kernels } = region;
		for (let count = BATCH_ROWS; count === BATCH_ROWS; ) {
			const mark = arena.mark();
			const partitions = arena.allocate(BATCH_ROWS * 4);
			count = kernels.overForget(heap, limit, this.at, BATCH_ROWS, partitions);
			const held = this.#bounded.reduce((sum, { list }) => sum + kernels.overHeld(partitions, count, list), 0);
			const gone = arena.allocate((held + 1) * 4);
			region.u32[gone >>> 2] = 0;
			for (const { list } of this.#bounded) kernels.overEmpty(partitions, count, list, gone);
			this.#due.rows.remove(gone + 4, region.u32[gone >>> 2]!);
			for (const { aggregates } of this.#frames) aggregates.release(partitions, count);
			this.#keys.remove(partitions, count);
			arena.release(mark);
		}
	}

	/** Key columns, then what is kept of a partition. */
	get savedSchema(): Schema {
		const types: SqlType[] = [
			...this.#key.fields.map(({ type }) => type),
			...[LAST_TIME, FORGET_AT, ...this.#bounded].map(() => notNull(BIGINT)),
			...this.#frames.flatMap(({ aggregates }) => aggregates.saved),
		];
		return types.map((type, i) => ({ name: `f${i}`, type }));
	}

	get keyTypes(): readonly SqlType[] {
		return this.#key.fields.map(({ type }) => type);
	}

	keysOf(partitions: number, n: number): Column[] {
		return this.#keys.gatherKeys(partitions, n);
	}

	*saved(): Generator<Batch> {
		const { region } = this.#context;
		for (const { rows, count } of this.#keys.scan(BATCH_ROWS)) {
			const longs = [LAST_TIME, FORGET_AT].map((offset) => {
				const data = region.arena.allocate(count * 8);
				region.kernels.rowsRead8(rows, count, this.at + offset, data);
				return { type: notNull(BIGINT), physical: "i64", data, validity: 0 } as const;
			});
			const sizes = this.#bounded.map(({ list }) => {
				const data = region.arena.allocate(count * 8);
				region.kernels.rowsRead8(rows, count, list, data);
				region.kernels.overSizes(data, count);
				return { type: notNull(BIGINT), physical: "i64", data, validity: 0 } as const;
			});
			const states = this.#frames.flatMap(({ aggregates }) => aggregates.save(rows, count));
			yield { length: count, columns: [...this.keysOf(rows, count), ...longs, ...sizes, ...states], kinds: 0 };
		}
	}

	/** `name`: of the table of partitions, whose keys come first. */
	saveSets(writer: StateWriter, name: string): void {
		const sets = this.#sets;
		const names = { types: this.keyTypes, keys: [...this.keyTypes.keys()] };
		writeSets(writer, name, names, sets, (index) =>
			savedEntries(sets[index]!, (partitions, n) => this.keysOf(partitions, n)),
		);
	}

	loadSets(reader: StateReader, name: string): void {
		const sets = this.#sets;
		const width = this.#key.fields.length;
		readSets(reader, name, sets, (index, { columns, length }) => {
			const partitions = this.findKeys(columns.slice(0, width), length);
			sets[index]!.load(columns.slice(width), partitions, length);
		});
	}

	get #sets(): DistinctSet[] {
		return this.#frames.flatMap(({ aggregates }) => aggregates.sets);
	}

	load({ columns, length }: Batch): void {
		const { region } = this.#context;
		const width = this.#key.fields.length;
		const { rows } = this.#keys.find(columns.slice(0, width), length);
		for (const [i, offset] of [LAST_TIME, FORGET_AT].entries()) {
			const { data } = columns[width + i]!;
			region.kernels.rowsWrite8(data, 0, length, rows, this.at + offset, 0, 0);
		}
		for (const [i, { list }] of this.#bounded.entries()) {
			const sizes = columns[width + 2 + i]!.data;
			region.kernels.overShift(sizes, length, rows, list);
		}
		let from = width + 2 + this.#bounded.length;
		for (const { aggregates } of this.#frames) {
			const to = from + aggregates.saved.length;
			aggregates.load(columns.slice(from, to), rows, length);
			from = to;
		}
	}

	/** The rows that frames hold, those of a partition in order. */
	*held(): Generator<Batch> {
		const { arena, kernels } = this.#context.region;
		const [first] = this.#bounded;
		if (!first) return;
		for (const { rows: partitions, count } of this.#keys.scan(BATCH_ROWS)) {
			const most = this.#bounded.reduce((sum, { list }) => sum + kernels.overHeld(partitions, count, list), 0);
			const rows = arena.allocate(most * 4);
			const total = kernels.overRows(partitions, count, first.list, this.#bounded.length, rows);
			for (let at = 0; at < total; at += BATCH_ROWS) {
				const length = Math.min(BATCH_ROWS, total - at);
				yield { length, columns: this.#due.gather(rows + at * 4, length), kinds: 0 };
			}
		}
	}

	/** Rows that were held, all at once, those of a partition in order. */
	hold(rows: number, count: number): void {
		const [first] = this.#bounded;
		if (!first || count === 0) return;
		const partitions = this.find({ columns: this.#due.gather(rows, count), length: count });
		const { kernels } = this.#context.region;
		kernels.overHold(rows, partitions, count, this.at, first.list, this.#bounded.length);
	}

	dispose(): void {
		for (const { aggregates } of this.#frames) aggregates.dispose();
		this.#keys.dispose();
	}

	#part(column: Column, at: number, length: number): Column {
		const { region } = this.#context;
		const indices = region.arena.allocate(length * 4);
		region.kernels.rowsIota(at, 1, length, indices);
		return takeColumn(region, column, indices, length);
	}

	/** The results of a frame's calls for rows. */
	#run(
		frame: Frame,
		{ rows, count }: Rows,
		partitions: number,
		peers: boolean,
		columns: Column[],
		gone: number,
	): Column[] {
		const { region } = this.#context;
		const { arena, kernels } = region;
		const { reach, isRange, list, aggregates, used } = frame;
		const most = reach < 0 ? count : isRange ? count + this.#due.rows.store.live : count * 2;
		const states = arena.allocate(count * this.#stride);
		const [stateOf, stateCount] = [arena.allocate(count * 4), arena.allocate(4)];
		const [eventRows, eventStates] = [arena.allocate(most * 4), arena.allocate(most * 4)];
		const [kinds, snaps] = [arena.allocate(most), arena.allocate(most * 4)];
		const epoch = this.#nextEpoch(count);
		// biome-ignore format: the kernel's parameters
		const events = kernels.overEvents(
			rows, partitions, count, this.at, list, reach, isRange, peers && isRange, this.#due.timeAt, epoch, states, this.#stride,
			stateOf, eventRows, eventStates, kinds, snaps, gone, stateCount,
		);
		const stateRows = arena.allocate(count * 4);
		kernels.rowsIota(states, this.#stride, count, stateRows);
		kernels.rowsClear(stateRows, count, 0, this.#stride);
		const read: Column[] = [];
		for (const column of used) {
			read[column] = reach < 0 ? columns[column]! : this.#due.rows.column(column, eventRows, events);
		}
		const batch = { length: events, columns: read, kinds: reach < 0 ? 0 : kinds };
		aggregates.run(new BatchWeights(region, batch, eventStates), snaps);
		return aggregates.results(stateOf, count);
	}

	/** A number that marks no partition yet, nor do the `n` after it. */
	#nextEpoch(n: number): number {
		const epoch = this.#epoch;
		this.#epoch += n;
		return epoch;
	}
}

const columnsOf = (calls: readonly AggregateCall[]): number[] => [
	...new Set(calls.flatMap(({ args, filter }) => (filter === undefined ? args : [...args, filter]))),
];
