// What the Nexmark kernels are told: the struct drawn in assembly/source/nexmark-layout.ts, and the fields of events in its order.
import { BIGINT, INTEGER, type SqlType, STRING, timestamp } from "../../types/sql-type.js";

export const CONFIG = {
	BASE_TIME: 0,
	DELAY_US: 8,
	FIRST_ID: 16,
	RANDOM_STATE: 24,
	PERSON_SHARE: 32,
	AUCTION_SHARE: 36,
	TOTAL_SHARE: 40,
	HOT_AUCTION_RATIO: 44,
	HOT_BIDDER_RATIO: 48,
	HOT_SELLER_RATIO: 52,
	PERSON_BYTES: 56,
	AUCTION_BYTES: 60,
	BID_BYTES: 64,
	ACTIVE_PEOPLE: 68,
	AUCTIONS_IN_FLIGHT: 72,
	GROUP_SIZE: 76,
	POOL: 80,
	NAMES: 84,
	CITIES: 88,
	STATES: 92,
	CHANNELS: 96,
	URLS: 100,
	PRICE_STEPS: 104,
	TEXT_CURSOR: 108,
	CONSUMED: 112,
	FIELDS: 120,
	BYTES: 224,
} as const;

/** The event types' columns; the index is the value of `event_type`. */
export const EVENT_COLUMNS = ["person", "auction", "bid"] as const;
export type EventColumn = (typeof EVENT_COLUMNS)[number];

export interface EventField {
	/** Number of the field in the kernels. */
	readonly field: number;
	/** Value of `event_type` for rows that have the field; undefined for `event_type` itself. */
	readonly event: number | undefined;
	readonly name: string;
	readonly type: SqlType;
	/** Bytes of generated text a value may need; 0 for values in static tables. */
	readonly textBytes: number;
}

const text = (name: string, textBytes = 0) => ({ name, type: STRING, textBytes });
const long = (name: string) => ({ name, type: BIGINT, textBytes: 0 });
const time = (name: string) => ({ name, type: timestamp(3), textBytes: 0 });

const EVENT_FIELDS = {
	person: [
		long("id"),
		text("name"),
		text("emailAddress", 15),
		text("creditCard", 19),
		text("city"),
		text("state"),
		time("dateTime"),
		text("extra"),
	],
	auction: [
		long("id"),
		text("itemName", 19),
		text("description", 99),
		long("initialBid"),
		long("reserve"),
		time("dateTime"),
		time("expires"),
		long("seller"),
		long("category"),
		text("extra"),
	],
	bid: [long("auction"), long("bidder"), long("price"), text("channel"), text("url"), time("dateTime"), text("extra")],
} as const satisfies Record<EventColumn, readonly Omit<EventField, "field" | "event">[]>;

export const TYPE_FIELD: EventField = {
	field: 0,
	event: undefined,
	name: "event_type",
	type: INTEGER,
	textBytes: 0,
};

/** All fields, by kernel number. */
export const FIELDS: readonly EventField[] = [
	TYPE_FIELD,
	...EVENT_COLUMNS.flatMap((column, event) => EVENT_FIELDS[column].map((field) => ({ ...field, event }))),
].map((field, index) => ({ ...field, field: index }));

/** The fields of one event type, in schema order. */
export const fieldsOf = (event: number) => FIELDS.filter((field) => field.event === event);

export const fieldNamed = (event: number, name: string) =>
	FIELDS.find((field) => field.event === event && field.name.toLowerCase() === name.toLowerCase());
