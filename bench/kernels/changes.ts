// Operators that used to run row by row: Top-N over updates, OVER by time, the first row by time, windows, OVER in batch. `rows` is the row path: the baseline's operator over
// JavaScript rows.
import { BATCH_ROWS, type Batch } from "../../src/arrow/batch.js";
import { createOperator } from "../../src/baseline/create.js";
import { operatorContext } from "../../src/baseline/library.js";
import type { RowOutput } from "../../src/baseline/operator.js";
import { contextOf } from "../../src/embed/options.js";
import type { OperatorSpec } from "../../src/job/specs.js";
import { MAX_WATERMARK } from "../../src/operators/operator.js";
import { RowKind } from "../../src/types/row-kind.js";
import { BIGINT, notNull, type Schema, timestamp } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { memoryOwner } from "../../src/wasm/heap.js";
import type { Case, Variant } from "../measure.js";
import { type ByHand, firstsByTime, sumsByTime, sumsSoFar, topsOfCounts, topsOfWindows } from "./changes-by-hand.js";
import { keys, mixed } from "./data.js";
import { Engine } from "./engine.js";

const long = (name: string) => ({ name, type: notNull(BIGINT) });
const SUM = {
	function: "SUM",
	args: [3],
	argTypes: [notNull(BIGINT)],
	distinct: false,
	type: notNull(BIGINT),
	name: "s",
};

export const changeCases = (rows: number): Case[] => {
	const some = Math.floor(rows / 10);
	return [
		{
			name: "Top-10 of all over counts that change, 1K keys (a tenth of the rows)",
			rows: some,
			variants: () => topOfCounts(some, 1000),
		},
		{
			name: "OVER SUM by time, 10 rows before, 1K keys (a tenth of the rows)",
			rows: some,
			variants: () => sumByTime(some, 1000),
		},
		{
			name: "Deduplicate, first by time, a tenth of the rows are new keys (a tenth of the rows)",
			rows: some,
			variants: () => firstByTime(some, Math.ceil(some / 10)),
		},
		{
			name: "Top-3 within windows by time, 10 K rows each, 1K keys (a tenth of the rows)",
			rows: some,
			variants: () => topOfWindows(some, 1000),
		},
		{
			name: "OVER in batch: SUM so far, 1K keys (a tenth of the rows)",
			rows: some,
			variants: () => sumSoFar(some, 1000, false),
		},
		{
			name: "OVER in batch: ROW_NUMBER, 1K keys (a tenth of the rows)",
			rows: some,
			variants: () => sumSoFar(some, 1000, true),
		},
	];
};

/** Each row adds one to the count of a key: the count before is taken back. The answer is the sum of the first ten counts. */
async function topOfCounts(rows: number, distinct: number): Promise<Record<string, Variant>> {
	const [k, n] = [new BigInt64Array(rows), new BigInt64Array(rows)];
	const kinds = new Uint8Array(rows);
	const counts = new Float64Array(distinct);
	for (let i = 0; i + 1 < rows; i += 2) {
		const key = mixed(i) % distinct;
		const isFirst = counts[key] === 0;
		k[i] = k[i + 1] = BigInt(key);
		n[i] = BigInt(isFirst ? 0 : counts[key]!);
		kinds[i] = isFirst ? RowKind.INSERT : RowKind.UPDATE_BEFORE;
		counts[key]!++;
		n[i + 1] = BigInt(counts[key]!);
		kinds[i + 1] = RowKind.UPDATE_AFTER;
	}
	const schema = [long("k"), long("n")];
	const order = [{ column: 1, ascending: false, nullsFirst: false }];
	const spec = { operator: "Sort", order, offset: 0, fetch: 10, inputUpdates: true, final: false } as const;
	const engine = await Engine.create();
	const { region } = engine;
	const at = region.heap.allocate(rows + 16, memoryOwner("bench"));
	region.u8.set(kinds, at);
	const batches = engine.batches(schema, [k, n], rows).map((batch, i) => ({ ...batch, kinds: at + i * BATCH_ROWS }));
	const answer = ({ columns, length, kinds: sent }: Batch) => {
		let total = 0;
		const { u32, u8 } = region;
		for (let i = 0; i < length; i++) total += u32[columns[1]!.data / 4 + i * 2]! * (u8[sent + i]! & 1 ? -1 : 1);
		return total;
	};
	return {
		wasm: chained(engine, spec, schema, schema, batches, answer, false),
		...topsOfCounts(k, n, kinds),
		rows: byRows(
			spec,
			schema,
			schema,
			rowsOf([k, n], rows),
			kinds,
			(row, kind) => Number(row[1]) * (kind & 1 ? -1 : 1),
		),
	};
}

/** The answer is the sum of the sums. */
async function sumByTime(rows: number, distinct: number): Promise<Record<string, Variant>> {
	const frame = { unit: "rows", start: { kind: "preceding", offset: 10 }, end: { kind: "currentRow" } } as const;
	const spec: OperatorSpec = {
		operator: "OverAggregate",
		partition: [0],
		order: [{ column: 1, ascending: true, nullsFirst: true }],
		time: "rowtime",
		groups: [{ frame, calls: [SUM] }],
		inputUpdates: false,
	};
	return timed(spec, rows, distinct, sumsByTime, [long("s")]);
}

