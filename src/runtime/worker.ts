// The worker of one slot, a Piscina task that lasts as long as the job. Reaches nothing of planning: it gets a JobGraph.
import { EngineError } from "../errors.js";
import { Region } from "../wasm/region.js";
import { giveBackRegion, takeRegion } from "../wasm/region-pool.js";
import { Dataflow } from "./dataflow.js";
import { ConnectorEnvironment } from "./environment.js";
import { SharedDoorbell } from "./exchange/doorbell.js";
import { exchangeLayout, slotsOf } from "./exchange/layout.js";
import { SharedPort } from "./exchange/port.js";
import { ResultSender } from "./result-sender.js";
import type { FromWorker, OperatorsModule, SlotResult, SlotTask, ToWorker } from "./slot-task.js";

/** Failures are results, with all they know: what rejects is the death of the worker. */
export default async function runSlot(task: SlotTask): Promise<SlotResult> {
	const abort = new AbortController();
	const results = new ResultSender(task.port, abort.signal);
	task.port.on("message", (message: ToWorker) => {
		if (message.kind === "cancel") abort.abort();
		else results.credit();
	});
	try {
		return { committables: [...(await runDataflow(task, results, abort.signal))] };
	} catch (cause) {
		return { error: EngineError.from(cause).within({ subtask: task.slot }).toJSON() };
	} finally {
		task.port.close();
	}
}

async function runDataflow(task: SlotTask, results: ResultSender, signal: AbortSignal) {
	const { graph, slot, exchange, metrics, memoryBytes, functions, port } = task;
	const { createOperators } = (await import(task.operators)) as OperatorsModule;
	const environment = new ConnectorEnvironment({
		graph,
		handles: new Map(),
		signal,
		createOperator: await createOperators(graph, signal, functions ?? []),
		filterInSources: true,
		collect: (vertex, region) => results.writer(vertex.id, region),
		output: printer((message) => port.postMessage(message)),
	});
	const isPooled = memoryBytes === undefined;
	const region = isPooled ? await takeRegion() : await Region.create({ limitBytes: memoryBytes });
	const slots = slotsOf(graph);
	const doorbell = new SharedDoorbell(exchange, slot);
	const shared = new SharedPort(graph, { layout: exchangeLayout(graph), memory: exchange, doorbell }, slot, region);
	const dataflow = new Dataflow(graph, { subtask: slot, parallelism: slots }, region, environment, metrics, shared);
	port.postMessage({ kind: "running" } satisfies FromWorker);
	try {
		await dataflow.run(signal);
	} finally {
		await dataflow.dispose();
	}
	if (isPooled) giveBackRegion(region, true);
	return dataflow.committables;
}

/** Print tables write in the coordinating thread: a worker's own streams may be cut off when it ends. */
function printer(post: (message: FromWorker) => void) {
	return {
		out: (text: string) => post({ kind: "print", text, error: false }),
		error: (text: string) => post({ kind: "print", text, error: true }),
	};
}
