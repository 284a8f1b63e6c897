// Random schemas, rows and well-typed expressions over them, for differential tests.
import fc from "fast-check";
import { canCast } from "../../src/types/cast.js";
import { column, type Expr, literal } from "../../src/types/expr.js";
import type { Schema, SqlType } from "../../src/types/sql-type.js";
import * as sql from "../../src/types/sql-type.js";
import { sameKind } from "../../src/types/type-text.js";
import type { Row, Value } from "../../src/types/value.js";
import { bind } from "./differential.js";

const interval: SqlType = { kind: "INTERVAL_DAY_TIME", unit: "SECOND", precision: 2, fraction: 3, nullable: true };
const months: SqlType = { kind: "INTERVAL_YEAR_MONTH", unit: "MONTH", precision: 2, nullable: true };

export const COLUMN_TYPES: readonly SqlType[] = [
	sql.BOOLEAN,
	sql.TINYINT,
	sql.SMALLINT,
	sql.INTEGER,
	sql.BIGINT,
	sql.FLOAT,
	sql.DOUBLE,
	sql.decimal(10, 2),
	sql.decimal(18, 0),
	sql.decimal(30, 5),
	sql.decimal(38, 18),
	sql.STRING,
	sql.varchar(20),
	sql.BYTES,
	sql.DATE,
	sql.time(3),
	sql.timestamp(3),
	sql.timestamp(6),
	sql.timestampLtz(3),
	interval,
	months,
	sql.row([
		{ name: "a", type: sql.BIGINT },
		{ name: "b", type: sql.STRING },
	]),
	sql.array(sql.INTEGER),
];

export const NUMERIC_TYPES: readonly SqlType[] = [
	...COLUMN_TYPES.filter(sql.isNumeric),
	sql.decimal(5, 1),
	sql.decimal(12, 2),
	sql.decimal(19, 0),
	sql.decimal(24, 6),
	sql.notNull(sql.decimal(12, 2)),
	sql.notNull(sql.BIGINT),
];

export const TEXT_TYPES: readonly SqlType[] = [
	sql.STRING,
	sql.varchar(20),
	sql.notNull(sql.STRING),
	sql.char(4),
	sql.INTEGER,
];

export const TIME_TYPES: readonly SqlType[] = COLUMN_TYPES.filter(
	(type) => sql.isDatetime(type) || sql.isInterval(type),
);

const ints = (bits: number) =>
	fc.oneof(
		fc.integer({ min: -5, max: 5 }),
		fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }),
		fc.constantFrom(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1),
	);

const bigs = (limit: bigint) =>
	fc.oneof(
		fc.bigInt({ min: -5n, max: 5n }),
		fc.bigInt({ min: -limit, max: limit - 1n }),
		fc.constantFrom(-limit, limit - 1n),
	);

const texts = fc.oneof(
	fc.constantFrom("", "a", "abc", "12", " 7 ", "-1.5", "Apple", "true", "2020-01-02", "2020-01-02 03:04:05", "a%b_c"),
	fc.string({ maxLength: 8, unit: fc.constantFrom("a", "b", "A", " ", ",", "%", "_") }),
	fc.string({ maxLength: 30, unit: "grapheme" }),
	fc.string({ minLength: 10, maxLength: 40, unit: fc.constantFrom("x", "y", "/", "=", "&") }),
);

const decimals = (precision: number) => {
	const limit = 10n ** BigInt(precision);
	return fc.oneof(fc.bigInt({ min: -200n, max: 200n }), fc.bigInt({ min: -limit + 1n, max: limit - 1n }));
};

const doubles = fc.oneof(
	fc.constantFrom(0, -0, 1, -1.5, 0.1, Number.NaN, Number.POSITIVE_INFINITY, 1e20, 2147483648.5, -9.3e18),
	fc.double({ min: -1000, max: 1000, noNaN: true }),
	fc.double(),
);

