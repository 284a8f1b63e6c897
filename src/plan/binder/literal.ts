// Literals of SQL text as typed literals; text that is no value of its type is an error.
import { EngineError } from "../../errors.js";
import { dateLiteral, exactLiteral, intervalLiteral, timeLiteral, timestampLiteral } from "../../expr/literals.js";
import type { DateTimeLiteral, IntervalLiteral, Literal, NumericLiteral } from "../../sql/ast.js";
import { castFunction } from "../../types/cast.js";
import { type Expr, type LiteralExpr, literal } from "../../types/expr.js";
import { BOOLEAN, char, DOUBLE, NULL, notNull, type SqlType, type TypeOf } from "../../types/sql-type.js";

/** `timeZone`: where the wall clock of TIMESTAMP WITH LOCAL TIME ZONE '…' hangs. */
export function bindLiteral(ast: Literal, timeZone: string): Expr {
	switch (ast.kind) {
		case "NullLiteral":
			return literal(null, NULL);
		case "BooleanLiteral":
			return literal(ast.value, notNull(BOOLEAN));
		case "NumericLiteral":
			return bindNumber(ast);
		case "StringLiteral":
			return literal(ast.value, notNull(char(ast.value.length)));
		case "BinaryLiteral":
			return binary(ast.hex);
		case "DateTimeLiteral":
			return dateTime(ast, timeZone);
		case "IntervalLiteral":
			return interval(ast);
	}
}

/** As in Flink, the digits of an exact number must fit 64 bits; `isNegative` when the sign before it belongs to it. */
export function bindNumber(ast: NumericLiteral, isNegative = false): Expr {
	if (ast.form === "approximate") return bindApproximate(ast);
	const digits = BigInt(ast.text.replace(".", "")) * (isNegative ? -1n : 1n);
	const exact = digits === BigInt.asIntN(64, digits) ? exactLiteral(ast.text) : undefined;
	if (exact !== undefined) return exact;
	throw new EngineError("INVALID_ARGUMENT", `the number ${ast.text} is out of range`, {
		position: ast.position,
		expected: "digits of at most 64 bits",
		remedy: `Write it as text: CAST('${ast.text}' AS DECIMAL(…))`,
	});
}

function bindApproximate(ast: NumericLiteral): Expr {
	const value = Number(ast.text);
	if (Number.isFinite(value)) return literal(value, notNull(DOUBLE));
	throw new EngineError("INVALID_ARGUMENT", `the number ${ast.text} is out of range`, {
		position: ast.position,
		expected: "at most 1.7976931348623157E308",
	});
}

function binary(hex: string): Expr {
	const bytes = Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
	return literal(bytes, { kind: "BINARY", length: bytes.length, nullable: false });
}

const FORMATS = { DATE: "yyyy-MM-dd", TIME: "HH:mm:ss[.fff]", TIMESTAMP: "yyyy-MM-dd HH:mm:ss[.fffffffff]" } as const;

function dateTime(ast: DateTimeLiteral, timeZone: string): Expr {
	if (ast.type === "TIMESTAMP_LTZ") return localZoned(dateTime({ ...ast, type: "TIMESTAMP" }, timeZone), timeZone);
	if (ast.type === "TIMESTAMP_TZ") {
		throw new EngineError("UNSUPPORTED", "literals of TIMESTAMP with a time zone are not supported", {
			position: ast.position,
			remedy: "Cast a TIMESTAMP literal to TIMESTAMP_LTZ",
		});
	}
	const parse: Record<typeof ast.type, (text: string) => LiteralExpr | undefined> = {
		DATE: dateLiteral,
		TIME: timeLiteral,
		TIMESTAMP: timestampLiteral,
	};
	const value = parse[ast.type](ast.value.trim());
	if (value !== undefined) return value;
	throw new EngineError("INVALID_ARGUMENT", `'${ast.value}' is not a ${ast.type}`, {
		position: ast.position,
		expected: FORMATS[ast.type],
	});
}

function localZoned(clock: Expr, timeZone: string): Expr {
	const { value, type } = clock as LiteralExpr & { readonly type: TypeOf<"TIMESTAMP"> };
	const zoned: SqlType = { kind: "TIMESTAMP_LTZ", precision: type.precision, nullable: false };
	return literal(castFunction(type, zoned, { timeZone })(value), zoned);
}

function interval(ast: IntervalLiteral): Expr {
	const { start, end, precision = 2 } = ast.qualifier;
	const value = intervalLiteral(ast.value, ast.negative, start, end);
	if (value !== undefined && leadingDigits(ast.value) <= precision) return value;
	if (value !== undefined) {
		throw new EngineError("INVALID_ARGUMENT", `'${ast.value}' has more digits than ${start}(${precision})`, {
			position: ast.position,
			remedy: `Write how many: INTERVAL '${ast.value}' ${start}(${leadingDigits(ast.value)})`,
		});
	}
	const unit = end === undefined ? start : `${start} TO ${end}`;
	throw new EngineError("INVALID_ARGUMENT", `'${ast.value}' is not an interval of ${unit}`, { position: ast.position });
}

/** The digits of the first field, without leading zeros. */
const leadingDigits = (text: string): number => /^\D*0*(\d*)/.exec(text)?.[1]?.length ?? 0;
