// A sink that takes a thousand rows a second throttles its source, and metrics say who holds up whom. The long run is in the benchmark.
import { expect, test } from "vitest";
import { Millrace } from "../../src/index.js";

const ROWS_PER_SECOND = 1000;
const BATCH_ROWS = 64;
/** Batches that may be on their way in each slot: with the sink, and made by the source's last poll. */
const UNDERWAY = 4 * BATCH_ROWS;

test.each([1, 2])("a slow sink behind %i subtasks", async (parallelism) => {
	const options = { "parallelism.default": String(parallelism), "table.exec.batch-size": String(BATCH_ROWS) };
	await using session = await Millrace.open({ options });
	await session.execute(`
		CREATE TABLE events (event_type INT, bid ROW<auction BIGINT, price BIGINT>) WITH ('connector' = 'nexmark', 'events.num' = '0');
		CREATE TABLE slow (auction BIGINT, price BIGINT)
			WITH ('connector' = 'blackhole', 'rows-per-second' = '${ROWS_PER_SECOND}')`);
	const [job] = await session.submit("INSERT INTO slow SELECT bid.auction, bid.price FROM events");
	await expect.poll(() => job!.status, { timeout: 30_000 }).toBe("RUNNING");
	const start = performance.now();
	await new Promise((resolve) => setTimeout(resolve, 2500));
	const of = (operator: string) => job!.metrics().find((one) => one.operator === operator)!.metrics;
	const [source, sink] = [of("Source"), of("Sink")];
	const seconds = (performance.now() - start) / 1000 + 0.5;
	expect(source.numRecordsOut).toBeGreaterThan(0);
	expect(source.numRecordsOut).toBeLessThan(ROWS_PER_SECOND * seconds + UNDERWAY * parallelism);
	expect(source.backPressuredTimeMsPerSecond).toBeGreaterThan(500);
	expect(source.busyTimeMsPerSecond).toBeLessThan(300);
	expect(sink.busyTimeMsPerSecond).toBeGreaterThan(500);
	expect(sink.backPressuredTimeMsPerSecond).toBe(0);
	await job!.cancel();
	expect(job!.status).toBe("CANCELED");
});
