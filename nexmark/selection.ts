// Names that are picked on the command line: queries by lists and ranges, and what is said of a name that there is not.
import { EngineError, nearestName } from "../src/errors.js";

/** The queries of a list of names, ranges such as q3-q5, groups by their name, and "all", in the order of `names`. */
export function selectQueries(
	text: string,
	names: readonly string[],
	expected: string,
	groups: ReadonlyMap<string, readonly string[]> = new Map(),
): string[] {
	const sets = new Map([...groups, ["all", names]]);
	const wanted = new Set<string>();
	for (const part of text.split(",").map((item) => item.trim().toLowerCase())) {
		const found = sets.get(part) ?? (names.includes(part) ? [part] : rangeOf(part, names));
		if (found.length === 0) throw unknownName("--queries", "query", part, [...names, ...sets.keys()], expected);
		for (const name of found) wanted.add(name);
	}
	return names.filter((name) => wanted.has(name));
}

function rangeOf(part: string, names: readonly string[]): string[] {
	const range = /^q(\d+)-q?(\d+)$/.exec(part);
	return range ? names.filter((name) => isBetween(name, Number(range[1]), Number(range[2]))) : [];
}

function isBetween(name: string, from: number, to: number): boolean {
	const number = /^q(\d+)$/.exec(name);
	return number !== null && Number(number[1]) >= from && Number(number[1]) <= to;
}

export function unknownName(
	flag: string,
	what: string,
	name: string,
	names: readonly string[],
	expected: string,
): EngineError {
	const near = nearestName(name, names);
	return new EngineError("INVALID_OPTION", `${flag}: there is no ${what} '${name}'`, {
		expected,
		...(near === undefined ? {} : { remedy: `Did you mean '${near}'?` }),
	});
}