export function valuesOf(type: SqlType): fc.Arbitrary<Value> {
	switch (type.kind) {
		case "BOOLEAN":
			return fc.boolean();
		case "TINYINT":
			return ints(8);
		case "SMALLINT":
			return ints(16);
		case "INTEGER":
			return ints(32);
		case "BIGINT":
			return bigs(2n ** 63n);
		case "FLOAT":
			return doubles.map(Math.fround);
		case "DOUBLE":
			return doubles;
		case "DECIMAL":
			return decimals(type.precision);
		case "CHAR":
			return fc
				.string({ maxLength: type.length, unit: fc.constantFrom("a", "b", "%", "1") })
				.map((text) => text.padEnd(type.length));
		case "VARCHAR":
			return texts.map((text) => [...text].slice(0, Math.min(type.length, 40)).join(""));
		case "BINARY":
		case "VARBINARY":
			return fc.uint8Array({ maxLength: 20 });
		case "DATE":
			return fc.oneof(fc.integer({ min: -800, max: 30_000 }), fc.integer({ min: -700_000, max: 2_900_000 }));
		case "TIME":
			return fc.integer({ min: 0, max: 86_399_999 });
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return timestamps.map((ms) => (type.precision <= 3 ? ms : BigInt(ms) * 1000n + 7n));
		case "INTERVAL_YEAR_MONTH":
			return fc.integer({ min: -40, max: 40 });
		case "INTERVAL_DAY_TIME":
			return fc.integer({ min: -200_000_000, max: 200_000_000 });
		case "ARRAY":
			return fc.array(nullable(type.element), { maxLength: 4 });
		case "ROW":
			return fc.tuple(...type.fields.map((field) => nullable(field.type)));
		default:
			return fc.constant(null);
	}
}

const timestamps = fc.oneof(
	fc.integer({ min: 1_436_918_400_000, max: 1_436_918_700_000 }),
	fc.integer({ min: -30_000_000_000, max: 1_900_000_000_000 }),
);

const nullable = (type: SqlType): fc.Arbitrary<Value> =>
	type.nullable ? fc.option(valuesOf(type), { freq: 5, nil: null }) : valuesOf(type);

export interface Case {
	readonly schema: Schema;
	readonly rows: readonly Row[];
	readonly expr: Expr;
}

type Draw = <T>(arbitrary: fc.Arbitrary<T>) => T;

const COMPARISONS = ["=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"];
const TRUTH_TESTS = ["NOT", "IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE"];
const TEXT_CALLS = ["UPPER", "LOWER", "CHAR_LENGTH", "REVERSE", "BTRIM", "LTRIM", "RTRIM"];

/** A random well-typed expression of at most the given depth. */
export function drawExpr(draw: Draw, schema: Schema, depth: number): Expr {
	if (depth === 0 || draw(fc.integer({ min: 0, max: 5 })) === 0) return drawLeaf(draw, schema);
	const below = () => drawExpr(draw, schema, depth - 1);
	for (let attempt = 0; attempt < 4; attempt++) {
		const expr = drawNode(draw, schema, below);
		if (expr !== undefined) return expr;
	}
	return drawLeaf(draw, schema);
}

function drawLeaf(draw: Draw, schema: Schema): Expr {
	const index = draw(fc.nat(schema.length - 1));
	const { type } = schema[index] as Schema[number];
	if (draw(fc.integer({ min: 0, max: 2 })) > 0) return column(index, type);
	return literal(draw(nullable(type)), type);
}

/** Another operand for `first`: of the same type half of the time, so that calls type-check. */
function drawPartner(draw: Draw, schema: Schema, first: Expr, below: () => Expr): Expr {
	if (draw(fc.boolean())) return below();
	const same = schema.findIndex(({ type }) => sameKind(type, first.type));
	if (same >= 0 && draw(fc.boolean())) return column(same, (schema[same] as Schema[number]).type);
	return literal(draw(nullable(first.type)), sql.asNullable(first.type));
}

