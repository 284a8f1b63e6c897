// Exchanges between two slots over rings that hold a few rows: nothing is lost, doubled or reordered, whatever has to wait.
import { expect, test } from "vitest";
import { batchKinds, batchToRows, rowsToBatch } from "../../../src/arrow/rows.js";
import type { ExchangeSpec, JobGraph, JobVertex } from "../../../src/job/job-graph.js";
import type { Receiver } from "../../../src/runtime/dataflow-node.js";
import { LocalDoorbells } from "../../../src/runtime/exchange/doorbell.js";
import { exchangeLayout } from "../../../src/runtime/exchange/layout.js";
import { SharedPort } from "../../../src/runtime/exchange/port.js";
import { RowKind } from "../../../src/types/row-kind.js";
import type { Schema } from "../../../src/types/sql-type.js";
import type { Row } from "../../../src/types/value.js";
import { Region } from "../../../src/wasm/region.js";

const schema: Schema = [
	{ name: "key", type: { kind: "VARCHAR", length: 100, nullable: true } },
	{ name: "slot", type: { kind: "INTEGER", nullable: false } },
	{ name: "sequence", type: { kind: "INTEGER", nullable: false } },
	{ name: "text", type: { kind: "VARCHAR", length: 10_000, nullable: true } },
];

const SLOTS = 2;
const RING_BYTES = 1024;
const PER_SLOT = 300;
const KEY_OF_SLOT_0 = 1;
const SPOILT_BYTES = 64 * 1024;

function graphOf(exchange: ExchangeSpec): JobGraph {
	const vertex = (id: number, inputs: JobVertex["inputs"]): JobVertex => ({
		id,
		spec: { operator: "Union" },
		inputs,
		schema,
		changelog: "retract",
		parallelism: exchange.kind === "single" && id === 1 ? 1 : SLOTS,
		description: "Union",
	});
	const context = { timeZone: "UTC", queryStartMs: 0, batch: false, currentCatalog: "c", currentDatabase: "d" };
	const vertices = [vertex(0, []), vertex(1, [{ from: 0, exchange }])];
	return { name: "test", vertices, batch: false, context, options: {}, maxParallelism: 128 };
}

/** Some keys NULL, some longer than a view holds; some texts longer than a whole ring. */
function rowsOf(slot: number): Row[] {
	return Array.from({ length: PER_SLOT }, (_, i) => {
		const key = i % 11 === 0 ? null : `key ${"long ".repeat(i % 4)}${i % 17}`;
		return [key, slot, i, i % 50 === 7 ? "x".repeat(3000 + i) : i % 3 === 0 ? null : "y".repeat(i % 40)];
	});
}
const kindOf = (row: Row) => ((row[2] as number) % 5 === 0 ? RowKind.DELETE : RowKind.INSERT);

interface Arrival {
	/** Rows with their kinds, by sending slot. */
	readonly rows: (readonly [RowKind, Row])[][];
	batches: number;
	readonly watermarks: number[][];
	readonly ended: boolean[];
}

interface Sending {
	readonly ringBytes: number;
	readonly batchRows: number;
}

