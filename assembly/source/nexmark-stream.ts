// Nexmark as one random sequence, draw for draw that of the official generator (see docs/nexmark.md).
import {
  AUCTION_ID, AUCTION_SHARE, AUCTION_TIME, BID_AUCTION, BID_BIDDER, BID_BYTES, BID_CHANNEL, BID_EXTRA, BID_PRICE, BID_TIME,
  BID_URL, CHANNELS, CONSUMED, FIRST_AUCTION_ID, FIRST_ID, FIRST_PERSON_ID, HOT_AUCTION_RATIO, HOT_BATCH, HOT_BIDDER_RATIO, ID_LEAD,
  PERSON_ID, PERSON_TIME, PRICE_STEPS, RANDOM_STATE, TOTAL_SHARE, URLS, fieldData, put64, putView,
} from "./nexmark-layout";
import { eventNumber, eventTime, eventType, lastAuction, lastPerson } from "./nexmark-clock";
import {
  drawAuctionExtra, drawAuctionTexts, drawCard, drawCategory, drawEmail, drawExpires, drawExtra, drawInitialBid, drawName,
  drawPersonExtra, drawPlace, drawReserve, drawSeller, randomPerson,
} from "./nexmark-people";
import { randomBelow, randomBelow64, randomBits, randomState, setRandomState } from "./nexmark-random";
import { COLD_CHANNELS, HOT_CHANNELS, priceOf } from "./nexmark-tables";

/**
 * Draws the events at up to `count` positions from `first` and writes the rows of those whose type is in `mask` (bit t: type t), with
 * their types (u8), until there are `capacity`. Returns how many; CONSUMED says how many positions that took. The random state and
 * the text cursor in the config go on.
 */
export function nexmarkStream(config: usize, first: f64, count: f64, capacity: i32, mask: i32, types: usize): i32 {
  setRandomState(load<u64>(config, RANDOM_STATE));
  const firstId = load<i64>(config, FIRST_ID);
  const total = <i64>load<i32>(config, TOTAL_SHARE);
  const position = <i64>first;
  const end = <i64>count;
  let row: i32 = 0;
  let k: i64 = 0;
  for (; k < end && row < capacity; k++) {
    const number = eventNumber(config, position + k);
    const id = firstId + number;
    const type = eventType(config, id % total);
    // An event that is not wanted is drawn into the place of the next row and overwritten.
    if (type == 2) streamBid(config, row, id, number);
    else if (type == 1) streamAuction(config, row, id, number);
    else streamPerson(config, row, id, number);
    store<u8>(types + <usize>row, <u8>type);
    row += (mask >>> type) & 1;
  }
  store<u64>(config, randomState(), RANDOM_STATE);
  store<f64>(config, <f64>k, CONSUMED);
  return row;
}

function streamPerson(config: usize, row: i32, id: i64, number: i64): void {
  put64(config, PERSON_ID, row, lastPerson(config, id) + FIRST_PERSON_ID);
  put64(config, PERSON_TIME, row, eventTime(config, number));
  let texts = drawName(config, row);
  texts += drawEmail(config, row);
  texts += drawCard(config, row);
  texts += drawPlace(config, row);
  drawPersonExtra(config, row, texts);
}

function streamAuction(config: usize, row: i32, id: i64, number: i64): void {
  put64(config, AUCTION_ID, row, lastAuction(config, id) + FIRST_AUCTION_ID);
  put64(config, AUCTION_TIME, row, eventTime(config, number));
  drawSeller(config, row, lastPerson(config, id));
  drawCategory(config, row);
  const initialBid = drawInitialBid(config, row);
  drawExpires(config, row, number);
  const texts = drawAuctionTexts(config, row);
  drawReserve(config, row, initialBid);
  drawAuctionExtra(config, row, texts);
}

function streamBid(config: usize, row: i32, id: i64, number: i64): void {
  const hotAuction = randomBelow(load<i32>(config, HOT_AUCTION_RATIO)) > 0;
  const newest = lastAuction(config, id);
  const oldest = max(newest - HOT_BATCH, 0);
  const auction = hotAuction ? (newest / HOT_BATCH) * HOT_BATCH : oldest + randomBelow64(newest - oldest + 1 + ID_LEAD);
  put64(config, BID_AUCTION, row, auction + FIRST_AUCTION_ID);
  const person = lastPerson(config, id);
  const hotBidder = randomBelow(load<i32>(config, HOT_BIDDER_RATIO)) > 0;
  const bidder = hotBidder ? (person / HOT_BATCH) * HOT_BATCH + 1 : randomPerson(config, person);
  put64(config, BID_BIDDER, row, bidder + 2 * FIRST_PERSON_ID);
  const price = randomBits();
  if (fieldData(config, BID_PRICE) != 0) put64(config, BID_PRICE, row, priceOf(price, load<usize>(config, PRICE_STEPS)));
  const hotChannel = randomBelow(2) > 0;
  const channel = hotChannel ? randomBelow(HOT_CHANNELS) : HOT_CHANNELS + randomBelow(COLD_CHANNELS);
  putView(config, BID_CHANNEL, row, load<usize>(config, CHANNELS) + <usize>(channel << 4));
  putView(config, BID_URL, row, load<usize>(config, URLS) + <usize>(channel << 4));
  if (fieldData(config, BID_TIME) != 0) put64(config, BID_TIME, row, eventTime(config, number));
  drawExtra(config, BID_EXTRA, row, 32, load<i32>(config, BID_BYTES));
}
