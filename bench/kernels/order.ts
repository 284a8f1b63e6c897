// Sort, Top-N per key, deduplicate and limit.
import type { Batch } from "../../src/arrow/batch.js";
import type { OperatorSpec } from "../../src/job/specs.js";
import { BIGINT, DOUBLE, notNull } from "../../src/types/sql-type.js";
import type { Case, Variant } from "../measure.js";
import { aggregated } from "./aggregate.js";
import { doubles, doublesSql, keys, keysSql, rowsOf } from "./data.js";
import { duckdb } from "./duckdb.js";
import { Engine } from "./engine.js";
import { type ByHand, lastByHand, limitByHand, sortByHand, topByHand } from "./order-by-hand.js";

const ORDER = [{ column: 1, ascending: false, nullsFirst: false }];

export const orderCases = (rows: number): Case[] => {
	const some = Math.floor(rows / 10);
	return [
		{
			name: "sort by BIGINT (a tenth of the rows)",
			rows: some,
			variants: () => {
				const order = [{ column: 0, ascending: true, nullsFirst: true }];
				const spec = { operator: "Sort", order, offset: 0, inputUpdates: false, final: true } as const;
				const query = "SELECT sum(v) FROM (SELECT * FROM t ORDER BY k OFFSET 1)";
				return ordered(some, 2 ** 31 - 1, spec, query, sortByHand, true);
			},
		},
		{
			name: "Top-3 per key, 1K keys",
			rows,
			variants: () => {
				const ranks = {
					function: "ROW_NUMBER",
					partition: [0],
					order: ORDER,
					from: 1,
					to: 3,
					outputRank: false,
				} as const;
				const spec = { operator: "Rank", ...ranks, inputUpdates: false, updateBefore: false, final: true } as const;
				const top = "SELECT v, row_number() OVER (PARTITION BY k ORDER BY v DESC) AS r FROM t";
				return ordered(rows, 1000, spec, `SELECT sum(v) FROM (${top}) WHERE r <= 3`, topByHand);
			},
		},
		{
			name: "deduplicate, last row of 100K keys",
			rows,
			variants: () => {
				const spec = { operator: "Deduplicate", keys: [0], keep: "last", updateBefore: false, final: true } as const;
				const query = "SELECT sum(v) FROM (SELECT last(v) AS v FROM t GROUP BY k)";
				return ordered(rows, 100_000, spec, query, lastByHand);
			},
		},
		{
			name: "limit, half of the rows behind a tenth",
			rows,
			variants: () => {
				const [offset, fetch] = [Math.floor(rows / 10), Math.floor(rows / 2)];
				const spec = { operator: "Limit", offset, fetch, inputUpdates: false } as const;
				const query = `SELECT sum(v) FROM (SELECT * FROM t LIMIT ${fetch} OFFSET ${offset})`;
				return ordered(rows, 1000, spec, query, limitByHand(offset, fetch));
			},
		},
	];
};

/** The answer is the sum of v. `withoutFirst`: but for the first row, so that nobody can leave out the sorting. */
async function ordered(
	rows: number,
	distinct: number,
	spec: OperatorSpec,
	query: string,
	byHand: ByHand,
	withoutFirst = false,
): Promise<Record<string, Variant>> {
	const [k, v] = [keys(rows, distinct), doubles(rows, 1000)];
	const schema = [
		{ name: "k", type: notNull(BIGINT) },
		{ name: "v", type: notNull(DOUBLE) },
	];
	const engine = await Engine.create();
	const batches = engine.batches(schema, [k, v], rows);
	let skipped = !withoutFirst;
	const { region } = engine;
	const answer = ({ columns, length }: Batch) => {
		let total = 0;
		const { f64 } = region;
		for (let i = skipped ? 0 : 1; i < length; i++) total += f64[columns[1]!.data / 8 + i] as number;
		skipped = true;
		return total;
	};
	const wasm = aggregated(engine, [{ spec, inputs: [schema], output: schema }], batches, answer);
	return {
		wasm: {
			run: () => {
				skipped = !withoutFirst;
				return wasm.run();
			},
		},
		...byHand(k, v),
		duckdb: await duckdb(
			[`CREATE TABLE t AS SELECT ${keysSql(distinct)} AS k, ${doublesSql(1000)} AS v FROM ${rowsOf(rows)}`],
			query,
		),
	};
}