async function exchanged(
	exchange: ExchangeSpec,
	{ ringBytes, batchRows }: Sending = { ringBytes: RING_BYTES, batchRows: 100 },
): Promise<{ arrivals: Arrival[]; congested: boolean }> {
	const graph = graphOf(exchange);
	const [, target] = graph.vertices as [JobVertex, JobVertex];
	const [edge] = target.inputs;
	const layout = exchangeLayout(graph, ringBytes);
	const memory = new SharedArrayBuffer(layout.bytes);
	const doorbells = new LocalDoorbells(SLOTS);
	const arrivals: Arrival[] = [];
	const ports: SharedPort[] = [];
	const senders: { region: Region; out: Receiver }[] = [];
	for (let slot = 0; slot < SLOTS; slot++) {
		const region = await Region.create({ build: "debug" });
		const arrival: Arrival = { rows: [[], []], batches: 0, watermarks: [[], []], ended: [false, false] };
		const receivers = [0, 1].map(
			(from): Receiver => ({
				batch: (batch) => {
					arrival.batches++;
					const kinds = batchKinds(region, batch);
					for (const [i, row] of batchToRows(region, batch).entries()) {
						arrival.rows[row[1] as number]!.push([kinds[i]!, row]);
					}
				},
				watermark: (time) => arrival.watermarks[from]!.push(time),
				idle: () => {},
				end: () => {
					arrival.ended[from] = true;
				},
			}),
		);
		const port = new SharedPort(graph, { layout, memory, doorbell: doorbells.of(slot) }, slot, region);
		senders.push({ region, out: port.outgoing(edge!, target, 0, region) });
		if (slot < target.parallelism) port.incoming(edge!, target, 0, receivers);
		arrivals.push(arrival);
		ports.push(port);
	}
	for (const [slot, { region, out }] of senders.entries()) {
		const rows = rowsOf(slot);
		for (let from = 0; from < rows.length; from += 100) {
			for (let at = from; at < from + 100; at += batchRows) {
				const part = rows.slice(at, Math.min(at + batchRows, from + 100));
				const kinds = part.map(kindOf);
				const isInsert = kinds.every((kind) => kind === RowKind.INSERT);
				const mark = region.arena.mark();
				out.batch(rowsToBatch(region, schema, part, isInsert ? undefined : kinds));
				region.arena.release(mark);
				// A batch is the consumer's until the call returns, and no longer.
				region.kernels.fillBytes(region.arena.allocate(SPOILT_BYTES), 0xdb, SPOILT_BYTES);
				region.arena.release(mark);
			}
			out.watermark(from);
		}
		out.end();
	}
	const congested = ports.some((port) => port.congested);
	for (let round = 0; !ports.every((port) => port.ended); round++) {
		expect(round, "the exchange stands still").toBeLessThan(10_000);
		for (const port of ports) port.poll();
	}
	for (const port of ports) port.dispose();
	for (const { region } of senders) {
		region.arena.dispose();
		expect(region.heap.usedBytes).toBe(0);
	}
	return { arrivals, congested };
}

const sequences = (rows: readonly (readonly [RowKind, Row])[]) => rows.map(([, row]) => row[2] as number);
const sent = [0, 1].map((slot) => rowsOf(slot).map((row) => [kindOf(row), row]));

test("hash: equal keys meet in one slot, in the order sent", async () => {
	const { arrivals, congested } = await exchanged({ kind: "hash", keys: [0] });
	expect(congested).toBe(true);
	const slotOfKey = new Map<unknown, number>();
	for (const [slot, { rows }] of arrivals.entries()) {
		for (const [, [key]] of rows.flat()) {
			expect(slotOfKey.get(key) ?? slot).toBe(slot);
			slotOfKey.set(key as string | null, slot);
		}
		for (const from of rows) expect(sequences(from)).toEqual([...sequences(from)].sort((a, b) => a - b));
		expect(rows.flat().length).toBeGreaterThan(0);
	}
	for (const from of [0, 1]) {
		const received = arrivals.flatMap(({ rows }) => rows[from]!);
		expect(received.sort((a, b) => (a[1][2] as number) - (b[1][2] as number))).toEqual(sent[from]);
	}
});

test.each(["hash", "single", "broadcast"] as const)("%s: rows of small batches travel together", async (kind) => {
	const exchange = kind === "hash" ? ({ kind, keys: [0] } as const) : ({ kind } as const);
	const large = await exchanged(exchange, { ringBytes: 1 << 18, batchRows: 100 });
	const small = await exchanged(exchange, { ringBytes: 1 << 18, batchRows: 3 });
	expect(small.arrivals.map(({ rows }) => rows)).toEqual(large.arrivals.map(({ rows }) => rows));
	// A hundred rows lie between two watermarks; those that stay in their slot are only gathered where they were divided.
	const [first, second] = small.arrivals.map(({ batches }) => batches);
	expect(first! + second!).toBeLessThanOrEqual(kind === "hash" ? 12 : 34 * 3 * (kind === "single" ? 1 : 2) + 6);
});

