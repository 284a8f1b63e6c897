// Static texts of the TPC-H generator in linear memory: the pool of sentences, and the words that columns pick from.
import { VIEW_BYTES } from "../../arrow/batch.js";
import { type MemoryOwner, memoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import * as words from "./words.js";

export const POOL_BYTES = 300 * 1024 * 1024;
const POOL_SEED = 933588178;
/** A sentence may end this much behind the pool. */
const POOL_SLACK = 512;
const WORD_BYTES = 16;
const DISTRIBUTION_BYTES = 12;
/** In the kernels' order. */
const DISTRIBUTIONS = [
	words.NOUNS,
	words.VERBS,
	words.ADVERBS,
	words.ADJECTIVES,
	words.PREPOSITIONS,
	words.AUXILIARIES,
	words.TERMINATORS,
];

export const DICTIONARIES = {
	regions: words.REGIONS,
	nations: words.NATIONS.map(([name]) => name),
	segments: words.SEGMENTS,
	priorities: words.PRIORITIES,
	instructions: words.INSTRUCTIONS,
	shipModes: words.SHIP_MODES,
	containers: words.CONTAINERS,
	types: words.TYPES,
	manufacturers: [1, 2, 3, 4, 5].map((number) => `Manufacturer#${number}`),
	/** From 10 on; those of manufacturer 1 begin at 11. */
	brands: Array.from({ length: 46 }, (_, number) => `Brand#${number + 10}`),
	returnFlags: ["R", "A", "N"],
	lineStates: ["O", "F"],
	orderStates: ["F", "P", "O"],
} as const;

export type Dictionary = keyof typeof DICTIONARIES;

/** What is made at first use and kept until `dispose`. */
export class Texts {
	readonly #region: Region;
	readonly owner: MemoryOwner = memoryOwner("Source(tpch)");
	readonly #blocks: { address: number; bytes: number }[] = [];
	readonly #dictionaries = new Map<Dictionary, number>();
	#pool = 0;
	#colors = 0;

	constructor(region: Region) {
		this.#region = region;
	}

	/** Address of POOL_BYTES of sentences. */
	get pool(): number {
		if (this.#pool === 0) {
			this.#pool = this.allocate(POOL_BYTES + POOL_SLACK);
			const distributions = this.#distributions();
			this.#region.kernels.tpchTextPool(this.#pool, POOL_BYTES, distributions, POOL_SEED);
		}
		return this.#pool;
	}

	/** Address of the words of part names. */
	get colors(): number {
		if (this.#colors === 0) this.#colors = this.#words(words.COLORS);
		return this.#colors;
	}

	/** Address of the views of a dictionary's texts. */
	dictionary(name: Dictionary): number {
		let views = this.#dictionaries.get(name);
		if (views === undefined) {
			views = this.#views(DICTIONARIES[name]);
			this.#dictionaries.set(name, views);
		}
		return views;
	}

	/** Memory that lives as long as these texts. */
	allocate(bytes: number): number {
		const address = this.#region.heap.allocate(bytes, this.owner);
		this.#blocks.push({ address, bytes });
		return address;
	}

	dispose(): void {
		for (const { address, bytes } of this.#blocks.splice(0)) this.#region.heap.free(address, bytes, this.owner);
		this.#dictionaries.clear();
		this.#pool = 0;
		this.#colors = 0;
	}

	#distributions(): number {
		const records = this.allocate(DISTRIBUTIONS.length * DISTRIBUTION_BYTES);
		for (const [i, weighted] of DISTRIBUTIONS.entries()) {
			const list = weighted.flatMap(([weight, text]) => text.split(",").map((word) => ({ weight, word })));
			const numbers = list.flatMap(({ weight }, number) => Array<number>(weight).fill(number));
			const table = this.allocate(numbers.length);
			this.#region.u8.set(numbers, table);
			const at = records + i * DISTRIBUTION_BYTES;
			const from = this.#words(list.map(({ word }) => word));
			const view = this.#region.data;
			view.setUint32(at, numbers.length, true);
			view.setUint32(at + 4, table, true);
			view.setUint32(at + 8, from, true);
		}
		return records;
	}

	/** Words of 16 bytes: the text, a space, and their length in the last byte. */
	#words(list: readonly string[]): number {
		const address = this.allocate(list.length * WORD_BYTES);
		for (const [i, word] of list.entries()) {
			const at = address + i * WORD_BYTES;
			this.#region.u8.set(new TextEncoder().encode(`${word} `), at);
			this.#region.u8[at + WORD_BYTES - 1] = word.length + 1;
		}
		return address;
	}

	#views(values: readonly string[]): number {
		const bytes = new TextEncoder().encode(values.join(""));
		const text = this.allocate(bytes.length + 16);
		const offsets = this.allocate((values.length + 1) * 4);
		const views = this.allocate(values.length * VIEW_BYTES);
		this.#region.u8.set(bytes, text);
		let end = 0;
		for (let i = 0; i <= values.length; i++) {
			this.#region.u32[offsets / 4 + i] = end;
			end += values[i]?.length ?? 0;
		}
		this.#region.kernels.bytesToViews(text, offsets, values.length, 0, views);
		return views;
	}
}
