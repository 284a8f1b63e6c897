// DEFINE conditions and what measures pick, as programs for assembly/match/program.ts (same opcodes there).
import type { MatchExpr, MatchRef } from "../../job/match.js";
import type { Expr } from "../../types/expr.js";
import { isInteger, type Schema, type SqlType } from "../../types/sql-type.js";
import { type PhysicalType, physicalType } from "../../types/value.js";

const END = 0;
const CONSTANT = 1;
const NULL = 2;
const LAST = 3;
const FIRST = 4;
const AGGREGATE = 5;
const NOW = 6;
const FOUND = 7;
const COMPARE_I64 = 10;
const COMPARE_F64 = 16;
const ARITHMETIC_I64 = 22;
const ARITHMETIC_F64 = 25;
const NOT = 42;
const TO_I32 = 45;
const TO_F64 = 46;

const COMPARISONS = ["=", "<>", "<", "<=", ">", ">="];
const ARITHMETIC = ["+", "-", "*"];
const CONNECTIVES: Readonly<Record<string, number>> = { AND: 40, OR: 41 };
const TESTS: Readonly<Record<string, number>> = { NOT, "IS NULL": 43, "IS NOT NULL": 44 };
/** Nesting that the kernel's stack surely holds. */
const MAX_DEPTH = 30;
/** NULLs of a row are bits of one word. */
const MAX_COLUMNS = 32;

const KINDS: Partial<Record<PhysicalType, number>> = { bool: 0, i8: 1, i16: 2, i32: 3, i64: 4, f64: 4 };

/** Running rows and value of a variable's rows; `kind`: 0 sum of integers, 1 of doubles, 2 least, 3 greatest. */
export interface RunningAggregate {
	readonly variable: number;
	/** Among the kept columns; -1: counts rows. */
	readonly column: number;
	readonly kind: number;
}

/** A feature that has no program. */
class Unsupported extends Error {}

export class MatchPrograms {
	readonly #schema: Schema;
	readonly #variables: readonly string[];
	/** Input columns that are kept of every row of a run. */
	readonly columns: number[] = [];
	readonly aggregates: RunningAggregate[] = [];

	constructor(schema: Schema, variables: readonly string[]) {
		this.#schema = schema;
		this.#variables = variables;
	}

