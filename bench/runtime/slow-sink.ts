// A fast source before a sink of 1000 rows a second: memory stays as it is, the source is throttled, and metrics say who holds up whom.
import { Millrace } from "../../src/index.js";
import { median, type RuntimeBenchmark } from "./figure.js";

const ROWS_PER_SECOND = 1000;
/** What the garbage of JavaScript may move. */
const GROWTH_MIB = 32;
const SAMPLE_MS = 500;

export const slowSink: RuntimeBenchmark = {
	name: "slow sink",
	async run({ slowSeconds }, report) {
		// Small batches, so that the sink is not asleep for most of a short run.
		const options = { "parallelism.default": "2", "table.exec.batch-size": "256" };
		const session = await Millrace.open({ options });
		try {
			await session.execute(`
				CREATE TABLE events (event_type INT, bid ROW<auction BIGINT, price BIGINT, channel VARCHAR>)
					WITH ('connector' = 'nexmark', 'events.num' = '0');
				CREATE TABLE slow (auction BIGINT, price BIGINT, channel VARCHAR)
					WITH ('connector' = 'blackhole', 'rows-per-second' = '${ROWS_PER_SECOND}')`);
			const [job] = await session.submit(
				"INSERT INTO slow SELECT bid.auction, bid.price, bid.channel FROM events WHERE event_type = 2",
			);
			const resident: number[] = [];
			const start = performance.now();
			while (performance.now() - start < slowSeconds * 1000) {
				await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
				resident.push(process.memoryUsage.rss() / 2 ** 20);
			}
			const reports = job!.metrics();
			const seconds = (performance.now() - start) / 1000;
			await job!.cancel();
			const of = (operator: string) => reports.find((one) => one.operator === operator)!.metrics;
			// Workers start in the first tenth.
			const steady = resident.slice(Math.ceil(resident.length / 10));
			const part = Math.ceil(steady.length / 3);
			const growth = median(steady.slice(-part)) - median(steady.slice(0, part));
			report({
				name: `slow sink, ${slowSeconds} s: growth of resident memory`,
				value: growth,
				unit: "MiB",
				bound: { atMost: GROWTH_MIB },
				details: { "resident MiB": median(steady), "highest MiB": Math.max(...steady) },
			});
			report({
				name: `slow sink, ${slowSeconds} s: rows of the source`,
				value: of("Source").numRecordsOut / seconds,
				unit: "rows/s",
				// Besides what the sink takes, a batch of each slot is on its way.
				bound: { atMost: ROWS_PER_SECOND * 1.1 + 1024 / seconds },
				details: { "rows/s of the sink": of("Sink").numRecordsIn / seconds },
			});
			report({
				name: `slow sink, ${slowSeconds} s: upstream back-pressured`,
				value: of("Source").accumulateBackPressuredTimeMs / (seconds * 2),
				unit: "ms per second",
				bound: { atLeast: 800 },
				details: {
					"busy ms per second of the sink": of("Sink").accumulateBusyTimeMs / (seconds * 2),
					"busy ms per second of the source": of("Source").accumulateBusyTimeMs / (seconds * 2),
				},
			});
		} finally {
			await session.close();
		}
	},
};
