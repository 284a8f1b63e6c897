// The statements that Flink SQL must and must not have, and every statement that a real Flink has run for the golden results.
import { expect, test } from "vitest";
import { parse, SqlError } from "../../src/sql/index.js";
import { readGolden, readLines, roundTrip } from "./positions.js";

interface CorpusEntry {
	readonly name: string;
	readonly category: string;
	readonly sql: string;
	readonly valid: boolean;
	readonly expectedErrorAt?: string;
}

const corpus = JSON.parse(readGolden("corpus.json")) as CorpusEntry[];

function errorOf(sql: string): SqlError {
	try {
		parse(sql);
	} catch (error) {
		if (error instanceof SqlError) return error;
		throw error;
	}
	throw new Error(`accepted: ${sql}`);
}

test.each(corpus.filter((entry) => entry.valid))("$category $name parses and prints to the same tree", ({ sql }) => {
	const { tree, again } = roundTrip(sql);
	expect(again).toBe(tree);
});

test.each(corpus.filter((entry) => !entry.valid))(
	"$category $name is refused at its place",
	({ sql, expectedErrorAt }) => {
		const { position, code } = errorOf(sql);
		expect(code).toBe("SYNTAX");
		expect(position.start).toBeGreaterThanOrEqual(0);
		expect(position.end).toBeLessThanOrEqual(sql.length);
		if (expectedErrorAt !== undefined) expect(`${position.line}:${position.column}`).toBe(expectedErrorAt);
	},
);

interface GoldenStatement {
	readonly sql: string;
	/** Flink refuses it, in its parser or later. */
	readonly fails?: true;
}

const statements = readLines<GoldenStatement>("statements.jsonl.gz");

test("the statements Flink has run parse and print to the same tree", () => {
	expect(statements.length).toBeGreaterThan(700);
	for (const { sql, fails } of statements) {
		try {
			const { tree, again } = roundTrip(sql);
			expect(again, sql).toBe(tree);
		} catch (error) {
			if (!fails || !(error instanceof SqlError)) throw error;
		}
	}
});

test("a query takes less than a millisecond once warm", () => {
	const queries = statements
		.filter(({ sql }) => sql.includes("lineitem") && sql.startsWith("SELECT"))
		.map(({ sql }) => sql);
	expect(queries.length).toBeGreaterThan(10);
	let best = Number.POSITIVE_INFINITY;
	for (let round = 0; round < 20; round++) {
		const start = performance.now();
		for (const sql of queries) parse(sql);
		best = Math.min(best, (performance.now() - start) / queries.length);
	}
	expect(best).toBeLessThan(1);
});
