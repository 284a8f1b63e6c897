// Match: for random patterns, conditions, skips and rows the kernels find the baseline's matches, whatever the batch cuts and snapshots.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EngineError } from "../../src/errors.js";
import type { MatchExpr, MatchRef, MatchSpec, PatternVariable } from "../../src/job/match.js";
import { planMatch } from "../../src/operators/match/machine.js";
import { call, column, type Expr, literal } from "../../src/types/expr.js";
import { RowKind } from "../../src/types/row-kind.js";
import * as sql from "../../src/types/sql-type.js";
import { type Driven, drive, fold, type Step } from "./drive.js";
import { expected } from "./oracle.js";
import { propertyOf } from "./random.js";

const PROPERTY = propertyOf(6);

const TIME = sql.notNull(sql.timestamp(3));
const input: sql.Schema = [
	{ name: "key", type: sql.STRING },
	{ name: "time", type: TIME },
	{ name: "price", type: sql.BIGINT },
	{ name: "small", type: sql.notNull(sql.INTEGER) },
	{ name: "share", type: sql.DOUBLE },
];
const [PRICE, SMALL, SHARE] = [2, 3, 4].map((index) => column(index, input[index]!.type)) as [Expr, Expr, Expr];
const NAMES = ["A", "B", "C"];

const variable = fc.constantFrom(undefined, ...NAMES);

const pick = fc.record({
	kind: fc.constantFrom("first" as const, "last" as const),
	variable,
	offset: fc.constantFrom(0, 0, 0, 1, 2),
});
const numberRef: fc.Arbitrary<MatchRef> = fc.oneof(
	pick.map((ref) => ({ ...ref, value: PRICE, type: sql.BIGINT })),
	fc.record({ variable, function: fc.constantFrom("SUM", "AVG", "MIN", "MAX") }).map((ref) => ({
		kind: "aggregate" as const,
		...ref,
		args: [PRICE],
		type: sql.BIGINT,
	})),
	variable.map((of) => ({ kind: "aggregate" as const, variable: of, function: "COUNT", args: [], type: sql.BIGINT })),
);
const smallRef: fc.Arbitrary<MatchRef> = fc.oneof(
	pick.map((ref) => ({ ...ref, value: SMALL, type: sql.INTEGER })),
	fc.record({ variable, function: fc.constantFrom("SUM", "AVG") }).map((ref) => ({
		kind: "aggregate" as const,
		...ref,
		args: [SMALL],
		type: sql.INTEGER,
	})),
);
const shareRef: fc.Arbitrary<MatchRef> = fc.oneof(
	pick.map((ref) => ({ ...ref, value: SHARE, type: sql.DOUBLE })),
	fc.record({ variable, function: fc.constantFrom("SUM", "AVG") }).map((ref) => ({
		kind: "aggregate" as const,
		...ref,
		args: [SHARE],
		type: sql.DOUBLE,
	})),
);

const comparison = fc.constantFrom("=", "<>", "<", "<=", ">", ">=");

/** A comparison of two references, or of one and a constant, as an expression over references from `from` on. */
const predicate = (refs: fc.Arbitrary<MatchRef>, type: sql.SqlType, constants: fc.Arbitrary<bigint | number>) =>
	fc
		.record({
			operator: comparison,
			left: refs,
			right: fc.option(refs),
			constant: constants,
			arithmetic: fc.constantFrom("", "+", "-"),
		})
		.map(({ operator, left, right, constant, arithmetic }) => (from: number): MatchExpr => {
			const value = literal(constant, sql.notNull(type));
			const first = column(from, type);
			const shifted = arithmetic === "" ? first : call(arithmetic, [first, value], type);
			const second = right === null ? value : column(from + 1, type);
			return { expr: call(operator, [shifted, second], sql.BOOLEAN), refs: right === null ? [left] : [left, right] };
		});

const anyPredicate = fc.oneof(
	predicate(numberRef, sql.BIGINT, fc.bigInt(-3n, 9n)),
	predicate(smallRef, sql.INTEGER, fc.integer({ min: -3, max: 9 })),
	predicate(shareRef, sql.DOUBLE, fc.constantFrom(0, 1.5, -2)),
);

const condition: fc.Arbitrary<MatchExpr> = fc
	.record({
		parts: fc.array(anyPredicate, { minLength: 1, maxLength: 3 }),
		connective: fc.constantFrom("AND", "OR"),
		negated: fc.boolean(),
	})
	.map(({ parts, connective, negated }) => {
		const refs: MatchRef[] = [];
		const exprs = parts.map((part) => {
			const made = part(refs.length);
			refs.push(...made.refs);
			return made.expr;
		});
		const joined = exprs.length === 1 ? exprs[0]! : call(connective, exprs, sql.BOOLEAN);
		return { refs, expr: negated ? call("NOT", [joined], sql.BOOLEAN) : joined };
	});

const QUANTIFIERS = [
	{ min: 1, max: 1 },
	{ min: 1, max: undefined },
	{ min: 0, max: undefined },
	{ min: 2, max: 3 },
	{ min: 2, max: 2 },
	{ min: 0, max: 2 },
];

const pattern: fc.Arbitrary<PatternVariable[]> = fc
	.tuple(
		...NAMES.map((name) =>
			fc.record({
				name: fc.constant(name),
				quantifier: fc.constantFrom(...QUANTIFIERS),
				define: fc.option(condition, { nil: undefined, freq: 4 }),
			}),
		),
	)
	.map((variables) =>
		variables.map(({ name, quantifier, define }, i): PatternVariable => {
			const { min } = quantifier;
			// Kernels take patterns of which one match at most begins at a row; the last variable cannot be greedy.
			const last = i === variables.length - 1 ? { min: Math.max(min, 1), max: Math.max(min, 1) } : quantifier;
			return { name, ...last, greedy: true, define };
		}),
	)
	.filter((variables) => variables.some(({ min }) => min > 0));