test("rows that were gathered leave when there is nothing else to do", async () => {
	const graph = graphOf({ kind: "single" });
	const [, target] = graph.vertices as [JobVertex, JobVertex];
	const layout = exchangeLayout(graph, 8192);
	const exchange = { layout, memory: new SharedArrayBuffer(layout.bytes) };
	const doorbells = new LocalDoorbells(SLOTS);
	const arrived: Row[] = [];
	const regions = await Promise.all([Region.create({ build: "debug" }), Region.create({ build: "debug" })]);
	const [receiving, sending] = regions.map((region, slot) => {
		return new SharedPort(graph, { ...exchange, doorbell: doorbells.of(slot) }, slot, region);
	});
	const ignored: Receiver = { batch: () => {}, watermark: () => {}, idle: () => {}, end: () => {} };
	const taking: Receiver = { ...ignored, batch: (batch) => void arrived.push(...batchToRows(regions[0]!, batch)) };
	receiving!.incoming(target.inputs[0]!, target, 0, [taking, taking]);
	const out = sending!.outgoing(target.inputs[0]!, target, 0, regions[1]!);
	const rows = rowsOf(1).slice(0, 3);
	for (const row of rows) out.batch(rowsToBatch(regions[1]!, schema, [row]));
	expect(receiving!.poll()).toBe(false);
	expect([sending!.flush(), sending!.flush()]).toEqual([true, false]);
	expect(receiving!.poll()).toBe(true);
	expect(arrived).toEqual([]);
	expect([receiving!.flush(), receiving!.flush()]).toEqual([true, false]);
	expect(arrived).toEqual(rows);
});

test("single: everything in slot 0", async () => {
	const { arrivals } = await exchanged({ kind: "single" });
	expect(arrivals[0]!.rows).toEqual(sent);
	expect(arrivals[1]!.rows.flat()).toEqual([]);
});

test("broadcast: everything in every slot", async () => {
	const { arrivals } = await exchanged({ kind: "broadcast" });
	for (const { rows } of arrivals) expect(rows).toEqual(sent);
});

test("rebalance: whole batches in turn, each once", async () => {
	const { arrivals } = await exchanged({ kind: "rebalance" });
	expect(arrivals.map(({ rows }) => rows.map((from) => from.length))).toEqual([
		[200, 100],
		[100, 200],
	]);
});

test.each(["hash", "broadcast", "rebalance"] as const)("%s: watermarks and the end reach every slot", async (kind) => {
	const { arrivals } = await exchanged(kind === "hash" ? { kind, keys: [0] } : { kind });
	for (const { watermarks, ended } of arrivals) {
		expect(watermarks).toEqual([
			[0, 100, 200],
			[0, 100, 200],
		]);
		expect(ended).toEqual([true, true]);
	}
});

test("a batch of several messages is cut where it lies", async () => {
	const graph = graphOf({ kind: "broadcast" });
	const [, target] = graph.vertices as [JobVertex, JobVertex];
	const [edge] = target.inputs;
	const layout = exchangeLayout(graph, 8192);
	const memory = new SharedArrayBuffer(layout.bytes);
	const doorbells = new LocalDoorbells(SLOTS);
	const arrived: Row[] = [];
	const [first, second] = await Promise.all([Region.create({ build: "debug" }), Region.create({ build: "debug" })]);
	const ignored: Receiver = { batch: () => {}, watermark: () => {}, idle: () => {}, end: () => {} };
	const taking: Receiver = { ...ignored, batch: (batch) => void arrived.push(...batchToRows(second, batch)) };
	const ports = [first, second].map((region, slot) => {
		return new SharedPort(graph, { layout, memory, doorbell: doorbells.of(slot) }, slot, region);
	});
	const out = ports[0]!.outgoing(edge!, target, 0, first);
	ports[0]!.incoming(edge!, target, 0, [ignored, ignored]);
	ports[1]!.incoming(edge!, target, 0, [taking, taking]);
	// No text is long, so that some rows more than a slice fit a message; the last slice is a short one.
	const rows = Array.from(
		{ length: 333 },
		(_, i): Row => [i % 3 === 0 ? null : `k${i}`, 0, i, i % 5 === 0 ? null : "t"],
	);
	out.batch(rowsToBatch(first, schema, rows));
	for (let round = 0; round < 100; round++) for (const port of ports) port.poll();
	ports[1]!.flush();
	expect(arrived).toEqual(rows);
});

