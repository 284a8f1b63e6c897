// Filters that the source applies while it makes events leave the same rows as filters above it.
import { expect, test } from "vitest";
import { openSuite } from "../../nexmark/measure.js";
import type { HarnessEngine } from "../../nexmark/options.js";

const EVENTS = 30_000;

const QUERIES = {
	"a few bids": "SELECT * FROM bid WHERE price > 50000000 AND MOD(auction, 7) = 3",
	"most bids": "SELECT auction, bidder, price, `dateTime`, extra FROM bid WHERE price > 200",
	"no bid": "SELECT * FROM bid WHERE price < 0",
	"bids by a text": "SELECT price, channel, url, extra FROM bid WHERE channel = 'Apple' AND price < 100000",
	auctions: "SELECT * FROM auction WHERE category = 10 AND initialBid > 1000000",
	persons: "SELECT * FROM person WHERE state = 'OR'",
	"a whole event": "SELECT bid FROM datagen WHERE event_type = 2 AND bid.price > 90000000",
	"what fails for some row": "SELECT price FROM bid WHERE price > 90000000 AND 1 / (price - 100) >= 0",
} as const;

async function rowsOf(engine: HarnessEngine, sql: string): Promise<string[]> {
	const session = await openSuite({ query: "q0", engine, events: EVENTS, parallelism: 1, workFolder: "" });
	try {
		const rows = await session.query(sql).toArray();
		return rows.map((row) => JSON.stringify(row, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
	} finally {
		await session.close();
	}
}

test.each(Object.entries(QUERIES))("%s", async (_, sql) => {
	const found = await rowsOf("wasm", sql);
	expect(found.sort()).toEqual((await rowsOf("baseline", sql)).sort());
});
