// Nexmark without a sequence: every event's draws are keyed by seed, event id and purpose, so that columns, rows and blocks of events
// can be made alone, in any order and by any number of subtasks. Same laws as nexmark-stream.ts, other draws.
import { storeView } from "../memory/view";
import {
  ACTIVE_PEOPLE, AUCTION_DESCRIPTION, AUCTION_EXPIRES, AUCTION_EXTRA, AUCTION_ID, AUCTION_INITIAL_BID, AUCTION_ITEM,
  AUCTION_RESERVE, AUCTION_SELLER, AUCTION_SHARE, BID_BYTES, CHANNELS, FIRST_AUCTION_ID, FIRST_ID, FIRST_PERSON_ID,
  HOT_AUCTION_RATIO, HOT_BATCH, HOT_BIDDER_RATIO, ID_LEAD, PERSON_CARD, PERSON_EMAIL, PERSON_EXTRA, PERSON_ID, PERSON_SHARE,
  POOL, PRICE_STEPS, RANDOM_STATE, TOTAL_SHARE, URLS, fieldData, put64,
} from "./nexmark-layout";
import { lastAuction, lastPerson } from "./nexmark-clock";
import {
  drawAuctionExtra, drawAuctionTexts, drawCard, drawCategory, drawEmail, drawExpires, drawInitialBid, drawName,
  drawPersonExtra, drawPlace, drawReserve, drawSeller,
} from "./nexmark-people";
import { drawFor, extraDelta, scaled, setRandomState } from "./nexmark-random";
import { COLD_CHANNELS, HOT_CHANNELS, priceOf } from "./nexmark-tables";

const POOL_CHARS = 1_048_576;
const VIEWS_AT_ONCE = 128;

/** The sequence for one part of one event. */
@inline
function seat(config: usize, id: i64, slot: u64): void {
  setRandomState(drawFor(load<u64>(config, RANDOM_STATE), id, slot));
}

/** Fields of person rows (those of type 0; all when `types` is 0). */
export function nexmarkPersons(config: usize, ids: usize, types: usize, rows: i32): void {
  const wantsExtra = fieldData(config, PERSON_EXTRA) != 0;
  const wantsEmail = wantsExtra || fieldData(config, PERSON_EMAIL) != 0;
  const wantsCard = wantsExtra || fieldData(config, PERSON_CARD) != 0;
  for (let row = 0; row < rows; row++) {
    if (types != 0 && load<u8>(types + row) != 0) continue;
    const id = load<i64>(ids + (<usize>row << 3));
    put64(config, PERSON_ID, row, lastPerson(config, id) + FIRST_PERSON_ID);
    seat(config, id, 0);
    let texts = drawName(config, row);
    texts += drawPlace(config, row);
    seat(config, id, 1);
    if (wantsEmail) texts += drawEmail(config, row);
    seat(config, id, 2);
    if (wantsCard) texts += drawCard(config, row);
    seat(config, id, 3);
    if (wantsExtra) drawPersonExtra(config, row, texts);
  }
}

/** Fields of auction rows (those of type 1; all when `types` is 0). */
export function nexmarkAuctions(config: usize, ids: usize, types: usize, rows: i32): void {
  const firstId = load<i64>(config, FIRST_ID);
  const wantsExtra = fieldData(config, AUCTION_EXTRA) != 0;
  const wantsTexts = wantsExtra || fieldData(config, AUCTION_ITEM) != 0 || fieldData(config, AUCTION_DESCRIPTION) != 0;
  const wantsReserve = fieldData(config, AUCTION_RESERVE) != 0;
  const wantsPrice = wantsReserve || fieldData(config, AUCTION_INITIAL_BID) != 0;
  for (let row = 0; row < rows; row++) {
    if (types != 0 && load<u8>(types + row) != 1) continue;
    const id = load<i64>(ids + (<usize>row << 3));
    put64(config, AUCTION_ID, row, lastAuction(config, id) + FIRST_AUCTION_ID);
    seat(config, id, 0);
    if (fieldData(config, AUCTION_SELLER) != 0) drawSeller(config, row, lastPerson(config, id));
    seat(config, id, 1);
    drawCategory(config, row);
    seat(config, id, 2);
    const initialBid: i64 = wantsPrice ? drawInitialBid(config, row) : 0;
    seat(config, id, 3);
    if (fieldData(config, AUCTION_EXPIRES) != 0) drawExpires(config, row, id - firstId);
    seat(config, id, 4);
    const texts = wantsTexts ? drawAuctionTexts(config, row) : 0;
    seat(config, id, 5);
    if (wantsReserve) drawReserve(config, row, initialBid);
    seat(config, id, 6);
    if (wantsExtra) drawAuctionExtra(config, row, texts);
  }
}

// Bid columns. Rows of other types get some value too: they are NULL.