test("messages without credit wait in the task's memory: limited by it, and free when the port is disposed of", async () => {
	const graph = graphOf({ kind: "single" });
	const [, target] = graph.vertices as [JobVertex, JobVertex];
	const layout = exchangeLayout(graph, RING_BYTES);
	const region = await Region.create({ build: "debug", limitBytes: 4 << 20 });
	const exchange = { layout, memory: new SharedArrayBuffer(layout.bytes), doorbell: new LocalDoorbells(SLOTS).of(1) };
	const port = new SharedPort(graph, exchange, 1, region);
	const out = port.outgoing(target.inputs[0]!, target, 0, region);
	const send = () => {
		const mark = region.arena.mark();
		out.batch(rowsToBatch(region, schema, rowsOf(1)));
		region.arena.release(mark);
	};
	send();
	expect(port.congested).toBe(true);
	expect(() => {
		for (let i = 0; i < 1000; i++) send();
	}).toThrow(expect.objectContaining({ code: "OUT_OF_MEMORY", operator: "Exchange" }));
	expect(region.heap.usedBytes).toBeGreaterThan(3 << 20);
	port.dispose();
	region.arena.dispose();
	expect(region.heap.usedBytes).toBe(0);
});

test("rows of all senders make one batch, which comes before the watermark of any of them", async () => {
	const graph = graphOf({ kind: "hash", keys: [1] });
	const [, target] = graph.vertices as [JobVertex, JobVertex];
	const [edge] = target.inputs;
	const layout = exchangeLayout(graph, 8192);
	const memory = new SharedArrayBuffer(layout.bytes);
	const doorbells = new LocalDoorbells(SLOTS);
	const regions = await Promise.all([Region.create({ build: "debug" }), Region.create({ build: "debug" })]);
	const arrivals = regions.map((): (readonly Row[] | number)[] => []);
	const ports = regions.map((region, slot) => {
		const receiver: Receiver = {
			batch: (batch) => void arrivals[slot]!.push(batchToRows(region, batch)),
			watermark: (time) => void arrivals[slot]!.push(time),
			idle: () => {},
			end: () => {},
		};
		const port = new SharedPort(graph, { layout, memory, doorbell: doorbells.of(slot) }, slot, region);
		return { region, port, receiver, out: port.outgoing(edge!, target, 0, region) };
	});
	for (const { port, receiver } of ports) port.incoming(edge!, target, 0, [receiver, receiver]);
	// One key, which belongs to slot 0; kinds, NULLs and long strings come from one sender only.
	const rows = (slot: number, texts: readonly (string | null)[]): Row[] =>
		texts.map((text, i) => [text, KEY_OF_SLOT_0, i, `${slot}`]);
	const sent = [rows(0, ["a", "b", "c"]), rows(1, [null, "a long string from another slot", "d"])];
	for (const [slot, { region, out }] of ports.entries()) {
		const kinds = slot === 1 ? [RowKind.INSERT, RowKind.DELETE, RowKind.INSERT] : undefined;
		for (const [i, row] of sent[slot]!.entries()) out.batch(rowsToBatch(region, schema, [row], kinds && [kinds[i]!]));
	}
	ports[1]!.port.flush();
	while (ports[0]!.port.poll());
	expect(arrivals).toEqual([[], []]);
	ports[0]!.port.flush();
	const [batch, ...rest] = arrivals[0]! as [Row[]];
	expect(rest).toEqual([]);
	const from = (sender: string) => batch.filter((row) => row[3] === sender);
	expect([from("0"), from("1")]).toEqual(sent);
	ports[0]!.out.batch(rowsToBatch(regions[0]!, schema, sent[0]!));
	ports[0]!.out.watermark(7);
	expect(arrivals).toEqual([[batch, sent[0], 7], []]);
});
