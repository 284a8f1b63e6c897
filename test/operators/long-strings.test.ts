// Strings of every size class survive being kept in state, dropped and replaced by longer and shorter ones.
import { expect, test } from "vitest";
import { Millrace } from "../../src/index.js";

const LENGTHS = [
	12, 13, 16, 17, 1008, 1023, 1024, 1025, 1100, 2047, 2048, 2049, 3000, 4096, 5000, 16_384, 20_000, 70_000, 1_100_000,
];
const textOf = (seed: number, length: number) => `${seed}:`.padEnd(length, String.fromCharCode(97 + (seed % 26)));

test("joined", async () => {
	const session = await Millrace.open();
	const rows = LENGTHS.flatMap((length, i) => [
		{ id: 2 * i, text: textOf(i, length) },
		{ id: 2 * i + 1, text: textOf(i + 1, length + 700) },
	]);
	await session.registerTable("t", rows);
	const sql = "SELECT l.text AS a, r.text AS b FROM t AS l JOIN t AS r ON l.id = r.id";
	const joined = await session.query(sql).toArray();
	const byText = (left: string, right: string) => (left < right ? -1 : 1);
	expect(joined.map(({ a }) => a as string).sort(byText)).toEqual(rows.map(({ text }) => text).sort(byText));
	expect(joined.every(({ a, b }) => a === b)).toBe(true);
	await session.close();
});

test("replaced", async () => {
	const session = await Millrace.open();
	const rows = Array.from({ length: 3000 }, (_, i) => ({
		key: i % 7,
		price: i,
		text: textOf(i, (LENGTHS[(i * 5) % 18] as number) + (i % 40)),
	}));
	await session.registerTable("t", rows);
	const sql = `SELECT key, text FROM (
		SELECT *, ROW_NUMBER() OVER (PARTITION BY key ORDER BY price DESC) AS place FROM t) WHERE place <= 2`;
	const found = await session.query(sql).toArray();
	const expected = rows.slice(-14).map(({ key, text }) => `${key} ${text}`);
	expect(found.map(({ key, text }) => `${key} ${text}`).sort()).toEqual(expected.sort());
	await session.close();
});
