// Function calls: a kernel where there is one for the function and its types, else a loop in JavaScript over the registered function.
import type { CallExpr } from "../../types/expr.js";
import { isDatetime } from "../../types/sql-type.js";
import { compileAddition, compileDivision, compileNegation } from "./arithmetic.js";
import { compileIf } from "./case.js";
import { compileClock } from "./clock.js";
import { compileComparison, compileDistinct } from "./comparison.js";
import { compileIn } from "./in-list.js";
import { compileConnective, compileNot, compileNullTest, compileTruthTest } from "./logic.js";
import type { Node } from "./node.js";
import { compileEdge, compileLike, compileRegexpExtract } from "./pattern.js";
import type { Scope } from "./scope.js";
import { compileScript } from "./script.js";
import { compileDateFormat, compileExtract, compileFloor, compileShift } from "./temporal.js";
import {
	compileCharLength,
	compileConcatenation,
	compileLetterCase,
	compilePosition,
	compileReplace,
	compileSplitIndex,
	compileSubstring,
	compileTrim,
} from "./text.js";

/** Returns undefined when there is no kernel for the types. */
export type CallCompiler = (scope: Scope, expr: CallExpr) => Node | undefined;

const COMPILERS: Readonly<Record<string, CallCompiler>> = {
	AND: compileConnective,
	OR: compileConnective,
	NOT: compileNot,
	"IS NULL": compileNullTest,
	"IS NOT NULL": compileNullTest,
	"IS TRUE": compileTruthTest,
	"IS NOT TRUE": compileTruthTest,
	"IS FALSE": compileTruthTest,
	"IS NOT FALSE": compileTruthTest,
	"=": compileComparison,
	"<>": compileComparison,
	"<": compileComparison,
	"<=": compileComparison,
	">": compileComparison,
	">=": compileComparison,
	"IS DISTINCT FROM": compileDistinct,
	"IS NOT DISTINCT FROM": compileDistinct,
	"+": compileSum,
	"-": compileSum,
	"*": compileAddition,
	"/": compileDivision,
	"%": compileDivision,
	NEGATE: compileNegation,
	IF: compileIf,
	COALESCE: compileIf,
	IFNULL: compileIf,
	IN: compileIn,
	PROCTIME: compileClock,
	CURRENT_TIMESTAMP: compileClock,
	CURRENT_ROW_TIMESTAMP: compileClock,
	LOCALTIMESTAMP: compileClock,
	CURRENT_DATE: compileClock,
	CURRENT_TIME: compileClock,
	EXTRACT: compileExtract,
	YEAR: compileExtract,
	QUARTER: compileExtract,
	MONTH: compileExtract,
	DAYOFMONTH: compileExtract,
	DAYOFYEAR: compileExtract,
	DAYOFWEEK: compileExtract,
	HOUR: compileExtract,
	MINUTE: compileExtract,
	SECOND: compileExtract,
	FLOOR: compileFloor,
	DATE_FORMAT: compileDateFormat,
	UPPER: compileLetterCase,
	LOWER: compileLetterCase,
	CHAR_LENGTH: compileCharLength,
	SUBSTRING: compileSubstring,
	LEFT: compileSubstring,
	TRIM: compileTrim,
	BTRIM: compileTrim,
	LTRIM: compileTrim,
	RTRIM: compileTrim,
	"||": compileConcatenation,
	CONCAT: compileConcatenation,
	POSITION: compilePosition,
	LOCATE: compilePosition,
	REPLACE: compileReplace,
	SPLIT_INDEX: compileSplitIndex,
	LIKE: compileLike,
	STARTSWITH: compileEdge,
	ENDSWITH: compileEdge,
	REGEXP_EXTRACT: compileRegexpExtract,
};

/** Numbers and intervals, or a moment and an interval. */
function compileSum(scope: Scope, expr: CallExpr): Node | undefined {
	return expr.args.some((arg) => isDatetime(arg.type)) ? compileShift(scope, expr) : compileAddition(scope, expr);
}

export function compileCall(scope: Scope, expr: CallExpr): Node {
	const compile = expr.user === undefined ? COMPILERS[expr.function] : undefined;
	return compile?.(scope, expr) ?? compileScript(scope, expr);
}