const measured: readonly MatchRef[] = [
	...NAMES.flatMap((name): MatchRef[] => [
		{ kind: "last", variable: name, offset: 0, value: PRICE, type: sql.BIGINT },
		{ kind: "first", variable: name, offset: 1, value: SHARE, type: sql.DOUBLE },
		{ kind: "aggregate", variable: name, function: "COUNT", args: [SMALL], type: sql.BIGINT },
		{ kind: "aggregate", variable: name, function: "AVG", args: [PRICE], type: sql.BIGINT },
	]),
	{ kind: "first", variable: undefined, offset: 0, value: SMALL, type: sql.INTEGER },
	{ kind: "aggregate", variable: undefined, function: "MAX", args: [PRICE], type: sql.BIGINT },
	{ kind: "matchRowtime", type: TIME },
];

const spec = (more: Partial<MatchSpec>): MatchSpec => ({
	operator: "Match",
	partition: [0],
	order: [{ column: 1, ascending: true, nullsFirst: false }],
	eventTime: true,
	final: false,
	pattern: [],
	skip: { kind: "toNextRow" },
	measures: measured.map((ref, i) => ({ name: `m${i}`, value: { expr: column(0, ref.type), refs: [ref] } })),
	...more,
});

const outputOf = (match: MatchSpec): sql.Schema => [
	...match.partition.map((key) => input[key]!),
	...match.measures.map(({ name, value }) => ({ name, type: sql.withNullability(value.expr.type, true) })),
];

const skips: fc.Arbitrary<MatchSpec["skip"]> = fc.constantFrom(
	{ kind: "toNextRow" },
	{ kind: "pastLastRow" },
	{ kind: "toLast", variable: "C" },
	{ kind: "toFirst", variable: "B" },
);

/** Rows in about the order of time, so that some are late, in batches; watermarks and snapshots between. */
const steps: fc.Arbitrary<Step[]> = fc
	.array(
		fc.record({
			key: fc.constantFrom("a", "a", "b", null, "a key of more than twelve bytes"),
			time: fc.nat(9),
			price: fc.option(fc.bigInt(-2n, 6n), { freq: 8 }),
			small: fc.integer({ min: -2, max: 5 }),
			share: fc.constantFrom(0, 1.5, -2, null),
			then: fc.constantFrom("none", "none", "none", "batch", "watermark", "restore"),
		}),
		{ maxLength: 60 },
	)
	.map((actions) => {
		const made: Step[] = [];
		let changes: [RowKind, (string | number | bigint | null)[]][] = [];
		for (const [i, { key, time, price, small, share, then }] of actions.entries()) {
			changes.push([RowKind.INSERT, [key, i * 3 + time, price, small, share]]);
			if (then === "none") continue;
			made.push({ changes });
			changes = [];
			if (then === "watermark") made.push({ watermark: i * 3 });
			if (then === "restore") made.push({ restore: true });
		}
		return [...made, { changes }];
	});

async function outcomeOf(
	run: () => Promise<readonly string[]> | readonly string[],
): Promise<readonly string[] | string> {
	try {
		return await run();
	} catch (failure) {
		return (failure as EngineError).code;
	}
}

async function agrees(match: MatchSpec, random: readonly Step[], batch: boolean): Promise<void> {
	const output = outputOf(match);
	const driven: Driven = { spec: match, inputs: [input], output, batch };
	const wanted = await outcomeOf(() => fold(expected(driven, random).changes, output));
	const found = await outcomeOf(async () => fold((await drive(driven, random)).changes, output));
	expect(found).toEqual(wanted);
}

describe("Match", () => {
	const settings = fc.record({
		pattern,
		skip: skips,
		withinMs: fc.constantFrom(undefined, 7, 40),
		partition: fc.constantFrom([0], [0], [], [3, 0]),
		order: fc.constantFrom<MatchSpec["order"]>(
			[{ column: 1, ascending: true, nullsFirst: false }],
			[
				{ column: 1, ascending: true, nullsFirst: false },
				{ column: 2, ascending: false, nullsFirst: true },
			],
		),
	});

	test.each([
		["by event time", { eventTime: true, final: false }],
		["of bounded input", { eventTime: true, final: true }],
		["by processing time", { eventTime: false, final: false }],
	])("finds what the baseline finds, %s", async (_, mode) => {
		const property = fc.asyncProperty(settings, steps, async (random, rows) => {
			await agrees(spec({ ...random, ...mode }), rows, mode.final);
		});
		await fc.assert(property, { ...PROPERTY, numRuns: PROPERTY.numRuns * 2 });
	});

	test.each([
		{ min: 1, max: undefined, greedy: false },
		{ min: 0, max: 1, greedy: true },
	])("leaves a pattern of which several matches may begin at a row to the row path: %o", (quantified) => {
		const fixed = { min: 1, max: 1, greedy: true, define: undefined };
		const pattern = [
			{ name: "A", ...fixed },
			{ name: "B", ...quantified, define: undefined },
			{ name: "C", ...fixed },
		];
		expect(planMatch(spec({ pattern }), input)).toBeUndefined();
		expect(planMatch(spec({ pattern: pattern.map((variable) => ({ ...variable, ...fixed })) }), input)).toBeDefined();
	});
});
