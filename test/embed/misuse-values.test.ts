// What builders, expressions, aggregates and windows are made of, wrong in every way that JavaScript allows.
import * as arrow from "apache-arrow";
import { expect, test } from "vitest";
import * as operators from "../../src/embed/operators.js";
import { type Expression, lit } from "../../src/embed/operators.js";
import type { ErrorCode } from "../../src/errors.js";
import { refused, schema } from "./batches.js";

/** What types would refuse. */
// biome-ignore lint/suspicious/noExplicitAny: as JavaScript calls it
const untyped = operators as any;
// biome-ignore lint/suspicious/noExplicitAny: as JavaScript calls it
const col = operators.col as (name: string) => any;
const odd = (value: unknown): arrow.Schema => value as arrow.Schema;

test("schemas", async () => {
	const field = (type: unknown) => odd({ fields: [{ name: "a", type, nullable: true }] });
	let deep: arrow.DataType = new arrow.Int32();
	for (let level = 0; level < 20_000; level++) deep = new arrow.List(new arrow.Field("item", deep, true));
	const endless: { typeId: number; children: unknown[] } = { typeId: arrow.Type.List, children: [] };
	endless.children.push({ name: "item", type: endless });
	const schemas: Record<string, arrow.Schema> = {
		"a field that is none": odd({ fields: [null] }),
		"a field without a type": odd({ fields: [{ name: "a" }] }),
		"a field without a name": odd({ fields: [{ type: new arrow.Int32() }] }),
		"a name that is no text": odd({ fields: [{ name: Symbol("a"), type: new arrow.Int32() }] }),
		"a type that is none": field({}),
		"a type of an unknown number": field({ typeId: 99 }),
		"a list without items": field({ typeId: arrow.Type.List }),
		"a map without entries": field({ typeId: arrow.Type.Map, children: [{ name: "entries", type: {} }] }),
		"a dictionary without values": field({ typeId: arrow.Type.Dictionary }),
		"a dictionary of a dictionary": field(
			new arrow.Dictionary(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()), new arrow.Int32()),
		),
		"integers of 24 bits": field({ typeId: arrow.Type.Int, bitWidth: 24, isSigned: true }),
		"decimals of 17 bits": field(new arrow.Decimal(0, 5, 17)),
		"decimals of no digits": field(new arrow.Decimal(0, 0, 128)),
		"a unit of time that there is not": field(new arrow.Timestamp(9 as arrow.TimeUnit)),
		"a time in such a unit": field(new arrow.Time(9 as arrow.TimeUnit, 64)),
		"binaries of a negative size": field(new arrow.FixedSizeBinary(-5)),
		"binaries of half a byte more": field(new arrow.FixedSizeBinary(1.5)),
		"lists of a negative size": field(new arrow.FixedSizeList(-5, new arrow.Field("i", new arrow.Int32()))),
		"twenty thousand levels": field(deep),
		"levels without end": field(endless),
	};
	for (const [what, input] of Object.entries(schemas)) {
		const error = await refused("UNSUPPORTED_ARROW_TYPE", /^Column '/, () => operators.limit({ input, count: 1 }));
		expect(error.message.length, what).toBeLessThan(1000);
	}
});

test("expressions", async () => {
	const wrong: Record<string, () => Expression> = {
		"in without values": () => col("v").in([]),
		"in of no array": () => col("v").in("abc"),
		"in of null": () => col("v").in(null),
		"cast to no text": () => col("v").cast(5),
		"tryCast to nothing": () => col("v").tryCast(),
		"an escape of two characters": () => col("name").like("a", "xx"),
		"an escape of null": () => col("name").like("a", null),
		"a name that is no text": () => col("v").as(5),
		"a field that is no text": () => col("v").field(5),
		"when of no condition": () => untyped.when(undefined, 1),
		"when of a name": () => untyped.when("k", 1),
		"a second when of null": () => untyped.when(col("v").gt(1), 1).when(null, 2),
		"call without a name": () => untyped.call(),
		"call of a number": () => untyped.call(5),
		"call of no name": () => untyped.call(""),
		"sql of no text": () => untyped.sql(5),
		"a tree that is none": () => new untyped.Expression(undefined),
		"an operand that is none": () => col("v").plus(Symbol("v")),
	};
	for (const make of Object.values(wrong)) await refused("INVALID_ARGUMENT", /./, make);
	for (const text of ["", "SELECT 1", "1; 2", "*", "a b c"]) {
		const { position } = await refused("SYNTAX", /^sql: /, () => operators.sql(text));
		expect(position).toMatchObject({ line: 1 });
	}
	await refused("SYNTAX", /^cast: /, () => operators.col("v").cast(""));
	await refused("UNKNOWN_TYPE", /NOPE/, () =>
		operators.project({ input: schema, columns: [col("v").cast("NOPE").as("x")] }),
	);
});

