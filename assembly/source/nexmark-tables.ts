// Static tables of the Nexmark generator, built once per seed: the urls of the channels, and the steps of the price law.
import { storeView } from "../memory/view";
import { randomBelow, randomText, setRandomState } from "./nexmark-random";

export const HOT_CHANNELS = 4;
export const COLD_CHANNELS = 10_000;
/** Steps per doubling of the price, and steps from 10^2 to 10^8. */
const STEPS = 64;
const PRICE_TABLE = 1277;
const STEPS_OVER_RANGE: f64 = 1275.6203884367471; // 6 · log2(10) · 64
const LN2_PER_STEP: f64 = 0.010830424696249145; // ln(2) / 64

/** Views (16 bytes each) of the 4 hot urls, then of 10,000 cold ones, over text written from `text` (at most 80 bytes each). Text bytes. */
export function nexmarkBuildUrls(views: usize, text: usize, seed: f64): usize {
  setRandomState(<u64><i64>seed);
  let out = text;
  for (let i = 0; i < HOT_CHANNELS; i++, views += 16) out = writeUrl(views, out, -1);
  for (let i = 0; i < COLD_CHANNELS; i++, views += 16) out = writeUrl(views, out, i);
  return out - text;
}

function writeUrl(view: usize, text: usize, channel: i32): usize {
  let out = append(text, "https://www.nexmark.com/");
  for (let i = 0; i < 3; i++) {
    out += randomText(out, 5, 0x5f);
    store<u8>(out++, 0x2f);
  }
  out = append(out, "item.htm?query=1");
  if (channel >= 0 && randomBelow(10) > 0) out = appendInt(append(out, "&channel_id="), channelId(channel));
  storeView(view, text, <u32>(out - text));
  return out;
}

/** The channel's bits reversed, without sign; the smallest integer stays negative, as in Java. */
function channelId(channel: i32): i32 {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) reversed |= ((channel >>> bit) & 1) << (31 - bit);
  return reversed < 0 ? -reversed : reversed;
}

function append(out: usize, text: string): usize {
  for (let i = 0; i < text.length; i++) store<u8>(out++, <u8>text.charCodeAt(i));
  return out;
}

function appendInt(out: usize, value: i32): usize {
  if (value < 0) store<u8>(out++, 0x2d);
  let rest = <u32>(value < 0 ? -value : value);
  let digits = 1;
  for (let limit: u64 = 10; limit <= <u64>rest; limit *= 10) digits++;
  for (let i = digits - 1; i >= 0; i--, rest /= 10) store<u8>(out + i, <u8>(48 + (rest % 10)));
  return out + digits;
}

/** 100 · 2^(i / 64) as f64 for i in 0 … 1276. */
export function nexmarkBuildPriceSteps(out: usize): void {
  for (let i = 0; i < PRICE_TABLE; i++) store<f64>(out + (<usize>i << 3), 100.0 * NativeMath.pow(2, <f64>i / STEPS));
}

/** Added to a double of less than 2^51, rounds it to an integer, which is then its lowest bits. */
const ROUNDER: f64 = 6755399441055744.0; // 1.5 · 2^52

/**
 * round(100 · 10^(6u)), u the fraction in the upper 53 of `bits`: the nearest step times a polynomial for the rest, good to 3 · 10^-15
 * of the value. Where that could round to the other side the exact power decides.
 */
@inline
export function priceOf(bits: u64, steps: usize): i64 {
  const fraction = <f64>(<i64>(bits >>> 11)) * 1.1102230246251565e-16;
  const position = fraction * STEPS_OVER_RANGE;
  const nearest = position + ROUNDER;
  const x = (position - (nearest - ROUNDER)) * LN2_PER_STEP;
  const power = 1.0 + x * (1.0 + x * (0.5 + x * (1.0 / 6 + x * (1.0 / 24 + x * (1.0 / 120)))));
  const value = load<f64>(steps + (<usize><u32>reinterpret<u64>(nearest) << 3)) * power;
  const rounded = value + ROUNDER;
  if (abs(value - (rounded - ROUNDER)) > 0.5 - 2e-6) return exactPrice(fraction);
  return reinterpret<i64>(rounded) - reinterpret<i64>(ROUNDER);
}

function exactPrice(fraction: f64): i64 {
  return <i64>f64.floor(NativeMath.pow(10.0, fraction * 6.0) * 100.0 + 0.5);
}
