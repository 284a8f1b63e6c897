// Random schemas, and what specs say about them: columns, sort keys, conditions, aggregate calls.
import fc from "fast-check";
import { aggregateFunction } from "../../../src/functions/registry.js";
import type { AggregateCall, SortKey } from "../../../src/job/specs.js";
import { call, column, type Expr, literal } from "../../../src/types/expr.js";
import * as sql from "../../../src/types/sql-type.js";
import type { Value } from "../../../src/types/value.js";
import { type ColumnValues, valuesOf } from "../random.js";

const SCALARS: readonly sql.SqlType[] = [
	sql.BOOLEAN,
	sql.TINYINT,
	sql.SMALLINT,
	sql.INTEGER,
	sql.BIGINT,
	sql.BIGINT,
	sql.FLOAT,
	sql.DOUBLE,
	sql.decimal(9, 2),
	sql.decimal(30, 2),
	sql.STRING,
	sql.STRING,
	sql.BYTES,
	sql.DATE,
	sql.time(3),
	sql.timestamp(3),
	sql.timestamp(6),
	sql.timestampLtz(3),
	sql.timestampLtz(9),
	{ kind: "INTERVAL_DAY_TIME", unit: "SECOND", precision: 2, fraction: 3, nullable: true },
	{ kind: "INTERVAL_YEAR_MONTH", unit: "MONTH", precision: 2, nullable: true },
];
const POINT = sql.row([
	{ name: "x", type: sql.INTEGER },
	{ name: "text", type: sql.STRING },
	{ name: "wide", type: sql.decimal(30, 2) },
]);
const NESTED: readonly sql.SqlType[] = [
	POINT,
	sql.array(sql.INTEGER),
	sql.array(sql.STRING),
	sql.array(POINT),
	sql.map(sql.STRING, sql.BIGINT),
];

const withNulls = (types: readonly sql.SqlType[]): fc.Arbitrary<sql.SqlType> =>
	fc.tuple(fc.constantFrom(...types), fc.boolean()).map(([type, nullable]) => sql.withNullability(type, nullable));

export const scalarTypes = withNulls(SCALARS);
export const anyTypes = fc.oneof({ weight: 9, arbitrary: scalarTypes }, { weight: 1, arbitrary: withNulls(NESTED) });

export const isScalar = (type: sql.SqlType) => !sql.isNested(type);
/** What ORDER BY takes and `<` compares. */
export const isOrdered = (type: sql.SqlType) => isScalar(type);

export const named = (types: readonly sql.SqlType[], prefix = "c"): sql.Schema =>
	types.map((type, i) => ({ name: `${prefix}${i}`, type }));

export function schemas(minLength: number, maxLength: number, types = anyTypes): fc.Arbitrary<sql.Schema> {
	return fc.array(types, { minLength, maxLength }).map((some) => named(some));
}

/** Some columns of the types that `accepts` takes, in any order. */
export function columnsOf(
	schema: sql.Schema,
	maxLength: number,
	{ minLength = 0, accepts = () => true }: { minLength?: number; accepts?: (type: sql.SqlType) => boolean } = {},
): fc.Arbitrary<number[]> {
	const all = [...schema.keys()].filter((i) => accepts(schema[i]!.type));
	const most = Math.min(maxLength, all.length);
	return fc.shuffledSubarray(all, { minLength: Math.min(minLength, most), maxLength: most });
}

export function sortKeys(
	schema: sql.Schema,
	minLength: number,
	maxLength: number,
	accepts = (_: sql.SqlType) => true,
): fc.Arbitrary<SortKey[]> {
	const directions = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: maxLength, maxLength });
	return fc
		.tuple(columnsOf(schema, maxLength, { minLength, accepts: (type) => isOrdered(type) && accepts(type) }), directions)
		.map(([columns, flags]) =>
			columns.map((column, i) => ({ column, ascending: flags[i]![0], nullsFirst: flags[i]![1] })),
		);
}

const columnAt = (schema: sql.Schema, i: number) => column(i, schema[i]!.type);

