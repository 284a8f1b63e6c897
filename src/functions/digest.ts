// MD5 and the SHA family over bytes, in plain JavaScript so that they run anywhere. Round constants are computed from
// their definitions (sines, and roots of the first primes) at first use.
import { hexText } from "../types/value-text.js";

export type DigestName = "MD5" | "SHA1" | "SHA224" | "SHA256" | "SHA384" | "SHA512";

/** The digest as lower-case hexadecimal digits. */
export function digestHex(name: DigestName, bytes: Uint8Array): string {
	switch (name) {
		case "MD5":
			return hexText(md5(bytes));
		case "SHA1":
			return hexText(sha1(bytes));
		case "SHA224":
			return hexText(sha256(bytes, rootConstants().sha224).subarray(0, 28));
		case "SHA256":
			return hexText(sha256(bytes, rootConstants().sha256));
		case "SHA384":
			return hexText(sha512(bytes, rootConstants().sha384).subarray(0, 48));
		case "SHA512":
			return hexText(sha512(bytes, rootConstants().sha512));
	}
}

/** The message with the bit 1, zeros, and its length in bits in the last bytes of a block. */
function padded(bytes: Uint8Array, block: number, lengthBytes: number, littleEndian: boolean): DataView {
	const size = Math.ceil((bytes.length + 1 + lengthBytes) / block) * block;
	const message = new Uint8Array(size);
	message.set(bytes);
	message[bytes.length] = 0x80;
	const view = new DataView(message.buffer);
	view.setBigUint64(size - 8, BigInt(bytes.length) * 8n, littleEndian);
	return view;
}

const rotateLeft = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits));
const rotateRight = (value: number, bits: number) => (value >>> bits) | (value << (32 - bits));

function wordsToBytes(words: Int32Array, littleEndian: boolean): Uint8Array {
	const view = new DataView(new ArrayBuffer(words.length * 4));
	for (const [i, word] of words.entries()) view.setInt32(i * 4, word, littleEndian);
	return new Uint8Array(view.buffer);
}

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const MD5_SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

function md5(bytes: Uint8Array): Uint8Array {
	const view = padded(bytes, 64, 8, true);
	const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
	for (let start = 0; start < view.byteLength; start += 64) {
		let [a, b, c, d] = state as unknown as [number, number, number, number];
		for (let i = 0; i < 64; i++) {
			const round = i >> 4;
			const mix =
				round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
			const word = round === 0 ? i : round === 1 ? (5 * i + 1) & 15 : round === 2 ? (3 * i + 5) & 15 : (7 * i) & 15;
			const sum = (a + mix + (MD5_SINES[i] as number) + view.getInt32(start + word * 4, true)) | 0;
			const moved = (b + rotateLeft(sum, MD5_SHIFTS[round * 4 + (i & 3)] as number)) | 0;
			[a, d, c, b] = [d, c, b, moved];
		}
		for (const [i, value] of [a, b, c, d].entries()) state[i] = (state[i] as number) + value;
	}
	return wordsToBytes(state, true);
}

function sha1(bytes: Uint8Array): Uint8Array {
	const view = padded(bytes, 64, 8, false);
	const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
	const words = new Int32Array(80);
	for (let start = 0; start < view.byteLength; start += 64) {
		for (let i = 0; i < 80; i++) {
			words[i] =
				i < 16
					? view.getInt32(start + i * 4)
					: rotateLeft(
							(words[i - 3] as number) ^
								(words[i - 8] as number) ^
								(words[i - 14] as number) ^
								(words[i - 16] as number),
							1,
						);
		}
		let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
		for (let i = 0; i < 80; i++) {
			const mix = i < 20 ? (b & c) | (~b & d) : i >= 40 && i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
			const constant = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6;
			const sum = (rotateLeft(a, 5) + mix + e + constant + (words[i] as number)) | 0;
			[e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, sum];
		}
		for (const [i, value] of [a, b, c, d, e].entries()) state[i] = (state[i] as number) + value;
	}
	return wordsToBytes(state, false);
}

interface RootConstants {
	/** First 32 bits of the fractions of the cube roots of 64 primes. */
	readonly rounds: Int32Array;
	/** 64 bits of those of 80 primes: high and low words in turn. */
	readonly wideRounds: Int32Array;
	readonly sha224: Int32Array;
	readonly sha256: Int32Array;
	readonly sha384: Int32Array;
	readonly sha512: Int32Array;
}

let constants: RootConstants | undefined;

