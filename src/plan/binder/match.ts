// MATCH_RECOGNIZE: pattern, definitions and measures as data. Expressions become expressions over references into the partial match.
import { EngineError, type SourcePosition } from "../../errors.js";
import { constantOf } from "../../expr/fold.js";
import type { MatchExpr, MatchSpec, PatternVariable } from "../../job/match.js";
import type { SortKey } from "../../job/specs.js";
import type { Expression, MatchRecognize, PatternTerm } from "../../sql/ast.js";
import { type Field, timeAttributeOf, withoutAttribute } from "../../types/sql-type.js";
import type { MatchNode, PlanNode } from "../nodes.js";
import { direction } from "./aggregate-call.js";
import type { Environment, QueryContext } from "./environment.js";
import { bindExpression } from "./expression.js";
import { bindReference, type Source } from "./from.js";
import { expressionContext } from "./join.js";
import { bindMatchCondition, bindMatchExpression, type MatchScope } from "./match-expression.js";

export function bindMatch(ast: MatchRecognize, query: QueryContext, environment: Environment): MatchNode {
	refuseUnsupported(ast);
	const source = bindReference(ast.input, query, environment);
	const columns = new MatchColumns(source, query, environment);
	const partition = ast.partitionBy.map((expression) => columns.column(expression, "PARTITION BY"));
	const order = orderOf(ast, columns, source.plan);
	const variables = patternOf(ast);
	const scope: MatchScope = { source, query, environment, variables: new Set(variables.map((item) => item.name)) };
	const definitions = definitionsOf(ast, scope);
	const pattern = variables.map((variable): PatternVariable => {
		const define = definitions.get(variable.name);
		return define === undefined ? variable : { ...variable, define };
	});
	const measures = ast.measures.map((measure) => ({
		name: measure.name.text,
		value: bindMatchExpression(measure.expression, "MEASURES", scope),
	}));
	const schema: Field[] = [
		...partition.map((index) => source.plan.schema[index] as Field),
		...measures.map(({ name, value }) => ({ name, type: value.expr.type })),
	].map((field, i) => (i < partition.length ? { name: field.name, type: withoutAttribute(field.type) } : field));
	const within = ast.within && withinMs(ast.within, columns);
	const match = { partition, order, pattern, skip: skipOf(ast, scope), measures, withinMs: within };
	return { kind: "Match", schema, input: source.plan, match };
}

function refuseUnsupported(ast: MatchRecognize): void {
	const what =
		ast.rowsPerMatch === "ALL ROWS"
			? "ALL ROWS PER MATCH"
			: ast.anchoredAtStart || ast.anchoredAtEnd
				? "an anchor (^, $) in PATTERN"
				: ast.subsets.length > 0
					? "SUBSET"
					: undefined;
	if (what === undefined) return;
	throw new EngineError("UNSUPPORTED", `${what} is not supported in MATCH_RECOGNIZE`, { position: ast.position });
}

/** Plain columns of the input. */
class MatchColumns {
	constructor(
		readonly source: Source,
		readonly query: QueryContext,
		readonly environment: Environment,
	) {}

	column(ast: Expression, clause: string): number {
		const bound = bindExpression(ast, expressionContext(this.source.scope, clause, this.query, this.environment));
		if (bound.kind === "column") return bound.index;
		throw new EngineError("INVALID_QUERY", `${clause} of MATCH_RECOGNIZE takes columns only`, {
			position: ast.position,
		});
	}
}

/** Rows are matched in the order of time; further columns decide among equal times. */
function orderOf(ast: MatchRecognize, columns: MatchColumns, plan: PlanNode): SortKey[] {
	const order = ast.orderBy.map((item) => ({
		column: columns.column(item.expression, "ORDER BY"),
		...direction(item),
	}));
	const [first] = order;
	const time = first && timeAttributeOf((plan.schema[first.column] as Field).type);
	if (first === undefined || time === undefined) {
		throw new EngineError("INVALID_QUERY", "MATCH_RECOGNIZE must be ordered by a time attribute first", {
			position: ast.orderBy[0]?.position ?? ast.position,
			remedy: "ORDER BY a column with a WATERMARK, or a PROCTIME() column",
		});
	}
	if (!first.ascending) {
		throw new EngineError("INVALID_QUERY", "MATCH_RECOGNIZE must be ordered by time ascending", {
			position: ast.orderBy[0]?.position ?? ast.position,
		});
	}
	return order;
}

const isGreedy = ({ greedy, min, max }: PatternVariable) => greedy && max !== min && !(min === 0 && max === 1);

