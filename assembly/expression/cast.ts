// Conversions between machine numbers, by Java's rules: integers wrap, floats go toward zero and saturate, NaN becomes 0; a float
// becomes a TINYINT or SMALLINT through INTEGER. `from` says what the source holds: 0 i8, 1 i16, 2 i32, 3 i64, 4 f32, 5 f64,
// 6 u8, 7 u16, 8 u32.

@inline function convert<FROM, TO>(source: usize, rows: i32, out: usize): void {
  const end = out + (<usize>rows << alignof<TO>());
  while (out < end) {
    const value = load<FROM>(source);
    if (isFloat<FROM>() && sizeof<TO>() < 4) store<TO>(out, <TO><i32>value);
    else store<TO>(out, <TO>value);
    source += sizeof<FROM>();
    out += sizeof<TO>();
  }
}

@inline function convertTo<TO>(from: i32, source: usize, rows: i32, out: usize): void {
  switch (from) {
    case 0: return convert<i8, TO>(source, rows, out);
    case 1: return convert<i16, TO>(source, rows, out);
    case 2: return convert<i32, TO>(source, rows, out);
    case 3: return convert<i64, TO>(source, rows, out);
    case 4: return convert<f32, TO>(source, rows, out);
    case 5: return convert<f64, TO>(source, rows, out);
    case 6: return convert<u8, TO>(source, rows, out);
    case 7: return convert<u16, TO>(source, rows, out);
    default: return convert<u32, TO>(source, rows, out);
  }
}

export function castToI8(from: i32, source: usize, rows: i32, out: usize): void {
  convertTo<i8>(from, source, rows, out);
}

export function castToI16(from: i32, source: usize, rows: i32, out: usize): void {
  convertTo<i16>(from, source, rows, out);
}

export function castToI32(from: i32, source: usize, rows: i32, out: usize): void {
  convertTo<i32>(from, source, rows, out);
}

export function castToI64(from: i32, source: usize, rows: i32, out: usize): void {
  convertTo<i64>(from, source, rows, out);
}

export function castToF32(from: i32, source: usize, rows: i32, out: usize): void {
  convertTo<f32>(from, source, rows, out);
}

export function castToF64(from: i32, source: usize, rows: i32, out: usize): void {
  convertTo<f64>(from, source, rows, out);
}

/** Sign-extends 64-bit integers to 128 bits. */
export function widenI64(source: usize, rows: i32, out: usize): void {
  for (const end = source + (<usize>rows << 3); source < end; source += 8) {
    const value = load<i64>(source);
    store<i64>(out, value);
    store<i64>(out, value >> 63, 8);
    out += 16;
  }
}

/** Zero-extends 64-bit integers to 128 bits. */
export function widenU64(source: usize, rows: i32, out: usize): void {
  for (const end = source + (<usize>rows << 3); source < end; source += 8) {
    store<i64>(out, load<i64>(source));
    store<i64>(out, 0, 8);
    out += 16;
  }
}

/** The low half of 128-bit integers. */
export function narrowI128(source: usize, rows: i32, out: usize): void {
  for (const end = out + (<usize>rows << 3); out < end; out += 8) {
    store<i64>(out, load<i64>(source));
    source += 16;
  }
}
