// Makes batches of Nexmark fields in linear memory: fills the kernels' struct, reserves columns, calls the kernels.
import { allocateColumn, type Column, VIEW_BYTES, validityBytes, withValidity } from "../../arrow/batch.js";
import { type MemoryOwner, memoryOwner } from "../../wasm/heap.js";
import type { Region } from "../../wasm/region.js";
import { CONFIG, EVENT_COLUMNS, type EventField, TYPE_FIELD } from "./layout.js";
import type { NexmarkConfig } from "./options.js";
import { acquireTables, type NexmarkTables, releaseTables } from "./tables.js";

/** All event types. Bit t: events of type t are wanted. */
export const ALL_EVENTS = 0b111;

/** Room that texts which are not wanted are drawn into. */
const SCRATCH_BYTES = 256;

/** A range of event positions (0-based, in emission order). */
export interface EventRange {
	readonly first: number;
	readonly count: number;
}

/** Rows under construction in the arena. */
interface Rows {
	readonly fields: readonly EventField[];
	readonly columns: ReadonlyMap<number, Column>;
	readonly ids: number;
	readonly types: number;
	readonly capacity: number;
	length: number;
}

/** The rows of wanted events with the wanted fields. Lives in the arena. */
export interface EventRows {
	readonly length: number;
	/** Data and validity of a field; fields of events other than a row's own are NULL. */
	column(field: EventField): Column;
	/** Validity bitmap of the rows that are events of this type; 0 when all are. */
	validity(event: number): number;
}

/** Which rows are wanted, said after a look at some of their fields; the other fields are made for those rows only. */
export interface EventSelection {
	readonly fields: readonly EventField[];
	/** Whether it is worth it now. */
	readonly isUseful: boolean;
	/** Of rows that have these fields: addresses of row numbers (u32; 0: the first `rows` rows). */
	select(rows: EventRows): { readonly rowIds: number; readonly rows: number };
}

/** Stretches of candidates that are looked at for one batch at most. */
const MAX_STRETCHES = 64;

export class NexmarkGenerator {
	readonly #region: Region;
	readonly #config: NexmarkConfig;
	readonly #owner: MemoryOwner = memoryOwner("Source(nexmark)");
	readonly #tables: NexmarkTables;
	readonly #address: number;
	readonly #wanted: readonly EventField[];
	readonly #mask: number;
	readonly #capacity: number;
	/** Zeros: the columns of fields that no wanted event has. */
	readonly #zeros: number;
	readonly #selection: EventSelection | undefined;

	/**
	 * `capacity`: most rows of a batch. Fields of event types that are not in `mask` are NULL. `selection` is for `blocks` with one
	 * event type in `mask`.
	 */
	constructor(
		region: Region,
		config: NexmarkConfig,
		wanted: Iterable<EventField>,
		mask: number,
		capacity: number,
		selection?: EventSelection,
	) {
		this.#region = region;
		this.#selection = selection;
		this.#config = config;
		this.#mask = mask;
		this.#capacity = capacity;
		this.#wanted = [...new Set(wanted)].filter(({ event }) => event === undefined || (mask >> event) & 1);
		this.#tables = acquireTables(region, config.bidSeed, config.stringSeed);
		this.#address = region.heap.allocateZeroed(CONFIG.BYTES, this.#owner);
		this.#zeros = region.heap.allocateZeroed(capacity * VIEW_BYTES, this.#owner);
		this.#writeConfig();
	}

	/** Where the random sequence of `stream` stands; restores it when set. */
	get randomState(): bigint {
		return this.#region.data.getBigUint64(this.#address + CONFIG.RANDOM_STATE, true);
	}
	set randomState(state: bigint) {
		this.#region.data.setBigUint64(this.#address + CONFIG.RANDOM_STATE, state, true);
	}