function drawNode(draw: Draw, schema: Schema, below: () => Expr): Expr | undefined {
	const first = below();
	switch (draw(fc.nat(11))) {
		case 0:
		case 1:
			return drawArithmetic(draw, first, drawPartner(draw, schema, first, below));
		case 2:
			return bind(draw(fc.constantFrom(...COMPARISONS)), first, drawPartner(draw, schema, first, below));
		case 3:
			return drawTruth(draw, schema, first, below);
		case 4:
			return bind(draw(fc.constantFrom("IS NULL", "IS NOT NULL", "NEGATE", "ABS")), first);
		case 5:
			return drawCase(draw, schema, first, below);
		case 6: {
			const type = draw(fc.constantFrom(...COLUMN_TYPES, sql.char(5), sql.varchar(3), sql.decimal(5, 1)));
			if (!canCast(first.type, type) || sql.isInterval(type)) return undefined;
			return { kind: "cast", input: first, type, safe: draw(fc.boolean()) };
		}
		case 7: {
			if (first.type.kind === "ROW") return { kind: "field", input: first, index: 0, type: sql.BIGINT };
			return bind(draw(fc.constantFrom(...TEXT_CALLS)), first);
		}
		case 8:
			return bind(
				draw(fc.constantFrom("COALESCE", "NULLIF", "GREATEST", "IN", "||", "LIKE", "POSITION")),
				first,
				drawPartner(draw, schema, first, below),
			);
		case 9:
			return drawTextCall(draw, first);
		case 10:
			return drawTimeCall(draw, first);
		default: {
			const candidates = Array.from({ length: draw(fc.constantFrom(1, 3, 9)) }, () =>
				drawPartner(draw, schema, first, below),
			);
			return bind("IN", first, ...candidates.filter(({ kind }) => kind === "literal"));
		}
	}
}

/** Not products of intervals: they leave the range in which intervals are exact. */
function drawArithmetic(draw: Draw, left: Expr, right: Expr): Expr | undefined {
	const name = draw(fc.constantFrom("+", "-", "*", "/", "%"));
	return name === "*" && [left, right].some(({ type }) => sql.isInterval(type)) ? undefined : bind(name, left, right);
}

function drawTruth(draw: Draw, schema: Schema, first: Expr, below: () => Expr): Expr | undefined {
	const truth = (expr: Expr) =>
		expr.type.kind === "BOOLEAN"
			? expr
			: (bind("<", expr, drawPartner(draw, schema, expr, below)) ?? literal(true, sql.BOOLEAN));
	if (draw(fc.integer({ min: 0, max: 3 })) === 0) return bind(draw(fc.constantFrom(...TRUTH_TESTS)), truth(first));
	const others = draw(fc.integer({ min: 1, max: 2 })) === 1 ? [below()] : [below(), below()];
	return bind(draw(fc.constantFrom("AND", "OR")), truth(first), ...others.map(truth));
}

function drawCase(draw: Draw, schema: Schema, first: Expr, below: () => Expr): Expr | undefined {
	const type = sql.asNullable(first.type);
	const condition = () => {
		const left = below();
		return (
			bind(draw(fc.constantFrom("<", "=", ">=")), left, drawPartner(draw, schema, left, below)) ??
			literal(null, sql.BOOLEAN)
		);
	};
	const value = () => {
		const partner = drawPartner(draw, schema, first, below);
		return sameKind(partner.type, type) ? partner : literal(draw(nullable(type)), type);
	};
	const branches = Array.from({ length: draw(fc.integer({ min: 1, max: 3 })) }, () => ({
		when: condition(),
		then: value(),
	}));
	return { kind: "case", branches, otherwise: first, type };
}

const symbol = (name: string) => literal(name, { kind: "SYMBOL", nullable: false });
const FIELDS = ["YEAR", "QUARTER", "MONTH", "DAYOFMONTH", "DAYOFYEAR", "DAYOFWEEK", "WEEK", "HOUR", "MINUTE", "SECOND"];
const DATE_PATTERNS = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "HH:mm:ss.SSS", "MMM d, h a", "ss", "'day' D"];

