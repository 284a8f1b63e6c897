// Blocks: other draws than the stream's, but the same laws, whatever the parallelism and the columns read.
import { expect, test } from "vitest";
import { Region } from "../../src/wasm/region.js";
import { ALL_PATHS, columnsOf, context, datagen, drain, linesOf, open } from "./events.js";

const EVENTS = 400_000;
const options = { "events.num": String(EVENTS) };

async function lines(more: Record<string, string>, subtask: number, parallelism: number): Promise<string[]> {
	const region = await Region.create();
	const table = datagen({ "events.num": "50000", ...more });
	const found: string[] = [];
	drain(region, open(table, context(region, table, { projection: ALL_PATHS, subtask, parallelism })), (batch) => {
		found.push(...linesOf(region, batch));
	});
	return found;
}

test("any number of subtasks makes the same events", async () => {
	const whole = await lines({}, 0, 1);
	expect(whole).toHaveLength(50_000);
	for (const parallelism of [2, 3, 7]) {
		const parts: string[] = [];
		for (let subtask = 0; subtask < parallelism; subtask++) parts.push(...(await lines({}, subtask, parallelism)));
		expect(parts.sort()).toEqual([...whole].sort());
	}
});

test("the seed decides", async () => {
	const [one, again, two] = await Promise.all([
		lines({ seed: "1" }, 0, 1),
		lines({}, 0, 1),
		lines({ seed: "2" }, 0, 1),
	]);
	expect(again).toEqual(one);
	const differing = two!.filter((line, i) => line !== one![i]).length;
	expect(differing).toBeGreaterThan(49_000);
});

test("columns alone have the values that they have together", async () => {
	const small = { "events.num": "20000" };
	const all = await columnsOf(small, { projection: ALL_PATHS });
	for (const [i, path] of ALL_PATHS.entries()) {
		const [alone] = await columnsOf(small, { projection: [path] });
		expect(alone).toEqual(all[i]);
	}
});

test("ids, types and times are those of the stream", async () => {
	const projection = [[0], [1, 0], [1, 6], [2, 0], [2, 5], [3, 5]];
	const small = { "events.num": "30000", "out-of-order.group-size": "7" };
	expect(await columnsOf(small, { projection })).toEqual(
		await columnsOf({ ...small, "generator.mode": "stream" }, { projection }),
	);
});

