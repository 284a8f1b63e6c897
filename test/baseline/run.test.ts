// A whole graph in one thread: order of the sources, asynchronous lookups, counters, errors and cancellation.
import { expect, test } from "vitest";
import { type BaselineIo, type RowBatch, runBaseline } from "../../src/baseline/run.js";
import type { JobGraph, JobVertex } from "../../src/job/job-graph.js";
import type { ConnectorTable, OperatorSpec } from "../../src/job/specs.js";
import { call, column } from "../../src/types/expr.js";
import { INTEGER, type Schema, STRING } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { rowText, schemaOf } from "./harness.js";

const PAIR = schemaOf(INTEGER, STRING);
const table = (name: string): ConnectorTable => ({
	path: [name],
	connector: "values",
	options: {},
	columns: PAIR,
	partitionKeys: [],
});
const source = (name: string): OperatorSpec => ({
	operator: "Source",
	table: table(name),
	projection: [[0], [1]],
	filters: [],
	changelog: false,
});
const sink: OperatorSpec = { operator: "Sink", overwrite: false, staticPartition: {}, notNull: [] };

/** Vertices as [spec, inputs, schema], numbered in order. */
function graph(batch: boolean, ...vertices: (readonly [OperatorSpec, readonly number[], Schema])[]): JobGraph {
	return {
		name: "test",
		vertices: vertices.map(
			([spec, inputs, schema], id): JobVertex => ({
				id,
				spec,
				inputs: inputs.map((from) => ({ from, exchange: { kind: "forward" } })),
				schema,
				changelog: "insert",
				parallelism: 1,
				description: spec.operator,
			}),
		),
		batch,
		context: { timeZone: "UTC", queryStartMs: 0, batch, currentCatalog: "c", currentDatabase: "d" },
		options: {},
		maxParallelism: 128,
	};
}

const nameOf = (vertex: JobVertex) => (vertex.spec.operator === "Source" ? vertex.spec.table.path[0]! : "");

function collectorOf(sources: Record<string, Iterable<RowBatch> | AsyncIterable<RowBatch>>) {
	const rows: Row[] = [];
	const io: BaselineIo = {
		source: (vertex) => sources[nameOf(vertex)]!,
		sink: () => ({
			write: (written) => {
				rows.push(...written);
			},
		}),
	};
	return { rows, io };
}

test("a batch join reads its build side before the probe side, whatever the order of the inputs", async () => {
	const opened: string[] = [];
	const read = function* (name: string, rows: readonly Row[]): Generator<RowBatch> {
		opened.push(name);
		yield { rows };
	};
	const join: OperatorSpec = {
		operator: "Join",
		type: "inner",
		leftKeys: [0],
		rightKeys: [0],
		nullSafe: [false],
		leftWidth: 2,
		build: "right",
		leftUpdates: false,
		rightUpdates: false,
	};
	const { rows, io } = collectorOf({ probe: read("probe", [[1, "p"]]), build: read("build", [[1, "b"]]) });
	const plan = graph(
		true,
		[source("probe"), [], PAIR],
		[source("build"), [], PAIR],
		[join, [0, 1], [...PAIR, ...PAIR]],
		[sink, [2], [...PAIR, ...PAIR]],
	);
	const counters = await runBaseline(plan, io);
	expect(opened).toEqual(["build", "probe"]);
	expect(rows.map(rowText)).toEqual(["1|p|1|b"]);
	expect(counters.map(({ rowsIn, rowsOut }) => [rowsIn, rowsOut])).toEqual([
		[1, 1],
		[1, 1],
		[2, 1],
		[1, 0],
	]);
});

test("asynchronous lookups keep the order of rows", async () => {
	const lookup: OperatorSpec = {
		operator: "LookupJoin",
		type: "left",
		table: table("dimension"),
		projection: [[0], [1]],
		leftKeys: [0],
		rightKeys: [0],
		leftWidth: 2,
	};
	const rows: Row[] = Array.from({ length: 300 }, (_, i) => [i % 3 === 0 ? null : i, "l"]);
	const { rows: out, io } = collectorOf({ left: [{ rows }] });
	const delays = [5, 1, 3];
	const plan = graph(
		false,
		[source("left"), [], PAIR],
		[lookup, [0], [...PAIR, ...PAIR]],
		[sink, [1], [...PAIR, ...PAIR]],
	);
	await runBaseline(plan, {
		...io,
		lookup: () => async (key) => {
			await new Promise((resolve) => setTimeout(resolve, delays[Number(key[0]) % 3]));
			return Number(key[0]) % 2 === 0 ? [[key[0]!, "r"]] : [];
		},
	});
	expect(out.map((row) => row[0])).toEqual(rows.map((row) => row[0]));
	expect(rowText(out[2]!)).toBe("2|l|2|r");
	expect(rowText(out[1]!)).toBe("1|l|NULL|NULL");
});

test("an error names the operator and stops sources that still wait", async () => {
	let returned = false;
	const endless = (async function* (): AsyncGenerator<RowBatch> {
		try {
			for (;;) {
				yield { rows: [[1, "x"]] };
				await new Promise((resolve) => setTimeout(resolve, 1));
			}
		} finally {
			returned = true;
		}
	})();
	const calc: OperatorSpec = {
		operator: "Calc",
		projection: [call("/", [column(0, INTEGER), column(0, INTEGER)], INTEGER), column(1, STRING)],
	};
	const { io } = collectorOf({ endless, bad: [{ rows: [[0, "y"]] }] });
	const plan = graph(
		false,
		[source("endless"), [], PAIR],
		[source("bad"), [], PAIR],
		[{ operator: "Union" }, [0, 1], PAIR],
		[calc, [2], PAIR],
		[sink, [3], PAIR],
	);
	await expect(runBaseline(plan, io)).rejects.toMatchObject({ code: "DIVISION_BY_ZERO", operator: "Calc" });
	await new Promise((resolve) => setTimeout(resolve, 20));
	expect(returned).toBe(true);
});

test("a signal cancels a job whose source has nothing to give", async () => {
	const controller = new AbortController();
	const silent = (async function* (): AsyncGenerator<RowBatch> {
		await new Promise(() => {});
	})();
	const { io } = collectorOf({ silent });
	const plan = graph(false, [source("silent"), [], PAIR], [sink, [0], PAIR]);
	const running = runBaseline(plan, io, { signal: controller.signal });
	setTimeout(() => controller.abort(), 5);
	await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
});
