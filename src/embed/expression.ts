// Expressions without SQL text: `col("price").times(2)`. Each is a syntax tree that the SQL binder types, so that types, casts and NULLs
// are Flink's.
import { EngineError, type SourcePosition } from "../errors.js";
import type { Expression as Ast, BinaryOperator, FunctionCall, IsTest, Name } from "../sql/ast.js";
import { parseExpression, parseType } from "../sql/parse.js";
import { shown } from "./shown.js";

/** Of nodes that nobody wrote as text; errors do not show it. */
export const NOWHERE: SourcePosition = { line: 0, column: 0, start: 0, end: 0 };

/** A value that stands for itself. Numbers are exact: 0.1 is DECIMAL(2, 1). A Date is a TIMESTAMP(3) in UTC. */
export type LiteralValue = null | boolean | number | bigint | string | Date | Uint8Array;

/** Where a column's value is meant, a string is the column's name. */
export type ColumnLike = string | Expression;

/** Where a value is meant, a string is itself. */
export type ValueLike = LiteralValue | Expression;

export class Expression {
	readonly ast: Ast;
	/** The name of the column that it makes. */
	readonly name: string | undefined;

	constructor(ast: Ast, name?: string) {
		if (typeof ast?.kind !== "string") throw invalid(`${shown(ast)} is no syntax tree`, "an expression");
		this.ast = ast;
		this.name = name;
	}

	/** The column's name in the output. */
	as(name: string): Expression {
		if (typeof name !== "string") throw invalid(`as(${shown(name)}) needs a name`, "a string");
		return new Expression(this.ast, name);
	}

	plus(other: ValueLike): Expression {
		return this.#binary("+", other);
	}

	minus(other: ValueLike): Expression {
		return this.#binary("-", other);
	}

	times(other: ValueLike): Expression {
		return this.#binary("*", other);
	}

	dividedBy(other: ValueLike): Expression {
		return this.#binary("/", other);
	}

	modulo(other: ValueLike): Expression {
		return this.#binary("%", other);
	}

	negated(): Expression {
		return new Expression({ kind: "UnaryOperation", operator: "-", operand: this.ast, position: NOWHERE });
	}

	eq(other: ValueLike): Expression {
		return this.#binary("=", other);
	}

	ne(other: ValueLike): Expression {
		return this.#binary("<>", other);
	}

	lt(other: ValueLike): Expression {
		return this.#binary("<", other);
	}

	le(other: ValueLike): Expression {
		return this.#binary("<=", other);
	}

	gt(other: ValueLike): Expression {
		return this.#binary(">", other);
	}

	ge(other: ValueLike): Expression {
		return this.#binary(">=", other);
	}

	/** IS [NOT] DISTINCT FROM: NULL equals NULL. */
	isDistinctFrom(other: ValueLike): Expression {
		return this.#binary("IS DISTINCT FROM", other);
	}

	isNotDistinctFrom(other: ValueLike): Expression {
		return this.#binary("IS NOT DISTINCT FROM", other);
	}

	and(other: ValueLike): Expression {
		return this.#binary("AND", other);
	}

	or(other: ValueLike): Expression {
		return this.#binary("OR", other);
	}

	not(): Expression {
		return new Expression({ kind: "UnaryOperation", operator: "NOT", operand: this.ast, position: NOWHERE });
	}

	isNull(): Expression {
		return this.#is("NULL", false);
	}

	isNotNull(): Expression {
		return this.#is("NULL", true);
	}

	isTrue(): Expression {
		return this.#is("TRUE", false);
	}

	isFalse(): Expression {
		return this.#is("FALSE", false);
	}

	between(low: ValueLike, high: ValueLike): Expression {
		const bounds = { low: astOf(low), high: astOf(high), symmetric: false, negated: false };
		return new Expression({ kind: "Between", operand: this.ast, ...bounds, position: NOWHERE });
	}

