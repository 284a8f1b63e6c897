// Static tables of the Nexmark generator in linear memory: texts that events share, and the pool that fillers are cut from.
import { VIEW_BYTES } from "../../arrow/batch.js";
import { type MemoryOwner, memoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";

const FIRST_NAMES = "Peter Paul Luke John Saul Vicky Kate Julie Sarah Deiter Walter".split(" ");
const LAST_NAMES = "Shultz Abrams Spencer White Bartels Walton Smith Jones Noris".split(" ");
const CITIES = "Phoenix,Los Angeles,San Francisco,Boise,Portland,Bend,Redmond,Seattle,Kent,Cheyenne".split(",");
const STATES = "AZ CA ID OR WA WY".split(" ");
const HOT_CHANNELS = "Google Facebook Baidu Apple".split(" ");
const COLD_CHANNELS = 10_000;
const POOL_BYTES = 1_048_576;
const URL_BYTES = 80;
const PRICE_STEP_BYTES = 1277 * 8;
const CHANNEL_BYTES = 12;
/** Names, cities and states, with their views, and what alignment loses. */
const SMALL_TABLES_BYTES = 8192;
const CHANNEL_COUNT = HOT_CHANNELS.length + COLD_CHANNELS;
const TABLE_BYTES =
	POOL_BYTES + CHANNEL_COUNT * (2 * VIEW_BYTES + CHANNEL_BYTES + URL_BYTES) + PRICE_STEP_BYTES + SMALL_TABLES_BYTES;

/** Addresses of the tables. Names lie as first × last; channels and urls are the hot ones, then the cold ones. */
export interface NexmarkTables {
	readonly pool: number;
	readonly names: number;
	readonly cities: number;
	readonly states: number;
	readonly channels: number;
	readonly urls: number;
	readonly priceSteps: number;
}

interface Shared {
	readonly tables: NexmarkTables;
	/** One block holds them all. */
	readonly address: number;
	/** Kernels know that its texts need not be copied. */
	readonly isLasting: boolean;
	users: number;
}

const owner: MemoryOwner = memoryOwner("Source(nexmark)");
const shared = new WeakMap<Region, Map<string, Shared>>();

/** The tables for these seeds, built at first use and shared by the sources of a region. Give back with `releaseTables`. */
export function acquireTables(region: Region, bidSeed: number, stringSeed: number): NexmarkTables {
	let bySeed = shared.get(region);
	if (!bySeed) {
		bySeed = new Map();
		shared.set(region, bySeed);
	}
	const key = `${bidSeed} ${stringSeed}`;
	let entry = bySeed.get(key);
	if (!entry) {
		entry = build(region, bidSeed, stringSeed, bySeed.size === 0);
		bySeed.set(key, entry);
	}
	entry.users++;
	return entry.tables;
}

export function releaseTables(region: Region, tables: NexmarkTables): void {
	const bySeed = shared.get(region);
	for (const [key, entry] of bySeed ?? []) {
		if (entry.tables !== tables || --entry.users > 0) continue;
		if (entry.isLasting) region.kernels.stringsLasting(0, 0);
		region.heap.free(entry.address, TABLE_BYTES, owner);
		bySeed?.delete(key);
	}
}

/** `isLasting`: rows that are kept as state point into the texts, which live until all sources of the job have been closed. */
function build(region: Region, bidSeed: number, stringSeed: number, isLasting: boolean): Shared {
	const { kernels, heap } = region;
	const address = heap.allocate(TABLE_BYTES, owner);
	let next = address;
	const allocate = (bytes: number) => {
		const start = next;
		next += Math.ceil(bytes / 16) * 16;
		return start;
	};
	const texts = (values: readonly string[]) => buildTexts(region, values, allocate);
	const tables: NexmarkTables = {
		// Views read up to 16 bytes from where they point.
		pool: allocate(POOL_BYTES + 16),
		names: texts(FIRST_NAMES.flatMap((first) => LAST_NAMES.map((last) => `${first} ${last}`))),
		cities: texts(CITIES),
		states: texts(STATES),
		channels: texts([...HOT_CHANNELS, ...Array.from({ length: COLD_CHANNELS }, (_, i) => `channel-${i}`)]),
		urls: allocate(CHANNEL_COUNT * VIEW_BYTES),
		priceSteps: allocate(PRICE_STEP_BYTES),
	};
	kernels.nexmarkBuildPool(tables.pool, stringSeed);
	kernels.nexmarkBuildUrls(tables.urls, allocate(CHANNEL_COUNT * URL_BYTES), bidSeed);
	kernels.nexmarkBuildPriceSteps(tables.priceSteps);
	if (isLasting) kernels.stringsLasting(address, TABLE_BYTES);
	return { tables, address, isLasting, users: 0 };
}

/** Address of the views of some texts. */
function buildTexts(region: Region, values: readonly string[], allocate: (bytes: number) => number): number {
	const encoded = new TextEncoder().encode(values.join(""));
	const bytes = allocate(encoded.length + 16);
	const views = allocate(values.length * VIEW_BYTES);
	const mark = region.arena.mark();
	const offsets = region.arena.allocate((values.length + 1) * 4);
	region.u8.set(encoded, bytes);
	let end = 0;
	region.u32[offsets / 4] = 0;
	for (const [i, value] of values.entries()) {
		end += value.length;
		region.u32[offsets / 4 + i + 1] = end;
	}
	region.kernels.bytesToViews(bytes, offsets, values.length, 0, views);
	region.arena.release(mark);
	return views;
}
