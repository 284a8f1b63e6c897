// A node whose operator emits the results of a watermark in parts: others see the same order as if it had emitted all at once.
import { expect, test } from "vitest";
import type { Batch } from "../../src/arrow/batch.js";
import { MAX_WATERMARK, type Operator, type OperatorContext, type Output } from "../../src/operators/operator.js";
import { DataflowNode } from "../../src/runtime/dataflow-node.js";

const rows = (length: number): Batch => ({ length, columns: [], kinds: 0 });

/** Every watermark completes three batches: of 1, 2 and 3 rows. A batch is passed on. */
class Parts implements Operator {
	#sent = 0;

	process(batch: Batch, _input: number, out: Output): void {
		out.emit(batch);
	}

	advance(watermark: number, out: Output): void {
		while (this.advanceInParts(watermark, out));
	}

	advanceInParts(_watermark: number, out: Output): boolean {
		out.emit(rows(++this.#sent));
		if (this.#sent < 3) return true;
		this.#sent = 0;
		return false;
	}

	finish(_input: number, out: Output): void {
		out.emit(rows(100));
	}

	dispose(): void {}
}

function nodeOf(inParts: boolean) {
	const vertex = { id: 0, inputs: [{}], spec: { operator: "WindowAggregate" } };
	const context = { vertex, functions: {}, now: () => 0 } as unknown as OperatorContext;
	const stopwatch = { childMs: 0, atWork: new Float64Array(1) };
	const node = new DataflowNode(context, new Parts(), new Float64Array(64), stopwatch, inParts);
	const seen: (number | string)[] = [];
	node.receivers.push({
		batch: ({ length }) => seen.push(length),
		watermark: (time) => seen.push(time === MAX_WATERMARK ? "last watermark" : `watermark ${time}`),
		idle: (idle) => seen.push(`idle ${idle}`),
		end: () => seen.push("end"),
	});
	return { node, input: node.receiver(0), seen };
}

const AT_ONCE = [1, 2, 3, "watermark 5", 7, 1, 2, 3, "watermark 9", 1, 2, 3, "last watermark", 100, "end"];

test("all at once", () => {
	const { node, input, seen } = nodeOf(false);
	input.watermark(5);
	expect(node.owes).toBe(false);
	input.batch(rows(7));
	input.watermark(9);
	input.end();
	expect(seen).toEqual(AT_ONCE);
});

test("part by part, each when asked for, and the end after the last one", () => {
	const { node, input, seen } = nodeOf(true);
	input.watermark(5);
	expect(seen).toEqual([1]);
	while (node.owes) node.goOn();
	input.batch(rows(7));
	input.watermark(9);
	input.end();
	expect(node.owes).toBe(true);
	while (node.owes) node.goOn();
	expect(seen).toEqual(AT_ONCE);
});

test("what comes meanwhile finds everything emitted", () => {
	const { node, input, seen } = nodeOf(true);
	input.watermark(5);
	input.batch(rows(7));
	expect(seen).toEqual([1, 2, 3, "watermark 5", 7]);
	input.watermark(9);
	input.watermark(10);
	input.idle(true);
	input.end();
	while (node.owes) node.goOn();
	const following = [1, 2, 3, "watermark 9", 1, 2, 3, "watermark 10", "idle true", 1, 2, 3, "last watermark", 100];
	expect(seen.slice(5)).toEqual([...following, "end"]);
});