/** `?` and `*`. */
const mayBeLeftOut = ({ min, max }: PatternVariable) => min === 0 && (max === undefined || max === 1);

function patternOf(ast: MatchRecognize): PatternVariable[] {
	const terms = ast.pattern.kind === "PatternSequence" ? ast.pattern.terms : [ast.pattern];
	const variables = terms.map(variableOf);
	for (const [i, variable] of variables.entries()) {
		if (variables.slice(0, i).some((other) => other.name === variable.name)) {
			throw invalid(`pattern variable '${variable.name}' stands twice in PATTERN`, ast.pattern.position);
		}
	}
	for (const [i, variable] of variables.entries()) {
		if (i === 0 || !mayBeLeftOut(variable) || !isGreedy(variables[i - 1] as PatternVariable)) continue;
		throw invalid(
			`the optional variable '${variable.name}' of PATTERN cannot follow a greedy one`,
			ast.pattern.position,
			`Make '${variables[i - 1]?.name}' reluctant, or '${variable.name}' not optional`,
		);
	}
	if (isGreedy(variables[variables.length - 1] as PatternVariable)) {
		throw invalid(
			"the last variable of PATTERN cannot be greedy",
			ast.pattern.position,
			"Make it reluctant, or add a variable after it",
		);
	}
	if (variables.every((variable) => variable.min === 0)) {
		throw invalid("a pattern that matches no rows at all is not possible", ast.pattern.position);
	}
	return variables;
}

const invalid = (problem: string, position: SourcePosition, remedy?: string) =>
	new EngineError("INVALID_QUERY", problem, { position, ...(remedy !== undefined && { remedy }) });

function variableOf(term: PatternTerm): PatternVariable {
	if (term.kind === "PatternVariable") return { name: term.name.text, min: 1, max: 1, greedy: true };
	if (term.kind === "PatternQuantified" && term.term.kind === "PatternVariable") {
		if (term.reluctant && term.min === 0 && term.max === 1) {
			throw invalid("a reluctant optional variable (??) is not supported", term.position);
		}
		return { name: term.term.name.text, min: term.min, max: term.max, greedy: !term.reluctant };
	}
	const what: Partial<Record<PatternTerm["kind"], string>> = {
		PatternAlternation: "alternatives (|)",
		PatternPermute: "PERMUTE",
		PatternExclusion: "exclusion ({- -})",
	};
	throw new EngineError("UNSUPPORTED", `${what[term.kind] ?? "a group of variables"} in PATTERN is not supported`, {
		position: term.position,
	});
}

function definitionsOf(ast: MatchRecognize, scope: MatchScope): ReadonlyMap<string, MatchExpr> {
	const definitions = new Map<string, MatchExpr>();
	for (const { variable, condition, position } of ast.definitions) {
		if (!scope.variables.has(variable.text)) {
			throw new EngineError("UNKNOWN_OBJECT", `'${variable.text}' is not a variable of PATTERN`, {
				position,
				expected: [...scope.variables].join(", "),
			});
		}
		if (definitions.has(variable.text)) throw invalid(`'${variable.text}' is defined twice`, position);
		definitions.set(variable.text, bindMatchCondition(condition, scope));
	}
	return definitions;
}

function skipOf(ast: MatchRecognize, scope: MatchScope): MatchSpec["skip"] {
	const after = ast.afterMatch;
	// Flink's default is not that of the SQL standard, SKIP PAST LAST ROW.
	if (after === undefined) return { kind: "toNextRow" };
	if (after.strategy === "SKIP PAST LAST ROW") return { kind: "pastLastRow" };
	if (after.strategy === "SKIP TO NEXT ROW") return { kind: "toNextRow" };
	const variable = after.variable?.text as string;
	if (!scope.variables.has(variable)) {
		throw new EngineError("UNKNOWN_OBJECT", `'${variable}' is not a variable of PATTERN`, { position: after.position });
	}
	return { kind: after.strategy === "SKIP TO FIRST" ? "toFirst" : "toLast", variable };
}

function withinMs(ast: Expression, columns: MatchColumns): number {
	const context = expressionContext(columns.source.scope, "WITHIN", columns.query, columns.environment);
	const bound = bindExpression(ast, context);
	const value = constantOf(bound, columns.environment.options.context)?.value;
	if (bound.type.kind === "INTERVAL_DAY_TIME" && typeof value === "number") return value;
	throw new EngineError("INVALID_ARGUMENT", "WITHIN needs a constant interval of time", { position: ast.position });
}
