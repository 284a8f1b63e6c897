// Single shapes of expressions over l (BIGINT), d (DOUBLE) and s (STRING), each with the loop that somebody would write by hand over typed arrays
// and the plain one over JavaScript's own values. The loops by hand know what the kernels do not: numbers fit 32 bits, UPPER gets ASCII.
// They are called with the rows of a batch.

/** UTF-8, as Arrow has it: the same bytes in three ways. */
export interface Texts {
	readonly bytes: Uint8Array;
	/** For four bytes at any place. */
	readonly view: DataView;
	/** For four bytes at a time. */
	readonly words: Int32Array;
	/** `rows + 1` of them. */
	readonly offsets: Int32Array;
}

/** The columns of all rows. */
export interface Columns extends Texts {
	/** Low and high word of each value. */
	readonly l: Int32Array;
	readonly d: Float64Array;
}

/** What a batch gives, over what the one before gave. */
export interface Results extends Texts {
	readonly longs: Int32Array;
	readonly doubles: Float64Array;
	readonly flags: Uint8Array;
}

/** The rows of a batch as JavaScript has them. */
export interface Values {
	readonly l: readonly number[];
	readonly d: readonly number[];
	readonly s: readonly string[];
}

export interface Shape {
	readonly expr: string;
	readonly duckdb?: string;
	readonly typed: (columns: Columns, from: number, to: number, out: Results) => void;
	readonly idiomatic: (values: Values) => readonly unknown[];
}

const arithmetic: readonly Shape[] = [
	{
		expr: "l + 1",
		typed: ({ l }, from, to, { longs }) => {
			for (let i = from, j = 0; i < to; i++, j += 2) {
				const sum = (l[i * 2] + 1) | 0;
				longs[j] = sum;
				longs[j + 1] = sum >> 31;
			}
		},
		idiomatic: ({ l }) => l.map((value) => value + 1),
	},
	{
		expr: "d * 2e0 + d / 3e0 - d",
		typed: ({ d }, from, to, { doubles }) => {
			for (let i = from; i < to; i++) doubles[i - from] = d[i] * 2 + d[i] / 3 - d[i];
		},
		idiomatic: ({ d }) => d.map((value) => value * 2 + value / 3 - value),
	},
	{
		expr: "CAST(l AS DOUBLE)",
		typed: ({ l }, from, to, { doubles }) => {
			for (let i = from; i < to; i++) doubles[i - from] = l[i * 2];
		},
		idiomatic: ({ l }) => l.map(Number),
	},
];

const conditions: readonly Shape[] = [
	{
		expr: "l > 500000 AND d < 100e0 OR l = 7",
		typed: ({ l, d }, from, to, { flags }) => {
			for (let i = from; i < to; i++) {
				const value = l[i * 2];
				flags[i - from] = (value > 500_000 && d[i] < 100) || value === 7 ? 1 : 0;
			}
		},
		idiomatic: ({ l, d }) => l.map((value, i) => (value > 500_000 && d[i] < 100) || value === 7),
	},
	{
		expr: "CASE WHEN d > 100e0 THEN l ELSE -l END",
		typed: ({ l, d }, from, to, { longs }) => {
			for (let i = from, j = 0; i < to; i++, j += 2) {
				const value = d[i] > 100 ? l[i * 2] : -l[i * 2] | 0;
				longs[j] = value;
				longs[j + 1] = value >> 31;
			}
		},
		idiomatic: ({ l, d }) => l.map((value, i) => (d[i] > 100 ? value : -value)),
	},
	{
		expr: "COALESCE(NULLIF(l, 7), 0)",
		typed: ({ l }, from, to, { longs }) => {
			for (let i = from, j = 0; i < to; i++, j += 2) {
				const value = l[i * 2] === 7 ? 0 : l[i * 2];
				longs[j] = value;
				longs[j + 1] = value >> 31;
			}
		},
		idiomatic: ({ l }) => l.map((value) => (value === 7 ? null : value) ?? 0),
	},
	{
		expr: "l IN (1, 2, 3, 5, 8, 13)",
		typed: ({ l }, from, to, { flags }) => {
			for (let i = from; i < to; i++) {
				const value = l[i * 2];
				// The bits 1, 2, 3, 5, 8 and 13.
				flags[i - from] = value >>> 0 < 14 ? (0b10_0001_0010_1110 >> value) & 1 : 0;
			}
		},
		idiomatic: ({ l }) => {
			const wanted = new Set([1, 2, 3, 5, 8, 13]);
			return l.map((value) => wanted.has(value));
		},
	},
];

const NINE = 0x39;

