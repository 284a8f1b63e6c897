// Correlate with UNNEST: rows are the baseline's, whatever the elements, conditions, kinds and batch cuts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CorrelateSpec } from "../../src/job/specs.js";
import { call, column } from "../../src/types/expr.js";
import * as sql from "../../src/types/sql-type.js";
import { type Driven, drive, fold } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, stepsOf } from "./random.js";

const element = sql.row([
	{ name: "a", type: sql.INTEGER },
	{ name: "b", type: sql.STRING },
	{ name: "c", type: sql.decimal(30, 2) },
]);
const collections: readonly (readonly [string, sql.SqlType, readonly sql.SqlType[]])[] = [
	["ARRAY<INT>", sql.array(sql.INTEGER), [sql.INTEGER]],
	["ARRAY<BOOLEAN NOT NULL> NOT NULL", sql.notNull(sql.array(sql.notNull(sql.BOOLEAN))), [sql.notNull(sql.BOOLEAN)]],
	["ARRAY<STRING>", sql.array(sql.STRING), [sql.STRING]],
	["ARRAY<ROW>", sql.array(element), [sql.INTEGER, sql.STRING, sql.decimal(30, 2)]],
	["ARRAY<ARRAY<DOUBLE>>", sql.array(sql.array(sql.DOUBLE)), [sql.array(sql.DOUBLE)]],
	["MAP<STRING, BIGINT>", sql.map(sql.STRING, sql.BIGINT), [sql.STRING, sql.BIGINT]],
];
const PROPERTY = propertyOf(collections.length * 6);

const drivenOf = (collection: sql.SqlType, fields: readonly sql.SqlType[], more: Partial<CorrelateSpec>): Driven => {
	const input: sql.Schema = [
		{ name: "k", type: sql.INTEGER },
		{ name: "items", type: collection },
	];
	const ordinality = more.function === "UNNEST WITH ORDINALITY" ? [sql.notNull(sql.INTEGER)] : [];
	const row = sql.notNull(sql.row([...fields, ...ordinality].map((type, i) => ({ name: `f${i}`, type }))));
	const spec: CorrelateSpec = {
		operator: "Correlate",
		type: "inner",
		function: "UNNEST",
		args: [column(1, collection)],
		row,
		...more,
	};
	const added = [...fields, ...ordinality].map((type, i) => ({
		name: `f${i}`,
		type: spec.type === "left" ? sql.asNullable(type) : type,
	}));
	return { spec, inputs: [input], output: [...input, ...added] };
};

describe.each(collections)("%s", (_, collection, fields) => {
	const isSmall = call("<", [column(0, sql.INTEGER), column(2, sql.INTEGER)], sql.BOOLEAN);
	const present = call("IS NOT NULL", [column(2, fields[0]!)], sql.notNull(sql.BOOLEAN));
	const condition = fields[0]!.kind === "INTEGER" ? isSmall : present;
	describe.each(["inner", "left"] as const)("%s", (type) => {
		const variants: [string, Partial<CorrelateSpec>][] = [
			["alone", {}],
			["with a condition", { condition }],
		];
		// The entries of a MAP have no order.
		if (collection.kind === "ARRAY") variants.push(["with ordinality", { function: "UNNEST WITH ORDINALITY" }]);
		test.each(variants)("%s", async (_, more) => {
			const driven = drivenOf(collection, fields, { type, ...more });
			const steps = stepsOf([{ schema: driven.inputs[0]!, updates: true }], { maxLength: 30 });
			await fc.assert(
				fc.asyncProperty(steps, async (some) => {
					const { changes } = await drive(driven, some);
					expect(fold(changes, driven.output)).toEqual(fold(expected(driven, some).changes, driven.output));
				}),
				PROPERTY,
			);
		});
	});
});
