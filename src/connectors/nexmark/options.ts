// Options of the Nexmark source under the official generator's names, and the configuration they make.
import { EngineError } from "../../errors.js";
import type { ConnectorTable } from "../../job/specs.js";
import { option, readOptions } from "../../types/option.js";

/** Positions per block; a subtask that has done its own takes the next that nobody has, one or a stretch of them. */
export const BLOCK_EVENTS = 4000;

const count = (value: number, doc: string) => option.integer({ default: value, min: 1, max: 2 ** 31 - 1, doc });
const share = (value: number, doc: string) => option.integer({ default: value, min: 0, max: 1_000_000, doc });
/** Fillers are cut from a pool of 2^20 characters and vary by a fifth. */
const size = (value: number, doc: string) => option.memory({ default: value, max: 800_000, doc });

export const NEXMARK_OPTIONS = {
	"events.num": option.integer({ default: 0, min: 0, doc: "Number of events; 0: without end." }),
	"first-event.rate": option.double({ default: 10_000, min: 1e-6, doc: "Events per second of event time." }),
	"next-event.rate": option.double({ default: 10_000, doc: "Read but unused, as in the official generator." }),
	"rate.shape": option.string({ default: "SQUARE", doc: "Read but unused, as in the official generator." }),
	"rate.period": option.duration({ default: 600_000, doc: "Read but unused, as in the official generator." }),
	"rate.limited": option.boolean({ default: false, doc: "Emits events no sooner than their event time says." }),
	"rate.wall-clock": option.boolean({
		default: false,
		doc: "With a limited rate: an event comes when the clock shows its event time; else counted from the first event.",
	}),
	"full-events": option.boolean({ default: false, doc: "Generates all columns of all events, whether read or not." }),
	"max-emit-speed": option.boolean({ default: true, doc: "false: the same as 'rate.limited' = 'true'." }),
	"keep-alive": option.boolean({
		default: false,
		doc: "After the last event the source stays idle instead of ending.",
	}),
	"stop-at": option.integer({ default: -1, min: -1, doc: "Stops after this many events; -1: at 'events.num'." }),
	"person.proportion": share(1, "Share of persons."),
	"auction.proportion": share(3, "Share of auctions."),
	"bid.proportion": share(46, "Share of bids."),
	"person.avg-size": size(200, "Average size of a person."),
	"auction.avg-size": size(500, "Average size of an auction."),
	"bid.avg-size": size(100, "Average size of a bid."),
	"bid.hot-ratio.auctions": count(2, "1 in so many bids goes to an auction that is not hot."),
	"bid.hot-ratio.bidders": count(4, "1 in so many bids comes from a bidder who is not hot."),
	"auction.hot-ratio.sellers": count(4, "1 in so many auctions has a seller who is not hot."),
	"active-people": count(1000, "People who may bid and sell at a time."),
	"in-flight-auctions": count(100, "Auctions that are open at a time, on average."),
	"out-of-order.group-size": count(1, "Events of a group of this size come in a fixed wrong order; 1: in order."),
	"base-time": option.integer({ default: 1_436_918_400_000, doc: "Event time of the start, ms since 1970." }),
	seed: option.integer({ default: 1, doc: "Seed of the events." }),
	"seed.bid": option.integer({ doc: "Seed of channels and urls; default: 'seed' + 1." }),
	"seed.strings": option.integer({ doc: "Seed of the filler texts; default: 'seed' + 2." }),
	"generator.mode": option.enum(["blocks", "stream"], {
		default: "blocks",
		doc:
			"stream: one random sequence in one source task; with seed 1 the pinned stream of the official generator. blocks: draws " +
			"keyed by seed and event, so that any number of source tasks makes the same events and unread columns cost nothing.",
	}),
} as const;

/** One run of the generator, or one of several parallel runs over disjoint ids on the same time line (`firstId`, `generators`). */
export interface NexmarkConfig {
	readonly mode: "blocks" | "stream";
	readonly seed: number;
	readonly bidSeed: number;
	readonly stringSeed: number;
	/** Infinity: without end. */
	readonly events: number;
	readonly keepAlive: boolean;
	readonly paced: boolean;
	/** Paced by the clock: `baseTime` is the wall-clock time at which position 0 is due. */
	readonly wallClock: boolean;
	readonly fullEvents: boolean;
	readonly baseTime: number;
	readonly rate: number;
	readonly firstId: number;
	readonly generators: number;
	readonly personShare: number;
	readonly auctionShare: number;
	readonly bidShare: number;
	readonly personBytes: number;
	readonly auctionBytes: number;
	readonly bidBytes: number;
	readonly hotAuctionRatio: number;
	readonly hotBidderRatio: number;
	readonly hotSellerRatio: number;
	readonly activePeople: number;
	readonly auctionsInFlight: number;
	readonly groupSize: number;
}

export const nexmarkConfig = (table: ConnectorTable): NexmarkConfig => configOf(table.options);

export function configOf(text: Readonly<Record<string, string>>): NexmarkConfig {
	const options = readOptions(text, NEXMARK_OPTIONS, { subject: "the 'nexmark' connector" });
	if (options["person.proportion"] + options["auction.proportion"] + options["bid.proportion"] === 0) {
		throw new EngineError(
			"INVALID_OPTION",
			"'person.proportion', 'auction.proportion' and 'bid.proportion' are all 0",
			{
				expected: "at least one share above 0",
			},
		);
	}
	return {
		mode: options["generator.mode"],
		seed: options.seed,
		bidSeed: options["seed.bid"] ?? options.seed + 1,
		stringSeed: options["seed.strings"] ?? options.seed + 2,
		events: eventCount(options["events.num"], options["stop-at"]),
		keepAlive: options["keep-alive"],
		paced: options["rate.limited"] || !options["max-emit-speed"],
		wallClock: options["rate.wall-clock"],
		fullEvents: options["full-events"],
		baseTime: options["base-time"],
		rate: options["first-event.rate"],
		firstId: 1,
		generators: 1,
		personShare: options["person.proportion"],
		auctionShare: options["auction.proportion"],
		bidShare: options["bid.proportion"],
		personBytes: options["person.avg-size"],
		auctionBytes: options["auction.avg-size"],
		bidBytes: options["bid.avg-size"],
		hotAuctionRatio: options["bid.hot-ratio.auctions"],
		hotBidderRatio: options["bid.hot-ratio.bidders"],
		hotSellerRatio: options["auction.hot-ratio.sellers"],
		activePeople: options["active-people"],
		auctionsInFlight: options["in-flight-auctions"],
		groupSize: options["out-of-order.group-size"],
	};
}

function eventCount(number: number, stopAt: number): number {
	const total = number === 0 ? Number.POSITIVE_INFINITY : number;
	return stopAt < 0 ? total : Math.min(total, stopAt);
}

/** Split `index` of `generators` of the official generator: disjoint id ranges on one time line. */
export function splitOf(config: NexmarkConfig, index: number, generators: number): NexmarkConfig {
	const events = Math.floor(config.events / generators);
	const isLast = index === generators - 1;
	return {
		...config,
		generators,
		firstId: config.firstId + index * events,
		events: isLast ? config.events - index * events : events,
	};
}
