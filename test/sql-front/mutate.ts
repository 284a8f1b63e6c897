// Damages SQL text at random: characters, tokens, pieces of other statements. What comes out is mostly wrong.
import { random } from "./positions.js";

const PIECES = [
	..."()[]{}<>=,.;?'`\"+-*/%|&^$#@!:\\\n\t \u0000\u00e9\u{1F600}",
	...["''", "/*", "*/", "/*+", "--", "//", "=>", "||", "::", "U&'\\00", "_UTF8'", "X'", "1e", ".5", "1.", "INTERVAL '"],
	...[
		"SELECT",
		"FROM",
		"WHERE",
		"GROUP BY",
		"(SELECT",
		"CASE",
		"WHEN",
		"END",
		"NOT",
		"BETWEEN",
		"AND",
		"ROW",
		"TABLE(",
	],
	...[
		"NULL",
		"IS",
		"IN (",
		"OVER (",
		"CAST(",
		"MAP<",
		"ARRAY<",
		"WITH",
		"UNION",
		"BEGIN STATEMENT SET;",
		"END;",
		"PATTERN (",
	],
];

export function mutate(statements: readonly string[], seed: number): string {
	const next = random(seed);
	const below = (limit: number) => Math.floor(next() * limit);
	const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
	let text = pick(statements);
	for (let step = 1 + below(4); step > 0; step--) {
		const at = below(text.length + 1);
		const length = below(12);
		switch (below(7)) {
			case 0:
				text = text.slice(0, at) + text.slice(at + length);
				break;
			case 1:
				text = `${text.slice(0, at)}${pick(PIECES)}${text.slice(at)}`;
				break;
			case 2:
				text = `${text.slice(0, at)} ${pick(PIECES)} ${text.slice(at + length)}`;
				break;
			case 3: {
				const other = pick(statements);
				const from = below(other.length);
				text = text.slice(0, at) + other.slice(from, from + below(80)) + text.slice(at + length);
				break;
			}
			case 4:
				text = swapWords(text, below, at);
				break;
			case 5:
				text = text.slice(0, at);
				break;
			default:
				text = text.slice(0, at) + text.slice(at, at + length).repeat(1 + below(4)) + text.slice(at + length);
		}
	}
	return text;
}

function swapWords(text: string, below: (limit: number) => number, at: number): string {
	const words = text.split(" ");
	const [one, two] = [below(words.length), at % words.length];
	[words[one], words[two]] = [words[two] as string, words[one] as string];
	return words.join(" ");
}
