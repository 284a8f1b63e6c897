// A thread of the exchange benchmarks: one slot with a port of the engine's own, and no operators.
import { parentPort, workerData } from "node:worker_threads";
import { allocateColumns, type Batch } from "../../src/arrow/batch.js";
import type { Receiver } from "../../src/runtime/dataflow-node.js";
import { SharedDoorbell } from "../../src/runtime/exchange/doorbell.js";
import { exchangeLayout } from "../../src/runtime/exchange/layout.js";
import { SharedPort } from "../../src/runtime/exchange/port.js";
import { Region } from "../../src/wasm/region.js";
import { type ExchangeOutcome, type ExchangeTask, SCHEMA, WARM_UP_SHARE } from "./exchange-graph.js";

const PARK_MS = 5;

const task = workerData as ExchangeTask;
const { graph, slot, memory, count } = task;
const region = await Region.create();
const doorbell = new SharedDoorbell(memory, slot);
const port = new SharedPort(graph, { layout: exchangeLayout(graph), memory, doorbell }, slot, region);
const [, target] = graph.vertices;
const [edge] = target!.inputs;
const out = port.outgoing(edge!, target!, 0, region);

const arrived = { rows: 0, rowsBefore: 0, sum: 0n, ended: false, firstMs: 0 };
const received: Receiver = {
	watermark: () => {},
	idle: () => {},
	batch: (batch) => {
		arrived.rows += batch.length;
		if (arrived.firstMs === 0 && arrived.rows >= count * task.batchRows * WARM_UP_SHARE) {
			arrived.firstMs = performance.now();
			arrived.rowsBefore = arrived.rows;
		}
		const { data } = batch.columns[0]!;
		arrived.sum += region.i64[data >> 3]! + region.i64[(data >> 3) + batch.length - 1]!;
	},
	end: () => {
		arrived.ended = true;
	},
};
port.incoming(edge!, target!, 0, [received, received]);

/** Looks after the exchange until `done`. */
function serve(done: () => boolean): void {
	while (!done()) if (!port.poll() && !port.flush() && !done()) port.park(PARK_MS);
}

function send(batch: Batch): void {
	out.batch(batch);
	if (port.congested) serve(() => !port.congested);
}

function makeBatch(): Batch {
	const columns = allocateColumns(region, SCHEMA, task.batchRows);
	for (const { data } of columns) {
		region.i64.set(
			BigInt64Array.from({ length: task.batchRows }, (_, i) => BigInt(i)),
			data >> 3,
		);
	}
	return { length: task.batchRows, columns, kinds: 0 };
}

/** Sends everything, and ends. */
function sendAll(batch: Batch): ExchangeOutcome {
	for (let i = 0; i < count; i++) send(batch);
	out.end();
	serve(() => !port.congested);
	return { slot };
}

function receiveAll(): ExchangeOutcome {
	serve(() => arrived.ended);
	const seconds = (performance.now() - arrived.firstMs) / 1000;
	return { slot, rows: arrived.rows, timedRows: arrived.rows - arrived.rowsBefore, sum: Number(arrived.sum), seconds };
}

/** Sends a batch, waits for the one that comes back, and so on. */
function playFirst(batch: Batch): ExchangeOutcome {
	const roundTripsMs = new Float64Array(count);
	for (let i = 0; i < count; i++) {
		// Broadcast: the own batch arrives here too.
		const due = arrived.rows + 2 * batch.length;
		const start = performance.now();
		send(batch);
		serve(() => arrived.rows === due);
		roundTripsMs[i] = performance.now() - start;
	}
	return { slot, roundTripsMs };
}

function playBack(batch: Batch): ExchangeOutcome {
	for (let i = 0; i < count; i++) {
		const due = arrived.rows + batch.length;
		serve(() => arrived.rows === due);
		send(batch);
	}
	port.flush();
	serve(() => !port.congested);
	return { slot };
}

const works = { send: sendAll, receive: receiveAll, serve: playFirst, return: playBack };
parentPort!.postMessage(works[task.work](makeBatch()));
// The thread stays until it is ended: only then can be seen what it used.
setInterval(() => {}, 60_000);