test("expressions without end", async () => {
	const nested = (levels: number, wrap: (inner: Expression) => Expression) => {
		let where = operators.col("v").gt(0);
		for (let level = 0; level < levels; level++) where = wrap(where);
		return where;
	};
	const wraps = [
		(inner: Expression) => inner.not(),
		(inner: Expression) => inner.and(true),
		(inner: Expression) => lit(true).and(inner),
		(inner: Expression) => operators.when(inner, true),
		(inner: Expression) => operators.call("COALESCE", inner, false),
	];
	for (const wrap of wraps) {
		using operator = await operators.filter({ input: schema, where: nested(150, wrap) });
		expect(operator.name).toBe("Calc");
		await refused("INVALID_ARGUMENT", /more than 1000 levels/, () =>
			operators.filter({ input: schema, where: nested(20_000, wrap) }),
		);
	}
	await refused("INVALID_ARGUMENT", /more than 1000000 parts/, () =>
		operators.filter({ input: schema, where: nested(60, (inner) => inner.and(inner)) }),
	);
});

test("aggregates and sort keys", async () => {
	const wrong: (() => unknown)[] = [
		() => untyped.count().where(null),
		() => untyped.count().where("v > 1"),
		() => untyped.count().where(),
		() => new untyped.Aggregate(),
		() => new untyped.Aggregate({ kind: "FunctionCall" }),
		() => untyped.sum(),
		() => untyped.descending("v", "SIDEWAYS"),
		() => untyped.descending("v", "first"),
		() => untyped.descending("v", null),
	];
	for (const make of wrong) await refused("INVALID_ARGUMENT", /./, make);
	await refused("INVALID_OPTION", /aggregates is a value of class Map/, () =>
		untyped.hashAggregate({ input: schema, aggregates: new Map([["n", operators.count()]]) }),
	);
});

test("windows", async () => {
	const wrong: [ErrorCode, () => unknown][] = [
		["INVALID_ARGUMENT", () => untyped.hop()],
		["INVALID_ARGUMENT", () => untyped.hop(null)],
		["INVALID_ARGUMENT", () => untyped.cumulate()],
		["INVALID_OPTION", () => untyped.hop({ size: 10 })],
		["INVALID_OPTION", () => untyped.hop({ size: 10, slide: 5, offset: null })],
		["UNKNOWN_OPTION", () => untyped.hop({ size: 10, slide: 5, ofset: 1 })],
		["UNKNOWN_OPTION", () => untyped.cumulate({ size: 10, steps: 5 })],
		["INVALID_OPTION", () => untyped.tumble(10, null)],
		["INVALID_OPTION", () => untyped.session({ gap: 5 })],
	];
	for (const [code, make] of wrong) await refused(code, /./, make);
	const forged = [
		{ kind: "hop", sizes: { size: 5 } },
		{ kind: "tumble", sizes: { size: "x" } },
		{ kind: "session", sizes: { gap: -5 } },
		{ kind: "tumble", sizes: 5 },
		{ kind: "toString", sizes: {} },
	];
	for (const window of forged) {
		await refused("INVALID_OPTION", /./, () =>
			untyped.windowAggregate({ input: schema, time: "ts", window, aggregates: { n: operators.count() } }),
		);
	}
});

test("pairs of keys", async () => {
	for (const key of [[], ["k"], ["k", "k", "k"], ["k", null], ["k", Symbol("k")], [col("k"), "k"]]) {
		await refused("INVALID_ARGUMENT", /is no key/, () => untyped.hashJoin({ left: schema, right: schema, on: [key] }));
	}
});

test("classes of operators make none", async () => {
	for (const make of [
		() => new untyped.StreamOperator(),
		() => new untyped.JoinOperator({}),
		() => untyped.WindowOperator.create(),
		() => untyped.TimedOperator.create({ stages: [] }),
	]) {
		await refused("INVALID_ARGUMENT", /makes none by itself/, make);
	}
});
