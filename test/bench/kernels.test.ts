// The benchmark of the kernels runs: all variants of a case agree, and the report has its documented shape.
import { expect, test } from "vitest";
import { kernels } from "../../bench/kernels/suite.js";
import { measure } from "../../bench/measure.js";
import { markdown, reportOf } from "../../bench/report.js";

const ROWS = 5000;

test.each(kernels(ROWS).map((one) => [one.name, one] as const))("%s", async (_, one) => {
	const results = await measure(one, { clock: "cpu", rounds: 1 });
	expect(results.map(({ variant }) => variant)).toContain("wasm");
	for (const { nsPerRow, spread } of results) {
		expect(nsPerRow).toBeGreaterThanOrEqual(0);
		expect(spread).toBeGreaterThanOrEqual(0);
	}
});

test("the report", () => {
	const results = [
		{ case: "a", variant: "wasm", nsPerRow: 2, spread: 0.5 },
		{ case: "a", variant: "duckdb", nsPerRow: 5, spread: 0.1 },
	];
	expect(markdown(results).split("\n")).toEqual([
		"| ns/row | wasm | duckdb | duckdb ÷ wasm |",
		"| --- | ---: | ---: | ---: |",
		"| a | 2.00 ±25% | 5.00 ±5% | 2.50× |",
	]);
	const report = JSON.parse(JSON.stringify(reportOf(10, "wall", results)));
	expect(report).toMatchObject({ schema: 1, rows: 10, machine: { clock: "wall" }, results });
	expect(report.versions.node).toBe(process.version);
});
