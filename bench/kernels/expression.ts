// Calc: TPC-H Q6's filter and sum, Q1's decimal expressions, and single shapes of expressions.
import { BATCH_ROWS, type Batch } from "../../src/arrow/batch.js";
import { Projection } from "../../src/embed/bind.js";
import { sql } from "../../src/embed/expression.js";
import { contextOf } from "../../src/embed/options.js";
import type { AggregateCall } from "../../src/job/specs.js";
import { BIGINT, DATE, DOUBLE, decimal, notNull, type Schema, type SqlType, STRING } from "../../src/types/sql-type.js";
import type { Case, Variant } from "../measure.js";
import { aggregated, groupBy } from "./aggregate.js";
import { MIXED, mixed, rowsOf, textOf, textSql, texts } from "./data.js";
import { duckdb } from "./duckdb.js";
import { Engine, type Stage } from "./engine.js";
import { type Results, SHAPES, type Shape, textRoom, type Values } from "./shapes.js";

/** Different values of s. */
const STRINGS = 100_000;

/** A filter and expressions over a schema, as SQL. */
export function calc(schema: Schema, where: string | undefined, exprs: readonly string[]): Stage {
	const projection = new Projection(schema, contextOf(true));
	const bound = exprs.map((text) => projection.bind(sql(text), "bench"));
	const condition = where === undefined ? undefined : projection.condition(sql(where), "bench");
	return {
		spec: { operator: "Calc", condition, projection: bound },
		inputs: [schema],
		output: bound.map(({ type }, i) => ({ name: `e${i}`, type })),
	};
}

const sums = (input: Schema, types: readonly SqlType[]): AggregateCall[] =>
	input.map(({ type }, i) => ({
		function: "SUM",
		args: [i],
		argTypes: [type],
		distinct: false,
		type: types[i] as SqlType,
		name: `s${i}`,
	}));

export const expressionCases = (rows: number): Case[] => [
	{ name: "TPC-H Q6: filter and sum", rows, variants: () => q6(rows) },
	{ name: "TPC-H Q1: DECIMAL(12, 2) expressions and sums", rows, variants: () => q1(rows) },
	...SHAPES.map((shape) => ({ name: `expression ${shape.expr}`, rows, variants: () => single(rows, shape) })),
];

async function q6(rows: number): Promise<Record<string, Variant>> {
	const shipdate = Int32Array.from({ length: rows }, (_, i) => 8036 + (mixed(i) % 2526));
	const discount = Float64Array.from({ length: rows }, (_, i) => (i % 11) / 100);
	const quantity = Float64Array.from({ length: rows }, (_, i) => 1 + (i % 50));
	const price = Float64Array.from({ length: rows }, (_, i) => 900 + (i % 1000));
	const schema = [
		{ name: "shipdate", type: notNull(DATE) },
		{ name: "discount", type: notNull(DOUBLE) },
		{ name: "quantity", type: notNull(DOUBLE) },
		{ name: "price", type: notNull(DOUBLE) },
	];
	const engine = await Engine.create();
	const batches = engine.batches(schema, [shipdate, discount, quantity, price], rows);
	const where =
		"shipdate >= DATE '1994-01-01' AND shipdate < DATE '1995-01-01' AND discount BETWEEN 5e-2 AND 7e-2 AND quantity < 24";
	const filtered = calc(schema, where, ["price * discount"]);
	const total = groupBy(filtered.output, [], sums(filtered.output, [DOUBLE]));
	const answer = (batch: Batch) => engine.region.f64[batch.columns[0]!.data / 8] as number;
	const passes = (i: number) => {
		const day = shipdate[i] as number;
		const rate = discount[i] as number;
		return day >= 8766 && day < 9131 && rate >= 0.05 && rate <= 0.07 && (quantity[i] as number) < 24;
	};
	return {
		wasm: aggregated(engine, [filtered, total], batches, answer),
		"typed arrays": {
			run: () => {
				let sum = 0;
				for (let i = 0; i < rows; i++) if (passes(i)) sum += (price[i] as number) * (discount[i] as number);
				return sum;
			},
		},
		idiomatic: {
			run: () => {
				let sum = 0;
				const at = (i: number) => ({ day: shipdate[i]!, rate: discount[i]!, quantity: quantity[i]!, price: price[i]! });
				const isWanted = ({ day, rate, quantity }: ReturnType<typeof at>) =>
					day >= 8766 && day < 9131 && rate >= 0.05 && rate <= 0.07 && quantity < 24;
				for (let i = 0; i < rows; i++) {
					const row = at(i);
					if (isWanted(row)) sum += row.price * row.rate;
				}
				return sum;
			},
		},
		duckdb: await duckdb(
			[
				`CREATE TABLE t AS SELECT DATE '1970-01-01' + CAST(8036 + ${MIXED} % 2526 AS INTEGER) AS shipdate,
					CAST(i % 11 AS DOUBLE) / 100 AS discount, CAST(1 + i % 50 AS DOUBLE) AS quantity,
					CAST(900 + i % 1000 AS DOUBLE) AS price FROM ${rowsOf(rows)}`,
			],
			`SELECT sum(price * discount) FROM t WHERE ${where}`,
		),
	};
}

