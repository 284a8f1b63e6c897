// Golden queries with words exchanged, so that most still parse but mean something else: food for the binder.
import { casesOf } from "./cases.js";

const FILES = ["sql/scalar.jsonl.gz", "sql/relational.jsonl.gz", "nexmark/cases.jsonl"];
const WORD = /'(?:[^']|'')*'|`[^`]*`|\d+(?:\.\d+)?(?:e\d+)?|\w+|<>|<=|>=|=>|\|\||\S/gs;

/** Literals, keywords and functions, names, signs: a word is exchanged for one of its kind. */
function kindOf(word: string): string {
	if (/^['\d]/.test(word)) return "literal";
	if (/^[A-Z_]+$/.test(word)) return "keyword";
	return /^[\w`]/.test(word) ? "name" : "sign";
}

export interface Corpus {
	/** Statements that make the tables and views of all cases. */
	readonly setup: readonly string[];
	damaged(seed: number): string;
}

export function loadCorpus(): Corpus {
	const cases = FILES.flatMap(casesOf);
	const queries = cases.map((one) => one.query.match(WORD) ?? []).filter((words) => words.length < 400);
	const byKind = new Map<string, string[]>();
	for (const word of new Set(queries.flat())) {
		const kind = kindOf(word);
		byKind.set(kind, [...(byKind.get(kind) ?? []), word]);
	}
	const setup = [...new Set(cases.flatMap((one) => one.setup ?? []))];
	const damaged = (seed: number): string => {
		const random = generator(seed);
		const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
		const words = [...pick(queries)];
		for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
			const at = Math.floor(random() * words.length);
			if (random() < 0.1) words.splice(at, 1);
			else words[at] = pick(byKind.get(kindOf(words[at] as string)) as string[]);
		}
		return words.join(" ");
	};
	return { setup, damaged };
}

/** Mulberry32. */
function generator(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
