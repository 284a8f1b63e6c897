// Person and auction events, a row at a time, each part drawn from the current random state in the generator's order.
import { storeView } from "../memory/view";
import {
  ACTIVE_PEOPLE, AUCTION_BYTES, AUCTION_CATEGORY, AUCTION_DESCRIPTION, AUCTION_EXPIRES, AUCTION_EXTRA, AUCTION_INITIAL_BID,
  AUCTION_ITEM, AUCTION_RESERVE, AUCTION_SELLER, AUCTION_SHARE, AUCTIONS_IN_FLIGHT, CITIES, FIRST_CATEGORY_ID,
  FIRST_PERSON_ID, HOT_BATCH, HOT_SELLER_RATIO, ID_LEAD, NAMES, PERSON_BYTES, PERSON_CARD, PERSON_CITY, PERSON_EMAIL,
  PERSON_EXTRA, PERSON_NAME, PERSON_STATE, POOL, PRICE_STEPS, STATES, TEXT_CURSOR, TOTAL_SHARE, fieldData, put64, putView,
} from "./nexmark-layout";
import { eventTime } from "./nexmark-clock";
import { randomBelow, randomBelow64, randomBits, randomExtraBytes, randomPoolOffset, randomText } from "./nexmark-random";
import { priceOf } from "./nexmark-tables";

const CARD_BYTES = 19;

/** Text goes where the cursor is; it advances only when the column is wanted, else the text is scratch. */
@inline
function keepText(config: usize, field: i32, row: i32, text: usize, length: i32): void {
  const data = fieldData(config, field);
  if (data == 0) return;
  storeView(data + (<usize>row << 4), text, length);
  if (length > 12) store<usize>(config, text + length, TEXT_CURSOR);
}

/** Each part returns the length of the text it drew. */
export function drawName(config: usize, row: i32): i32 {
  const first = randomBelow(11);
  const view = load<usize>(config, NAMES) + <usize>((first * 9 + randomBelow(9)) << 4);
  putView(config, PERSON_NAME, row, view);
  return load<i32>(view);
}

export function drawEmail(config: usize, row: i32): i32 {
  const text = load<usize>(config, TEXT_CURSOR);
  let out = text + randomText(text, 7, 0x20);
  store<u8>(out++, 0x40);
  out += randomText(out, 5, 0x20);
  store<u32>(out, 0x6d6f632e); // ".com"
  const length = <i32>(out + 4 - text);
  keepText(config, PERSON_EMAIL, row, text, length);
  return length;
}

export function drawCard(config: usize, row: i32): i32 {
  const text = load<usize>(config, TEXT_CURSOR);
  for (let group = 0; group < 4; group++) {
    let digits = randomBelow(10000);
    const out = text + group * 5;
    for (let i = 3; i >= 0; i--, digits /= 10) store<u8>(out + i, <u8>(48 + (digits % 10)));
    if (group < 3) store<u8>(out + 4, 0x20);
  }
  keepText(config, PERSON_CARD, row, text, CARD_BYTES);
  return CARD_BYTES;
}

export function drawPlace(config: usize, row: i32): i32 {
  const city = load<usize>(config, CITIES) + <usize>(randomBelow(10) << 4);
  const state = load<usize>(config, STATES) + <usize>(randomBelow(6) << 4);
  putView(config, PERSON_CITY, row, city);
  putView(config, PERSON_STATE, row, state);
  return load<i32>(city) + load<i32>(state);
}

export function drawPersonExtra(config: usize, row: i32, texts: i32): void {
  drawExtra(config, PERSON_EXTRA, row, 8 + texts, load<i32>(config, PERSON_BYTES));
}

export function drawExtra(config: usize, field: i32, row: i32, current: i32, wanted: i32): void {
  const length = randomExtraBytes(current, wanted);
  const offset = length < 0 ? 0 : randomPoolOffset(length);
  const data = fieldData(config, field);
  if (data != 0) storeView(data + (<usize>row << 4), load<usize>(config, POOL) + offset, max(length, 0));
}

/** Base-0 id of a random active person, some of them not yet there. */
@inline
export function randomPerson(config: usize, newest: i64): i64 {
  const people = newest + 1;
  const active = min(people, <i64>load<i32>(config, ACTIVE_PEOPLE));
  return people - active + randomBelow64(active + ID_LEAD);
}

export function drawSeller(config: usize, row: i32, newest: i64): void {
  const seller =
    randomBelow(load<i32>(config, HOT_SELLER_RATIO)) > 0
      ? (newest / HOT_BATCH) * HOT_BATCH
      : randomPerson(config, newest);
  put64(config, AUCTION_SELLER, row, seller + FIRST_PERSON_ID);
}

export function drawCategory(config: usize, row: i32): void {
  put64(config, AUCTION_CATEGORY, row, FIRST_CATEGORY_ID + randomBelow(5));
}

export function drawInitialBid(config: usize, row: i32): i64 {
  const price = priceOf(randomBits(), load<usize>(config, PRICE_STEPS));
  put64(config, AUCTION_INITIAL_BID, row, price);
  return price;
}

/** Auctions live until about twice the time in which as many auctions come as shall be in flight. */
export function drawExpires(config: usize, row: i32, number: i64): void {
  const events = (<i64>load<i32>(config, AUCTIONS_IN_FLIGHT) * load<i32>(config, TOTAL_SHARE)) / load<i32>(config, AUCTION_SHARE);
  const time = eventTime(config, number);
  const horizon = eventTime(config, number + events) - time;
  put64(config, AUCTION_EXPIRES, row, time + 1 + randomBelow64(max(2 * horizon, 1)));
}

/** Item name and description. */
export function drawAuctionTexts(config: usize, row: i32): i32 {
  let text = load<usize>(config, TEXT_CURSOR);
  const item = randomText(text, 20, 0x20);
  keepText(config, AUCTION_ITEM, row, text, item);
  text = load<usize>(config, TEXT_CURSOR);
  const description = randomText(text, 100, 0x20);
  keepText(config, AUCTION_DESCRIPTION, row, text, description);
  return item + description;
}

export function drawReserve(config: usize, row: i32, initialBid: i64): void {
  put64(config, AUCTION_RESERVE, row, initialBid + priceOf(randomBits(), load<usize>(config, PRICE_STEPS)));
}

export function drawAuctionExtra(config: usize, row: i32, texts: i32): void {
  drawExtra(config, AUCTION_EXTRA, row, 8 + texts + 40, load<i32>(config, AUCTION_BYTES));
}
