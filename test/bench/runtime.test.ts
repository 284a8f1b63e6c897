// The benchmark of the runtime runs, small; its figures are of the machine that runs it and are not judged here.
import { expect, test } from "vitest";
import { hops, throughput } from "../../bench/runtime/exchange.js";
import { type Figure, figureTable, isMet, type RuntimeBenchmark } from "../../bench/runtime/figure.js";

async function figuresOf({ run }: RuntimeBenchmark): Promise<Figure[]> {
	const figures: Figure[] = [];
	await run({ rows: 40_960, rounds: 1, slowSeconds: 1, watchSeconds: 1 }, (figure) => figures.push(figure));
	return figures;
}

test("everything sent over the exchange arrives", async () => {
	const [figure] = await figuresOf(throughput);
	expect(figure).toMatchObject({ unit: "GB/s", bound: { atLeast: 2 } });
	expect(figure!.value).toBeGreaterThan(0);
});

test("batches go there and back", async () => {
	const [figure] = await figuresOf(hops);
	expect(figure).toMatchObject({ unit: "µs", bound: { atMost: 100 }, details: { hops: 18_000 } });
	expect(figure!.details.p10).toBeLessThanOrEqual(figure!.value);
});

test("figures beside their bounds", () => {
	const figure: Figure = { name: "a", value: 1.5, unit: "×", bound: { atLeast: 1.7 }, details: { seconds: 2 } };
	expect(isMet(figure)).toBe(false);
	expect(isMet({ ...figure, value: 1.7 })).toBe(true);
	expect(isMet({ ...figure, bound: { atMost: 1.5 } })).toBe(true);
	expect(figureTable([figure]).split("\n")[2]).toBe("| a | 1.5 × | ≥ 1.7 | no | seconds 2 |");
});
