// What the Nexmark kernels are told: one struct in linear memory, written by src/connectors/nexmark/layout.ts (same names there).
//
//       0 base time i64 ms        | 8 delay between events f64 µs  | 16 id of event 0 i64      | 24 random state u64
//      32 person, 36 auction share, 40 sum of shares i32           | 44 hot auction, 48 hot bidder, 52 hot seller ratio i32
//      56 person, 60 auction, 64 bid bytes i32                     | 68 active people, 72 auctions in flight, 76 group size i32
//      80 pool | 84 names | 88 cities | 92 states | 96 channels | 100 urls | 104 price steps      (addresses of static tables)
//     108 text cursor u32         | 112 positions consumed by the last call f64
//     120 address of a column's data per field, 0: not wanted (26 × u32)
export const BASE_TIME = 0;
export const DELAY_US = 8;
export const FIRST_ID = 16;
export const RANDOM_STATE = 24;
export const PERSON_SHARE = 32;
export const AUCTION_SHARE = 36;
export const TOTAL_SHARE = 40;
export const HOT_AUCTION_RATIO = 44;
export const HOT_BIDDER_RATIO = 48;
export const HOT_SELLER_RATIO = 52;
export const PERSON_BYTES = 56;
export const AUCTION_BYTES = 60;
export const BID_BYTES = 64;
export const ACTIVE_PEOPLE = 68;
export const AUCTIONS_IN_FLIGHT = 72;
export const GROUP_SIZE = 76;
export const POOL = 80;
export const NAMES = 84;
export const CITIES = 88;
export const STATES = 92;
export const CHANNELS = 96;
export const URLS = 100;
export const PRICE_STEPS = 104;
export const TEXT_CURSOR = 108;
export const CONSUMED = 112;
export const FIELDS = 120;

// Fields in schema order: event_type, then those of person, auction and bid.
export const EVENT_TYPE = 0;
export const PERSON_ID = 1;
export const PERSON_NAME = 2;
export const PERSON_EMAIL = 3;
export const PERSON_CARD = 4;
export const PERSON_CITY = 5;
export const PERSON_STATE = 6;
export const PERSON_TIME = 7;
export const PERSON_EXTRA = 8;
export const AUCTION_ID = 9;
export const AUCTION_ITEM = 10;
export const AUCTION_DESCRIPTION = 11;
export const AUCTION_INITIAL_BID = 12;
export const AUCTION_RESERVE = 13;
export const AUCTION_TIME = 14;
export const AUCTION_EXPIRES = 15;
export const AUCTION_SELLER = 16;
export const AUCTION_CATEGORY = 17;
export const AUCTION_EXTRA = 18;
export const BID_AUCTION = 19;
export const BID_BIDDER = 20;
export const BID_PRICE = 21;
export const BID_CHANNEL = 22;
export const BID_URL = 23;
export const BID_TIME = 24;
export const BID_EXTRA = 25;

export const FIRST_PERSON_ID: i64 = 1000;
export const FIRST_AUCTION_ID: i64 = 1000;
export const FIRST_CATEGORY_ID: i64 = 10;
export const ID_LEAD = 10;
export const HOT_BATCH: i64 = 100;

/** Data of the column for `field`, or 0. */
@inline
export function fieldData(config: usize, field: i32): usize {
  return <usize>load<u32>(config + FIELDS + (<usize>field << 2));
}

/** Writes a 64-bit value into a column that may be absent. */
@inline
export function put64(config: usize, field: i32, row: i32, value: i64): void {
  const data = fieldData(config, field);
  if (data != 0) store<i64>(data + (<usize>row << 3), value);
}

/** Copies a view from a static table into a column that may be absent. */
@inline
export function putView(config: usize, field: i32, row: i32, view: usize): void {
  const data = fieldData(config, field);
  if (data != 0) v128.store(data + (<usize>row << 4), v128.load(view));
}
