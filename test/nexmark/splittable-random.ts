// Java's java.util.SplittableRandom with a seed, as its documentation defines it.

const MASK = (1n << 64n) - 1n;

export class SplittableRandom {
	#state: bigint;

	constructor(seed: number) {
		this.#state = BigInt.asUintN(64, BigInt(seed));
	}

	#advance(): bigint {
		this.#state = (this.#state + 0x9e3779b97f4a7c15n) & MASK;
		return this.#state;
	}

	/** Any signed 32-bit number. */
	nextInt32(): number {
		let z = this.#advance();
		z = ((z ^ (z >> 33n)) * 0x62a9d9ed799705f5n) & MASK;
		z = ((z ^ (z >> 28n)) * 0xcb24d0a5c88c35b3n) & MASK;
		return Number(z >> 32n) | 0;
	}

	/** 0 to bound − 1. */
	nextInt(bound: number): number {
		let draw = this.nextInt32();
		const last = bound - 1;
		if ((bound & last) === 0) return draw & last;
		for (let u = draw >>> 1; ; u = this.nextInt32() >>> 1) {
			draw = u % bound;
			if (u + last - draw < 2 ** 31) return draw;
		}
	}

	nextInt64(): bigint {
		let z = this.#advance();
		z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
		z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
		return z ^ (z >> 31n);
	}

	/** As the generator draws long numbers: 0 to bound − 1. */
	nextLong(bound: number): number {
		if (bound < 2 ** 31 - 1) return this.nextInt(bound);
		const rest = BigInt.asIntN(64, this.nextInt64()) % BigInt(bound);
		return Number(rest < 0n ? -rest : rest);
	}

	/** In [0, 1), 53 bits. */
	nextDouble(): number {
		return Number(this.nextInt64() >> 11n) * 2 ** -53;
	}

	pick(values: readonly string[]): string {
		return values[this.nextInt(values.length)]!;
	}
}
