// Compares an answer with the expected one: names and types of columns, rows as multisets (as lists where the order counts), doubles
// numerically, everything else exactly.
import type { ConformanceCase } from "./case-file.js";
import type { CaseResult } from "./result.js";

const TOLERANCE = 1e-9;

/** The differences, readable; empty when the answer is the expected one. */
export function differences(expected: ConformanceCase, actual: CaseResult, isTypedError: boolean): string[] {
	if (expected.error !== undefined) {
		if (actual.error === undefined) return [`expected an error (${expected.error}), got ${actual.rows} rows`];
		return isTypedError ? [] : [`expected a typed error, got a crash: ${actual.error}`];
	}
	if (expected.rows === undefined) return actual.error === undefined || isTypedError ? [] : [`crash: ${actual.error}`];
	if (actual.error !== undefined) return [`error: ${actual.error}`];
	const found = columnDifferences(expected, actual);
	if (actual.negative !== undefined) found.push(`${actual.negative} rows were taken back that had not been there`);
	const approximate = (expected.columns ?? []).map(({ type }) =>
		/\bFLOAT\b/.test(type) ? areCloseFloats : /\bDOUBLE\b/.test(type) ? areClose : undefined,
	);
	const rows = expected.ordered ? listDifferences : multisetDifferences;
	return [...found, ...rows(expected.rows, actual.final ?? [], approximate)];
}

function columnDifferences({ columns }: ConformanceCase, actual: CaseResult): string[] {
	if (columns === undefined) return [];
	const text = (list: ConformanceCase["columns"]) => (list ?? []).map(({ name, type }) => `${name} ${type}`);
	const [wanted, got] = [text(columns), text(actual.columns)];
	if (wanted.length !== got.length) return [`columns: expected ${wanted.join(", ")}; got ${got.join(", ")}`];
	return wanted.flatMap((column, i) =>
		column === got[i] ? [] : [`column ${i + 1}: expected ${column}; got ${got[i]}`],
	);
}

function listDifferences(
	expected: readonly string[],
	actual: readonly string[],
	approximate: readonly (Closeness | undefined)[],
): string[] {
	const found: string[] = [];
	for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
		const [wanted, got] = [expected[i], actual[i]];
		if (wanted !== undefined && got !== undefined && sameLine(wanted, got, approximate)) continue;
		found.push(`row ${i + 1}: expected ${shown(wanted)}; got ${shown(got)}`);
	}
	return found;
}

function multisetDifferences(
	expected: readonly string[],
	actual: readonly string[],
	approximate: readonly (Closeness | undefined)[],
): string[] {
	const left = new Map<string, number>();
	for (const line of expected) left.set(line, (left.get(line) ?? 0) + 1);
	const extra: string[] = [];
	for (const line of actual) {
		const count = left.get(line) ?? 0;
		if (count > 0) left.set(line, count - 1);
		else extra.push(line);
	}
	const missing = [...left].flatMap(([line, count]) => new Array<string>(count).fill(line));
	if (approximate.some((isClose) => isClose !== undefined)) {
		for (const line of [...missing]) {
			const at = extra.findIndex((candidate) => sameLine(line, candidate, approximate));
			if (at < 0) continue;
			extra.splice(at, 1);
			missing.splice(missing.indexOf(line), 1);
		}
	}
	return [
		...missing.map((line) => `missing row: ${shown(line)}`),
		...extra.map((line) => `extra row:   ${shown(line)}`),
	];
}

const shown = (line: string | undefined) => (line === undefined ? "nothing" : line.replaceAll("\t", " | "));

function sameLine(expected: string, actual: string, approximate: readonly (Closeness | undefined)[]): boolean {
	if (expected === actual) return true;
	const [wanted, got] = [expected.split("\t"), actual.split("\t")];
	return (
		wanted.length === got.length &&
		wanted.every((cell, i) => cell === got[i] || sameNumbers(cell, got[i]!, approximate[i]))
	);
}

/** Texts that differ in numbers only, and in these within the tolerance: a double, or a collection of them. */
function sameNumbers(expected: string, actual: string, isClose: Closeness | undefined): boolean {
	if (isClose === undefined) return false;
	const [wanted, got] = [tokens(expected), tokens(actual)];
	return (
		wanted.length === got.length &&
		wanted.every((token, i) => token === got[i] || isClose(Number(token), Number(got[i])))
	);
}

const tokens = (text: string) => text.split(/([[\](){}=]|, )/);

type Closeness = (left: number, right: number) => boolean;

/** Which digits of a FLOAT are written depends on the Java version that wrote them. */
const areCloseFloats: Closeness = (left, right) => Math.fround(left) === Math.fround(right) || areClose(left, right);

function areClose(left: number, right: number): boolean {
	if (left === right) return true;
	return Math.abs(left - right) <= TOLERANCE * Math.max(Math.abs(left), Math.abs(right));
}
