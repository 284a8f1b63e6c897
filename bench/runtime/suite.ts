// The runtime: what two workers are worth, what passes between them, what the rest of the process notices of it, and how soon it is there.
import { eventLoop } from "./event-loop.js";
import { hops, throughput } from "./exchange.js";
import type { Figure, RuntimeBenchmark, RuntimeOptions } from "./figure.js";
import { slowSink } from "./slow-sink.js";
import { speedUp } from "./speed-up.js";
import { start } from "./start.js";

export const BENCHMARKS: readonly RuntimeBenchmark[] = [speedUp, throughput, hops, eventLoop, slowSink, start];

/** Those whose name contains `filter`, one after the other. */
export async function runtimeFigures(
	options: RuntimeOptions,
	filter: string,
	progress: (figure: Figure) => void,
): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const { name, run } of BENCHMARKS) {
		if (!name.includes(filter)) continue;
		await run(options, (figure) => {
			figures.push(figure);
			progress(figure);
		});
	}
	return figures;
}