/** IS NULL, a comparison with a constant, or one of two columns of a type. */
export function conditions(schema: sql.Schema): fc.Arbitrary<Expr> {
	const indexes = [...schema.keys()];
	const nulls = fc
		.tuple(fc.constantFrom("IS NULL", "IS NOT NULL"), fc.constantFrom(...indexes))
		.map(([name, i]) => call(name, [columnAt(schema, i)], sql.notNull(sql.BOOLEAN)));
	const comparable = indexes.filter((i) => isComparable(schema[i]!.type));
	if (comparable.length === 0) return nulls;
	const operator = fc.constantFrom("=", "<>", "<", "<=", ">", ">=");
	const withConstant = fc.tuple(operator, fc.constantFrom(...comparable)).chain(([name, i]) => {
		const type = sql.notNull(schema[i]!.type);
		return valuesOf(type).map((value) => call(name, [columnAt(schema, i), literal(value, type)], sql.BOOLEAN));
	});
	const pairs = comparable.flatMap((i) =>
		comparable.filter((j) => j !== i && isSame(schema[i]!.type, schema[j]!.type)).map((j) => [i, j] as const),
	);
	if (pairs.length === 0) return fc.oneof(nulls, withConstant);
	const ofColumns = fc
		.tuple(operator, fc.constantFrom(...pairs))
		.map(([name, [i, j]]) => call(name, [columnAt(schema, i), columnAt(schema, j)], sql.BOOLEAN));
	return fc.oneof(nulls, withConstant, { weight: 3, arbitrary: ofColumns });
}

const isComparable = (type: sql.SqlType) => sql.isNumeric(type) || sql.isCharacter(type) || sql.isDatetime(type);
const isSame = (left: sql.SqlType, right: sql.SqlType) =>
	JSON.stringify(sql.asNullable(left)) === JSON.stringify(sql.asNullable(right));

export interface AggregateLimits {
	/** Functions that are left out. */
	readonly without?: readonly string[];
	/** DISTINCT and FILTER, unless false. */
	readonly modified?: boolean;
}

const NAMES = ["COUNT", "SUM", "AVG", "MIN", "MAX", "FIRST_VALUE", "LAST_VALUE", "VAR_POP", "STDDEV_SAMP", "LISTAGG"];

/** Floating-point numbers that can be added up and taken back in any order. */
export function finite(schema: sql.Schema): ColumnValues {
	const columns: Record<number, fc.Arbitrary<Value>> = {};
	for (const [i, { type }] of schema.entries()) {
		const numbers = fc.constantFrom<Value[]>(0, 1.5, -2, 1024);
		if (sql.isApproximate(type)) columns[i] = type.nullable ? fc.option(numbers, { freq: 8 }) : numbers;
	}
	return columns;
}

/** Calls whose results do not depend on how floating-point numbers are added up. */
export function aggregateCalls(schema: sql.Schema, limits: AggregateLimits = {}): fc.Arbitrary<AggregateCall[]> {
	const { without = [], modified = true } = limits;
	const filters = [...schema.keys()].filter((i) => schema[i]!.type.kind === "BOOLEAN");
	const possible = NAMES.filter((name) => !without.includes(name)).flatMap((name) =>
		[...schema.keys()].flatMap((arg) => callsOf(schema, name, arg)),
	);
	const all = [countOfRows, ...possible];
	const one = fc
		.record({
			of: fc.constantFrom(...all),
			distinct: fc.boolean(),
			filter: fc.option(fc.constantFrom(undefined, ...filters), { nil: undefined, freq: 2 }),
		})
		.map(({ of, distinct, filter }) => (modified ? { ...of, filter, distinct: distinct && of.args.length > 0 } : of));
	return fc.array(one, { minLength: 1, maxLength: 5 });
}

export const countOfRows: AggregateCall = {
	function: "COUNT",
	args: [],
	argTypes: [],
	distinct: false,
	type: sql.notNull(sql.BIGINT),
	name: "n",
};

/** The call as the binder makes it; none where the argument would have to be cast. */
function callsOf(schema: sql.Schema, name: string, arg: number): AggregateCall[] {
	const { type } = schema[arg]!;
	if ((name.startsWith("VAR") || name.startsWith("STD")) && type.kind !== "INTEGER") return [];
	const resolved = aggregateFunction(name)!.resolve([{ type }], true);
	if (!resolved || !isSame(resolved.parameters[0]!, type)) return [];
	const plain = { function: name, args: [arg], argTypes: [type], distinct: false, type: resolved.result, name };
	if (name !== "LISTAGG") return [plain];
	const separated = { args: [arg, arg], argTypes: [type, sql.notNull(sql.STRING)], literals: [undefined, "; "] };
	return [plain, { ...plain, ...separated }];
}
