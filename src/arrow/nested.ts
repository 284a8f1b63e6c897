// ARRAY, MAP, MULTISET and ROW values as bytes. Canonical: equal values have equal bytes, so operators hash and compare them as
// binaries. NaN has one pattern, -0.0 is written as 0.0, and the entries of a MAP or MULTISET are sorted by the bytes of their keys.
import { EngineError } from "../errors.js";
import type { SqlType } from "../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType, type Value } from "../types/value.js";
import { readFixed, writeFixed } from "./fixed.js";

/*
 * ROW     | bitmap, bit i: field i is not NULL | slot per field | heap |
 * ARRAY   | count u32 | bitmap | slot per element | heap |
 * MAP     | byte length u32 of the keys | ARRAY of keys | ARRAY of values |      MULTISET: a MAP of element → INTEGER
 *
 * The slot of a fixed-width value is the value; of any other | offset u32 from the start of this encoding | length u32 |.
 * Nothing is aligned; slots of NULLs are zero; heap values follow in order without gaps.
 */

export const slotBytes = (type: SqlType): number => {
	const physical = physicalType(type);
	return physical === "view" ? 8 : PHYSICAL_WIDTH[physical];
};

/** Where field `index` of a ROW has its slot, in bytes from the start of the encoding. */
export function fieldOffset(fields: readonly { readonly type: SqlType }[], index: number): number {
	let offset = (fields.length + 7) >>> 3;
	for (const field of fields.slice(0, index)) offset += slotBytes(field.type);
	return offset;
}

const INTEGER_NOT_NULL: SqlType = { kind: "INTEGER", nullable: false };
const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Collects encodings one after the other; `bytes()` is what was written since the last `clear()`. */
export class NestedWriter {
	#bytes = new Uint8Array(1024);
	#view = new DataView(this.#bytes.buffer);
	#length = 0;

	get length(): number {
		return this.#length;
	}

	clear(): void {
		this.#length = 0;
	}

	bytes(): Uint8Array<ArrayBuffer> {
		return this.#bytes.subarray(0, this.#length);
	}

	/** Appends the bytes of a value that is not NULL and whose type is laid out as views. */
	write(value: Value, type: SqlType): void {
		if (value instanceof Uint8Array) this.#raw(value);
		else if (typeof value === "string") this.#text(value);
		else this.#list(value as readonly Value[], type);
	}

	#list(items: readonly Value[], type: SqlType): void {
		if (type.kind === "ARRAY") this.#array(items, type.element);
		else if (type.kind === "MAP") this.#map(items, type.key, type.value);
		else if (type.kind === "MULTISET") this.#map(items, type.element, INTEGER_NOT_NULL);
		else if (type.kind === "ROW") {
			const types = type.fields.map((field) => field.type);
			this.#slots(items, types);
		} else throw new EngineError("INTERNAL", `${typeof items} is no value of ${type.kind}`);
	}

	#reserve(bytes: number): number {
		const start = this.#length;
		const end = start + bytes;
		if (end > this.#bytes.length) {
			const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
			larger.set(this.#bytes.subarray(0, start));
			this.#bytes = larger;
			this.#view = new DataView(larger.buffer);
		}
		this.#length = end;
		return start;
	}

	#raw(bytes: Uint8Array): void {
		const start = this.#reserve(bytes.length);
		this.#bytes.set(bytes, start);
	}

	#text(text: string): void {
		const start = this.#reserve(text.length * 3);
		this.#length = start + textEncoder.encodeInto(text, this.#bytes.subarray(start)).written;
	}

	#array(items: readonly Value[], element: SqlType): void {
		const start = this.#reserve(4);
		this.#view.setUint32(start, items.length, true);
		this.#slots(
			items,
			items.map(() => element),
			start,
		);
	}

	/** Bitmap, slots and heap; offsets count from `base`. */
	#slots(items: readonly Value[], types: readonly SqlType[], base = this.#length): void {
		const bitmap = this.#reserve((items.length + 7) >>> 3);
		let slot = this.#reserve(types.reduce((bytes, type) => bytes + slotBytes(type), 0));
		this.#bytes.fill(0, bitmap, this.#length);
		for (const [i, item] of items.entries()) {
			const type = types[i] as SqlType;
			if (item !== null) {
				(this.#bytes[bitmap + (i >>> 3)] as number) |= 1 << (i & 7);
				this.#slot(slot, item, type, base);
			}
			slot += slotBytes(type);
		}
	}

	#slot(slot: number, item: Value, type: SqlType, base: number): void {
		const physical = physicalType(type);
		if (physical !== "view") {
			writeFixed(this.#view, slot, canonical(item), type);
			return;
		}
		const start = this.#length;
		this.write(item, type);
		this.#view.setUint32(slot, start - base, true);
		this.#view.setUint32(slot + 4, this.#length - start, true);
	}

	#map(entries: readonly Value[], key: SqlType, value: SqlType): void {
		const sorted = [...(entries as readonly (readonly [Value, Value])[])]
			.map((entry) => ({ entry, bytes: this.#keyBytes(entry[0], key) }))
			.sort((left, right) => compareBytes(left.bytes, right.bytes));
		const start = this.#reserve(4);
		this.#array(
			sorted.map(({ entry }) => entry[0]),
			key,
		);
		this.#view.setUint32(start, this.#length - start - 4, true);
		this.#array(
			sorted.map(({ entry }) => entry[1]),
			value,
		);
	}

	/** The encoding of a key by itself, to sort by. */
	#keyBytes(key: Value, type: SqlType): Uint8Array {
		const start = this.#length;
		this.#array([key], type);
		const bytes = this.#bytes.slice(start, this.#length);
		this.#length = start;
		return bytes;
	}
}

