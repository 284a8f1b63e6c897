// BITMAP values: sets of unsigned 32-bit integers as bytes in the portable Roaring format. Written without run containers,
// read with them.

const COOKIE = 12_346;
const RUN_COOKIE = 12_347;
const ARRAY_LIMIT = 4096;
const NO_OFFSETS_BELOW = 4;

/** The bytes of a set; the values may repeat and stand in any order. */
export function bitmapOf(values: Iterable<number>): Uint8Array {
	const sorted = Uint32Array.from(new Set(Array.from(values, (value) => value >>> 0))).sort();
	const containers = new Map<number, number[]>();
	for (const value of sorted) {
		const key = value >>> 16;
		const container = containers.get(key);
		if (container === undefined) containers.set(key, [value & 0xffff]);
		else container.push(value & 0xffff);
	}
	const sizes = [...containers.values()].map((items) => (items.length <= ARRAY_LIMIT ? items.length * 2 : 8192));
	const header = 8 + containers.size * 8;
	const view = new DataView(new ArrayBuffer(sizes.reduce((sum, size) => sum + size, header)));
	view.setUint32(0, COOKIE, true);
	view.setUint32(4, containers.size, true);
	let offset = header;
	for (const [i, [key, items]] of [...containers].entries()) {
		view.setUint16(8 + i * 4, key, true);
		view.setUint16(10 + i * 4, items.length - 1, true);
		view.setUint32(8 + containers.size * 4 + i * 4, offset, true);
		writeContainer(view, offset, items);
		offset += sizes[i] as number;
	}
	return new Uint8Array(view.buffer);
}

function writeContainer(view: DataView, offset: number, items: readonly number[]): void {
	if (items.length <= ARRAY_LIMIT) {
		for (const [i, item] of items.entries()) view.setUint16(offset + i * 2, item, true);
		return;
	}
	for (const item of items) {
		const at = offset + (item >>> 3);
		view.setUint8(at, view.getUint8(at) | (1 << (item & 7)));
	}
}

/** The values in ascending order; undefined when the bytes are no bitmap. */
export function bitmapValues(bytes: Uint8Array): Uint32Array | undefined {
	try {
		return readBitmap(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

function readBitmap(view: DataView): Uint32Array | undefined {
	const cookie = view.getUint32(0, true);
	const withRuns = (cookie & 0xffff) === RUN_COOKIE;
	if (!withRuns && cookie !== COOKIE) return undefined;
	const size = withRuns ? (cookie >>> 16) + 1 : view.getUint32(4, true);
	const runFlags = withRuns ? 4 : -1;
	const keys = withRuns ? 4 + Math.ceil(size / 8) : 8;
	let offset = keys + size * 4 + (!withRuns || size >= NO_OFFSETS_BELOW ? size * 4 : 0);
	const values: number[] = [];
	for (let i = 0; i < size; i++) {
		const high = view.getUint16(keys + i * 4, true) * 65_536;
		const count = view.getUint16(keys + i * 4 + 2, true) + 1;
		const isRun = runFlags >= 0 && ((view.getUint8(runFlags + (i >>> 3)) >>> (i & 7)) & 1) === 1;
		offset = isRun ? readRuns(view, offset, high, values) : readItems(view, offset, high, count, values);
	}
	return Uint32Array.from(values);
}

function readRuns(view: DataView, start: number, high: number, values: number[]): number {
	const runs = view.getUint16(start, true);
	for (let i = 0; i < runs; i++) {
		const first = view.getUint16(start + 2 + i * 4, true);
		const length = view.getUint16(start + 4 + i * 4, true);
		for (let low = first; low <= first + length; low++) values.push(high + low);
	}
	return start + 2 + runs * 4;
}

function readItems(view: DataView, start: number, high: number, count: number, values: number[]): number {
	if (count <= ARRAY_LIMIT) {
		for (let i = 0; i < count; i++) values.push(high + view.getUint16(start + i * 2, true));
		return start + count * 2;
	}
	for (let byte = 0; byte < 8192; byte++) {
		const bits = view.getUint8(start + byte);
		for (let bit = 0; bit < 8; bit++) if (((bits >>> bit) & 1) === 1) values.push(high + byte * 8 + bit);
	}
	return start + 8192;
}

/** `{1,2,3}`. */
export const bitmapText = (bytes: Uint8Array): string => `{${(bitmapValues(bytes) ?? new Uint32Array()).join(",")}}`;
