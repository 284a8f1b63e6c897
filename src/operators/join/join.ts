// Join of two unbounded inputs: both sides are kept, each batch is joined with what is kept of the other side, and what was sent before
// is taken back when a row goes or an outer row finds its first match. Once an input has ended, rows of the other are no longer kept: with a
// build side that is read first this is a hash join.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import { takeBatch, takeColumn } from "../../arrow/take.js";
import { EngineError } from "../../errors.js";
import type { JoinSpec } from "../../job/specs.js";
import { RowKind } from "../../types/row-kind.js";
import type { Schema } from "../../types/sql-type.js";
import type { Operator, OperatorContext, OperatorDefinition, Output, StateReader, StateWriter } from "../operator.js";
import { NO_FILTERS, type RowFilter } from "../row-filter.js";
import { HeldBatches } from "../state/held-batches.js";
import { AppendSide } from "./append-side.js";
import { BuildFilter } from "./build-filter.js";
import { JoinKeys } from "./join-keys.js";
import { type KeptRows, nullColumn, type PartnerReader, type Probe } from "./kept-rows.js";
import { withoutKeys } from "./not-in.js";
import { type Pairs, padPairs, repeatPairs, type Span, slicePairs, type Touched } from "./pairs.js";
import { ProbeFilters } from "./probe-filters.js";
import { Residual } from "./residual.js";
import { UpdatingSide } from "./updating-side.js";

/** Candidate pairs looked at together. */
const SPAN_PAIRS = 16_384;
const TABLES = ["left", "right"] as const;
/** Rows that wait for the build side. */
const HELD = "held";

class Join implements Operator {
	readonly #spec: JoinSpec;
	readonly #context: OperatorContext;
	readonly #keys: JoinKeys;
	readonly #sides: readonly [KeptRows, KeptRows];
	/** Whether rows of a side come out without a match. */
	readonly #outer: readonly [boolean, boolean];
	/** SEMI or ANTI: left rows pass or not. */
	readonly #filters: boolean;
	readonly #residual: Residual | undefined;
	/** Probe rows that came before the build side had ended. */
	readonly #held: HeldBatches;
	readonly #ended: [boolean, boolean] = [false, false];
	/** What the build side's keys tell of probe rows once it has ended, where that helps. */
	#buildFilter: BuildFilter | undefined;
	readonly #probeFilters: ProbeFilters;
	#epoch = 0;

	constructor(spec: JoinSpec, context: OperatorContext) {
		this.#spec = spec;
		this.#context = context;
		const { region, owner, inputs } = context;
		const { type } = spec;
		this.#filters = type === "semi" || type === "anti";
		this.#outer = [type === "left" || type === "full", type === "right" || type === "full"];
		this.#residual = spec.condition && new Residual(spec.condition, context);
		this.#held = new HeldBatches(region, owner);
		this.#keys = new JoinKeys(region, spec, inputs);
		this.#probeFilters = new ProbeFilters(region, spec, inputs[0]!.length);
		const side = (input: 0 | 1, updates: boolean, upsertKey: readonly number[] | undefined): KeptRows => {
			const options = {
				schema: inputs[input] as Schema,
				keys: this.#keys,
				side: input,
				padded: this.#outer[1 - input] as boolean,
				counted: this.#outer[input] || (this.#filters && input === 0),
				eager: spec.single === true,
			};
			if (!updates) return new AppendSide(region, owner, options);
			const keys = input === 0 ? spec.leftKeys : spec.rightKeys;
			return new UpdatingSide(region, owner, { ...options, identity: upsertKey && [...keys, ...upsertKey] });
		};
		this.#sides = [side(0, spec.leftUpdates, spec.leftUpsertKey), side(1, spec.rightUpdates, spec.rightUpsertKey)];
	}

