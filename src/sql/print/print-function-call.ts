// Function calls as SQL text. A function with a syntax of its own is printed in it if its arguments have that form;
// otherwise its name is quoted, so that it is read as a plain call again.
import type {
	ArgumentExpression,
	Expression,
	FrameBound,
	FunctionCall,
	JsonBehavior,
	JsonClauses,
	Name,
	OrderItem,
	WindowSpecification,
} from "../ast.js";
import { RESERVED_FUNCTIONS } from "../keywords.js";
import { Precedence } from "../parser/expression-parser.js";
import { isJsonFunction } from "../parser/json-function-parser.js";
import { printDataType } from "./print-data-type.js";
import { printExpression, printExpressions } from "./print-expression.js";
import { join, list, printColumns, printIdentifier, printName } from "./print-name.js";
import { printOrderBy, printOrderItem, printQuery } from "./print-query.js";

export function printCall(call: FunctionCall): string {
	const [name, ...qualified] = call.name.names as [Name, ...Name[]];
	if (call.niladic) return name.text;
	const special = qualified.length === 0 ? printSpecial(name.text, call) : undefined;
	const text = special ?? `${printFunctionName(call)}(${printArguments(call)})`;
	return join(call.evaluation, text, ...printTail(call));
}

/** A call in FROM, where no function has a syntax of its own. */
export function printTableCall(call: FunctionCall): string {
	return join(`${printIdentifier(call.name)}(${printArguments(call)})`, ...printTail(call));
}

function printFunctionName({ name }: FunctionCall): string {
	const [only] = name.names;
	if (name.names.length > 1 || only === undefined) return printIdentifier(name);
	const word = only.text.toUpperCase();
	const isCollection = word === "ARRAY" || word === "MULTISET" || word === "MAP";
	return isCollection || (RESERVED_FUNCTIONS.has(word) && word !== "SOME") ? only.text : printName(only);
}

function printArguments({ quantifier, args, nullTreatment, orderBy }: FunctionCall): string {
	const isInside = orderBy !== undefined && nullTreatment;
	return join(quantifier, printExpressions(args), isInside, orderBy && printOrderBy(orderBy));
}

function printTail(call: FunctionCall): readonly (string | undefined | false)[] {
	const { nullTreatment, withinDistinct, withinGroup, filter, over } = call;
	return [
		call.orderBy === undefined && nullTreatment,
		withinDistinct && `WITHIN DISTINCT (${printExpressions(withinDistinct)})`,
		withinGroup && `WITHIN GROUP (${printOrderBy(withinGroup)})`,
		filter && `FILTER (WHERE ${printExpression(filter)})`,
		over && `OVER ${over.kind === "Name" ? printName(over) : printWindow(over)}`,
	];
}

/** Undefined where the ordinary form is right. */
function printSpecial(name: string, call: FunctionCall): string | undefined {
	const { args, quantifier, orderBy } = call;
	if (isJsonFunction(name)) return printJsonCall(name, call);
	const arity = ARITY[name];
	if (arity === undefined || quantifier !== undefined || orderBy !== undefined) return undefined;
	if (args.length < arity.min || args.length > arity.max) return undefined;
	const isRegular = args.every((argument, index) => isArgument(argument) === (index === arity.symbol));
	if (!isRegular && !(name === "CEIL" || name === "FLOOR" ? args.length === 1 && !isArgument(args[0]) : false)) {
		return undefined;
	}
	return `${name}(${printWithWords(args, arity.words)})`;
}

interface Arity {
	readonly min: number;
	readonly max: number;
	/** Which argument is a keyword. */
	readonly symbol?: number;
	/** What stands before each argument. */
	readonly words: readonly string[];
}

const ARITY: Readonly<Record<string, Arity>> = {
	EXTRACT: { min: 2, max: 2, symbol: 0, words: ["", " FROM "] },
	CEIL: { min: 1, max: 2, symbol: 1, words: ["", " TO "] },
	FLOOR: { min: 1, max: 2, symbol: 1, words: ["", " TO "] },
	TIMESTAMPADD: { min: 3, max: 3, symbol: 0, words: ["", ", ", ", "] },
	TIMESTAMPDIFF: { min: 3, max: 3, symbol: 0, words: ["", ", ", ", "] },
	TRIM: { min: 3, max: 3, symbol: 0, words: ["", " ", " FROM "] },
	SUBSTRING: { min: 2, max: 3, words: ["", ", ", ", "] },
	POSITION: { min: 2, max: 3, words: ["", " IN ", " FROM "] },
	OVERLAY: { min: 3, max: 4, words: ["", " PLACING ", " FROM ", " FOR "] },
};