function rootConstants(): RootConstants {
	if (constants !== undefined) return constants;
	const primes: bigint[] = [];
	for (let n = 2n; primes.length < 80; n++) if (primes.every((prime) => n % prime !== 0n)) primes.push(n);
	const fractions = (power: bigint, chosen: readonly bigint[]) =>
		chosen.map((prime) => BigInt.asUintN(64, integerRoot(prime << (64n * power), power)));
	const high = (values: readonly bigint[]) => Int32Array.from(values, (value) => Number(value >> 32n) | 0);
	const low = (values: readonly bigint[]) => Int32Array.from(values, (value) => Number(value & 0xffffffffn) | 0);
	const both = (values: readonly bigint[]) =>
		Int32Array.from(values.flatMap((value) => [Number(value >> 32n) | 0, Number(value & 0xffffffffn) | 0]));
	const cubes = fractions(3n, primes);
	const first = fractions(2n, primes.slice(0, 8));
	const second = fractions(2n, primes.slice(8, 16));
	constants = {
		rounds: high(cubes.slice(0, 64)),
		wideRounds: both(cubes),
		sha224: low(second),
		sha256: high(first),
		sha384: both(second),
		sha512: both(first),
	};
	return constants;
}

function integerRoot(value: bigint, power: bigint): bigint {
	let low = 0n;
	let high = 1n << (BigInt(value.toString(2).length) / power + 1n);
	while (low < high) {
		const middle = (low + high + 1n) >> 1n;
		if (middle ** power <= value) low = middle;
		else high = middle - 1n;
	}
	return low;
}

function sha256(bytes: Uint8Array, initial: Int32Array): Uint8Array {
	const { rounds } = rootConstants();
	const view = padded(bytes, 64, 8, false);
	const state = initial.slice();
	const words = new Int32Array(64);
	for (let start = 0; start < view.byteLength; start += 64) {
		for (let i = 0; i < 16; i++) words[i] = view.getInt32(start + i * 4);
		for (let i = 16; i < 64; i++) {
			const x = words[i - 15] as number;
			const y = words[i - 2] as number;
			const s0 = rotateRight(x, 7) ^ rotateRight(x, 18) ^ (x >>> 3);
			const s1 = rotateRight(y, 17) ^ rotateRight(y, 19) ^ (y >>> 10);
			words[i] = (words[i - 16] as number) + s0 + (words[i - 7] as number) + s1;
		}
		let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
		for (let i = 0; i < 64; i++) {
			const s1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
			const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (rounds[i] as number) + (words[i] as number)) | 0;
			const s0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
			const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
			[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
		}
		for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] as number) + value;
	}
	return wordsToBytes(state, false);
}

/** 64-bit words as bigints: digests of 384 and 512 bits are rare enough. */
function sha512(bytes: Uint8Array, initial: Int32Array): Uint8Array {
	const { wideRounds } = rootConstants();
	const view = padded(bytes, 128, 16, false);
	const wide = (words: Int32Array) =>
		Array.from(
			{ length: words.length / 2 },
			(_, i) => (BigInt((words[2 * i] as number) >>> 0) << 32n) | BigInt((words[2 * i + 1] as number) >>> 0),
		);
	const rounds = wide(wideRounds);
	const state = wide(initial);
	const wrap = (value: bigint) => BigInt.asUintN(64, value);
	const rotate = (value: bigint, bits: bigint) => wrap((value >> bits) | (value << (64n - bits)));
	const words: bigint[] = [];
	for (let start = 0; start < view.byteLength; start += 128) {
		for (let i = 0; i < 16; i++) words[i] = view.getBigUint64(start + i * 8);
		for (let i = 16; i < 80; i++) {
			const x = words[i - 15] as bigint;
			const y = words[i - 2] as bigint;
			const s0 = rotate(x, 1n) ^ rotate(x, 8n) ^ (x >> 7n);
			const s1 = rotate(y, 19n) ^ rotate(y, 61n) ^ (y >> 6n);
			words[i] = wrap((words[i - 16] as bigint) + s0 + (words[i - 7] as bigint) + s1);
		}
		let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
		for (let i = 0; i < 80; i++) {
			const s1 = rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n);
			const t1 = wrap(h + s1 + ((e & f) ^ (~e & g)) + (rounds[i] as bigint) + (words[i] as bigint));
			const s0 = rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n);
			const t2 = wrap(s0 + ((a & b) ^ (a & c) ^ (b & c)));
			[h, g, f, e, d, c, b, a] = [g, f, e, wrap(d + t1), c, b, a, wrap(t1 + t2)];
		}
		for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = wrap((state[i] as bigint) + value);
	}
	const result = new DataView(new ArrayBuffer(64));
	for (const [i, word] of state.entries()) result.setBigUint64(i * 8, word);
	return new Uint8Array(result.buffer);
}