	process(batch: Batch, input: number, out: Output): void {
		const build = this.#buildSide;
		if (build !== undefined && input !== build && !this.#ended[build]) this.#held.add(batch);
		else this.#take(batch, input as 0 | 1, out);
	}

	filters(input: number, out: Output): readonly RowFilter[] {
		const consumer = out.filters?.() ?? NO_FILTERS;
		return input === this.#probeSide ? this.#probeFilters.of(this.#buildFilter, consumer) : NO_FILTERS;
	}

	finish(input: number, out: Output): void {
		const build = this.#buildSide;
		this.#ended[input as 0 | 1] = true;
		if (build === undefined) {
			// From now on only the index is asked whether a key exists.
			if (this.#filters && input === 1) this.#sides[1].complete();
			return;
		}
		if (input === build) {
			this.#sides[build].complete();
			this.#buildFilter = this.#filterOf(build);
			const { arena } = this.#context.region;
			this.#held.drain((batch) => {
				const mark = arena.mark();
				this.#take(batch, (1 - input) as 0 | 1, out);
				arena.release(mark);
			});
		}
		if (this.#ended[0] && this.#ended[1]) this.#emitLeftOver(build, out);
	}

	/** Only where probe rows without a match may go, or are all that is wanted. */
	#filterOf(build: 0 | 1): BuildFilter | undefined {
		const side = this.#sides[build];
		if (!(side instanceof AppendSide) || this.#outer[1 - build]) return undefined;
		// Rows without a match pass: only a filter that tells them for certain serves.
		const isAnti = this.#spec.type === "anti" && build === 1;
		if (isAnti && (this.#residual || this.#keys.slotKey === undefined)) return undefined;
		return BuildFilter.of(this.#context, this.#keys, build, side);
	}

	get #buildSide(): 0 | 1 | undefined {
		const { build } = this.#spec;
		return build === undefined ? undefined : build === "left" ? 0 : 1;
	}

	get #probeSide(): 0 | 1 | undefined {
		const build = this.#buildSide;
		return build === undefined ? undefined : build === 0 ? 1 : 0;
	}

	#take(batch: Batch, side: 0 | 1, out: Output): void {
		const { matchable: valid, unmatchable } = this.#keys.split(batch, side);
		if (unmatchable) this.#emitUnmatched(unmatchable, side, out);
		const matchable = this.#buildSide === side ? valid : this.#withKeys(valid, side, out);
		if (matchable.length === 0) return;
		const { region } = this.#context;
		const n = matchable.length;
		const keys = this.#keys.columnsOf(matchable.columns, side);
		const own = this.#sides[side];
		const isKept = this.#isKept(side);
		let matched = 0;
		if (this.#buildSide !== side) {
			if (!isKept && this.#emitPartners(matchable, side, keys, out)) return;
			const probe = this.#sides[1 - side]!.probe(keys, n);
			if (!isKept && this.#asksForKeysAlone(side)) matched = probe.lists;
			else if (own.matches > 0) {
				matched = region.arena.allocate(n * 4);
				region.kernels.fillBytes(matched, 0, n * 4);
			}
			this.#joinAll({ batch: matchable, side, from: 0, to: n, matched }, probe, out);
		}
		if (!isKept) return;
		own.keep(matchable, keys, matched);
		if (!this.#spec.single || side !== 1 || own.longestList(keys, n) <= 1) return;
		throw new EngineError("INVALID_QUERY", "A scalar subquery returned more than one row", {
			remedy: "Add LIMIT 1 or an aggregate such as MAX to the subquery",
		});
	}

	/** The probe rows that are to be looked up. SEMI and ANTI without a condition are done with all of them here. */
	#withKeys(batch: Batch, side: 0 | 1, out: Output): Batch {
		const filter = this.#buildFilter;
		if (!filter?.isExact || !this.#filters || side !== 0 || this.#residual) {
			return this.#probeFilters.passing(this.filters(side, out), batch);
		}
		const passing = filter.select(batch, this.#spec.type === "semi");
		if (passing.length > 0) out.emit(passing);
		return { ...batch, length: 0 };
	}

	/** Whether rows of a side can still be asked for. */
	#isKept(side: 0 | 1): boolean {
		const build = this.#buildSide;
		return build === undefined ? !this.#ended[1 - side] || this.#spec.single === true : build === side;
	}

	/** SEMI and ANTI of left rows that are not kept: whether the key exists is all there is to know. */
	#asksForKeysAlone(side: 0 | 1): boolean {
		return this.#filters && side === 0 && !this.#residual && !this.#spec.rightUpdates && this.#ended[1];
	}

	#joinAll(span: Span, probe: Probe, out: Output): void {
		const { region } = this.#context;
		const { batch, side, to: n, matched } = span;
		if (matched !== 0 && matched === probe.lists) {
			this.#emitFiltered(span, out);
			return;
		}
		const other = this.#sides[1 - side] as KeptRows;
		for (let from = 0; from < n; ) {
			const mark = region.arena.mark();
			const to = probe.all ? n : region.kernels.listSpan(probe.lists, from, n, other.head, SPAN_PAIRS);
			const candidates = probe.all ?? other.pairs(probe.lists, from, to);
			const pairs = this.#residual?.filter(batch, side, candidates, other) ?? candidates;
			if (matched !== 0) region.kernels.matchCount(pairs.indices, pairs.rows, pairs.count, other.count, matched);
			this.#join({ batch, side, from, to, matched }, pairs, out);
			region.arena.release(mark);
			from = to;
		}
	}

	snapshot(writer: StateWriter): void {
		for (const side of [0, 1] as const) {
			const schema = [...(this.#context.inputs[side] as Schema), ...this.#sides[side].counters];
			writer.table(TABLES[side], schema, this.#savedBatches(side), this.#keys.columns[side]);
		}
		const probe = this.#probeSide;
		if (probe === undefined) return;
		writer.table(HELD, this.#context.inputs[probe] as Schema, this.#held.batches(), this.#keys.columns[probe]);
	}

	restore(reader: StateReader): void {
		for (const side of [0, 1] as const) {
			for (const { columns, length } of reader.table(TABLES[side])) {
				this.#sides[side].load(columns, length, this.#keys.columnsOf(columns, side));
			}
		}
		for (const batch of reader.table(HELD)) this.#held.add(batch);
	}

	dispose(): void {
		this.#residual?.dispose();
		this.#held.dispose();
		this.#buildFilter?.dispose();
		for (const side of this.#sides) side.dispose();
	}

	/** Sends what rows `from` … `to` of a batch mean, given the kept rows that they match. */
	#join(span: Span, pairs: Pairs, out: Output): void {
		const { region } = this.#context;
		const { batch, side, from, to, matched } = span;
		const other = this.#sides[1 - side] as KeptRows;
		const touched = other.matches > 0 ? this.#touch(batch, pairs, other) : undefined;
		const takesBack = touched !== undefined && this.#buildSide === undefined;
		if (takesBack) this.#emitTurned(touched, side, true, out);
		if (this.#filters) {
			if (side === 0) this.#emitFiltered(span, out);
		} else {
			const repeated = repeatPairs(region, pairs, other);
			const padded = this.#outer[side] ? padPairs(region, repeated, matched, from, to, other.padding) : repeated;
			this.#emitPairs(batch, side, padded, out);
		}
		if (takesBack) this.#emitTurned(touched, side, false, out);
	}

	/** A batch each of whose rows is known to match one row goes on as it is, with that row's columns. */
	#emitPartners(batch: Batch, side: 0 | 1, keys: readonly Column[], out: Output): boolean {
		const other = this.#sides[1 - side] as KeptRows;
		if (this.#filters || this.#residual || other.matches > 0 || batch.kinds !== 0) return false;
		const read = other.partners?.(keys, batch.length);
		if (!read) return false;
		const ours = batch.columns;
		const theirs = this.#partners(side, ours, read);
		out.emit({ ...batch, columns: side === 0 ? [...ours, ...theirs] : [...theirs, ...ours] });
		return true;
	}

	#emitPairs(batch: Batch, side: 0 | 1, pairs: Pairs, out: Output): void {
		const { region } = this.#context;
		for (let from = 0; from < pairs.count; from += BATCH_ROWS) {
			const mark = region.arena.mark();
			const { indices, rows, count } = slicePairs(pairs, from, BATCH_ROWS);
			const isWhole = count === batch.length && region.kernels.pairsAreRows(indices, count);
			const ours = isWhole ? batch.columns : batch.columns.map((column) => takeColumn(region, column, indices, count));
			const other = this.#sides[1 - side] as KeptRows;
			const theirs = this.#partners(side, ours, (column) => other.read(column, rows, count, this.#outer[side]));
			const columns = side === 0 ? [...ours, ...theirs] : [...theirs, ...ours];
			out.emit({ length: count, columns, kinds: this.#pairKinds(batch, indices, count) });
			region.arena.release(mark);
		}
	}

	#pairKinds(batch: Batch, indices: number, count: number): number {
		if (batch.kinds === 0) return 0;
		const { arena, kernels } = this.#context.region;
		const kinds = arena.allocate(count);
		if (this.#outer[0] || this.#outer[1]) kernels.matchKinds(batch.kinds, indices, count, kinds);
		else kernels.take1(batch.kinds, indices, count, kinds);
		return kinds;
	}

	/** SEMI and ANTI: the left rows of the batch that pass. */
	#emitFiltered({ batch, from, to, matched }: Span, out: Output): void {
		const { region } = this.#context;
		const passing = region.arena.allocate((to - from) * 4);
		const count = region.kernels.matchSelect(matched, from, to, this.#spec.type === "semi", passing);
		if (count > 0) out.emit(count === batch.length ? batch : takeBatch(region, batch, passing, count));
	}

	/** Counts the matches that rows kept of the other side gained and lost. */
	#touch(batch: Batch, { indices, rows, count }: Pairs, other: KeptRows): Touched {
		const { arena, kernels } = this.#context.region;
		const touched = arena.allocate(count * 4);
		const before = arena.allocate(count * 4);
		const { matches } = other;
		const epoch = ++this.#epoch;
		const distinct = kernels.matchTouch(
			indices,
			other.cellsOf(rows, count),
			count,
			batch.kinds,
			matches,
			matches + 4,
			epoch,
			touched,
			before,
		);
		return { cells: touched, before, count: distinct };
	}

	/** Kept rows of the other side that got their first match, or lost their last one. */
	#emitTurned(touched: Touched, side: 0 | 1, first: boolean, out: Output): void {
		const { region } = this.#context;
		const { arena, kernels } = region;
		const other = this.#sides[1 - side] as KeptRows;
		const turned = arena.allocate(touched.count * 4);
		const { before, count } = touched;
		const found = kernels.matchTurned(touched.cells, before, count, other.matches, first, turned);
		if (found === 0) return;
		const once = { indices: 0, rows: other.rowsOf(turned, found), count: found };
		const { rows, count: n } = repeatPairs(region, once, other);
		const comes = this.#spec.type === "semi" ? first : !first;
		const kinds = comes ? 0 : this.#allKinds(RowKind.DELETE, n);
		this.#emitAlone((1 - side) as 0 | 1, rows, n, kinds, out);
	}

	/** Bounded input: rows of the build side that come out with or without matches, which is known at the end. */
	#emitLeftOver(build: 0 | 1, out: Output): void {
		const side = this.#sides[build];
		if (side.matches === 0) return;
		const { arena, kernels } = this.#context.region;
		for (const { rows, count } of side.batches()) {
			const mark = arena.mark();
			const chosen = arena.allocate(count * 4);
			const cells = side.cellsOf(rows, count);
			const n = kernels.cellsSelect(cells, rows, count, side.matches, this.#spec.type === "semi", chosen);
			if (n > 0) this.#emitAlone(build, chosen, n, 0, out);
			arena.release(mark);
		}
	}

	/** Kept rows, padded unless the join filters. */
	#emitAlone(side: 0 | 1, rows: number, n: number, kinds: number, out: Output): void {
		const { region } = this.#context;
		const kept = this.#read(side, rows, n, false);
		if (this.#filters) {
			out.emit({ length: n, columns: kept, kinds });
			return;
		}
		const missing = (this.#context.inputs[1 - side] as Schema).map(({ type }) => nullColumn(region, type, n));
		out.emit({ length: n, columns: side === 0 ? [...kept, ...missing] : [...missing, ...kept], kinds });
	}

	/** The columns of the other side; an integer key, equal in every pair, is the batch's. */
	#partners(side: 0 | 1, ours: readonly Column[], read: PartnerReader): Column[] {
		const { columns, slotKey } = this.#keys;
		const shared = slotKey !== undefined && !this.#outer[side] ? columns[1 - side]![0] : undefined;
		return (this.#context.inputs[1 - side] as Schema).map(({ type }, column) =>
			column === shared ? { ...ours[columns[side][0]!]!, type } : read(column),
		);
	}

	#read(side: number, rows: number, n: number, padded: boolean): Column[] {
		const kept = this.#sides[side] as KeptRows;
		return (this.#context.inputs[side] as Schema).map((_, column) => kept.read(column, rows, n, padded));
	}

	/** Rows whose key is NULL match nothing and are not kept. */
	#emitUnmatched(batch: Batch, side: 0 | 1, out: Output): void {
		if (this.#spec.type === "anti" && side === 0) out.emit(batch);
		if (!this.#outer[side]) return;
		const { region } = this.#context;
		const n = batch.length;
		const missing = (this.#context.inputs[1 - side] as Schema).map(({ type }) => nullColumn(region, type, n));
		const columns = side === 0 ? [...batch.columns, ...missing] : [...missing, ...batch.columns];
		const indices = region.arena.allocate(n * 4);
		region.kernels.rowsIota(0, 1, n, indices);
		out.emit({ length: n, columns, kinds: this.#pairKinds(batch, indices, n) });
	}

	#allKinds(kind: RowKind, n: number): number {
		const kinds = this.#context.region.arena.allocate(n);
		this.#context.region.kernels.fillBytes(kinds, kind, n);
		return kinds;
	}

	*#savedBatches(side: 0 | 1): Generator<Batch> {
		const { arena } = this.#context.region;
		const mark = arena.mark();
		for (const { columns, counters, count } of this.#sides[side].batches()) {
			yield { length: count, columns: [...columns, ...counters], kinds: 0 };
			arena.release(mark);
		}
	}
}

export const join: OperatorDefinition<"Join"> = {
	name: "Join",
	create(spec, context) {
		return new Join(spec.nullAware ? withoutKeys(spec, context.inputs) : spec, context);
	},
};
