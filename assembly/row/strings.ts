// Bytes of long strings kept in state: blocks of size classes, reused when freed. A kernel that finds no block stops and reports how
// far it came; the caller opens a chunk. Header, shared with src/operators/state/string-heap.ts:
//
//   | 0 next unused u32 | 4 end of chunk u32 | 8 free list of class 0 u32 | 12 … class 1 | …
//
// Classes: multiples of 16 bytes up to 1024, then powers of two. A free block holds the address of the next one in its first 4 bytes.

const SMALL_BYTES: u32 = 1024;
const SMALL_CLASSES: u32 = SMALL_BYTES >> 4;

@inline
function classOf(bytes: u32): u32 {
  return bytes <= SMALL_BYTES ? (bytes - 1) >> 4 : SMALL_CLASSES + 21 - clz<u32>(bytes - 1);
}

@inline
function classBytes(index: u32): u32 {
  return index < SMALL_CLASSES ? (index + 1) << 4 : <u32>2048 << (index - SMALL_CLASSES);
}

@inline
function takeBytes(heap: usize, bytes: u32): usize {
  const index = classOf(bytes);
  const list = heap + 8 + (index << 2);
  const block: usize = load<u32>(list);
  if (block != 0) {
    store<u32>(list, load<u32>(block));
    return block;
  }
  const start: usize = load<u32>(heap);
  const size = classBytes(index);
  if (<usize>load<u32>(heap, 4) - start < size) return 0;
  store<u32>(heap, start + size);
  return start;
}

@inline
function giveBytes(heap: usize, block: usize, bytes: u32): void {
  const list = heap + 8 + (classOf(bytes) << 2);
  store<u32>(block, load<u32>(list));
  store<u32>(list, <u32>block);
}

// Bytes that stay where they are as long as any state: views may point there.
let lastingStart: u32 = 0;
let lastingBytes: u32 = 0;

/** Strings in these bytes (one stretch; 0 bytes: none) are not copied. */
export function stringsLasting(start: usize, bytes: u32): void {
  lastingStart = <u32>start;
  lastingBytes = bytes;
}

@inline
export function isLasting(address: u32): bool {
  return address - lastingStart < lastingBytes;
}

/** Puts what is left of the chunk into the free lists, so that another chunk can be opened. */
export function stringsRetire(heap: usize): void {
  let start: usize = load<u32>(heap);
  let left: u32 = load<u32>(heap, 4) - <u32>start;
  while (left >= 16) {
    let index = classOf(left);
    if (classBytes(index) > left) index--;
    const size = classBytes(index);
    giveBytes(heap, start, size);
    start += size;
    left -= size;
  }
  store<u32>(heap, 0);
  store<u32>(heap, 0, 4);
}

/**
 * Moves the bytes of the long views at `offset` of rows `from`… into the heap and points the views there. Returns the position
 * reached: less than `n` when that row's string found no room.
 */
export function stringsKeep(heap: usize, rows: usize, from: u32, n: u32, offset: u32): u32 {
  for (let i = from; i < n; i++) {
    const view = <usize>load<u32>(rows + (i << 2)) + offset;
    const length = load<u32>(view);
    if (length <= 12 || isLasting(load<u32>(view, 12))) continue;
    const block = takeBytes(heap, length);
    if (block == 0) return i;
    copyPadded(block, load<u32>(view, 12), length);
    store<u32>(view, <u32>block, 12);
  }
  return n;
}

/** Copies in steps of 16: both sides may be read, and a block written, up to the next multiple of 16. */
@inline
function copyPadded(target: usize, source: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) store<v128>(target + at, load<v128>(source + at));
}

/** Frees the bytes of the long views at `offset` of the rows; the views are void afterwards. */
export function stringsDrop(heap: usize, rows: usize, n: u32, offset: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const view = <usize>load<u32>(rows + (i << 2)) + offset;
    const length = load<u32>(view);
    if (length > 12 && !isLasting(load<u32>(view, 12))) giveBytes(heap, load<u32>(view, 12), length);
  }
}

/** Frees the bytes of `n` long views that lie one after the other. */
export function stringsFree(heap: usize, views: usize, n: u32): void {
  for (let end = views + (n << 4); views < end; views += 16) {
    if (!isLasting(load<u32>(views, 12))) giveBytes(heap, load<u32>(views, 12), load<u32>(views));
  }
}
