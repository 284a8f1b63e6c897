// Rows that came too late for their windows, kept apart from the results: what Flink calls the side output of late data.
import type * as arrow from "apache-arrow";
import { EngineError } from "../errors.js";
import type { OutputQueue } from "./output-queue.js";

/** Batches of late rows. */
export class LateData implements AsyncIterable<arrow.RecordBatch> {
	/** Of the batches: the input's, `op` included where it is a changelog. */
	readonly schema: arrow.Schema;
	readonly #queue: OutputQueue;
	readonly #checkAlive: () => void;

	/** For operators. */
	constructor(schema: arrow.Schema, queue: OutputQueue, checkAlive: () => void) {
		this.schema = schema;
		this.#queue = queue;
		this.#checkAlive = checkAlive;
	}

	/** Batches as they come, until the operator is finished. One loop at a time; leaving it early loses nothing. */
	[Symbol.asyncIterator](): AsyncGenerator<arrow.RecordBatch, void, undefined> {
		this.#checkAlive();
		return this.#queue.iterate();
	}

	/** The batches that are there now. */
	take(): arrow.RecordBatch[] {
		this.#checkAlive();
		return this.#queue.take();
	}
}

/** Whether rows have to wait for the loop that reads the late ones. Without a loop nobody may ever read them: that is no reason to wait. */
export const isHeldByReader = (late: OutputQueue | undefined): late is OutputQueue =>
	late !== undefined && !late.hasRoom && late.isIterated;

/** Throws INVALID_STATE when there is no room for late rows and no loop that would make some. */
export function checkRead(late: OutputQueue | undefined, operator: string): void {
	if (!late || late.hasRoom || late.isIterated) return;
	throw new EngineError(
		"INVALID_STATE",
		`${operator} has as many batches of late rows as may wait, and no loop reads them`,
		{
			expected: "somebody who reads lateData while rows are pushed",
			remedy:
				"Run a `for await` loop over lateData beside, call lateData.take() now and then, or raise maxBufferedBatches",
		},
	);
}
