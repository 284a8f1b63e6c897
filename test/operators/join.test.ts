// Join: the folded changelog is the baseline's, whatever the type, keys, retractions and batch cuts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JoinSpec, JoinType } from "../../src/job/specs.js";
import { call, column } from "../../src/types/expr.js";
import * as sql from "../../src/types/sql-type.js";
import { type Driven, drive, fold } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf, type RandomInput, stepsOf } from "./random.js";

const PROPERTY = propertyOf(48);

const schemaOf = (prefix: string, ...types: sql.SqlType[]): sql.Schema =>
	types.map((type, i) => ({ name: `${prefix}${i}`, type }));

interface Case {
	readonly name: string;
	readonly left: RandomInput;
	readonly right: RandomInput;
	readonly spec: Partial<JoinSpec>;
}

const left = schemaOf("l", sql.BIGINT, sql.STRING, sql.notNull(sql.INTEGER));
const right = schemaOf("r", sql.STRING, sql.BIGINT);
const insertOnly = { left: { schema: left, updates: false }, right: { schema: right, updates: false } };
const updating = { left: { schema: left, updates: true }, right: { schema: right, updates: true } };

const lessThan = call(
	"<",
	[column(2, sql.INTEGER), { kind: "cast", input: column(4, sql.BIGINT), type: sql.INTEGER, safe: true }],
	sql.BOOLEAN,
);

const cases: readonly Case[] = [
	{ name: "insert-only, one key", ...insertOnly, spec: { leftKeys: [0], rightKeys: [1] } },
	{
		name: "insert-only, two keys, one NULL-safe",
		...insertOnly,
		spec: { leftKeys: [0, 1], rightKeys: [1, 0], nullSafe: [true, false] },
	},
	{ name: "updating, one key", ...updating, spec: { leftKeys: [0], rightKeys: [1] } },
	{ name: "updating, string key, NULL-safe", ...updating, spec: { leftKeys: [1], rightKeys: [0], nullSafe: [true] } },
	{ name: "insert-only, condition", ...insertOnly, spec: { leftKeys: [0], rightKeys: [1], condition: lessThan } },
	{ name: "updating, condition alone", ...updating, spec: { condition: lessThan } },
	{
		name: "updating left only, no key",
		left: updating.left,
		right: insertOnly.right,
		spec: { leftKeys: [], rightKeys: [] },
	},
	{
		name: "updating with upsert keys",
		left: { schema: left, updates: true, unique: [2] },
		right: { schema: right, updates: true, unique: [1] },
		spec: { leftKeys: [0], rightKeys: [1], leftUpsertKey: [2], rightUpsertKey: [1] },
	},
];

const types: readonly JoinType[] = ["inner", "left", "right", "full", "semi", "anti"];

const drivenOf = ({ left, right, spec }: Case, type: JoinType): Driven => {
	const filters = type === "semi" || type === "anti";
	const keys = spec.leftKeys?.length ?? 0;
	return {
		spec: {
			operator: "Join",
			type,
			leftKeys: [],
			rightKeys: [],
			nullSafe: new Array<boolean>(keys).fill(false),
			leftWidth: left.schema.length,
			leftUpdates: left.updates,
			rightUpdates: right.updates,
			...spec,
		},
		inputs: [left.schema, right.schema],
		output: [...left.schema, ...(filters ? [] : right.schema)].map(({ name, type }) => ({
			name,
			type: sql.asNullable(type),
		})),
	};
};

describe.each(cases)("$name", (of) => {
	test.each(types)("%s", async (type) => {
		const driven = drivenOf(of, type);
		await fc.assert(
			fc.asyncProperty(stepsOf([of.left, of.right]), async (steps) => {
				const { changes } = await drive(driven, steps);
				expect(fold(changes, driven.output)).toEqual(fold(expected(driven, steps).changes, driven.output));
			}),
			PROPERTY,
		);
	});
});