	in(values: readonly ValueLike[]): Expression {
		if (!Array.isArray(values) || values.length === 0) {
			throw invalid(`in(${shown(values)}) needs values`, "an array with at least one of them");
		}
		return new Expression({
			kind: "InList",
			operand: this.ast,
			values: values.map(astOf),
			negated: false,
			position: NOWHERE,
		});
	}

	/** `%` stands for any text, `_` for one character. */
	like(pattern: string, escapeCharacter?: string): Expression {
		if (escapeCharacter !== undefined && (typeof escapeCharacter !== "string" || escapeCharacter.length !== 1)) {
			throw invalid(`like cannot escape by ${shown(escapeCharacter)}`, "a string of one character");
		}
		return new Expression({
			kind: "Like",
			operator: "LIKE",
			operand: this.ast,
			pattern: astOf(pattern),
			...(escapeCharacter !== undefined && { escape: astOf(escapeCharacter) }),
			negated: false,
			position: NOWHERE,
		});
	}

	/** CAST; `type` as in SQL: "DECIMAL(12, 2)". */
	cast(type: string): Expression {
		return new Expression({ kind: "Cast", operand: this.ast, type: typeOf(type), safe: false, position: NOWHERE });
	}

	/** Like cast, but NULL where it fails. */
	tryCast(type: string): Expression {
		return new Expression({ kind: "Cast", operand: this.ast, type: typeOf(type), safe: true, position: NOWHERE });
	}

	/** A field of a ROW (Struct) value. */
	field(name: string): Expression {
		if (typeof name !== "string") throw invalid(`field(${shown(name)}) needs the name of a field`, "a string");
		return new Expression({ kind: "FieldAccess", operand: this.ast, field: nameOf(name), position: NOWHERE });
	}

	/** An element of an ARRAY (from 1) or a MAP. */
	at(index: ValueLike): Expression {
		return new Expression({ kind: "ItemAccess", operand: this.ast, index: astOf(index), position: NOWHERE });
	}

	#binary(operator: BinaryOperator, other: ValueLike): Expression {
		return new Expression({
			kind: "BinaryOperation",
			operator,
			left: this.ast,
			right: astOf(other),
			position: NOWHERE,
		});
	}

	#is(test: IsTest, negated: boolean): Expression {
		return new Expression({ kind: "IsPredicate", operand: this.ast, test, negated, position: NOWHERE });
	}
}

/** The column of that name. */
export const col = (name: string): Expression => {
	if (typeof name !== "string") throw invalid(`col(${shown(name)}) needs the name of a column`, "a string");
	return new Expression({ kind: "ColumnReference", names: [nameOf(name)], position: NOWHERE }, name);
};

/** A constant. */
export const lit = (value: LiteralValue): Expression => new Expression(literalAst(value));

/** Any scalar function by its SQL name: `call("UPPER", col("name"))`. */
export const call = (name: string, ...args: readonly ValueLike[]): Expression => new Expression(callAst(name, args));

/** An expression as SQL text: `sql("EXTRACT(YEAR FROM ts)")`. */
export const sql = (text: string): Expression => {
	const ast = parsed("sql", text, parseExpression, "an SQL expression");
	const [only, ...more] = ast.kind === "ColumnReference" ? ast.names : [];
	return new Expression(ast, more.length === 0 ? only?.text : undefined);
};

/** CASE: `when(condition, value).when(…).otherwise(value)`. Without `otherwise`, NULL. */
export const when = (condition: Expression, value: ValueLike): CaseExpression =>
	new CaseExpression([[condition, value]]);

export class CaseExpression extends Expression {
	readonly #branches: readonly (readonly [Expression, ValueLike])[];

	constructor(branches: readonly (readonly [Expression, ValueLike])[], otherwise: ValueLike = null) {
		const whens = branches.map(([condition, value]) => ({
			kind: "WhenClause" as const,
			condition: conditionAst(condition, "when"),
			result: astOf(value),
			position: NOWHERE,
		}));
		super({ kind: "Case", whens, otherwise: astOf(otherwise), position: NOWHERE });
		this.#branches = branches;
	}

