// Local-global aggregation: fewer rows go over the exchange, unless that does not pay; the table stays the same.
import { expect, test } from "vitest";
import { Millrace, type OperatorMetricsReport } from "../../src/index.js";

async function run(select: string, options: Record<string, string>) {
	await using session = await Millrace.open({ options: { "table.exec.inline": "true", ...options } });
	await session.execute(`
		CREATE TABLE events (event_type INT, person ROW<\`dateTime\` TIMESTAMP(3)>, auction ROW<\`dateTime\` TIMESTAMP(3)>,
			bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, \`dateTime\` TIMESTAMP(3)>,
			ts AS CASE WHEN event_type = 0 THEN person.\`dateTime\` WHEN event_type = 1 THEN auction.\`dateTime\` ELSE bid.\`dateTime\` END,
			WATERMARK FOR ts AS ts - INTERVAL '4' SECOND)
			WITH ('connector' = 'nexmark', 'events.num' = '60000', 'first-event.rate' = '1000', 'generator.mode' = 'stream', 'scan.parallelism' = '2');
		CREATE VIEW bid AS SELECT bid.auction, bid.bidder, bid.price, ts FROM events WHERE event_type = 2`);
	const result = session.query(select);
	const rows = await result.toArray();
	return {
		rows: rows.map((row) => JSON.stringify(row, (_, value) => (typeof value === "bigint" ? `${value}` : value))).sort(),
		metrics: result.metrics(),
	};
}

const of = (metrics: readonly OperatorMetricsReport[], operator: string) =>
	metrics.find((report) => report.operator === operator);

const CASES = {
	"by few keys":
		"SELECT auction, COUNT(*), SUM(price), MIN(price), MAX(bidder), AVG(price), COUNT(*) FILTER (WHERE price > 1000) FROM bid GROUP BY auction",
	"of everything": "SELECT COUNT(*), SUM(price), AVG(price) FILTER (WHERE price < 0) FROM bid",
	"by windows":
		"SELECT window_start, auction, COUNT(*), MAX(price) FROM TABLE(HOP(TABLE bid, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end, auction",
	"of windows of windows": `SELECT MAX(n), window_start FROM (SELECT auction, window_start, window_end, COUNT(*) AS n
		FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, auction) GROUP BY window_start, window_end`,
};

test("groups are kept over batches", async () => {
	const select = "SELECT bidder, COUNT(*), MIN(price) FROM bid GROUP BY bidder";
	const options = { "table.exec.batch-size": "100", "execution.buffer-timeout.interval": "1 h" };
	const split = await run(select, { "parallelism.default": "2", ...options });
	expect(split.rows).toEqual((await run(select, { "parallelism.default": "1" })).rows);
	// Two senders, and each knows a bidder once.
	const local = of(split.metrics, "LocalGroupAggregate")!.metrics;
	expect(local.numRecordsOut).toBeLessThanOrEqual(split.rows.length * 2);
});

test.each(Object.entries(CASES))("sums %s", async (_, select) => {
	const alone = await run(select, { "parallelism.default": "1" });
	const onePhase = await run(select, { "parallelism.default": "2", "table.optimizer.agg-phase-strategy": "ONE_PHASE" });
	const split = await run(select, { "parallelism.default": "2" });
	const batch = await run(select, { "parallelism.default": "2", "execution.runtime-mode": "batch" });
	expect(alone.rows.length).toBeGreaterThan(0);
	for (const { rows } of [onePhase, split, batch]) expect(rows).toEqual(alone.rows);
	expect(of(onePhase.metrics, "LocalGroupAggregate")).toBeUndefined();
	const local = of(split.metrics, "LocalGroupAggregate")!.metrics;
	expect(local.numRecordsOut).toBeLessThan(local.numRecordsIn / 2);
});

test("what several calls are made of travels once", async () => {
	const select =
		"SELECT AVG(price), auction, COUNT(price), COUNT(*), SUM(price), AVG(price) FILTER (WHERE price > 1000), COUNT(*) FILTER (WHERE price > 1000), MAX(price) FROM (SELECT auction, COALESCE(price, 0) AS price FROM bid) GROUP BY auction";
	const one = await run(select, { "parallelism.default": "1" });
	const two = await run(select, { "parallelism.default": "2" });
	expect(two.rows).toEqual(one.rows);
	// The key; the rows and their sum; those that the filter leaves and their sum; the highest.
	expect(of(two.metrics, "LocalGroupAggregate")!.description.match(/(COUNT|SUM|MAX)\(/g)).toHaveLength(5);
});

test("keys that hardly repeat are not looked for", async () => {
	const calls = {
		"values as they are": "COUNT(*), SUM(bidder), MIN(price), MAX(price), COUNT(price)",
		"values to be worked out":
			"COUNT(NULLIF(bidder, 1002)), SUM(CAST(price AS INT)), MAX(price) FILTER (WHERE price > 999)",
	};
	for (const [name, results] of Object.entries(calls)) {
		const select = `SELECT auction, bidder, price, ${results} FROM bid GROUP BY auction, bidder, price`;
		const split = await run(select, { "parallelism.default": "2" });
		expect(split.rows, name).toEqual((await run(select, { "parallelism.default": "1" })).rows);
		const local = of(split.metrics, "LocalGroupAggregate")!.metrics;
		expect(local.numRecordsOut, name).toBeGreaterThan(local.numRecordsIn * 0.9);
	}
});

test("what cannot be added up without loss is not split", async () => {
	for (const call of ["SUM(CAST(price AS DOUBLE))", "COUNT(DISTINCT bidder)", "FIRST_VALUE(price)"]) {
		const { metrics } = await run(`SELECT auction, ${call} FROM bid GROUP BY auction`, { "parallelism.default": "2" });
		expect(of(metrics, "LocalGroupAggregate"), call).toBeUndefined();
	}
});
