// Reproducible random numbers: a seed gives the same sequence on every machine.

export interface Random {
	/** At least 0, less than 1. */
	next(): number;
	/** At least 0, less than `n`. */
	below(n: number): number;
	chance(probability: number): boolean;
	pick<T>(items: readonly T[]): T;
}

/** mulberry32. */
export function randomOf(seed: number): Random {
	let state = (seed * 0x9e3779b1) >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (n: number) => Math.floor(next() * n);
	return { next, below, chance: (probability) => next() < probability, pick: (items) => items[below(items.length)]! };
}
