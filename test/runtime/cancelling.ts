// Starts jobs of several workers and cancels each at a random moment; nothing of any of them may be left.
import { expect } from "vitest";
import { Millrace } from "../../src/index.js";

const RESOURCES = /Worker|MessagePort|Timeout|FileHandle/;

const resources = () =>
	process
		.getActiveResourcesInfo()
		.filter((name) => RESOURCES.test(name))
		.sort();

/** Queries whose workers are held up in different places: in the source, an exchange, a join, the collector. */
const QUERIES = [
	"SELECT auction, COUNT(*) FROM bid GROUP BY auction",
	"SELECT price, bidder FROM bid",
	"SELECT a.auction, b.price FROM bid a JOIN bid b ON a.price = b.price AND a.bidder = b.auction",
	"SELECT SUM(price) FROM bid",
];

export async function cancelAtRandom(jobs: number, random: () => number): Promise<void> {
	const before = resources();
	const session = await Millrace.open({ options: { "parallelism.default": "2" } });
	await session.execute(`
		CREATE TABLE events (event_type INT, bid ROW<auction BIGINT, bidder BIGINT, price BIGINT>)
			WITH ('connector' = 'nexmark', 'events.num' = '0');
		CREATE VIEW bid AS SELECT bid.auction, bid.bidder, bid.price FROM events WHERE event_type = 2`);
	for (let i = 0; i < jobs; i++) {
		const query = QUERIES[Math.floor(random() * QUERIES.length)]!;
		const delayMs = random() ** 2 * 400;
		const result = session.query(query);
		const taken = result.toArray().then(
			() => expect.unreachable(),
			(failure) => expect(failure.code).toBe("CANCELLED"),
		);
		await new Promise((resolve) => setTimeout(resolve, delayMs));
		result.cancel();
		await taken;
	}
	await session.close();
	await expect.poll(resources, { timeout: 10_000 }).toEqual(before);
}