/** Whether there are only characters of one byte, and how long text is needs no look at it. */
function isAscii({ words, offsets }: Columns, from: number, to: number): boolean {
	let seen = 0;
	for (let i = offsets[from] >> 2; i < (offsets[to] + 3) >> 2; i++) seen |= words[i];
	return (seen & 0x8080_8080) === 0;
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** Copies the characters 3 to 7; how many bytes they have. */
function copied(text: Uint8Array, into: Uint8Array, at: number): number {
	let written = at;
	let seen = 0;
	for (const byte of text) {
		if (!isContinuation(byte) && ++seen > 7) break;
		if (seen > 2) into[written++] = byte;
	}
	return written - at;
}

const strings: readonly Shape[] = [
	{
		expr: "UPPER(s)",
		typed: ({ words, offsets }, from, to, out) => {
			const start = offsets[from] >> 2;
			const end = (offsets[to] + 3) >> 2;
			for (let i = start; i < end; i++) {
				const word = words[i];
				// The high bit of each byte from "a" on, but not from behind "z" on; two bits lower it is the difference of the cases.
				const lower = (word + 0x1f1f_1f1f) & ~(word + 0x0505_0505) & 0x8080_8080;
				out.words[i - start] = word ^ (lower >>> 2);
			}
			for (let i = from; i <= to; i++) out.offsets[i - from] = offsets[i] - start * 4;
		},
		idiomatic: ({ s }) => s.map((value) => value.toUpperCase()),
	},
	{
		expr: "SUBSTRING(s, 3, 5)",
		typed: (columns, from, to, out) => {
			const { bytes, view, offsets } = columns;
			const areBytes = isAscii(columns, from, to);
			let written = 0;
			out.offsets[0] = 0;
			for (let i = from; i < to; i++) {
				const [start, end] = [offsets[i], offsets[i + 1]];
				if (areBytes) {
					const length = Math.max(0, Math.min(5, end - start - 2));
					// Bytes too many are overwritten by what follows.
					out.view.setInt32(written, view.getInt32(start + 2, true), true);
					out.bytes[written + 4] = bytes[start + 6];
					written += length;
				} else written += copied(bytes.subarray(start, end), out.bytes, written);
				out.offsets[i - from + 1] = written;
			}
		},
		idiomatic: ({ s }) => s.map((value) => value.slice(2, 7)),
	},
	{
		expr: "CHAR_LENGTH(s)",
		duckdb: "length(s)",
		typed: (columns, from, to, { longs }) => {
			const { bytes, offsets } = columns;
			const areBytes = isAscii(columns, from, to);
			for (let i = from; i < to; i++) {
				let characters = offsets[i + 1] - offsets[i];
				if (!areBytes) for (let at = offsets[i]; at < offsets[i + 1]; at++) if (isContinuation(bytes[at])) characters--;
				longs[i - from] = characters;
			}
		},
		idiomatic: ({ s }) => s.map((value) => value.length),
	},
	{
		expr: "s LIKE '%99%'",
		typed: ({ bytes, offsets }, from, to, { flags }) => {
			for (let i = from; i < to; i++) {
				const end = offsets[i + 1];
				let found = 0;
				// At the second of two bytes: one that is no 9 can be neither of a pair, so two are passed.
				for (let at = offsets[i] + 1; at < end; ) {
					if (bytes[at] !== NINE) at += 2;
					else if (bytes[at - 1] !== NINE) at++;
					else {
						found = 1;
						break;
					}
				}
				flags[i - from] = found;
			}
		},
		idiomatic: ({ s }) => s.map((value) => value.includes("99")),
	},
	{
		expr: "CONCAT(s, '!')",
		typed: ({ view, offsets }, from, to, out) => {
			let written = 0;
			out.offsets[0] = 0;
			for (let i = from; i < to; i++) {
				const start = offsets[i];
				const length = offsets[i + 1] - start;
				// Up to three bytes too many, which what follows overwrites.
				for (let at = 0; at < length; at += 4) out.view.setInt32(written + at, view.getInt32(start + at, true), true);
				written += length;
				out.bytes[written++] = 0x21;
				out.offsets[i - from + 1] = written;
			}
		},
		idiomatic: ({ s }) => s.map((value) => `${value}!`),
	},
];

/** Room for `bytes` bytes and as many as may be read or written too many. */
export function textRoom(bytes: number, rows: number): Texts {
	const buffer = new ArrayBuffer((bytes + 11) & ~3);
	const offsets = new Int32Array(rows + 1);
	return { bytes: new Uint8Array(buffer), view: new DataView(buffer), words: new Int32Array(buffer), offsets };
}

export const SHAPES: readonly Shape[] = [...arithmetic, ...conditions, ...strings];
