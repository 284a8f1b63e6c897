// Window aggregate: a count per key and tumbling window, a tenth of the rows to a window, the watermark behind each batch.
import type { Batch } from "../../src/arrow/batch.js";
import type { WindowAggregateSpec } from "../../src/job/specs.js";
import type { WindowSpec } from "../../src/job/window.js";
import { BIGINT, notNull, timestamp } from "../../src/types/sql-type.js";
import type { Case, Variant } from "../measure.js";
import { label } from "./aggregate.js";
import { keys, keysSql, rowsOf } from "./data.js";
import { duckdb } from "./duckdb.js";
import { Engine } from "./engine.js";
import { LongKeyTable } from "./typed-array.js";

export const windowCases = (rows: number): Case[] =>
	[1000, 100_000].map((distinct) => ({
		name: `tumbling COUNT by BIGINT, ${label(distinct)} keys`,
		rows,
		variants: () => tumbling(rows, distinct),
	}));

/** Counts of keys in windows, over rows whose times are 0, 1, 2 … ms; gives the sum of their squares. */
export async function counted(window: WindowSpec, k: BigInt64Array<ArrayBuffer>): Promise<Variant> {
	const schema = [
		{ name: "k", type: notNull(BIGINT) },
		{ name: "ts", type: notNull(timestamp(3)) },
	] as const;
	const engine = await Engine.create();
	const batches = engine.batches(schema, [k, BigInt64Array.from(k, (_, i) => BigInt(i))], k.length);
	const spec: WindowAggregateSpec = {
		operator: "WindowAggregate",
		window,
		keys: [0],
		calls: [{ function: "COUNT", args: [], argTypes: [], distinct: false, type: notNull(BIGINT), name: "n" }],
		properties: ["end"],
		inputUpdates: false,
		final: false,
	};
	const output = [schema[0], { name: "n", type: notNull(BIGINT) }, { name: "end", type: notNull(timestamp(3)) }];
	const { region } = engine;
	return {
		run: () => {
			let total = 0;
			const chain = engine.chain([{ spec, inputs: [schema], output }], ({ columns, length }: Batch) => {
				const { u32 } = region;
				for (let i = 0; i < length; i++) total += (u32[columns[1]!.data / 4 + i * 2] as number) ** 2;
			});
			let seen = 0;
			for (const batch of batches) {
				chain.process(batch);
				seen += batch.length;
				chain.advance(seen - 1);
			}
			chain.advance(Number.MAX_SAFE_INTEGER);
			chain.dispose();
			return total;
		},
	};
}

/** Row i has time i ms. The answer is the sum of the squares of the counts. */
async function tumbling(rows: number, distinct: number): Promise<Record<string, Variant>> {
	const size = Math.ceil(rows / 10);
	const k = keys(rows, distinct);
	return {
		wasm: await counted({ kind: "tumble", time: 1, eventTime: true, size, offset: 0 }, k),
		"typed arrays": {
			run: () => {
				const words = new Int32Array(k.buffer);
				let total = 0;
				for (let from = 0; from < rows; from += size) {
					const index = new LongKeyTable();
					const counts = new Float64Array(distinct);
					for (let i = from; i < Math.min(from + size, rows); i++) {
						const group = index.find(words[i * 2] as number, words[i * 2 + 1] as number);
						counts[group] = (counts[group] as number) + 1;
					}
					total += counts.reduce((sum, n) => sum + n * n, 0);
				}
				return total;
			},
		},
		idiomatic: {
			run: () => {
				const windows = new Map<number, Map<bigint, number>>();
				for (let i = 0; i < rows; i++) {
					const start = i - (i % size);
					const counts = windows.get(start) ?? new Map<bigint, number>();
					windows.set(start, counts);
					const key = k[i] as bigint;
					counts.set(key, (counts.get(key) ?? 0) + 1);
				}
				let total = 0;
				for (const counts of windows.values()) for (const n of counts.values()) total += n * n;
				return total;
			},
		},
		duckdb: await duckdb(
			[`CREATE TABLE t AS SELECT ${keysSql(distinct)} AS k, i AS ts FROM ${rowsOf(rows)}`],
			`SELECT sum(n * n) FROM (SELECT k, count(*) AS n FROM t GROUP BY k, ts // ${size})`,
		),
	};
}
