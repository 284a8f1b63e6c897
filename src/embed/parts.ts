// What an operator is made of: the plan that a builder makes, the pipeline that runs it, and the queues of what comes out.
import type * as arrow from "apache-arrow";
import { EngineError } from "../errors.js";
import type { Schema } from "../types/sql-type.js";
import { OutputQueue } from "./output-queue.js";
import { Pipeline, type PipelinePlan } from "./pipeline.js";
import { shown } from "./shown.js";

/** Batches that may wait in the output before `push` is held, unless told. */
export const MAX_BUFFERED_BATCHES = 16;

export interface StreamPlan extends PipelinePlan {
	/** Of the RecordBatches of each input. */
	readonly inputs: readonly { readonly name: string; readonly schema: Schema; readonly isChangelog: boolean }[];
	readonly maxBufferedBatches?: number | undefined;
}

/** Of an operator. */
export interface Parts {
	readonly plan: StreamPlan;
	readonly pipeline: Pipeline;
	readonly queue: OutputQueue;
	/** Of late rows, where they are given out. */
	readonly late: OutputQueue | undefined;
}

/** The parts that an operator's constructor was given; it is public in JavaScript. */
export function built(of: Parts): Parts {
	if (of?.pipeline instanceof Pipeline) return of;
	throw notBuilt();
}

const notBuilt = () =>
	new EngineError("INVALID_ARGUMENT", "The class of an operator makes none by itself", {
		expected: "a builder",
		remedy: "Call filter, hashAggregate, hashJoin or another builder",
	});

export async function parts(plan: StreamPlan): Promise<Parts> {
	if (!Array.isArray(plan?.stages) || !Array.isArray(plan.inputs)) throw notBuilt();
	const { maxBufferedBatches: capacity = MAX_BUFFERED_BATCHES } = plan;
	if (!(Number.isSafeInteger(capacity) && capacity > 0)) {
		throw new EngineError("INVALID_OPTION", `maxBufferedBatches is ${shown(capacity)}`, {
			expected: "a number of batches from 1",
			remedy: `Leave it out for ${MAX_BUFFERED_BATCHES}`,
		});
	}
	const queue = new OutputQueue(capacity);
	const late = plan.lateOf && new OutputQueue(capacity);
	const sinks = {
		emit: (batch: arrow.RecordBatch) => queue.add(batch),
		late: (batch: arrow.RecordBatch) => late?.add(batch),
	};
	return { plan, pipeline: await Pipeline.create(plan, sinks), queue, late };
}
