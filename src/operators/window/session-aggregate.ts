// WindowAggregate over event-time sessions: each open session is a row of accumulators in its key's list. Sessions that a row touches
// become one; the watermark closes them in the order of their ends.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { takeBatch } from "../../arrow/take.js";
import { keepsOrder } from "../../job/aggregate-order.js";
import type { WindowAggregateSpec } from "../../job/specs.js";
import type { WindowSpec } from "../../job/window.js";
import { BIGINT, notNull, type Schema, type SqlType } from "../../types/sql-type.js";
import { Aggregates } from "../aggregate/aggregates.js";
import { BatchWeights } from "../aggregate/batch-weights.js";
import { readSets, savedEntries, writeSets } from "../aggregate/saved-sets.js";
import type { Count } from "../aggregate/sum.js";
import {
	MAX_WATERMARK,
	type Operator,
	type OperatorContext,
	type Output,
	type StateReader,
	type StateWriter,
} from "../operator.js";
import { GroupIndex } from "../state/group-index.js";
import { keyLayout } from "../state/key-layout.js";
import { RowLayout } from "../state/row-layout.js";
import { RowStore } from "../state/row-store.js";
import { TimeHeap } from "../state/time-heap.js";
import { nullRowtime, unitsPerMs } from "./slice-parts.js";
import { ZoneClock } from "./zone-clock.js";

/** The head of a session row, see assembly/window/session.ts. */
const SESSION_BYTES = 32;
const START = 16;
const END = 24;
const STORE_HEADER_BYTES = 64;
const TABLE = "sessions";

/** A merge in the arena, see assembly/window/session.ts. */
const MERGE_BYTES = 12;

interface AssignedRows {
	readonly rows: number;
	readonly merges: number;
	readonly mergeCount: number;
}

type SessionSpec = WindowAggregateSpec & { readonly window: Extract<WindowSpec, { kind: "session" }> };

export class SessionAggregate implements Operator {
	readonly #spec: SessionSpec;
	readonly #context: OperatorContext;
	readonly #keyTypes: readonly SqlType[];
	/** Sessions in local time. */
	readonly #clock: ZoneClock | undefined;
	readonly #scale: number;
	readonly #keys: GroupIndex;
	/** Offset of a key's first session. */
	readonly #head: number;
	readonly #aggregates: Aggregates;
	/** Rows are to be added in their order. */
	readonly #keepsOrder: boolean;
	readonly #rowCount: Count | undefined;
	readonly #storeHeader: number;
	readonly #sessions: RowStore;
	readonly #heap: TimeHeap;
	#fired = Number.MIN_SAFE_INTEGER;