/** In batch by value; the answer is the sum of the results. */
const sumSoFar = (rows: number, distinct: number, isNumbered: boolean) =>
	timed(
		{
			operator: "OverAggregate",
			partition: [0],
			order: [{ column: 3, ascending: false, nullsFirst: false }],
			time: "final",
			groups: [
				{
					frame: { unit: "rows", start: { kind: "unboundedPreceding" }, end: { kind: "currentRow" } },
					calls: [isNumbered ? { ...SUM, function: "ROW_NUMBER", args: [], argTypes: [] } : SUM],
				},
			],
			inputUpdates: false,
		},
		rows,
		distinct,
		sumsSoFar(isNumbered),
		[long("s")],
	);

/** The answer is the sum of the values. */
const firstByTime = (rows: number, distinct: number) =>
	timed(
		{ operator: "Deduplicate", keys: [0], order: 1, keep: "first", updateBefore: false, final: false },
		rows,
		distinct,
		firstsByTime,
	);

/** The answer is the sum of the values that are sent. */
const topOfWindows = (rows: number, distinct: number) =>
	timed(
		{
			operator: "Rank",
			function: "ROW_NUMBER",
			partition: [0],
			order: [{ column: 3, ascending: false, nullsFirst: false }],
			from: 1,
			to: 3,
			outputRank: false,
			inputUpdates: false,
			updateBefore: false,
			final: false,
			windowEnd: 2,
		},
		rows,
		distinct,
		topsOfWindows,
	);

/** A row a millisecond, windows of ten seconds; the watermark follows every batch. The answer is the sum of the last column. */
async function timed(spec: OperatorSpec, rows: number, distinct: number, byHand: ByHand, added: Schema = []) {
	const k = keys(rows, distinct);
	const ts = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i + 1));
	const v = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % 100));
	const end = ts.map((time) => (time / 10_000n + 1n) * 10_000n);
	const time = notNull(timestamp(3));
	const schema = [long("k"), { name: "ts", type: time }, { name: "window_end", type: time }, long("v")];
	const output = [...schema, ...added];
	const last = output.length - 1;
	const engine = await Engine.create();
	const answer = ({ columns, length }: Batch) => {
		let total = 0;
		const { u32 } = engine.region;
		for (let i = 0; i < length; i++) total += u32[columns[last]!.data / 4 + i * 2]!;
		return total;
	};
	const columns = [k, ts, end, v];
	const values = rowsOf(columns, rows).map(([key, at, to, value]) => [key!, Number(at), Number(to), value!] as Row);
	return {
		wasm: chained(engine, spec, schema, output, engine.batches(schema, columns, rows), answer, true),
		...(await byHand({ k, end: Float64Array.from(end, Number), v: Int32Array.from(v, Number), distinct })),
		rows: byRows(spec, schema, output, values, undefined, (row) => Number(row[last])),
	};
}

const rowsOf = (columns: readonly BigInt64Array[], rows: number): Row[] =>
	Array.from({ length: rows }, (_, i) => columns.map((column) => column[i]!));

function chained(
	engine: Engine,
	spec: OperatorSpec,
	input: Schema,
	output: Schema,
	batches: readonly Batch[],
	answer: (batch: Batch) => number,
	isTimed: boolean,
): Variant {
	return {
		run: () => {
			let total = 0;
			const chain = engine.chain([{ spec, inputs: [input], output }], (batch) => {
				total += answer(batch);
			});
			for (const [i, batch] of batches.entries()) {
				chain.process(batch);
				if (isTimed) chain.advance((i + 1) * BATCH_ROWS);
			}
			if (isTimed) chain.advance(MAX_WATERMARK);
			chain.finish();
			chain.dispose();
			return total;
		},
	};
}

function byRows(
	spec: OperatorSpec,
	input: Schema,
	output: Schema,
	rows: readonly Row[],
	kinds: Uint8Array | undefined,
	answer: (row: Row, kind: RowKind) => number,
): Variant {
	return {
		run: () => {
			let total = 0;
			const context = operatorContext({ context: contextOf(false), options: {} }, () => 0, undefined);
			const operator = createOperator(spec, [input], output, context);
			const out: RowOutput = {
				emit: (row, kind) => {
					total += answer(row, kind);
				},
				watermark: () => {},
				idle: () => {},
				late: () => {},
			};
			for (const [i, row] of rows.entries()) {
				operator.process(row, (kinds?.[i] ?? 0) as RowKind, 0, out);
				if ((i + 1) % BATCH_ROWS === 0) operator.advance?.(i + 1, out);
			}
			operator.advance?.(Number.POSITIVE_INFINITY, out);
			operator.finish?.(out);
			return total;
		},
	};
}