/** Counts of the values of the rows that have one. */
function histogram(values: readonly unknown[], keyOf: (value: never) => unknown): Map<unknown, number> {
	const counts = new Map<unknown, number>();
	for (const value of values) {
		if (value === null) continue;
		const key = keyOf(value as never);
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
}

/** Two-sample chi-square divided by its degrees of freedom: about 1 when both come from one law. Rare values are pooled. */
function chiSquare(left: Map<unknown, number>, right: Map<unknown, number>): number {
	let sum = 0;
	let cells = 0;
	let rare: [number, number] = [0, 0];
	const add = (a: number, b: number) => {
		sum += (a - b) ** 2 / (a + b);
		cells++;
	};
	for (const key of new Set([...left.keys(), ...right.keys()])) {
		const a = left.get(key) ?? 0;
		const b = right.get(key) ?? 0;
		if (a + b >= 20) add(a, b);
		else rare = [rare[0] + a, rare[1] + b];
	}
	if (rare[0] + rare[1] > 0) add(...rare);
	return sum / Math.max(1, cells - 1);
}

const length = (text: string) => text.length;
const decade = (price: bigint) => Math.floor(Math.log10(Number(price)) * 16);

/** What must be distributed alike: a name, the path that it reads, and the property of its values. */
const LAWS: readonly (readonly [string, readonly number[], (value: never) => unknown])[] = [
	["person.name", [1, 1], (name) => name],
	["person.emailAddress length", [1, 2], length],
	["person.creditCard first digit", [1, 3], (card: string) => card[0]],
	["person.city", [1, 4], (city) => city],
	["person.state", [1, 5], (state) => state],
	["person.extra length", [1, 7], length],
	["auction.itemName length", [2, 1], length],
	["auction.itemName first character", [2, 1], (name: string) => name[0]],
	["auction.description length", [2, 2], length],
	["auction.initialBid", [2, 3], decade],
	["auction.reserve", [2, 4], decade],
	["auction.category", [2, 8], (category) => category],
	["auction.extra length", [2, 9], length],
	["bid.price", [3, 2], decade],
	["bid.channel", [3, 3], (channel: string) => channel],
	["bid.extra length", [3, 6], length],
	["bid.extra first character", [3, 6], (extra: string) => extra[0]],
];

test("values are distributed as in the stream", { timeout: 120_000 }, async () => {
	const projection = LAWS.map(([, path]) => path);
	const blocks = await columnsOf(options, { projection });
	const stream = await columnsOf({ ...options, "generator.mode": "stream" }, { projection });
	for (const [i, [name, , keyOf]] of LAWS.entries()) {
		const ratio = chiSquare(histogram(blocks[i]!, keyOf), histogram(stream[i]!, keyOf));
		expect(ratio, name).toBeLessThan(name === "bid.channel" ? 1.1 : 2.6);
	}
});

test("hot auctions, bidders and sellers are as frequent and lie as far back as in the stream", {
	timeout: 120_000,
}, async () => {
	const projection = [
		[2, 7],
		[3, 0],
		[3, 1],
	];
	const shares = async (mode: string) => {
		const [sellers, auctions, bidders] = await columnsOf({ ...options, "generator.mode": mode }, { projection });
		const share = (values: unknown[], remainder: bigint) => {
			const present = values.filter((value) => value !== null) as bigint[];
			return present.filter((value) => value % 100n === remainder).length / present.length;
		};
		/** Mean distance from the newest that there can be. */
		const lag = (values: unknown[], perEpoch: number) => {
			let sum = 0;
			let count = 0;
			for (const [position, value] of values.entries()) {
				if (value === null) continue;
				sum += (position / 50) * perEpoch - Number(value);
				count++;
			}
			return sum / count;
		};
		return {
			hotSellers: share(sellers!, 0n),
			hotAuctions: share(auctions!, 0n),
			hotBidders: share(bidders!, 1n),
			sellerLag: lag(sellers!, 1),
			auctionLag: lag(auctions!, 3),
			bidderLag: lag(bidders!, 1),
		};
	};
	const [blocks, stream] = [await shares("blocks"), await shares("stream")];
	expect(blocks.hotSellers).toBeCloseTo(stream.hotSellers, 1.7);
	expect(blocks.hotAuctions).toBeCloseTo(stream.hotAuctions, 2);
	expect(blocks.hotBidders).toBeCloseTo(stream.hotBidders, 2);
	expect(blocks.hotAuctions).toBeCloseTo(0.505, 2);
	expect(blocks.hotBidders).toBeCloseTo(0.752, 2);
	expect(Math.abs(blocks.sellerLag - stream.sellerLag)).toBeLessThan(5);
	expect(Math.abs(blocks.auctionLag - stream.auctionLag)).toBeLessThan(0.3);
	expect(Math.abs(blocks.bidderLag - stream.bidderLag)).toBeLessThan(2);
});

test("the selectivities that the queries rely on", { timeout: 120_000 }, async () => {
	const [states, categories, auctions, prices, urls] = await columnsOf(options, {
		projection: [
			[1, 5],
			[2, 8],
			[3, 0],
			[3, 2],
			[3, 4],
		],
	});
	const share = (values: unknown[], test: (value: never) => boolean) => {
		const present = values.filter((value) => value !== null);
		return present.filter((value) => test(value as never)).length / present.length;
	};
	expect(share(states!, (state: string) => ["OR", "ID", "CA"].includes(state))).toBeCloseTo(0.504, 1.7);
	expect(share(categories!, (category: bigint) => category === 10n)).toBeCloseTo(0.203, 2);
	expect(share(auctions!, (auction: bigint) => auction % 123n === 0n)).toBeCloseTo(0.0075, 2.5);
	expect(
		share(prices!, (price: bigint) => price * 908n > 1_000_000_000n && price * 908n < 50_000_000_000n),
	).toBeCloseTo(0.283, 2);
	expect(share(urls!, (url: string) => !url.includes("channel_id"))).toBeCloseTo(0.5 + 0.05, 2);
});

/** Of the larger stream subtasks claim two blocks at a time. */
const CLAIMED = [
	{ events: "50000", batchRows: [700, 300], mostClaims: 15 },
	{ events: "280000", batchRows: [3920, 1680], mostClaims: 37 },
];

test.each(CLAIMED)(
	"subtasks that claim blocks of $events events read each once, however unevenly they take turns, and go on from there",
	async ({ events, batchRows, mostClaims }) => {
		const region = await Region.create();
		const table = datagen({ "events.num": events });
		const whole: string[] = [];
		drain(region, open(table, context(region, table, { projection: ALL_PATHS })), (batch) => {
			whole.push(...linesOf(region, batch));
		});
		const found: string[] = [];
		/** Turns of subtasks, by number; each reads batches of its own size. */
		const run = (turns: readonly number[], startPosition?: readonly unknown[]) => {
			let claimed = 0;
			const readers = batchRows.map((rows, subtask) => {
				const own = {
					projection: ALL_PATHS,
					subtask,
					parallelism: 2,
					batchRows: rows,
					startPosition,
					claim: () => claimed++,
				};
				return open(table, context(region, table, own));
			});
			for (const subtask of turns) {
				const batch = readers[subtask]!.next();
				if (batch !== null && !(batch instanceof Promise)) found.push(...linesOf(region, batch));
			}
			expect(claimed).toBeLessThanOrEqual(mostClaims);
			return readers.map((reader) => {
				const position = structuredClone(reader.position());
				reader.close();
				return position;
			});
		};
		const first = run([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
		const second = run([1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], first);
		expect(found.length).toBeLessThan(whole.length);
		run(
			Array.from({ length: 300 }, (_, i) => i % 2),
			second,
		);
		expect(found.sort()).toEqual(whole.sort());
	},
);

/** Of the larger stream subtasks take stretches of 1, 2, 1 and 4 blocks. */
const RESTORED = [
	{ events: "50000", batchRows: 700 },
	{ events: "280000", batchRows: 3920 },
];

test.each(RESTORED)(
	"readers of $events events go on from their positions, also with another parallelism, twice",
	async ({ events, batchRows }) => {
		const whole = (await lines({ "events.num": events }, 0, 1)).sort();
		const region = await Region.create();
		const table = datagen({ "events.num": events });
		const found: string[] = [];
		/** Reads some batches with each subtask, uneven ones; the positions reached. */
		const run = (parallelism: number, batches: readonly number[], startPosition?: readonly unknown[]) =>
			batches.map((count, subtask) => {
				const reader = open(
					table,
					context(region, table, { projection: ALL_PATHS, subtask, parallelism, startPosition, batchRows }),
				);
				for (let i = 0; i < count; i++) {
					const batch = reader.next();
					if (batch === null || batch instanceof Promise) break;
					found.push(...linesOf(region, batch));
				}
				const position = structuredClone(reader.position());
				reader.close();
				return position;
			});
		const first = run(3, [1, 11, 4]);
		const second = run(2, [3, 5], first);
		const third = run(5, [1, 1, 0, 2, 1], second);
		run(1, [1000], third);
		expect(found.sort()).toEqual(whole);
	},
);
