// The laws of the official generator written down plainly, an event at a time on BigInt arithmetic: what `stream` is compared with for
// seeds and options that no golden file has. Its own correctness is checked against the golden files.
import { SplittableRandom } from "./splittable-random.js";

export interface ReferenceOptions {
	readonly seed: number;
	readonly events: number;
	readonly rate: number;
	readonly baseTime: number;
	readonly shares: readonly [person: number, auction: number, bid: number];
	readonly sizes: readonly [person: number, auction: number, bid: number];
	readonly hotAuctions: number;
	readonly hotBidders: number;
	readonly hotSellers: number;
	readonly activePeople: number;
	readonly inFlight: number;
	readonly groupSize: number;
}

const FIRST_NAMES = "Peter Paul Luke John Saul Vicky Kate Julie Sarah Deiter Walter".split(" ");
const LAST_NAMES = "Shultz Abrams Spencer White Bartels Walton Smith Jones Noris".split(" ");
const CITIES = "Phoenix,Los Angeles,San Francisco,Boise,Portland,Bend,Redmond,Seattle,Kent,Cheyenne".split(",");
const STATES = "AZ CA ID OR WA WY".split(" ");
const HOT_CHANNELS = "Google Facebook Baidu Apple".split(" ");
const POOL = 1_048_576;

/** One line an event: its letter and its fields, tab-separated, times as epoch ms. */
export function* referenceLines(options: ReferenceOptions): Generator<string> {
	const random = new SplittableRandom(options.seed);
	const generator = new Reference(options, random);
	const total = options.shares.reduce((sum, share) => sum + share, 0);
	for (let k = 0; k < options.events; k++) {
		const plain = 1 + k;
		const g = options.groupSize;
		const number = Math.floor(plain / g) * g + ((plain * 953) % g);
		const id = 1 + number;
		const place = id % total;
		if (place < options.shares[0]) yield generator.person(id, number);
		else if (place < options.shares[0] + options.shares[1]) yield generator.auction(id, number);
		else yield generator.bid(id, number);
	}
}

class Reference {
	readonly #options: ReferenceOptions;
	readonly #random: SplittableRandom;
	readonly #channels: readonly { readonly name: string; readonly url: string }[];
	readonly #pool: string;

	constructor(options: ReferenceOptions, random: SplittableRandom) {
		this.#options = options;
		this.#random = random;
		this.#channels = channels(new SplittableRandom(options.seed + 1));
		this.#pool = fillers(new SplittableRandom(options.seed + 2));
	}