	/** Undefined where there is no program for the expression. */
	condition({ expr, refs }: MatchExpr): number[] | undefined {
		return supported(() => [...this.#expr(expr, refs, 0), END]);
	}

	reference(ref: MatchRef): number[] | undefined {
		return supported(() => {
			laneOf(ref.type);
			return [...this.#ref(ref), END];
		});
	}

	/** How the kernel reads a kept column. */
	kindOf(column: number): number {
		return KINDS[physicalType(this.#schema[column]!.type)]!;
	}

	#expr(expr: Expr, refs: readonly MatchRef[], depth: number): number[] {
		if (depth > MAX_DEPTH) throw new Unsupported();
		laneOf(expr.type);
		switch (expr.kind) {
			case "column":
				return this.#ref(refs[expr.index]!);
			case "literal":
				return expr.value === null ? [NULL] : [CONSTANT, ...wordsOf(expr.value, expr.type)];
			case "cast":
				return [...this.#expr(expr.input, refs, depth + 1), ...castCode(expr.input.type, expr.type)];
			case "call": {
				if (expr.user !== undefined) throw new Unsupported();
				const args = expr.args.map((arg, i) => this.#expr(arg, refs, depth + 1 + i));
				return callCode(
					expr.function,
					expr.args.map((arg) => arg.type),
					args,
					expr.type,
				);
			}
			default:
				throw new Unsupported();
		}
	}

	#ref(ref: MatchRef): number[] {
		switch (ref.kind) {
			case "matchRowtime":
				return [FOUND];
			case "matchProctime":
				return [NOW];
			case "first":
			case "last":
				return [ref.kind === "first" ? FIRST : LAST, this.#variable(ref.variable), ref.offset, this.#column(ref.value)];
			case "aggregate":
				return this.#aggregate(ref);
		}
	}

	/** The number behind the last one means all rows. */
	#variable(name: string | undefined): number {
		return name === undefined ? this.#variables.length : this.#variables.indexOf(name);
	}

	#column(value: Expr): number {
		if (value.kind !== "column") throw new Unsupported();
		return this.#keep(value.index);
	}

	#keep(column: number): number {
		if (KINDS[physicalType(this.#schema[column]!.type)] === undefined) throw new Unsupported();
		const known = this.columns.indexOf(column);
		if (known >= 0) return known;
		if (this.columns.length === MAX_COLUMNS) throw new Unsupported();
		return this.columns.push(column) - 1;
	}

	#aggregate(ref: Extract<MatchRef, { kind: "aggregate" }>): number[] {
		const [arg, ...rest] = ref.args;
		if (rest.length > 0) throw new Unsupported();
		const variable = this.#variable(ref.variable);
		const column = arg === undefined ? -1 : this.#column(arg);
		if (ref.function === "COUNT") return [AGGREGATE, this.#running({ variable, column, kind: 0 }), 0];
		if (arg === undefined) throw new Unsupported();
		const { kind } = arg.type;
		const isDouble = kind === "DOUBLE";
		const toInteger = kind === "INTEGER" ? [TO_I32] : [];
		switch (ref.function) {
			case "SUM":
			case "AVG": {
				if (kind !== "BIGINT" && kind !== "INTEGER" && !isDouble) throw new Unsupported();
				const result = ref.function === "SUM" ? 1 : isDouble ? 3 : 2;
				return [AGGREGATE, this.#running({ variable, column, kind: isDouble ? 1 : 0 }), result, ...toInteger];
			}
			case "MIN":
			case "MAX":
				if (laneOf(arg.type) !== "i64") throw new Unsupported();
				return [AGGREGATE, this.#running({ variable, column, kind: ref.function === "MIN" ? 2 : 3 }), 1];
			default:
				throw new Unsupported();
		}
	}

	#running(wanted: RunningAggregate): number {
		const known = this.aggregates.findIndex(
			({ variable, column, kind }) => variable === wanted.variable && column === wanted.column && kind === wanted.kind,
		);
		return known >= 0 ? known : this.aggregates.push(wanted) - 1;
	}
}

function supported<T>(compile: () => T): T | undefined {
	try {
		return compile();
	} catch (failure) {
		if (failure instanceof Unsupported) return undefined;
		throw failure;
	}
}

/** How the stack machine holds values of a type. */
function laneOf(type: SqlType): "i64" | "f64" {
	switch (type.kind) {
		case "BOOLEAN":
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "BIGINT":
		case "DATE":
		case "INTERVAL_DAY_TIME":
			return "i64";
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			if (type.precision <= 3) return "i64";
			throw new Unsupported();
		case "DOUBLE":
			return "f64";
		default:
			throw new Unsupported();
	}
}

const WORDS = new DataView(new ArrayBuffer(8));

function wordsOf(value: unknown, type: SqlType): [low: number, high: number] {
	if (laneOf(type) === "f64") WORDS.setFloat64(0, value as number, true);
	else WORDS.setBigInt64(0, BigInt(value as number | bigint | boolean), true);
	return [WORDS.getInt32(0, true), WORDS.getInt32(4, true)];
}

function castCode(from: SqlType, to: SqlType): number[] {
	if (isInteger(from)) {
		if (to.kind === "DOUBLE") return [TO_F64];
		if (to.kind === "BIGINT" || from.kind === to.kind) return [];
	}
	const [before, after] = [from, to].map((type) => ("precision" in type ? type.precision : 0)) as [number, number];
	if (from.kind === to.kind && after >= before) return [];
	throw new Unsupported();
}

function callCode(name: string, types: readonly SqlType[], args: readonly number[][], result: SqlType): number[] {
	const connective = CONNECTIVES[name];
	if (connective !== undefined) return args.flatMap((code, i) => (i === 0 ? code : [...code, connective]));
	const test = TESTS[name];
	if (test !== undefined) return [...args[0]!, test];
	const [left, right] = types;
	if (left === undefined || right === undefined || types.length > 2) throw new Unsupported();
	const isDouble = laneOf(left) === "f64";
	if (isDouble !== (laneOf(right) === "f64")) throw new Unsupported();
	const bothIntegers = isInteger(left) && isInteger(right);
	const comparison = COMPARISONS.indexOf(name);
	if (comparison >= 0) {
		if (!bothIntegers && left.kind !== right.kind) throw new Unsupported();
		return [...args.flat(), (isDouble ? COMPARE_F64 : COMPARE_I64) + comparison];
	}
	const operator = ARITHMETIC.indexOf(name);
	if (operator < 0) throw new Unsupported();
	if (isDouble) return [...args.flat(), ARITHMETIC_F64 + operator];
	const shifts = left.kind.startsWith("TIMESTAMP") && right.kind === "INTERVAL_DAY_TIME" && operator < 2;
	if (!shifts && !(bothIntegers && (result.kind === "BIGINT" || result.kind === "INTEGER"))) throw new Unsupported();
	return [...args.flat(), ARITHMETIC_I64 + operator, ...(result.kind === "INTEGER" ? [TO_I32] : [])];
}
