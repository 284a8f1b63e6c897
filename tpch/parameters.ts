// Substitution parameters of the queries (clauses 2.4.1.3 to 2.4.22.3): what stands in the validation text, and what takes its place.
import { COLORS, CONTAINERS, NATIONS, REGIONS, SEGMENTS, SHIP_MODES, TYPES } from "../src/connectors/tpch/words.js";

/** Uniform draws from a seed. */
export class Parameters {
	#state: number;

	constructor(seed: number) {
		this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x2545f491) >>> 0 || 1;
	}

	/** From `low` to `high`, both included. */
	integer(low: number, high: number): number {
		this.#state ^= this.#state << 13;
		this.#state ^= this.#state >>> 17;
		this.#state ^= this.#state << 5;
		return low + Math.floor(((this.#state >>> 0) / 2 ** 32) * (high - low + 1));
	}

	one<T>(values: readonly T[]): T {
		return values[this.integer(0, values.length - 1)]!;
	}

	/** Different ones. */
	several<T>(values: readonly T[], count: number): T[] {
		const rest = [...values];
		return Array.from({ length: count }, () => rest.splice(this.integer(0, rest.length - 1), 1)[0]!);
	}

	brand(): string {
		return `Brand#${this.integer(1, 5)}${this.integer(1, 5)}`;
	}

	/** The first of a month, counted from January 1993. */
	month(count: number): string {
		const month = this.integer(0, count - 1);
		return `${1993 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-01`;
	}

	year(): number {
		return this.integer(1993, 1997);
	}
}

type Pairs = readonly (readonly [from: string, to: string])[];

const quoted = (text: string) => `'${text}'`;
const nationNames = NATIONS.map(([name]) => name);
/** Intervals of days have two digits. */
const days = (count: number) =>
	count < 100 ? `INTERVAL '${count}' DAY` : `INTERVAL '60' DAY - INTERVAL '${count - 60}' DAY`;
const syllable = (types: readonly string[], from: number, to: number) => [
	...new Set(types.map((type) => type.split(" ").slice(from, to).join(" "))),
];

const RULES: Readonly<Record<number, (draw: Parameters) => Pairs>> = {
	1: (draw) => [["INTERVAL '90' DAY", days(draw.integer(60, 120))]],
	2: (draw) => [
		["p_size = 15", `p_size = ${draw.integer(1, 50)}`],
		["%BRASS", `%${draw.one(syllable(TYPES, 2, 3))}`],
		["EUROPE", draw.one(REGIONS)],
	],
	3: (draw) => [
		["BUILDING", draw.one(SEGMENTS)],
		["1995-03-15", `1995-03-${String(draw.integer(1, 31)).padStart(2, "0")}`],
	],
	4: (draw) => [["1993-07-01", draw.month(58)]],
	5: (draw) => [
		["'ASIA'", quoted(draw.one(REGIONS))],
		["1994-01-01", `${draw.year()}-01-01`],
	],
	6: (draw) => [
		["1994-01-01", `${draw.year()}-01-01`],
		["0.06", `0.0${draw.integer(2, 9)}`],
		["l_quantity < 24", `l_quantity < ${draw.integer(24, 25)}`],
	],
	7: (draw) => {
		const [first, second] = draw.several(nationNames, 2) as [string, string];
		return [
			["FRANCE", first],
			["GERMANY", second],
		];
	},
	8: (draw) => {
		const [nation, region] = draw.one(NATIONS);
		return [
			["BRAZIL", nation],
			["'AMERICA'", quoted(REGIONS[region]!)],
			["ECONOMY ANODIZED STEEL", draw.one(TYPES)],
		];
	},
	9: (draw) => [["%green%", `%${draw.one(COLORS)}%`]],
	10: (draw) => [["1993-10-01", draw.month(24)]],
	11: (draw) => [["GERMANY", draw.one(nationNames)]],
	12: (draw) => {
		const [first, second] = draw.several(SHIP_MODES, 2) as [string, string];
		return [
			["'MAIL'", quoted(first)],
			["'SHIP'", quoted(second)],
			["1994-01-01", `${draw.year()}-01-01`],
		];
	},
	13: (draw) => [
		["%special%", `%${draw.one(["special", "pending", "unusual", "express"])}%`],
		["requests%", `${draw.one(["packages", "requests", "accounts", "deposits"])}%`],
	],
	14: (draw) => [["1995-09-01", draw.month(60)]],
	15: (draw) => [["1996-01-01", draw.month(58)]],
	16: (draw) => [
		["Brand#45", draw.brand()],
		["MEDIUM POLISHED%", `${draw.one(syllable(TYPES, 0, 2))}%`],
		[
			"49, 14, 23, 45, 19, 3, 36, 9",
			draw
				.several(
					Array.from({ length: 50 }, (_, index) => index + 1),
					8,
				)
				.join(", "),
		],
	],
	17: (draw) => [
		["Brand#23", draw.brand()],
		["MED BOX", draw.one(CONTAINERS)],
	],
	18: (draw) => [["> 300", `> ${draw.integer(312, 315)}`]],
	19: (draw) => {
		const [first, second, third] = [draw.integer(1, 10), draw.integer(10, 20), draw.integer(20, 30)];
		return [
			["Brand#12", draw.brand()],
			["Brand#23", draw.brand()],
			["Brand#34", draw.brand()],
			["l_quantity >= 1 AND l_quantity <= 1 + 10", `l_quantity >= ${first} AND l_quantity <= ${first} + 10`],
			["l_quantity >= 10 AND l_quantity <= 10 + 10", `l_quantity >= ${second} AND l_quantity <= ${second} + 10`],
			["l_quantity >= 20 AND l_quantity <= 20 + 10", `l_quantity >= ${third} AND l_quantity <= ${third} + 10`],
		];
	},
	20: (draw) => [
		["forest%", `${draw.one(COLORS)}%`],
		["1994-01-01", `${draw.year()}-01-01`],
		["CANADA", draw.one(nationNames)],
	],
	21: (draw) => [["SAUDI ARABIA", draw.one(nationNames)]],
	22: (draw) => {
		const codes = draw.several(
			nationNames.map((_, index) => quoted(String(10 + index))),
			7,
		);
		return [["'13', '31', '23', '29', '30', '18', '17'", codes.join(", ")]];
	},
};

/** What to replace in the text of query `number`. */
export const substitutions = (number: number, draw: Parameters): Pairs => RULES[number]!(draw);