const canonical = (value: Value): Value =>
	typeof value === "number" ? (Number.isNaN(value) ? NaN : value + 0) : value;

function compareBytes(left: Uint8Array, right: Uint8Array): number {
	const length = Math.min(left.length, right.length);
	for (let i = 0; i < length; i++) {
		const difference = (left[i] as number) - (right[i] as number);
		if (difference !== 0) return difference;
	}
	return left.length - right.length;
}

/** The value that `length` bytes at `start` encode; the type is one laid out as views. Copies what it returns. */
export function decodeNested(data: DataView<ArrayBuffer>, start: number, length: number, type: SqlType): Value {
	switch (type.kind) {
		case "CHAR":
		case "VARCHAR":
		case "SYMBOL":
			return textDecoder.decode(new Uint8Array(data.buffer, data.byteOffset + start, length));
		case "ARRAY":
			return decodeArray(data, start, type.element);
		case "ROW": {
			const types = type.fields.map((field) => field.type);
			return decodeSlots(data, start, start, types);
		}
		case "MAP":
			return decodeMap(data, start, type.key, type.value);
		case "MULTISET":
			return decodeMap(data, start, type.element, INTEGER_NOT_NULL);
		default:
			return new Uint8Array(data.buffer, data.byteOffset + start, length).slice();
	}
}

function decodeArray(data: DataView<ArrayBuffer>, start: number, element: SqlType): Value[] {
	const types = new Array<SqlType>(data.getUint32(start, true)).fill(element);
	return decodeSlots(data, start, start + 4, types);
}

function decodeMap(data: DataView<ArrayBuffer>, start: number, key: SqlType, value: SqlType): Value {
	const keyBytes = data.getUint32(start, true);
	const keys = decodeArray(data, start + 4, key);
	const values = decodeArray(data, start + 4 + keyBytes, value);
	return keys.map((item, i) => [item, values[i] as Value]);
}

function decodeSlots(data: DataView<ArrayBuffer>, base: number, bitmap: number, types: readonly SqlType[]): Value[] {
	let slot = bitmap + ((types.length + 7) >>> 3);
	return types.map((type, i) => {
		const at = slot;
		slot += slotBytes(type);
		if ((data.getUint8(bitmap + (i >>> 3)) & (1 << (i & 7))) === 0) return null;
		if (physicalType(type) !== "view") return readFixed(data, at, type);
		return decodeNested(data, base + data.getUint32(at, true), data.getUint32(at + 4, true), type);
	});
}
