// What the MATCH_RECOGNIZE kernels are told, in state memory: automaton, programs, pools, room for results. Layouts in
// assembly/match/layout.ts.
import type { Batch, Column } from "../../arrow/batch.js";
import { type MatchSpec, type PatternVariable, skipFailure } from "../../job/match.js";
import { type Automaton, compilePattern } from "../../job/match-automaton.js";
import type { Schema, SqlType } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import type { MemoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { BlockPool } from "./block-pool.js";
import { MatchPrograms, type RunningAggregate } from "./program.js";

const MACHINE_BYTES = 128;
const AT = {
	STATES: 0,
	TRANSITIONS: 4,
	CONDITIONS: 8,
	DEFINES: 12,
	VARIABLES: 16,
	FIRST_STATE: 20,
	RUNS: 24,
	NODES: 28,
	COLUMNS: 32,
	COLUMN_COUNT: 36,
	AGGREGATES: 40,
	AGGREGATE_COUNT: 44,
	SKIP: 48,
	SKIP_VARIABLE: 52,
	WITHIN: 56,
	MEASURES: 64,
	MEASURE_COUNT: 68,
	MOST_SUCCESSORS: 72,
	SCRATCH: 76,
	OUT_ROWS: 80,
	OUT_ROOM: 84,
	OUT_PARTITIONS: 88,
	LACK: 92,
	FAILURE: 96,
	WAITING: 100,
	PARTITION: 104,
	TIMES: 108,
	NOW: 112,
} as const;

const SKIPS = { pastLastRow: 0, toNextRow: 1, toFirst: 2, toLast: 3 } as const;
const LACKS = { RUNS: 1, NODES: 2, ROOM: 4 } as const;

const RUN_HEAD_BYTES = 24;
const NODE_HEAD_BYTES = 32;
const PARTITION_RUNS = 16;
/** Of partitions: what they keep behind their key. */
export const PARTITION_BYTES = 24;
/** One bit per variable, and per successor. */
const MAX_VARIABLES = 31;
const MAX_SUCCESSORS = 64;
const FIRST_ROOM = 1024;

/** A match in numbers; undefined where something has no kernel. */
export interface MatchPlan {
	readonly spec: MatchSpec;
	readonly automaton: Automaton;
	/** Most runs that one run can become by a row. */
	readonly mostSuccessors: number;
	readonly defines: readonly (readonly number[] | undefined)[];
	/** What the measures pick from a match, in order. */
	readonly picks: readonly { readonly code: readonly number[]; readonly type: SqlType }[];
	/** Input columns kept of every row, and how the kernel reads them. */
	readonly columns: readonly number[];
	readonly kinds: readonly number[];
	readonly aggregates: readonly RunningAggregate[];
}

export function planMatch(spec: MatchSpec, input: Schema): MatchPlan | undefined {
	const programs = new MatchPrograms(
		input,
		spec.pattern.map(({ name }) => name),
	);
	const automaton = compilePattern(spec.pattern);
	const mostSuccessors = successorsOf(automaton);
	if (spec.pattern.length > MAX_VARIABLES || mostSuccessors > MAX_SUCCESSORS) return undefined;
	if (spec.pattern.some(leavesAChoice)) return undefined;
	const defines = spec.pattern.map(({ define }) => define && programs.condition(define));
	const refs = spec.measures.flatMap(({ value }) => value.refs);
	const codes = refs.map((ref) => programs.reference(ref));
	const isMissing = ({ define }: PatternVariable, i: number) => define !== undefined && defines[i] === undefined;
	if (spec.pattern.some(isMissing) || codes.includes(undefined)) return undefined;
	return {
		spec,
		automaton,
		mostSuccessors,
		defines,
		picks: refs.map(({ type }, i) => ({ code: codes[i]!, type })),
		columns: programs.columns,
		kinds: programs.columns.map((column) => programs.kindOf(column)),
		aggregates: programs.aggregates,
	};
}

/**
 * Whether several matches may begin at one row. Which of them is found first when they waited for an earlier run depends on the order in
 * Flink's heap, which only the baseline keeps.
 */
const leavesAChoice = ({ greedy, min, max }: PatternVariable) => min !== max && (!greedy || (min === 0 && max === 1));

/** Transitions that take a row, from a state on and past others, each of which may end the match besides. */
function successorsOf({ states }: Automaton): number {
	const reached = (state: number): number =>
		states[state]!.transitions.reduce((sum, { action, target }) => sum + (action === "take" ? 2 : reached(target)), 0);
	return Math.max(1, ...states.map((_, state) => reached(state)));
}

export class MatchMachine {
	readonly #region: Region;
	readonly #owner: MemoryOwner;
	readonly #plan: MatchPlan;
	readonly #blocks: { readonly address: number; readonly bytes: number }[] = [];
	readonly #address: number;
	readonly #columns: number;
	readonly #measures: number;
	readonly runs: BlockPool;
	readonly nodes: BlockPool;
	#room: { readonly address: number; readonly bytes: number; readonly rows: number } = {
		address: 0,
		bytes: 0,
		rows: 0,
	};

	/** `partition`: where the partition part lies in key rows. */
	constructor(region: Region, owner: MemoryOwner, plan: MatchPlan, partition: number) {
		const { spec, automaton, columns, aggregates, picks, mostSuccessors } = plan;
		const variables = spec.pattern.length;
		this.#region = region;
		this.#owner = owner;
		this.#plan = plan;
		this.#address = this.#allocate(MACHINE_BYTES);
		this.runs = new BlockPool(region, owner, RUN_HEAD_BYTES + (variables + 1) * 16 + aggregates.length * 16);
		this.nodes = new BlockPool(region, owner, NODE_HEAD_BYTES + columns.length * 8);
		this.#columns = this.#allocate(columns.length * 12);
		this.#measures = this.#words(picks.flatMap(({ code, type }) => [this.#words(code), 0, 0, widthOf(type)]));
		this.#writeAutomaton(automaton);
		this.#set(AT.DEFINES, this.#words(plan.defines.map((code) => (code === undefined ? 0 : this.#words(code)))));
		this.#set(AT.VARIABLES, variables);
		this.#set(AT.RUNS, this.runs.header);
		this.#set(AT.NODES, this.nodes.header);
		this.#set(AT.COLUMNS, this.#columns);
		this.#set(AT.COLUMN_COUNT, columns.length);
		this.#set(AT.AGGREGATES, this.#words(aggregates.flatMap(({ variable, column, kind }) => [variable, column, kind])));
		this.#set(AT.AGGREGATE_COUNT, aggregates.length);
		this.#set(AT.SKIP, SKIPS[spec.skip.kind]);
		const skipTo = "variable" in spec.skip ? spec.skip.variable : undefined;
		this.#set(
			AT.SKIP_VARIABLE,
			spec.pattern.findIndex(({ name }) => name === skipTo),
		);
		region.i64[(this.#address + AT.WITHIN) / 8] = BigInt(spec.withinMs ?? -1);
		this.#set(AT.MEASURES, this.#measures);
		this.#set(AT.MEASURE_COUNT, picks.length);
		this.#set(AT.MOST_SUCCESSORS, mostSuccessors);
		this.#set(AT.SCRATCH, this.#allocate(mostSuccessors * 8 + variables * 4));
		this.#set(AT.PARTITION, partition);
		this.#makeRoom(FIRST_ROOM);
	}

	get address(): number {
		return this.#address;
	}

	/** Matches found that are not yet sent. */
	get found(): number {
		return this.#get(AT.OUT_ROWS);
	}

	/** Addresses of the key rows of the matches found. */
	get partitions(): number {
		return this.#room.address;
	}

	/** Finished matches that an earlier run holds back. */
	get waiting(): number {
		return this.#get(AT.WAITING);
	}

	/** The rows that kernels are to see. */
	point(columns: Batch["columns"], times: number, nowMs: number): void {
		const { u32, i64 } = this.#region;
		for (const [i, index] of this.#plan.columns.entries()) {
			const { data, validity } = columns[index] as Column;
			u32.set([data, validity, this.#plan.kinds[i]!], this.#columns / 4 + i * 3);
		}
		this.#set(AT.TIMES, times);
		i64[(this.#address + AT.NOW) / 8] = BigInt(nowMs);
	}

	/** Makes what a kernel found lacking for a partition; false: room for matches, once those found have been sent. */
	provide(keyRow: number): boolean {
		const lack = this.#get(AT.LACK);
		const runs = this.#region.u32[(keyRow + this.#get(AT.PARTITION) + PARTITION_RUNS) / 4]! + 1;
		const most = runs * this.#plan.mostSuccessors;
		if (lack & LACKS.RUNS) this.runs.reserve(most);
		if (lack & LACKS.NODES) this.nodes.reserve(most);
		if (!(lack & LACKS.ROOM)) return true;
		if (this.found > 0) return false;
		this.#makeRoom(Math.max(this.#room.rows * 2, most));
		return true;
	}

	/** What the measures pick from the matches found, in the arena or valid until the next are found. */
	picked(): Column[] {
		const { kernels, arena } = this.#region;
		const n = this.found;
		return this.#plan.picks.map(({ type }, i) => {
			const data = this.#pickAddress(i);
			const mask = data + this.#room.rows * 8;
			const bits = arena.allocate(((n + 63) >>> 6) << 3);
			kernels.maskToBits(mask, n, bits);
			const validity = kernels.countBits(bits, n) === n ? 0 : bits;
			return { type, physical: physicalType(type), data, validity };
		});
	}

	/** The matches found have been sent. */
	sent(): void {
		this.#set(AT.OUT_ROWS, 0);
	}

	/** Throws what a kernel stopped for. */
	check(): void {
		const failure = this.#get(AT.FAILURE);
		if (failure !== 0) throw skipFailure(this.#plan.spec.skip, failure === 1 ? "missing" : "first");
	}

	dispose(): void {
		for (const { address, bytes } of this.#blocks) this.#region.heap.free(address, bytes, this.#owner);
		this.#region.heap.free(this.#room.address, this.#room.bytes, this.#owner);
		this.runs.dispose();
		this.nodes.dispose();
	}

	#writeAutomaton({ states, start }: Automaton): void {
		const transitions = states.flatMap((state) => state.transitions);
		const conditions = transitions.flatMap((transition) => transition.conditions);
		let first = 0;
		const stateWords = states.flatMap(({ variable, transitions: own }) => {
			first += own.length;
			return [variable, first - own.length, own.length];
		});
		let firstCondition = 0;
		const transitionWords = transitions.flatMap(({ target, action, conditions: own }) => {
			firstCondition += own.length;
			return [target, action === "take" ? 1 : 0, firstCondition - own.length, own.length];
		});
		this.#set(AT.STATES, this.#words(stateWords));
		this.#set(AT.TRANSITIONS, this.#words(transitionWords));
		const conditionWords = conditions.flatMap(({ variable, negated }) => [variable, Number(negated)]);
		this.#set(AT.CONDITIONS, this.#words(conditionWords));
		this.#set(AT.FIRST_STATE, start);
	}

	/** Room for `rows` matches: partitions, then a column and a mask per pick. */
	#makeRoom(rows: number): void {
		const { heap } = this.#region;
		if (this.#room.address !== 0) heap.free(this.#room.address, this.#room.bytes, this.#owner);
		const room = Math.ceil(rows / 16) * 16;
		const bytes = room * (4 + this.#plan.picks.length * 9) + 16;
		const address = heap.allocate(bytes, this.#owner);
		this.#room = { address, bytes, rows: room };
		this.#set(AT.OUT_PARTITIONS, address);
		this.#set(AT.OUT_ROOM, room);
		this.#set(AT.OUT_ROWS, 0);
		for (let i = 0; i < this.#plan.picks.length; i++) {
			const data = this.#pickAddress(i);
			this.#region.u32.set([data, data + room * 8], this.#measures / 4 + i * 4 + 1);
		}
	}

	/** Values of 8 bytes at most, then a byte each that says whether it is not NULL. */
	#pickAddress(index: number): number {
		return this.#room.address + this.#room.rows * (4 + index * 9);
	}

	#words(words: readonly number[]): number {
		const address = this.#allocate(words.length * 4);
		this.#region.i32.set(words, address / 4);
		return address;
	}

	#allocate(bytes: number): number {
		const address = this.#region.heap.allocateZeroed(bytes, this.#owner);
		this.#blocks.push({ address, bytes });
		return address;
	}

	#get(offset: number): number {
		return this.#region.u32[(this.#address + offset) / 4]!;
	}

	#set(offset: number, value: number): void {
		this.#region.i32[(this.#address + offset) / 4] = value;
	}
}

const widthOf = (type: SqlType) => PHYSICAL_WIDTH[physicalType(type)];