async function q1(rows: number): Promise<Record<string, Variant>> {
	const column = (value: (i: number) => number) => BigInt64Array.from({ length: rows }, (_, i) => BigInt(value(i)));
	const price = column((i) => 90_000 + (mixed(i) % 10_000_000));
	const discount = column((i) => i % 11);
	const tax = column((i) => i % 9);
	const money = notNull(decimal(12, 2));
	const schema = ["price", "discount", "tax"].map((name) => ({ name, type: money }));
	const engine = await Engine.create();
	const batches = engine.batches(schema, [price, discount, tax], rows);
	const exprs = ["price * (1 - discount)", "price * (1 - discount) * (1 + tax)"];
	const computed = calc(schema, undefined, exprs);
	const types = computed.output.map(({ type }) => ({ ...decimal(38, (type as { scale: number }).scale) }));
	const total = groupBy(computed.output, [], sums(computed.output, types));
	const scales = types.map(({ scale }) => 10 ** scale);
	const answer = ({ columns }: Batch) =>
		columns.reduce((sum, { data }, i) => {
			const value =
				((engine.region.i64[data / 8 + 1] as bigint) << 64n) | BigInt.asUintN(64, engine.region.i64[data / 8]!);
			return sum + Number(value) / (scales[i] as number);
		}, 0);
	return {
		wasm: aggregated(engine, [computed, total], batches, answer),
		"typed arrays": {
			run: () => {
				let [first, second] = [0, 0];
				const words = [price, discount, tax].map((values) => new Int32Array(values.buffer)) as [
					Int32Array,
					Int32Array,
					Int32Array,
				];
				for (let i = 0; i < rows * 2; i += 2) {
					const net = words[0][i]! * (100 - words[1][i]!);
					first += net;
					second += net * (100 + words[2][i]!);
				}
				return first / 1e4 + second / 1e6;
			},
		},
		idiomatic: {
			// Exact, as DECIMAL is: the sums do not fit a number.
			run: () => {
				let [first, second] = [0n, 0n];
				const at = (i: number) => ({ price: price[i]!, discount: discount[i]!, tax: tax[i]! });
				for (let i = 0; i < rows; i++) {
					const row = at(i);
					const net = row.price * (100n - row.discount);
					first += net;
					second += net * (100n + row.tax);
				}
				return Number(first) / 1e4 + Number(second) / 1e6;
			},
		},
		duckdb: await duckdb(
			[
				`CREATE TABLE t AS SELECT CAST((90000 + ${MIXED} % 10000000) / 100.0 AS DECIMAL(12, 2)) AS price,
					CAST((i % 11) / 100.0 AS DECIMAL(12, 2)) AS discount, CAST((i % 9) / 100.0 AS DECIMAL(12, 2)) AS tax
					FROM ${rowsOf(rows)}`,
			],
			`SELECT a::DOUBLE + b::DOUBLE FROM (SELECT sum(${exprs[0]}) AS a, sum(${exprs[1]}) AS b FROM t)`,
		),
	};
}

/**
 * How many values are not NULL. DuckDB counts rows instead where it knows that there is no NULL, so it gets one row of them more: then it computes
 * all values as well. Whoever writes JavaScript has the data in batches too.
 */
async function single(rows: number, shape: Shape): Promise<Record<string, Variant>> {
	const l = BigInt64Array.from({ length: rows }, (_, i) => BigInt(mixed(i) % 1_000_000));
	const d = Float64Array.from({ length: rows }, (_, i) => (i % 1000) * 0.5);
	const s = texts(rows, STRINGS);
	const schema = [
		{ name: "l", type: notNull(BIGINT) },
		{ name: "d", type: notNull(DOUBLE) },
		{ name: "s", type: notNull(STRING) },
	];
	const engine = await Engine.create();
	const batches = engine.batches(schema, [l, d, s], rows);
	const computed = calc(schema, undefined, [shape.expr]);
	const setup = `CREATE TABLE t AS SELECT CAST(${MIXED} % 1000000 AS BIGINT) AS l, CAST((i % 1000) * 0.5 AS DOUBLE) AS d,
		${textSql(`${MIXED} % ${STRINGS}`)} AS s FROM ${rowsOf(rows)}`;
	const columns = { l: new Int32Array(l.buffer), d, ...textRoom(s.bytes.length, rows) };
	columns.bytes.set(s.bytes);
	columns.offsets.set(s.offsets);
	const out = results();
	const values = plainBatches(rows);
	return {
		wasm: aggregated(engine, [computed], batches, ({ length }) => length),
		"typed arrays": {
			run: () => {
				let total = 0;
				for (let from = 0; from < rows; from += BATCH_ROWS) {
					const to = Math.min(from + BATCH_ROWS, rows);
					shape.typed(columns, from, to, out);
					total += to - from;
				}
				return total;
			},
		},
		idiomatic: { run: () => values.reduce((total, batch) => total + shape.idiomatic(batch).length, 0) },
		duckdb: await duckdb(
			[setup, "INSERT INTO t VALUES (NULL, NULL, NULL)"],
			`SELECT ${rows} + 0 * x FROM (SELECT count(${shape.duckdb ?? shape.expr}) AS x FROM t)`,
		),
	};
}

/** Room for the results of one batch. */
const results = (): Results => ({
	longs: new Int32Array(BATCH_ROWS * 2),
	doubles: new Float64Array(BATCH_ROWS),
	flags: new Uint8Array(BATCH_ROWS),
	...textRoom(BATCH_ROWS * 32, BATCH_ROWS),
});

/** The rows as JavaScript's own numbers and strings. */
function plainBatches(rows: number): Values[] {
	const words = Array.from({ length: STRINGS }, (_, key) => textOf(key));
	return Array.from({ length: Math.ceil(rows / BATCH_ROWS) }, (_, batch) => {
		const from = batch * BATCH_ROWS;
		const length = Math.min(BATCH_ROWS, rows - from);
		return {
			l: Array.from({ length }, (_, i) => mixed(from + i) % 1_000_000),
			d: Array.from({ length }, (_, i) => ((from + i) % 1000) * 0.5),
			s: Array.from({ length }, (_, i) => words[mixed(from + i) % STRINGS] as string),
		};
	});
}
