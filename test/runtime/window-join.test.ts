// Joins by windows alone: a side with one row for each window is copied to the subtasks of the other, whose rows stay where they are.
import { expect, test } from "vitest";
import { Millrace } from "../../src/index.js";

const EVENTS = 20_000;

async function run(select: string, parallelism: number) {
	const options = { "table.exec.inline": "true", "parallelism.default": String(parallelism) };
	await using session = await Millrace.open({ options });
	await session.execute(`
		CREATE TABLE events (event_type INT, person ROW<\`dateTime\` TIMESTAMP(3)>, auction ROW<\`dateTime\` TIMESTAMP(3)>,
			bid ROW<auction BIGINT, price BIGINT, \`dateTime\` TIMESTAMP(3)>,
			ts AS COALESCE(person.\`dateTime\`, auction.\`dateTime\`, bid.\`dateTime\`),
			WATERMARK FOR ts AS ts - INTERVAL '4' SECOND)
			WITH ('connector' = 'nexmark', 'events.num' = '${EVENTS}', 'first-event.rate' = '1000');
		CREATE VIEW bid AS SELECT bid.auction, bid.price, ts FROM events WHERE event_type = 2;
		CREATE VIEW counts AS SELECT auction, COUNT(*) AS n, window_start, window_end
			FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(ts), INTERVAL '2' SECOND)) GROUP BY auction, window_start, window_end;
		CREATE VIEW most AS SELECT MAX(n) AS n, window_start, window_end FROM counts GROUP BY window_start, window_end;
		CREATE VIEW even AS SELECT * FROM most WHERE MOD(n, 2) = 0`);
	const result = session.query(select);
	const rows = await result.toArray();
	return {
		rows: rows.map((row) => JSON.stringify(row, (_, value) => (typeof value === "bigint" ? `${value}` : value))).sort(),
		subtasks: result.metrics().find(({ operator }) => operator === "WindowJoin")!.subtasks.length,
	};
}

const ON = "ON c.window_start = m.window_start AND c.window_end = m.window_end";

const SPREAD = {
	"the copied side on the right": `SELECT c.auction, c.n FROM counts c JOIN most m ${ON} AND c.n >= m.n`,
	"on the left": `SELECT c.auction, m.n FROM most m JOIN counts c ${ON} AND c.n >= m.n`,
	"rows without a match": `SELECT c.auction, c.n, m.n FROM counts c LEFT JOIN even m ${ON}`,
	"only whether there is one": `SELECT auction, n FROM counts c WHERE EXISTS (SELECT * FROM even m
		WHERE c.window_start = m.window_start AND c.window_end = m.window_end AND c.n > m.n - 5)`,
	"only whether there is none": `SELECT auction, n FROM counts c WHERE NOT EXISTS (SELECT * FROM even m
		WHERE c.window_start = m.window_start AND c.window_end = m.window_end AND c.n <= m.n)`,
};

test.each(Object.entries(SPREAD))("joined where the rows are: %s", async (_, select) => {
	const alone = await run(select, 1);
	expect(alone.rows.length).toBeGreaterThan(0);
	for (const parallelism of [2, 3]) expect(await run(select, parallelism)).toEqual({ ...alone, subtasks: parallelism });
});

const TOGETHER = {
	"rows of the side that would be copied are padded": `SELECT c.auction, m.n FROM counts c RIGHT JOIN even m ${ON} AND c.n > m.n - 2`,
	"a window may have several rows": `SELECT c.auction, m.auction FROM counts c JOIN counts m ${ON} AND c.n + m.n > 30 AND m.n > c.n`,
};

test.each(Object.entries(TOGETHER))("joined in one subtask: %s", async (_, select) => {
	const alone = await run(select, 1);
	expect(alone.rows.length).toBeGreaterThan(0);
	expect(await run(select, 2)).toEqual({ ...alone, subtasks: 1 });
});