function drawTimeCall(draw: Draw, first: Expr): Expr | undefined {
	switch (draw(fc.nat(4))) {
		case 0:
			return bind(draw(fc.constantFrom(...FIELDS)), first);
		case 1: {
			const unit = draw(fc.constantFrom("YEAR", "DOW", "DOY", "EPOCH", "MILLISECOND", "MICROSECOND", "DAY", "HOUR"));
			return bind("EXTRACT", symbol(unit), first);
		}
		case 2: {
			if (!sql.isDatetime(first.type)) return undefined;
			const unit = draw(fc.constantFrom("YEAR", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"));
			return bind(draw(fc.constantFrom("FLOOR", "CEIL")), first, symbol(unit));
		}
		case 3:
			return bind("DATE_FORMAT", first, literal(draw(fc.constantFrom(...DATE_PATTERNS)), sql.STRING));
		default:
			return bind(draw(fc.constantFrom("+", "-")), first, literal(draw(valuesOf(interval)), interval));
	}
}

const PATTERNS = ["a%", "%b", "%a%", "a_c", "%", "a%b_c", "", "x%y%", "%x%=%", "abc", "%%a", "\u00e9%"];
const EXTRACTS = ["(&|^)x=([^&]*)", "(^|/)x([^/]*)", "y=([^&]*)", "x([^/]*)", "(x|y)+", "(=|^)y([^x]*)"];

function drawTextCall(draw: Draw, first: Expr): Expr | undefined {
	const whole = (min: number, max: number) => literal(draw(fc.integer({ min, max })), sql.INTEGER);
	const text = (arbitrary: fc.Arbitrary<string> = texts) => literal(draw(arbitrary), sql.STRING);
	switch (draw(fc.nat(10))) {
		case 0:
			return bind("SUBSTRING", first, whole(-4, 6), whole(-1, 8));
		case 1:
			return bind("SUBSTRING", first, whole(-30, 30));
		case 2:
			return bind("SPLIT_INDEX", first, text(fc.constantFrom(",", "/", "b", "xy", "")), whole(-1, 3));
		case 3:
			return bind("REPLACE", first, text(fc.constantFrom("a", "x", "==", "/x", "", "\u00e9")), text());
		case 4:
			return bind("LIKE", first, text(fc.constantFrom(...PATTERNS)));
		case 5:
			return bind(draw(fc.constantFrom("LEFT", "RIGHT")), first, whole(-1, 9));
		case 6:
			return bind(draw(fc.constantFrom("STARTSWITH", "ENDSWITH")), first, text(fc.constantFrom("a", "", "x", "/x")));
		case 7:
			return bind("REGEXP_EXTRACT", first, text(fc.constantFrom(...EXTRACTS)), whole(0, 3));
		case 8:
			return bind("POSITION", text(fc.constantFrom("a", "x=", "", "\u00e9", "b ")), first);
		case 9:
			return bind(
				draw(fc.constantFrom("BTRIM", "LTRIM", "RTRIM")),
				first,
				text(fc.constantFrom("a", "xy", "", "\u00e9a", " /=")),
			);
		default:
			return bind("CONCAT", first, text());
	}
}

const ROW_COUNTS = [0, 1, 2, 7, 16, 17, 64, 65, 200];

/** Few columns of random types, rows, and an expression. */
export const cases = (depth: number, columnTypes: readonly SqlType[] = COLUMN_TYPES): fc.Arbitrary<Case> =>
	fc
		.array(fc.constantFrom(...columnTypes), { minLength: 2, maxLength: 5 })
		.chain((types) => {
			const schema = types.map((type, index) => ({ name: `c${index}`, type }));
			const row = fc.tuple(...types.map(nullable));
			return fc.tuple(
				fc.constant(schema),
				fc
					.constantFrom(...ROW_COUNTS)
					.chain((rows) => fc.array(row, { minLength: rows, maxLength: rows, size: "max" })),
				fc.gen().map((draw) => drawExpr((arbitrary) => draw(() => arbitrary), schema, depth)),
			);
		})
		.map(([schema, rows, expr]) => ({ schema, rows, expr }));
