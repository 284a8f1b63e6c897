// Columns of one value travel as that value, and arrive as they left; whatever differs in a single row does not pass for one.
import { expect, test } from "vitest";
import { batchToRows, rowsToBatch } from "../../../src/arrow/rows.js";
import { decodeBatch, encodeBatch, joinPieces } from "../../../src/runtime/exchange/batch-message.js";
import { withSameTold } from "../../../src/runtime/exchange/same-values.js";
import type { Schema, SqlType } from "../../../src/types/sql-type.js";
import type { Value } from "../../../src/types/value.js";
import { Region } from "../../../src/wasm/region.js";

const ROWS = [64, 65, 100, 1000];

interface Case {
	readonly type: SqlType;
	readonly value: Value;
	readonly other: Value;
}

const cases: readonly Case[] = [
	{ type: { kind: "BOOLEAN", nullable: true }, value: true, other: false },
	{ type: { kind: "TINYINT", nullable: false }, value: -3, other: 4 },
	{ type: { kind: "SMALLINT", nullable: true }, value: 300, other: 301 },
	{ type: { kind: "INTEGER", nullable: false }, value: 1, other: 2 },
	{ type: { kind: "BIGINT", nullable: true }, value: 1n << 40n, other: (1n << 40n) + 1n },
	{ type: { kind: "DOUBLE", nullable: true }, value: 0.5, other: 0.25 },
	{ type: { kind: "DECIMAL", precision: 30, scale: 2, nullable: true }, value: 123n, other: 124n },
	{ type: { kind: "VARCHAR", length: 40, nullable: true }, value: "2026-11-22", other: "2026-11-23" },
	{ type: { kind: "VARCHAR", length: 40, nullable: true }, value: "twelve bytes", other: "twelve byte" },
];

function sent(region: Region, schema: Schema, rows: readonly Value[][]) {
	const batch = withSameTold(region, rowsToBatch(region, schema, rows));
	const message = joinPieces(region, encodeBatch(region, batch));
	const arrived = decodeBatch(region, schema, rows.length, message);
	expect(batchToRows(region, arrived)).toEqual(rows);
	return { bytes: message.length, same: arrived.columns.map(({ same }) => same === true) };
}

test.each(cases)("$type.kind $value", async ({ type, value, other }) => {
	const region = await Region.create({ build: "debug" });
	const schema: Schema = [
		{ name: "number", type: { kind: "INTEGER", nullable: false } },
		{ name: "value", type },
	];
	for (const n of ROWS) {
		const rows = Array.from({ length: n }, (_, i): Value[] => [i, value]);
		const all = sent(region, schema, rows);
		expect(all.same).toEqual([false, true]);
		expect(all.bytes).toBeLessThan(n * 4 + 64);
		for (const at of [0, 1, 63, n - 1]) {
			const different = rows.map((row, i): Value[] => (i === at ? [i, other] : row));
			expect(sent(region, schema, different).same).toEqual([false, false]);
			if (!type.nullable) continue;
			const withNull = rows.map((row, i): Value[] => (i === at ? [i, null] : row));
			expect(sent(region, schema, withNull).same).toEqual([false, false]);
		}
	}
});

test("strings longer than their views, and few rows, are not looked at", async () => {
	const region = await Region.create({ build: "debug" });
	const schema: Schema = [{ name: "text", type: { kind: "VARCHAR", length: 40, nullable: true } }];
	const rows = (n: number, text: string) => Array.from({ length: n }, (): Value[] => [text]);
	expect(sent(region, schema, rows(100, "longer than twelve bytes")).same).toEqual([false]);
	expect(sent(region, schema, rows(63, "short")).same).toEqual([false]);
	expect(sent(region, schema, rows(64, "short")).same).toEqual([true]);
});