export function nexmarkBidAuctions(config: usize, ids: usize, rows: i32, out: usize): void {
  const seed = load<u64>(config, RANDOM_STATE);
  const total = <i64>load<i32>(config, TOTAL_SHARE);
  const share = <i64>load<i32>(config, AUCTION_SHARE);
  const ratio = <i64>load<i32>(config, HOT_AUCTION_RATIO);
  let start: i64 = i64.MAX_VALUE;
  let end: i64 = 0;
  let hot: i64 = 0;
  let oldest: i64 = 0;
  let spread: i64 = 0;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const id = load<i64>(ids + (row << 3));
    if (id < start || id >= end) {
      const epoch = id / total;
      start = epoch * total;
      end = start + total;
      const newest = epoch * share + share - 1;
      hot = (newest / HOT_BATCH) * HOT_BATCH;
      oldest = max(newest - HOT_BATCH, 0);
      spread = newest - oldest + 1 + ID_LEAD;
    }
    const bits = drawFor(seed, id, 0);
    const cold = oldest + scaled(bits >>> 32, spread);
    store<i64>(out + (row << 3), (scaled(bits, ratio) > 0 ? hot : cold) + FIRST_AUCTION_ID);
  }
}

export function nexmarkBidBidders(config: usize, ids: usize, rows: i32, out: usize): void {
  const seed = load<u64>(config, RANDOM_STATE);
  const total = <i64>load<i32>(config, TOTAL_SHARE);
  const share = <i64>load<i32>(config, PERSON_SHARE);
  const ratio = <i64>load<i32>(config, HOT_BIDDER_RATIO);
  const activePeople = <i64>load<i32>(config, ACTIVE_PEOPLE);
  let start: i64 = i64.MAX_VALUE;
  let end: i64 = 0;
  let hot: i64 = 0;
  let oldest: i64 = 0;
  let spread: i64 = 0;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const id = load<i64>(ids + (row << 3));
    if (id < start || id >= end) {
      const epoch = id / total;
      start = epoch * total;
      end = start + total;
      const newest = epoch * share + share - 1;
      hot = (newest / HOT_BATCH) * HOT_BATCH + 1;
      const active = min(newest + 1, activePeople);
      oldest = newest + 1 - active;
      spread = active + ID_LEAD;
    }
    const bits = drawFor(seed, id, 1);
    const cold = oldest + scaled(bits >>> 32, spread);
    // Twice the first id: the official generator adds it twice for bidders.
    store<i64>(out + (row << 3), (scaled(bits, ratio) > 0 ? hot : cold) + 2 * FIRST_PERSON_ID);
  }
}

export function nexmarkBidPrices(config: usize, ids: usize, rows: i32, out: usize): void {
  const seed = load<u64>(config, RANDOM_STATE);
  const steps = load<usize>(config, PRICE_STEPS);
  for (let row: usize = 0; row < <usize>rows; row++) {
    store<i64>(out + (row << 3), priceOf(drawFor(seed, load<i64>(ids + (row << 3)), 2), steps));
  }
}

@inline
function bidChannelViews(config: usize, ids: usize, rows: i32, table: usize, out: usize): void {
  const seed = load<u64>(config, RANDOM_STATE);
  for (let row: usize = 0; row < <usize>rows; row++) {
    const bits = drawFor(seed, load<i64>(ids + (row << 3)), 3);
    const hot = scaled(bits >>> 32, HOT_CHANNELS);
    const cold = HOT_CHANNELS + scaled(bits >>> 32, COLD_CHANNELS);
    const channel = bits & 1 ? hot : cold;
    v128.store(out + (row << 4), v128.load(table + (<usize>channel << 4)));
  }
}

export function nexmarkBidChannels(config: usize, ids: usize, rows: i32, out: usize): void {
  bidChannelViews(config, ids, rows, load<usize>(config, CHANNELS), out);
}

export function nexmarkBidUrls(config: usize, ids: usize, rows: i32, out: usize): void {
  bidChannelViews(config, ids, rows, load<usize>(config, URLS), out);
}

export function nexmarkBidExtras(config: usize, ids: usize, rows: i32, out: usize): void {
  const seed = load<u64>(config, RANDOM_STATE);
  const pool = load<usize>(config, POOL);
  const rest = max(load<i32>(config, BID_BYTES) - 32, 0);
  const delta = extraDelta(rest);
  if (rest - delta <= 12) {
    for (let row: usize = 0; row < <usize>rows; row++) {
      const bits = drawFor(seed, load<i64>(ids + (row << 3)), 4);
      const length = <i32>(rest - delta + scaled(bits, 2 * delta));
      storeView(out + (row << 4), pool + <usize>scaled(bits >>> 32, POOL_CHARS - length), length);
    }
    return;
  }
  // Long views first without their texts' beginnings: many of those are then on their way from memory at once.
  for (let first = 0; first < rows; first += VIEWS_AT_ONCE) {
    const end = out + (<usize>min(first + VIEWS_AT_ONCE, rows) << 4);
    let id = ids + (<usize>first << 3);
    for (let view = out + (<usize>first << 4); view < end; view += 16, id += 8) {
      const bits = drawFor(seed, load<i64>(id), 4);
      const length = rest - delta + scaled(bits, 2 * delta);
      store<u64>(view, length);
      store<u64>(view, (<u64>pool + scaled(bits >>> 32, POOL_CHARS - length)) << 32, 8);
    }
    for (let view = out + (<usize>first << 4); view < end; view += 16) store<u32>(view, load<u32>(load<usize>(view, 12)), 4);
  }
}
