// Fields of dates and wall clocks. Dates are days since 1970-01-01 (i32), clocks are milliseconds (i64); results are BIGINT. Divisions
// of clocks go toward zero, also before 1970, as Flink's do.

const YEAR = 0;
const QUARTER = 1;
const MONTH = 2;
const DAY = 3;
const DAY_OF_YEAR = 4;
const DAY_OF_WEEK = 5;

const DAYS_PER_ERA = 146_097;
/** 0000-03-01 to 1970-01-01; years are counted from March so that the leap day is a year's last. */
const EPOCH_OFFSET = 719_468;

@inline function fieldOfDays(field: i32, days: i32): i32 {
  const shifted = days + EPOCH_OFFSET;
  if (field == DAY_OF_WEEK) {
    const weekday = (days + 4) % 7;
    return weekday < 0 ? weekday + 8 : weekday + 1;
  }
  const era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
  const dayOfEra = <u32>(shifted - era * DAYS_PER_ERA);
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const marchMonth = (5 * dayOfYear + 2) / 153;
  if (field == DAY) return <i32>(dayOfYear - (153 * marchMonth + 2) / 5 + 1);
  const month = <i32>(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9);
  if (field == MONTH) return month;
  if (field == QUARTER) return (month + 2) / 3;
  const year = <i32>yearOfEra + era * 400 + <i32>(month <= 2);
  if (field == YEAR) return year;
  // 1 March is day 60 of a year, 61 of a leap year; January and February are days 306 to 365 of the year from March before.
  const isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month <= 2 ? <i32>dayOfYear - 305 : <i32>dayOfYear + 60 + <i32>isLeap;
}

@inline function fieldLoop(field: i32, days: usize, rows: i32, out: usize): void {
  for (const end = out + (<usize>rows << 3); out < end; out += 8) {
    store<i64>(out, fieldOfDays(field, load<i32>(days)));
    days += 4;
  }
}

/** `field`: 0 year, 1 quarter, 2 month, 3 day, 4 day of year, 5 day of week (Sunday is 1). */
export function dateFields(field: i32, days: usize, rows: i32, out: usize): void {
  switch (field) {
    case YEAR: return fieldLoop(YEAR, days, rows, out);
    case QUARTER: return fieldLoop(QUARTER, days, rows, out);
    case MONTH: return fieldLoop(MONTH, days, rows, out);
    case DAY: return fieldLoop(DAY, days, rows, out);
    case DAY_OF_YEAR: return fieldLoop(DAY_OF_YEAR, days, rows, out);
    default: return fieldLoop(DAY_OF_WEEK, days, rows, out);
  }
}

/** (ms mod `within`) / `unit`, toward zero: HOUR is (ms mod day) / hour. */
export function clockFields(millis: usize, within: f64, unit: f64, rows: i32, out: usize): void {
  const modulus = <i64>within;
  const divisor = <i64>unit;
  for (const end = out + (<usize>rows << 3); out < end; out += 8) {
    store<i64>(out, (load<i64>(millis) % modulus) / divisor);
    millis += 8;
  }
}