	constructor(spec: SessionSpec, context: OperatorContext) {
		this.#spec = spec;
		this.#context = context;
		const { region, owner, functions } = context;
		const input = context.inputs[0] as Schema;
		this.#keyTypes = spec.keys.map((key) => input[key]!.type);
		this.#clock = ZoneClock.of(region, spec.window.timeZone);
		this.#scale = this.#clock ? 1 : unitsPerMs(input[spec.window.time]!.type);
		const key = keyLayout(this.#keyTypes);
		const keyRow = new RowLayout(key.bytes);
		this.#head = keyRow.reserve(4);
		this.#keys = new GroupIndex(region, owner, key, keyRow.stride);
		const sessionRow = new RowLayout(SESSION_BYTES);
		const options = { calls: spec.calls, updates: spec.inputUpdates, grouped: true, merged: true, functions };
		this.#aggregates = new Aggregates(region, owner, sessionRow, options);
		this.#keepsOrder = spec.calls.some(keepsOrder);
		this.#rowCount = spec.inputUpdates ? this.#aggregates.rowCount() : undefined;
		this.#storeHeader = region.heap.allocateZeroed(STORE_HEADER_BYTES, owner);
		this.#sessions = new RowStore(region, owner, this.#storeHeader, sessionRow.stride);
		this.#heap = new TimeHeap(region, owner);
	}

	process(batch: Batch, _input: number, out: Output): void {
		const { region } = this.#context;
		const instants = batch.columns[this.#spec.window.time]!;
		if (instants.validity !== 0) throw nullRowtime();
		const n = batch.length;
		const times = this.#clock?.local(instants, n) ?? instants;
		const { rows: keyRows } = this.#keys.find(this.#keyColumns(batch), n);
		const { rows, merges, mergeCount } = this.#assign(keyRows, times, n);
		const present = region.arena.allocate(n * 4);
		const count = region.kernels.sessionPresent(rows, n, present);
		if (mergeCount > 0 && this.#keepsOrder) this.#mergeInOrder(batch, rows, merges, mergeCount);
		else {
			if (mergeCount > 0) this.#mergeAhead(rows, n, merges, mergeCount);
			this.#update(batch, rows, present, count);
		}
		if (count === n) return;
		this.#forgetKeysWithout(keyRows, n);
		this.#drop(batch, rows, n - count, out);
	}

	/** `sessions`: that of each row, 0 for the `n` that are late. */
	#drop(batch: Batch, sessions: number, n: number, out: Output): void {
		const { region, metrics } = this.#context;
		metrics.lateRecordsDropped += n;
		if (!out.late) return;
		const marks = region.arena.allocate(batch.length);
		const rows = region.arena.allocate(batch.length * 4);
		region.kernels.fillBytes(marks, 0, batch.length);
		region.kernels.rowsMark(sessions, batch.length, marks);
		out.late(batch, rows, region.kernels.kindsOtherThan(marks, batch.length, 1, rows));
	}

	advance(watermark: number, out: Output): void {
		if (!this.#spec.final) this.#close(this.#clock?.passed(watermark) ?? watermark, out);
	}

	finish(_input: number, out: Output): void {
		if (this.#spec.final) this.#close(MAX_WATERMARK, out);
	}

	snapshot(writer: StateWriter): void {
		const types = [...this.#keyTypes, notNull(BIGINT), notNull(BIGINT), ...this.#aggregates.saved];
		const schema = types.map((type, i) => ({ name: `f${i}`, type }));
		writer.value("fired", this.#fired);
		const keys = [...this.#keyTypes.keys()];
		writer.table(TABLE, schema, this.#savedBatches(), keys);
		const { sets } = this.#aggregates;
		writeSets(writer, TABLE, { types: [...this.#keyTypes, notNull(BIGINT)], keys }, sets, (index) =>
			savedEntries(sets[index]!, (rows, n) => [
				...this.#keys.gatherKeys(this.#keyRowsOf(rows, n), n),
				this.#times(rows, n, START, 0, notNull(BIGINT)),
			]),
		);
	}

	restore(reader: StateReader): void {
		const { region } = this.#context;
		this.#fired = Number(reader.value("fired") ?? Number.MIN_SAFE_INTEGER);
		for (const { columns, length } of reader.table(TABLE)) {
			const width = this.#keyTypes.length;
			const { rows: keyRows } = this.#keys.find(columns.slice(0, width), length);
			const rows = this.#sessions.take(length);
			region.kernels.rowsClear(rows, length, 0, this.#sessions.stride);
			const [starts, ends] = [columns[width]!.data, columns[width + 1]!.data];
			this.#heap.reserve(length);
			region.kernels.sessionRestore(keyRows, this.#head, rows, starts, ends, length, this.#heap.header);
			this.#aggregates.load(columns.slice(width + 2), rows, length);
		}
		readSets(reader, TABLE, this.#aggregates.sets, (index, { columns, length }) => {
			const width = this.#keyTypes.length;
			const { rows: keyRows } = this.#keys.find(columns.slice(0, width), length);
			const rows = region.arena.allocate(length * 4);
			region.kernels.sessionFind(keyRows, this.#head, columns[width]!.data, length, rows);
			this.#aggregates.sets[index]!.load(columns.slice(width + 1), rows, length);
		});
	}

	dispose(): void {
		this.#keys.dispose();
		this.#aggregates.dispose();
		this.#sessions.clear();
		this.#heap.dispose();
		this.#context.region.heap.free(this.#storeHeader, STORE_HEADER_BYTES, this.#context.owner);
	}

	#keyColumns(batch: Batch): Column[] {
		return this.#spec.keys.map((key) => batch.columns[key]!);
	}

	/** The session row of each row, 0 for late ones, and the merges of sessions that rows connect. */
	#assign(keyRows: number, times: Column, n: number): AssignedRows {
		const { region } = this.#context;
		const { arena, kernels } = region;
		const rows = arena.allocate(n * 4);
		const merges = arena.allocate(n * MERGE_BYTES);
		const mergeCount = arena.allocate(4);
		kernels.fillBytes(mergeCount, 0, 4);
		this.#heap.reserve(n);
		for (let from = 0; ; this.#sessions.grow()) {
			from = kernels.sessionAssign(
				keyRows,
				this.#head,
				times.data,
				this.#scale,
				this.#spec.window.gap,
				this.#fired,
				this.#storeHeader,
				this.#heap.header,
				from,
				n,
				rows,
				merges,
				mergeCount,
			);
			if (from === n) break;
		}
		return { rows, merges, mergeCount: region.u32[mergeCount >>> 2]! };
	}

	/** Merges sessions before the batch's rows are added, each of which then goes where it is in the end. */
	#mergeAhead(rows: number, n: number, merges: number, mergeCount: number): void {
		const { arena, kernels } = this.#context.region;
		const mergeWaves = arena.allocate(mergeCount * 4);
		const waves = kernels.sessionWaves(rows, n, merges, mergeCount, arena.allocate(n * 4), mergeWaves);
		for (let wave = 0; wave < waves; wave++) this.#mergeWave(merges, mergeWaves, mergeCount, wave);
		kernels.sessionResolve(rows, n);
	}

	/** Adds the rows that come before a merge, merges, goes on: an aggregate that keeps an order sees the same however rows are cut. */
	#mergeInOrder(batch: Batch, rows: number, merges: number, mergeCount: number): void {
		const { arena, kernels } = this.#context.region;
		const n = batch.length;
		const [rowWaves, mergeWaves] = [arena.allocate(n * 4), arena.allocate(mergeCount * 4)];
		const some = arena.allocate(n * 4);
		const waves = kernels.sessionWaves(rows, n, merges, mergeCount, rowWaves, mergeWaves);
		for (let wave = 0; wave < waves; wave++) {
			const mark = arena.mark();
			this.#update(batch, rows, some, kernels.sessionWaveRows(rows, rowWaves, n, wave, some));
			this.#mergeWave(merges, mergeWaves, mergeCount, wave);
			arena.release(mark);
		}
	}

	#mergeWave(merges: number, mergeWaves: number, mergeCount: number, wave: number): void {
		const { arena, kernels } = this.#context.region;
		const [into, gone] = [arena.allocate(mergeCount * 4), arena.allocate(mergeCount * 4)];
		const n = kernels.sessionWaveMerges(merges, mergeWaves, mergeCount, wave, into, gone);
		this.#aggregates.merge(into, gone, n, this.#aggregates);
		this.#aggregates.settle(into, n);
		this.#aggregates.release(gone, n);
	}

	/** Adds `some` of the rows to their sessions. */
	#update(batch: Batch, rows: number, some: number, count: number): void {
		const { region } = this.#context;
		const isAll = count === batch.length;
		const sessions = isAll ? rows : region.arena.allocate(count * 4);
		if (!isAll) region.kernels.take4(rows, some, count, sessions);
		const added = isAll ? batch : takeBatch(region, batch, some, count);
		this.#aggregates.update(new BatchWeights(region, added, sessions));
		this.#aggregates.settle(sessions, count);
	}

	/** Late rows leave no key behind. */
	#forgetKeysWithout(keyRows: number, n: number): void {
		const { arena, kernels } = this.#context.region;
		const empty = arena.allocate(n * 4);
		this.#keys.remove(empty, kernels.sessionEmptyKeys(keyRows, n, this.#head, empty));
	}

	#close(time: number, out: Output): void {
		const { arena, kernels } = this.#context.region;
		this.#fired = Math.max(this.#fired, time);
		for (let count = BATCH_ROWS; count === BATCH_ROWS; ) {
			const mark = arena.mark();
			const rows = arena.allocate(BATCH_ROWS * 4);
			const empty = arena.allocate(BATCH_ROWS * 4);
			const emptyCount = arena.allocate(4);
			count = kernels.sessionClose(
				this.#heap.header,
				this.#storeHeader,
				time,
				this.#head,
				BATCH_ROWS,
				rows,
				empty,
				emptyCount,
			);
			if (count > 0) this.#emit(rows, count, out);
			this.#aggregates.release(rows, count);
			this.#sessions.give(rows, count);
			this.#keys.remove(empty, this.#context.region.u32[emptyCount >>> 2]!);
			arena.release(mark);
		}
	}

	#emit(closed: number, closedCount: number, out: Output): void {
		const { arena, kernels } = this.#context.region;
		let rows = closed;
		let count = closedCount;
		if (this.#rowCount) {
			rows = arena.allocate(closedCount * 4);
			count = kernels.changelogPresent(closed, closedCount, this.#rowCount.field.offset, rows);
			if (count === 0) return;
		}
		const keys = this.#keys.gatherKeys(this.#keyRowsOf(rows, count), count);
		const columns = [...keys, ...this.#aggregates.results(rows, count), ...this.#properties(rows, count)];
		out.emit({ length: count, columns, kinds: 0 });
	}

	/** A session row begins with the address of its key's row. */
	#keyRowsOf(rows: number, n: number): number {
		const keyRows = this.#context.region.arena.allocate(n * 4);
		this.#context.region.kernels.rowsRead4(rows, n, 0, keyRows);
		return keyRows;
	}

	#properties(rows: number, n: number): Column[] {
		const { keys, calls, properties } = this.#spec;
		return properties.map((property, i) => {
			const type = this.#context.vertex.schema[keys.length + calls.length + i]!.type;
			const times = this.#times(rows, n, property === "start" ? START : END, property === "time" ? -1 : 0, type);
			if (property !== "time" || this.#clock === undefined) return times;
			return { ...times, data: this.#clock.instants(times.data, n) };
		});
	}

	#times(rows: number, n: number, offset: number, delta: number, type: SqlType): Column {
		const data = this.#context.region.arena.allocate(n * 8);
		this.#context.region.kernels.sessionTimes(rows, n, offset, delta, data);
		return { type, physical: "i64", data, validity: 0 };
	}

	*#savedBatches(): Generator<Batch> {
		const { arena, kernels } = this.#context.region;
		const all = arena.allocate(this.#sessions.live * 4);
		for (const { rows: keyRows, count: keyCount } of this.#keys.scan(BATCH_ROWS)) {
			const total = kernels.sessionRows(keyRows, keyCount, this.#head, all);
			for (let from = 0; from < total; from += BATCH_ROWS) {
				const rows = all + from * 4;
				const n = Math.min(BATCH_ROWS, total - from);
				const keys = this.#keys.gatherKeys(this.#keyRowsOf(rows, n), n);
				const times = [START, END].map((offset) => this.#times(rows, n, offset, 0, notNull(BIGINT)));
				yield { length: n, columns: [...keys, ...times, ...this.#aggregates.save(rows, n)], kinds: 0 };
			}
		}
	}
}