	/**
	 * Rows of the wanted events in ranges, until `capacity` rows are full. `next` gives the next range or undefined, and is told by
	 * `consumed` how much of it was used. In `stream`, the ranges of all calls must follow each other.
	 */
	generate(next: () => EventRange | undefined, consumed: (positions: number) => void): EventRows {
		const rows = this.#reserve(this.#wanted, this.#capacity);
		if (this.#selection?.isUseful) this.#appendSelected(rows, this.#selection, next, consumed);
		else this.#appendAll(rows, next, consumed);
		if (this.#config.mode === "blocks") this.#fill(rows);
		return this.#finished(rows);
	}

	#appendAll(rows: Rows, next: () => EventRange | undefined, consumed: (positions: number) => void): void {
		for (let range = next(); range && rows.length < rows.capacity; range = next()) {
			this.#append(rows, range);
			consumed(this.#region.data.getFloat64(this.#address + CONFIG.CONSUMED, true));
		}
	}

	/** Ids of selected rows, until at least half of the capacity is full: nearly empty batches cost as much as full ones. */
	#appendSelected(
		rows: Rows,
		selection: EventSelection,
		next: () => EventRange | undefined,
		consumed: (positions: number) => void,
	): void {
		const { arena, kernels } = this.#region;
		for (let stretch = 0; stretch < MAX_STRETCHES && rows.length * 2 < rows.capacity; stretch++) {
			const mark = arena.mark();
			const candidates = this.#reserve(selection.fields, rows.capacity - rows.length);
			this.#appendAll(candidates, next, consumed);
			if (candidates.length > 0) {
				this.#fill(candidates);
				const selected = selection.select(this.#finished(candidates));
				const ids = rows.ids + rows.length * 8;
				if (selected.rowIds === 0) kernels.copyBytes(ids, candidates.ids, selected.rows * 8);
				else kernels.take8(candidates.ids, selected.rowIds, selected.rows, ids);
				rows.length += selected.rows;
			}
			arena.release(mark);
			if (candidates.length === 0) return;
		}
	}

	close(): void {
		this.#region.heap.free(this.#address, CONFIG.BYTES, this.#owner);
		this.#region.heap.free(this.#zeros, this.#capacity * VIEW_BYTES, this.#owner);
		releaseTables(this.#region, this.#tables);
	}

	get #isMixed(): boolean {
		return (this.#mask & (this.#mask - 1)) !== 0;
	}

	#reserve(fields: readonly EventField[], capacity: number): Rows {
		const { arena, kernels } = this.#region;
		const columns = new Map<number, Column>();
		for (const field of fields) {
			const column = allocateColumn(this.#region, field.type, capacity, false);
			// Rows of other event types keep these empty views.
			if (column.physical === "view" && this.#isMixed) kernels.fillBytes(column.data, 0, capacity * VIEW_BYTES);
			columns.set(field.field, column);
		}
		const ids = arena.allocate(capacity * 8);
		const types = arena.allocate(capacity);
		if (this.#config.mode === "stream") this.#reserveText(fields, capacity);
		return { fields, columns, ids, types, capacity, length: 0 };
	}

	#reserveText(fields: readonly EventField[], rows: number): void {
		const bytes = fields.reduce((sum, field) => sum + field.textBytes * rows, SCRATCH_BYTES);
		const text = this.#region.arena.allocate(bytes);
		this.#region.data.setUint32(this.#address + CONFIG.TEXT_CURSOR, text, true);
	}

	#append(rows: Rows, { first, count }: EventRange): void {
		const { kernels } = this.#region;
		const capacity = rows.capacity - rows.length;
		if (this.#config.mode === "blocks") {
			const ids = rows.ids + rows.length * 8;
			const types = this.#isMixed ? rows.types + rows.length : 0;
			rows.length += kernels.nexmarkRows(this.#address, first, count, capacity, this.#mask, ids, types);
			return;
		}
		for (const [field, { data, physical }] of rows.columns) {
			if (field !== 0) this.#pointAt(field, data + rows.length * (physical === "view" ? VIEW_BYTES : 8));
		}
		const types = rows.types + rows.length;
		rows.length += kernels.nexmarkStream(this.#address, first, count, capacity, this.#mask, types);
	}

	/** Tells the kernels where a field's column is. */
	#pointAt(field: number, data: number): void {
		this.#region.data.setUint32(this.#address + CONFIG.FIELDS + field * 4, data, true);
	}

	/** Columns of the rows whose ids are known. */
	#fill({ fields, columns, ids, types, length }: Rows): void {
		const { kernels } = this.#region;
		const config = this.#address;
		this.#reserveText(fields, length);
		for (const { field } of this.#wanted) this.#pointAt(field, 0);
		const selector = this.#isMixed ? types : 0;
		for (const [field, { data }] of columns) if (field !== 0) this.#pointAt(field, data);
		for (const event of [0, 1]) {
			const drawn = fields.some((field) => field.event === event && field.name !== "dateTime");
			if (!drawn) continue;
			if (event === 0) kernels.nexmarkPersons(config, ids, selector, length);
			else kernels.nexmarkAuctions(config, ids, selector, length);
		}
		for (const field of fields) {
			const out = columns.get(field.field)?.data as number;
			if (field.name === "dateTime") kernels.nexmarkTimes(config, ids, length, out);
			else if (field.event === 2) BID_KERNELS[field.name]?.(this.#region, config, ids, length, out);
		}
	}

	#finished(rows: Rows): EventRows {
		const { kernels, arena } = this.#region;
		const validity = EVENT_COLUMNS.map((_, event) => {
			if (!((this.#mask >> event) & 1)) return this.#zeros;
			if (!this.#isMixed) return 0;
			const bits = arena.allocate(validityBytes(rows.capacity));
			kernels.nexmarkValidity(rows.types, rows.length, event, bits);
			return bits;
		});
		const types = rows.columns.get(TYPE_FIELD.field);
		if (types) this.#writeTypes(rows, types.data);
		return {
			length: rows.length,
			validity: (event) => validity[event] as number,
			column: ({ field, event, type }) => {
				const column = rows.columns.get(field) ?? { type, physical: physicalOf(type), data: this.#zeros, validity: 0 };
				return event === undefined ? column : withValidity(column, validity[event] as number);
			},
		};
	}

	#writeTypes({ types, length }: Rows, out: number): void {
		if (this.#isMixed) this.#region.kernels.nexmarkTypes(types, length, out);
		else this.#region.i32.fill(Math.log2(this.#mask), out / 4, out / 4 + length);
	}

	#writeConfig(): void {
		const config = this.#config;
		const { data } = this.#region;
		const at = this.#address;
		const i32 = (offset: number, value: number) => data.setInt32(at + offset, value, true);
		data.setBigInt64(at + CONFIG.BASE_TIME, BigInt(config.baseTime), true);
		data.setFloat64(at + CONFIG.DELAY_US, (1e6 / config.rate) * config.generators, true);
		data.setBigInt64(at + CONFIG.FIRST_ID, BigInt(config.firstId), true);
		this.randomState = config.mode === "stream" ? BigInt.asUintN(64, BigInt(config.seed)) : scrambled(config.seed);
		i32(CONFIG.PERSON_SHARE, config.personShare);
		i32(CONFIG.AUCTION_SHARE, config.auctionShare);
		i32(CONFIG.TOTAL_SHARE, config.personShare + config.auctionShare + config.bidShare);
		i32(CONFIG.HOT_AUCTION_RATIO, config.hotAuctionRatio);
		i32(CONFIG.HOT_BIDDER_RATIO, config.hotBidderRatio);
		i32(CONFIG.HOT_SELLER_RATIO, config.hotSellerRatio);
		i32(CONFIG.PERSON_BYTES, config.personBytes);
		i32(CONFIG.AUCTION_BYTES, config.auctionBytes);
		i32(CONFIG.BID_BYTES, config.bidBytes);
		i32(CONFIG.ACTIVE_PEOPLE, config.activePeople);
		i32(CONFIG.AUCTIONS_IN_FLIGHT, config.auctionsInFlight);
		i32(CONFIG.GROUP_SIZE, config.groupSize);
		i32(CONFIG.POOL, this.#tables.pool);
		i32(CONFIG.NAMES, this.#tables.names);
		i32(CONFIG.CITIES, this.#tables.cities);
		i32(CONFIG.STATES, this.#tables.states);
		i32(CONFIG.CHANNELS, this.#tables.channels);
		i32(CONFIG.URLS, this.#tables.urls);
		i32(CONFIG.PRICE_STEPS, this.#tables.priceSteps);
	}
}

type BidKernel = (region: Region, config: number, ids: number, rows: number, out: number) => void;

const BID_KERNELS: Readonly<Record<string, BidKernel>> = {
	auction: ({ kernels }, ...args) => kernels.nexmarkBidAuctions(...args),
	bidder: ({ kernels }, ...args) => kernels.nexmarkBidBidders(...args),
	price: ({ kernels }, ...args) => kernels.nexmarkBidPrices(...args),
	channel: ({ kernels }, ...args) => kernels.nexmarkBidChannels(...args),
	url: ({ kernels }, ...args) => kernels.nexmarkBidUrls(...args),
	extra: ({ kernels }, ...args) => kernels.nexmarkBidExtras(...args),
};

const physicalOf = (type: EventField["type"]) => (type.kind === "VARCHAR" ? "view" : "i64");

/** Neighbouring seeds must not give overlapping draws. */
function scrambled(seed: number): bigint {
	let z = BigInt.asUintN(64, BigInt(seed) * 0x9e3779b97f4a7c15n);
	z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
	z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
	return z ^ (z >> 31n);
}
