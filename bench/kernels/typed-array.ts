// The best hand-written JavaScript: open addressing over typed arrays, keys → dense group numbers.

const EMPTY = -1;

/** 64-bit keys, each as two words. */
export class LongKeyTable {
	#mask = 1023;
	#slots = new Int32Array(1024).fill(EMPTY);
	/** Low and high word of each group's key. */
	#keys = new Int32Array(2048);
	size = 0;

	find(low: number, high: number): number {
		const keys = this.#keys;
		let slot = hash(low, high) & this.#mask;
		for (;;) {
			const group = this.#slots[slot] as number;
			if (group === EMPTY) return this.#add(slot, low, high);
			if (keys[group * 2] === low && keys[group * 2 + 1] === high) return group;
			slot = (slot + 1) & this.#mask;
		}
	}

	/** -1 where there is none. */
	lookup(low: number, high: number): number {
		let slot = hash(low, high) & this.#mask;
		for (;;) {
			const group = this.#slots[slot] as number;
			if (group === EMPTY) return EMPTY;
			if (this.#keys[group * 2] === low && this.#keys[group * 2 + 1] === high) return group;
			slot = (slot + 1) & this.#mask;
		}
	}

	#add(slot: number, low: number, high: number): number {
		const group = this.size++;
		this.#slots[slot] = group;
		this.#keys[group * 2] = low;
		this.#keys[group * 2 + 1] = high;
		if (this.size * 2 > this.#mask) this.#grow();
		return group;
	}

	#grow(): void {
		const keys = new Int32Array(this.#keys.length * 2);
		keys.set(this.#keys);
		this.#keys = keys;
		this.#mask = this.#mask * 2 + 1;
		this.#slots = new Int32Array(this.#mask + 1).fill(EMPTY);
		for (let group = 0; group < this.size; group++) {
			let slot = hash(keys[group * 2] as number, keys[group * 2 + 1] as number) & this.#mask;
			while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & this.#mask;
			this.#slots[slot] = group;
		}
	}
}

function hash(low: number, high: number): number {
	const mixed = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
	return mixed ^ (mixed >>> 15);
}

/** Strings as ranges of one buffer. */
export class TextKeyTable {
	readonly #bytes: Uint8Array;
	#mask = 1023;
	#slots = new Int32Array(1024).fill(EMPTY);
	#hashes = new Int32Array(1024);
	#ranges = new Uint32Array(2048);
	#size = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	find(start: number, end: number): number {
		const code = this.#hash(start, end);
		let slot = code & this.#mask;
		for (;;) {
			const group = this.#slots[slot] as number;
			if (group === EMPTY) return this.#add(slot, code, start, end);
			if (this.#hashes[group] === code && this.#equals(group, start, end)) return group;
			slot = (slot + 1) & this.#mask;
		}
	}

	#hash(start: number, end: number): number {
		let code = end - start;
		for (let i = start; i < end; i++) code = Math.imul(code ^ (this.#bytes[i] as number), 0x0100_0193);
		return code ^ (code >>> 15);
	}

	#equals(group: number, start: number, end: number): boolean {
		const from = this.#ranges[group * 2] as number;
		if ((this.#ranges[group * 2 + 1] as number) - from !== end - start) return false;
		for (let i = 0; i < end - start; i++) if (this.#bytes[from + i] !== this.#bytes[start + i]) return false;
		return true;
	}

	#add(slot: number, code: number, start: number, end: number): number {
		const group = this.#size++;
		this.#slots[slot] = group;
		if (group >= this.#hashes.length) {
			const hashes = new Int32Array(group * 2);
			hashes.set(this.#hashes);
			this.#hashes = hashes;
			const ranges = new Uint32Array(group * 4);
			ranges.set(this.#ranges);
			this.#ranges = ranges;
		}
		this.#hashes[group] = code;
		this.#ranges[group * 2] = start;
		this.#ranges[group * 2 + 1] = end;
		if (this.#size * 2 > this.#mask) this.#grow();
		return group;
	}

	#grow(): void {
		this.#mask = this.#mask * 2 + 1;
		this.#slots = new Int32Array(this.#mask + 1).fill(EMPTY);
		for (let group = 0; group < this.#size; group++) {
			let slot = (this.#hashes[group] as number) & this.#mask;
			while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & this.#mask;
			this.#slots[slot] = group;
		}
	}
}

/** Puts a value among three that stand from `at` on, the greatest first. */
export function keepTop3(best: Float64Array, at: number, value: number): void {
	if (value <= best[at + 2]) return;
	if (value <= best[at + 1]) best[at + 2] = value;
	else {
		best[at + 2] = best[at + 1];
		if (value <= best[at]) best[at + 1] = value;
		else {
			best[at + 1] = best[at];
			best[at] = value;
		}
	}
}
