// docs/metrics.md names every metric, in the code's order, and its example runs.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Millrace } from "../../src/index.js";
import { METRIC_NAMES } from "../../src/runtime/vertex-metrics.js";

const text = readFileSync("docs/metrics.md", "utf8");

test("the table lists the metrics that there are", () => {
	const rows = [...text.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \| (.+) \| (sum|mean|lowest|highest) \|$/gm)];
	expect(rows.map(([, name]) => name)).toEqual([...METRIC_NAMES]);
});

test("how subtasks become one is as documented", async () => {
	const { combinedMetrics } = await import("../../src/runtime/vertex-metrics.js");
	const filled = (value: number) => Object.fromEntries(METRIC_NAMES.map((name) => [name, value])) as never;
	const combined = combinedMetrics([filled(2), filled(4)]);
	const values = { sum: 6, mean: 3, lowest: 2, highest: 4 };
	for (const [, name, how] of text.matchAll(/^\| `(\w+)` \|.*\| (sum|mean|lowest|highest) \|$/gm)) {
		expect(combined[name as keyof typeof combined], name).toBe(values[how as keyof typeof values]);
	}
});

test("the example", async () => {
	const [, example] = /```js\n(.*?)```/s.exec(text)!;
	const printed: unknown[][] = [];
	const body = example!.replace(/^import .*$/m, "");
	const run = new Function("Millrace", "console", `return (async () => {${body}})()`);
	await run(Millrace, { log: (...values: unknown[]) => printed.push(values) });
	// 46 of every 50 events are bids, and the source is told that only these are wanted.
	expect(printed[0]).toEqual(["Source", 0, 46_000, 2]);
	expect(printed.find(([operator]) => operator === "Sink")![1]).toBeGreaterThan(0);
	const [, rowsIn] = printed.find(([operator]) => operator === "LocalGroupAggregate")!;
	expect(rowsIn).toBe(46_000);
});
