// What a part file keeps back: one stretch of memory that is filled, written and filled again. Fresh memory costs more than copying.

const FIRST_BYTES = 1 << 16;

export class PartBuffer {
	#memory: Uint8Array<ArrayBuffer>;
	#length = 0;

	/** `memory`: of a buffer that is no longer used. */
	constructor(memory = new Uint8Array(FIRST_BYTES)) {
		this.#memory = memory;
	}

	get length(): number {
		return this.#length;
	}

	get memory(): Uint8Array<ArrayBuffer> {
		return this.#memory;
	}

	append(bytes: Uint8Array): void {
		const length = this.#length + bytes.length;
		if (length > this.#memory.length) {
			const larger = new Uint8Array(Math.max(length, this.#memory.length * 2));
			larger.set(this.#memory.subarray(0, this.#length));
			this.#memory = larger;
		}
		this.#memory.set(bytes, this.#length);
		this.#length = length;
	}

	/** All bytes; the buffer is empty then. They stay until something is appended. */
	take(): Uint8Array {
		const bytes = this.#memory.subarray(0, this.#length);
		this.#length = 0;
		return bytes;
	}
}