function printWithWords(args: readonly Expression[], words: readonly string[]): string {
	return args.map((argument, index) => `${words[index]}${printBefore(argument, words[index + 1])}`).join("");
}

/** An argument in front of a word that it could take for its own: IN as a predicate, TO behind an interval's unit. */
function printBefore(argument: Expression, word: string | undefined): string {
	const text = printExpression(argument, word === " IN " ? Precedence.Like + 1 : Precedence.Lowest);
	const endsWithUnit = word === " TO " && /(YEAR|DAY|HOUR|MINUTE)(\(\d+\))?$/.test(text);
	return endsWithUnit ? `(${text})` : text;
}

/** Whether it can stand in an argument list alone. */
function isArgument(expression: Expression | undefined): boolean {
	switch (expression?.kind) {
		case "NamedArgument":
		case "TableArgument":
		case "ModelArgument":
		case "Descriptor":
		case "SymbolArgument":
		case "DefaultArgument":
		case "Star":
			return true;
		default:
			return false;
	}
}

function printJsonCall(name: string, { args, quantifier, orderBy, json }: FunctionCall): string | undefined {
	const isPairs = name === "JSON_OBJECT" || name === "JSON_OBJECTAGG";
	const hasArity = isPairs ? args.length % 2 === 0 : name.startsWith("JSON_ARRAY") || args.length === 2;
	if (!hasArity || quantifier !== undefined || args.some(isArgument)) return undefined;
	const pairs = args.flatMap((key, index) => {
		const value = args[index + 1];
		return index % 2 === 0 && value ? [`KEY ${printExpression(key)} VALUE ${printExpression(value)}`] : [];
	});
	const items = isPairs ? pairs.join(", ") : printExpressions(args);
	return `${name}(${join(items, ...printJsonClauses(json), orderBy && printOrderBy(orderBy))})`;
}

function printJsonClauses(json: JsonClauses | undefined): readonly (string | undefined)[] {
	if (json === undefined) return [];
	const { returning, wrapper, onEmpty, onError, onNull } = json;
	return [
		returning && `RETURNING ${printDataType(returning)}`,
		wrapper && (wrapper === "WITHOUT" ? "WITHOUT ARRAY WRAPPER" : `WITH ${wrapper} ARRAY WRAPPER`),
		onEmpty && `${printBehavior(onEmpty)} ON EMPTY`,
		onError && `${printBehavior(onError)} ON ERROR`,
		onNull && `${onNull} ON NULL`,
	];
}

function printBehavior({ behavior, value }: JsonBehavior): string {
	return join(behavior, value && printExpression(value));
}

export function printArgument(argument: ArgumentExpression): string {
	switch (argument.kind) {
		case "NamedArgument":
			return `${printName(argument.name)} => ${printExpression(argument.value)}`;
		case "TableArgument": {
			const { source, partitionBy, orderBy } = argument;
			return join(
				source.kind === "Query" ? `(${printQuery(source)})` : `TABLE ${printIdentifier(source)}`,
				partitionBy.length > 0 && `PARTITION BY (${printExpressions(partitionBy)})`,
				orderBy.length > 0 && `ORDER BY (${list<OrderItem>(orderBy, printOrderItem)})`,
			);
		}
		case "ModelArgument":
			return `MODEL ${printIdentifier(argument.model)}`;
		case "Descriptor":
			return `DESCRIPTOR${printColumns(argument.columns)}`;
		case "SymbolArgument":
			return argument.value;
		case "DefaultArgument":
			return "DEFAULT";
		case "FormatJson":
			return `${printExpression(argument.operand)} FORMAT JSON`;
	}
}

export function printWindow({ base, partitionBy, orderBy, frame }: WindowSpecification): string {
	const bounds = frame?.end
		? `BETWEEN ${printBound(frame.start)} AND ${printBound(frame.end)}`
		: frame && printBound(frame.start);
	const parts = join(
		base && printName(base),
		partitionBy.length > 0 && `PARTITION BY ${printExpressions(partitionBy)}`,
		orderBy.length > 0 && printOrderBy(orderBy),
		frame && `${frame.unit} ${bounds}`,
	);
	return `(${parts})`;
}

function printBound({ bound, offset }: FrameBound): string {
	return join(offset && printExpression(offset, Precedence.Additive), bound);
}