	person(id: number, number: number): string {
		const random = this.#random;
		const name = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
		const email = `${text(random, 7)}@${text(random, 5)}.com`;
		const card = [0, 0, 0, 0].map(() => String(random.nextInt(10_000)).padStart(4, "0")).join(" ");
		const city = random.pick(CITIES);
		const state = random.pick(STATES);
		const size = 8 + name.length + email.length + card.length + city.length + state.length;
		const extra = this.#extra(size, this.#options.sizes[0]);
		return ["P", this.#lastPerson(id) + 1000, name, email, card, city, state, this.#time(number), extra].join("\t");
	}

	auction(id: number, number: number): string {
		const random = this.#random;
		const time = this.#time(number);
		const people = this.#lastPerson(id);
		const isHot = random.nextInt(this.#options.hotSellers) > 0;
		const seller = (isHot ? Math.trunc(people / 100) * 100 : this.#activePerson(people)) + 1000;
		const category = 10 + random.nextInt(5);
		const initialBid = this.#price();
		const expires = this.#expires(number, time);
		const name = text(random, 20);
		const description = text(random, 100);
		const reserve = initialBid + this.#price();
		const extra = this.#extra(8 + name.length + description.length + 40, this.#options.sizes[1]);
		const auction = this.#lastAuction(id) + 1000;
		return ["A", auction, name, description, initialBid, reserve, time, expires, seller, category, extra].join("\t");
	}

	bid(id: number, number: number): string {
		const random = this.#random;
		const newest = this.#lastAuction(id);
		const oldest = Math.max(newest - 100, 0);
		const isHot = random.nextInt(this.#options.hotAuctions) > 0;
		const auction = isHot ? Math.trunc(newest / 100) * 100 : oldest + random.nextLong(newest - oldest + 1 + 10);
		const people = this.#lastPerson(id);
		const isHotBidder = random.nextInt(this.#options.hotBidders) > 0;
		const bidder = isHotBidder ? Math.trunc(people / 100) * 100 + 1 : this.#activePerson(people);
		const price = this.#price();
		const { name, url } = this.#channels[random.nextInt(2) > 0 ? random.nextInt(4) : 4 + random.nextInt(10_000)]!;
		const extra = this.#extra(32, this.#options.sizes[2]);
		return ["B", auction + 1000, bidder + 2000, price, name, url, this.#time(number), extra].join("\t");
	}

	#time(number: number): number {
		const delayUs = 1e6 / this.#options.rate;
		return this.#options.baseTime + Math.trunc(Math.trunc(number * delayUs) / 1000);
	}

	#expires(number: number, time: number): number {
		const { shares, inFlight } = this.#options;
		const ahead = Math.trunc((inFlight * (shares[0] + shares[1] + shares[2])) / shares[1]);
		const horizon = this.#time(number + ahead) - time;
		return time + 1 + this.#random.nextLong(Math.max(2 * horizon, 1));
	}

	#price(): number {
		return Math.floor(10 ** (this.#random.nextDouble() * 6) * 100 + 0.5);
	}

	#activePerson(last: number): number {
		const people = last + 1;
		const active = Math.min(people, this.#options.activePeople);
		return people - active + this.#random.nextLong(active + 10);
	}

	#lastPerson(id: number): number {
		const [persons, auctions, bids] = this.#options.shares;
		const total = persons + auctions + bids;
		return Math.floor(id / total) * persons + Math.min(id % total, persons - 1);
	}

	#lastAuction(id: number): number {
		const [persons, auctions, bids] = this.#options.shares;
		const total = persons + auctions + bids;
		let epoch = Math.floor(id / total);
		let offset = id % total;
		if (offset < persons) {
			epoch--;
			offset = auctions - 1;
		} else if (offset >= persons + auctions) offset = auctions - 1;
		else offset -= persons;
		return epoch * auctions + offset;
	}

	#extra(current: number, average: number): string {
		if (current > average) return "";
		const rest = average - current;
		const delta = Math.round(rest * 0.2);
		const size = rest - delta + (delta === 0 ? 0 : this.#random.nextInt(2 * delta));
		const offset = this.#random.nextInt(POOL - size);
		return this.#pool.slice(offset, offset + size);
	}
}

/** 3 to max − 1 characters, each a blank (or `special`) or a letter; blanks at the ends are cut off. */
function text(random: SplittableRandom, max: number, special = " "): string {
	let made = "";
	for (let left = 3 + random.nextInt(max - 3); left > 0; left--) {
		made += random.nextInt(13) === 0 ? special : String.fromCharCode(97 + random.nextInt(26));
	}
	return made.replace(/^ +| +$/g, "");
}

function channels(random: SplittableRandom): { name: string; url: string }[] {
	const url = () => {
		const [a, b, c] = [text(random, 5, "_"), text(random, 5, "_"), text(random, 5, "_")];
		return `https://www.nexmark.com/${a}/${b}/${c}/item.htm?query=1`;
	};
	const hot = HOT_CHANNELS.map((name) => ({ name, url: url() }));
	const cold = Array.from({ length: 10_000 }, (_, i) => {
		const plain = url();
		const hasId = random.nextInt(10) > 0;
		return { name: `channel-${i}`, url: hasId ? `${plain}&channel_id=${channelId(i)}` : plain };
	});
	return [...hot, ...cold];
}

/** The bits of `i` from right to left as a signed number, without its sign: but the sign of the least number stays. */
function channelId(i: number): number {
	let reversed = 0;
	for (let bit = 0; bit < 32; bit++) reversed |= ((i >>> bit) & 1) << (31 - bit);
	return reversed === -(2 ** 31) ? reversed : Math.abs(reversed);
}

function fillers(random: SplittableRandom): string {
	const codes = new Uint8Array(POOL);
	for (let i = 0; i < POOL; ) {
		let draw = random.nextInt32();
		for (let j = 0; j < 6 && i < POOL; j++, i++) {
			codes[i] = 97 + (draw % 26);
			draw = Math.trunc(draw / 26);
		}
	}
	return Buffer.from(codes).toString("latin1");
}
