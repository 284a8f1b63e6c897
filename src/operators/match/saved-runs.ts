// Runs as rows of a table: one per row of a run, earliest first, with what its run and partition are.
import { type Batch, type Column, validityBytes } from "../../arrow/batch.js";
import { BIGINT, notNull, type Schema, withNullability } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import type { GroupIndex } from "../state/group-index.js";
import type { MatchMachine, MatchPlan } from "./machine.js";

/** As laid out in assembly/match/layout.ts. */
const RUN = { NEXT: 0, STATE: 4, START: 8, LAST: 12 } as const;
const NODE = { PREVIOUS: 4, VARIABLE: 12, NUMBER: 16, NULLS: 20, TIME: 24, VALUES: 32 } as const;
const PARTITION = { RUNS: 0, FINISHED: 8, ROWS: 20 } as const;

/** Columns behind the key, all BIGINT. A run begins where `position` is 0. */
const FACTS = ["rows", "position", "finished", "state", "start", "variable", "number", "time"] as const;
const SCAN_ROWS = 256;

interface SavedNode {
	readonly keyRow: number;
	readonly facts: readonly number[];
	readonly node: number;
}

export class SavedRuns {
	readonly #region: Region;
	readonly #plan: MatchPlan;
	readonly #machine: MatchMachine;
	readonly #partitions: GroupIndex;
	readonly #offset: number;
	readonly #keyCount: number;
	readonly schema: Schema;

	constructor(
		region: Region,
		plan: MatchPlan,
		input: Schema,
		machine: MatchMachine,
		partitions: GroupIndex,
		offset: number,
	) {
		this.#region = region;
		this.#plan = plan;
		this.#machine = machine;
		this.#partitions = partitions;
		this.#offset = offset;
		this.#keyCount = plan.spec.partition.length;
		this.schema = [
			...plan.spec.partition.map((column) => input[column]!),
			...FACTS.map((name) => ({ name, type: notNull(BIGINT) })),
			...plan.columns.map((column) => ({ name: `c${column}`, type: withNullability(input[column]!.type, true) })),
		];
	}

	*batches(): Generator<Batch> {
		const { arena } = this.#region;
		for (const { rows, count } of this.#partitions.scan(SCAN_ROWS)) {
			const nodes: SavedNode[] = [];
			for (let i = 0; i < count; i++) this.#collect(this.#word(rows + i * 4), nodes);
			if (nodes.length === 0) continue;
			const mark = arena.mark();
			yield this.#batchOf(nodes);
			arena.release(mark);
		}
	}

	/** Takes rows that were saved; those of a run may be cut anywhere. */
	load({ columns, length }: Batch): void {
		const { arena, kernels } = this.#region;
		const { rows } = this.#partitions.find(columns.slice(0, this.#keyCount), length);
		const facts = arena.allocate(FACTS.length * 4);
		const addresses = columns.slice(this.#keyCount, this.#keyCount + FACTS.length).map(({ data }) => data);
		this.#region.u32.set(addresses, facts / 4);
		const values = columns.slice(this.#keyCount + FACTS.length);
		const placed: Column[] = [];
		for (const [i, column] of this.#plan.columns.entries()) placed[column] = values[i]!;
		this.#machine.point(placed, addresses[FACTS.indexOf("time")]!, 0);
		this.#machine.runs.reserve(length);
		this.#machine.nodes.reserve(length);
		kernels.matchRestore(this.#machine.address, rows, length, facts);
	}

	#collect(keyRow: number, nodes: SavedNode[]): void {
		const partition = keyRow + this.#offset;
		for (const [finished, head] of [PARTITION.RUNS, PARTITION.FINISHED].entries()) {
			for (let run = this.#word(partition + head); run !== 0; run = this.#word(run + RUN.NEXT)) {
				this.#collectRun(keyRow, run, finished, nodes);
			}
		}
	}

	#collectRun(keyRow: number, run: number, finished: number, nodes: SavedNode[]): void {
		const chain: number[] = [];
		for (let node = this.#word(run + RUN.LAST); node !== 0; node = this.#word(node + NODE.PREVIOUS)) chain.push(node);
		const rows = this.#word(keyRow + this.#offset + PARTITION.ROWS);
		const state = this.#word(run + RUN.STATE);
		const start = this.#word(run + RUN.START);
		for (const [position, node] of chain.reverse().entries()) {
			const time = Number(this.#region.i64[(node + NODE.TIME) / 8]);
			const [variable, number] = [this.#word(node + NODE.VARIABLE), this.#word(node + NODE.NUMBER)];
			nodes.push({ keyRow, node, facts: [rows, position, finished, state, start, variable, number, time] });
		}
	}

	#batchOf(nodes: readonly SavedNode[]): Batch {
		const { arena } = this.#region;
		const n = nodes.length;
		const keyRows = arena.allocate(n * 4);
		this.#region.u32.set(
			nodes.map(({ keyRow }) => keyRow),
			keyRows / 4,
		);
		const keys = this.#partitions.gatherKeys(keyRows, n);
		const facts = FACTS.map((_, i): Column => {
			const data = arena.allocate(n * 8);
			for (const [row, node] of nodes.entries()) this.#region.i64[data / 8 + row] = BigInt(node.facts[i]!);
			return { type: notNull(BIGINT), physical: "i64", data, validity: 0 };
		});
		return {
			length: n,
			columns: [...keys, ...facts, ...this.#plan.columns.map((_, i) => this.#values(i, nodes))],
			kinds: 0,
		};
	}

	#values(index: number, nodes: readonly SavedNode[]): Column {
		const { arena } = this.#region;
		const { type } = this.schema[this.#keyCount + FACTS.length + index]!;
		const physical = physicalType(type);
		const width = PHYSICAL_WIDTH[physical];
		const data = arena.allocate(nodes.length * width);
		const validity = arena.allocate(validityBytes(nodes.length));
		const { u8 } = this.#region;
		u8.fill(0, validity, validity + validityBytes(nodes.length));
		for (const [row, { node }] of nodes.entries()) {
			const value = node + NODE.VALUES + index * 8;
			u8.copyWithin(data + row * width, value, value + width);
			const isNull = (this.#word(node + NODE.NULLS) >>> index) & 1;
			if (isNull === 0) u8[validity + (row >>> 3)]! |= 1 << (row & 7);
		}
		return { type, physical, data, validity };
	}

	#word(address: number): number {
		return this.#region.u32[address / 4]!;
	}
}
