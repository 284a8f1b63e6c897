// Bulk memory operations for the host, which has no other way to move bytes inside linear memory without a view.

/** First address that static data does not use. */
export function heapBase(): usize {
  return __heap_base;
}

/** Copies `bytes` from `source` to `target`; the ranges may overlap. */
export function copyBytes(target: usize, source: usize, bytes: usize): void {
  memory.copy(target, source, bytes);
}

/** Sets `bytes` bytes at `target` to `value`. */
export function fillBytes(target: usize, value: u8, bytes: usize): void {
  memory.fill(target, value, bytes);
}