	when(condition: Expression, value: ValueLike): CaseExpression {
		return new CaseExpression([...this.#branches, [condition, value]]);
	}

	otherwise(value: ValueLike): Expression {
		return new CaseExpression(this.#branches, value);
	}
}

export const nameOf = (text: string): Name => ({ kind: "Name", text, position: NOWHERE });

export const astOf = (value: ValueLike): Ast => (value instanceof Expression ? value.ast : literalAst(value));

/** Of what is TRUE or not; `what` takes it. */
export function conditionAst(value: Expression, what: string): Ast {
	if (value instanceof Expression) return value.ast;
	throw invalid(`${what}: ${shown(value)} is no condition`, 'an expression, such as col("v").gt(1)');
}

const typeOf = (type: string) => parsed("cast", type, parseType, 'an SQL type, such as "DECIMAL(12, 2)"');

/** What the parser's errors leave open is said here. */
function parsed<T>(what: string, text: string, parse: (text: string) => T, expected: string): T {
	if (typeof text !== "string") throw invalid(`${what}: ${shown(text)} is no text`, expected);
	try {
		return parse(text);
	} catch (error) {
		if (!(error instanceof EngineError)) throw error;
		throw new EngineError(error.code, `${what}: ${error.problem}`, {
			...(error.position && { position: error.position }),
			expected: error.expected ?? expected,
			remedy: error.remedy ?? "Correct the text",
		});
	}
}

export const columnAst = (value: ColumnLike): Ast => (value instanceof Expression ? value : col(value)).ast;

export function callAst(name: string, args: readonly ValueLike[]): FunctionCall {
	if (typeof name !== "string" || name === "") {
		throw invalid(`call(${shown(name)}) needs the name of a function`, 'a string, such as "UPPER"');
	}
	return {
		kind: "FunctionCall",
		name: { kind: "Identifier", names: [nameOf(name)], position: NOWHERE },
		args: args.map(astOf),
		position: NOWHERE,
	};
}

function literalAst(value: LiteralValue): Ast {
	if (value === null) return { kind: "NullLiteral", position: NOWHERE };
	switch (typeof value) {
		case "boolean":
			return { kind: "BooleanLiteral", value, position: NOWHERE };
		case "string":
			return { kind: "StringLiteral", value, position: NOWHERE };
		case "bigint":
			return numeric(String(value), "integer");
		case "number":
			return numberAst(value);
	}
	if (value instanceof Date && !Number.isNaN(value.getTime())) {
		const text = value.toISOString().replace("T", " ").replace("Z", "");
		return { kind: "DateTimeLiteral", type: "TIMESTAMP", value: text, position: NOWHERE };
	}
	if (value instanceof Uint8Array) {
		const hex = Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
		return { kind: "BinaryLiteral", hex: hex.toUpperCase(), position: NOWHERE };
	}
	throw invalid(
		`${shown(value)} is no constant`,
		"null, a boolean, number, bigint, string, Date, Uint8Array or an expression",
	);
}

function numberAst(value: number): Ast {
	if (!Number.isFinite(value)) throw invalid(`${value} is no SQL number`, "a finite number");
	const text = String(value);
	if (/e/.test(text)) return numeric(text, "approximate");
	return numeric(text, text.includes(".") ? "decimal" : "integer");
}

function numeric(text: string, form: "integer" | "decimal" | "approximate"): Ast {
	const ast: Ast = { kind: "NumericLiteral", text: text.replace("-", ""), form, position: NOWHERE };
	return text.startsWith("-") ? { kind: "UnaryOperation", operator: "-", operand: ast, position: NOWHERE } : ast;
}

const invalid = (problem: string, expected: string) =>
	new EngineError("INVALID_ARGUMENT", problem, {
		expected,
		remedy: "Build expressions of col, lit, call, when and sql",
	});
