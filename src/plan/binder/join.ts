// Joins: two references side by side with a condition; what looks at its left neighbour becomes Correlate or Apply.
import { EngineError } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import type { JoinType } from "../../job/specs.js";
import type { FunctionCall, Join, Name, TableReference } from "../../sql/ast.js";
import { leastCommonType } from "../../types/coercion.js";
import { column, type Expr, rewrite } from "../../types/expr.js";
import { asNullable, type Schema, type SqlType, timeAttributeOf, withNullability } from "../../types/sql-type.js";
import type { ApplyNode, CorrelateNode, JoinNode, PlanNode } from "../nodes.js";
import { callFunction } from "./call.js";
import { Collector } from "./collector.js";
import type { Environment, QueryContext } from "./environment.js";
import { bindCondition, bindExpression, conjunction, type ExpressionContext } from "./expression.js";
import { besides, bindCurrent, bindReference, type Source } from "./from.js";
import { EMPTY_SCOPE, findColumn, type Scope, type ScopeColumn, shifted, withOuter } from "./scope.js";
import { isWindowTableFunction } from "./table-function.js";

export function bindJoin(ast: Join, query: QueryContext, environment: Environment): Source {
	const left = bindReference(ast.left, query, environment);
	if (ast.right.kind === "TableName" && ast.right.systemTime !== undefined) {
		return temporalJoin(ast, left, ast.right.systemTime, query, environment);
	}
	const lateral = looksLeft(ast.right);
	const id = environment.nextApply();
	const outer = { scope: withOuter(left.scope, query.outer), apply: id };
	const right = bindReference(ast.right, lateral ? besides(query, outer) : query, environment);
	const scope = joinedScope(ast, left, right, environment, query);
	const condition = scope.using ?? onCondition(ast, scope.scope, query, environment);
	if (!lateral) return { plan: join(ast, left.plan, right.plan, condition), scope: scope.scope };
	return { plan: lateralJoin(ast, left.plan, right.plan, condition, id), scope: scope.scope };
}

/** LATERAL, table functions and UNNEST see the columns of the references before them. */
function looksLeft(ast: TableReference): boolean {
	switch (ast.kind) {
		case "DerivedTable":
			return ast.lateral;
		case "Unnest":
			return true;
		case "FunctionTable":
			return !isWindowTableFunction(ast.call);
		default:
			return false;
	}
}

const TYPES: Readonly<Record<Join["type"], JoinType>> = {
	INNER: "inner",
	CROSS: "inner",
	LEFT: "left",
	RIGHT: "right",
	FULL: "full",
};
const leftMisses = (ast: Join) => ast.type === "RIGHT" || ast.type === "FULL";
const rightMisses = (ast: Join) => ast.type === "LEFT" || ast.type === "FULL";

const nullableIf = (schema: Schema, nullable: boolean): Schema =>
	nullable ? schema.map((field) => ({ ...field, type: asNullable(field.type) })) : schema;

function join(ast: Join, left: PlanNode, right: PlanNode, condition: Expr | undefined): JoinNode {
	const schema = [...nullableIf(left.schema, leftMisses(ast)), ...nullableIf(right.schema, rightMisses(ast))];
	return { kind: "Join", type: TYPES[ast.type], left, right, schema, condition };
}

function lateralJoin(
	ast: Join,
	left: PlanNode,
	right: PlanNode,
	condition: Expr | undefined,
	id: number,
): CorrelateNode | ApplyNode {
	if (leftMisses(ast)) {
		throw new EngineError(
			"INVALID_QUERY",
			`${ast.type} JOIN cannot have LATERAL, UNNEST or a table function on its right`,
			{
				position: ast.position,
				remedy: "Use CROSS JOIN or LEFT JOIN … ON TRUE",
			},
		);
	}
	const type = ast.type === "LEFT" ? "left" : "inner";
	const schema = [...left.schema, ...nullableIf(right.schema, type === "left")];
	if (right.kind === "Correlate" && right.input.schema.length === 0) {
		return { ...right, type, input: left, schema, condition, args: right.args.map((arg) => ofInput(arg, id)) };
	}
	return { kind: "Apply", type, id, left, right, schema, condition };
}

/** A function's arguments look at the row they are joined to directly. */
const ofInput = (expr: Expr, id: number): Expr =>
	rewrite(expr, (node) => (node.kind === "outer" && node.apply === id ? column(node.index, node.type) : node));

interface JoinedScope {
	readonly scope: Scope;
	/** The equality of USING or NATURAL columns. */
	readonly using?: Expr | undefined;
}

function joinedScope(
	ast: Join,
	left: Source,
	right: Source,
	environment: Environment,
	query: QueryContext,
): JoinedScope {
	const ofLeft = shifted(left.scope, 0, leftMisses(ast));
	const ofRight = shifted(right.scope, left.plan.schema.length, rightMisses(ast));
	const relations = [...ofLeft.relations, ...ofRight.relations];
	const twice = ofRight.relations.find(
		({ alias }) => alias !== undefined && ofLeft.relations.some((one) => one.alias === alias),
	);
	if (twice !== undefined) {
		throw new EngineError("INVALID_QUERY", `'${twice.alias}' stands twice in FROM`, {
			position: ast.right.position,
			remedy: "Give one of them another name: … AS x",
		});
	}
	const names = usingNames(ast, ofLeft, ofRight);
	if (names.length === 0) {
		const merged = [...ofLeft.merged, ...ofRight.merged];
		return { scope: { relations, merged, star: [...ofLeft.star, ...ofRight.star] } };
	}
	const context = expressionContext(EMPTY_SCOPE, "USING", query, environment);
	const pairs = names.map((name) => [side(ofLeft, name, "left"), side(ofRight, name, "right")] as const);
	const using = pairs.map(([one, other], i) => callFunction(context, "=", [one, other], (names[i] as Name).position));
	const common = names.map((name, i) => ({ name: name.text, expr: merge(ast, pairs[i] as readonly [Expr, Expr]) }));
	const hidden = new Set(names.map((name) => name.text));
	const rest = (column: ScopeColumn) => !hidden.has(column.name);
	const merged = [...common, ...[...ofLeft.merged, ...ofRight.merged].filter(rest)];
	const star = [...common, ...ofLeft.star.filter(rest), ...ofRight.star.filter(rest)];
	return { scope: { relations, merged, star }, using: conjunction(using) };
}

function usingNames(ast: Join, left: Scope, right: Scope): readonly Name[] {
	if (!ast.natural) return ast.using ?? [];
	const there = new Set(right.star.map((column) => column.name));
	const shared = left.star.filter((column) => there.has(column.name));
	return shared.map((column) => ({ kind: "Name", text: column.name, position: ast.position }));
}

function side(scope: Scope, name: Name, which: string): Expr {
	const found = findColumn(scope, name);
	if (found !== undefined) return found;
	throw new EngineError("UNKNOWN_COLUMN", `column '${name.text}' of USING is not in the ${which} table`, {
		position: name.position,
	});
}

/** The one column that stands for both: the side that is always there, or whichever is not NULL. */
function merge(ast: Join, [left, right]: readonly [Expr, Expr]): Expr {
	if (ast.type === "RIGHT") return right;
	if (ast.type !== "FULL") return left;
	const type = leastCommonType([left.type, right.type]) as SqlType;
	const present: Expr = {
		kind: "call",
		function: "IS NOT NULL",
		args: [left],
		type: { kind: "BOOLEAN", nullable: false },
	};
	const branches = [{ when: present, then: coerce(left, type) }];
	return { kind: "case", branches, otherwise: coerce(right, type), type: withNullability(type, true) };
}

export function expressionContext(
	scope: Scope,
	clause: string,
	query: QueryContext,
	environment: Environment,
): ExpressionContext {
	const collector = new Collector(environment);
	return { environment, scope, query, collector, rules: { clause, aggregates: false, windows: false } };
}

function onCondition(ast: Join, scope: Scope, query: QueryContext, environment: Environment): Expr | undefined {
	if (ast.on === undefined) return undefined;
	const context = expressionContext(withOuter(scope, query.outer), "ON", query, environment);
	const condition = bindCondition(ast.on, context);
	if (context.collector.requests.size > 0) {
		throw new EngineError("UNSUPPORTED", "a subquery in ON is not supported", {
			position: ast.on.position,
			remedy: "Move it to WHERE, or into a derived table",
		});
	}
	return condition.kind === "literal" && condition.value === true ? undefined : condition;
}

/** `JOIN t FOR SYSTEM_TIME AS OF left.time`: the version of the right row at the left row's time. */
function temporalJoin(
	ast: Join,
	left: Source,
	systemTime: FunctionCall["args"][number],
	query: QueryContext,
	environment: Environment,
): Source {
	const right = bindCurrent(ast.right, query, environment);
	const context = expressionContext(withOuter(left.scope, query.outer), "FOR SYSTEM_TIME AS OF", query, environment);
	const bound = bindExpression(systemTime, context);
	const { position } = systemTime;
	const { plan, time } = timeColumn(left.plan, bound);
	const attribute = timeAttributeOf(bound.type);
	if (attribute === undefined || time === undefined) {
		throw new EngineError("INVALID_QUERY", "FOR SYSTEM_TIME AS OF needs a time attribute of the left table", {
			position,
			remedy: "Use a column with a WATERMARK, or PROCTIME()",
		});
	}
	if (leftMisses(ast)) {
		throw new EngineError("INVALID_QUERY", `${ast.type} JOIN cannot be temporal`, {
			position,
			expected: "JOIN or LEFT JOIN",
		});
	}
	const wide: Source = { plan, scope: left.scope };
	const scope = joinedScope(ast, wide, right, environment, query);
	const condition = scope.using ?? onCondition(ast, scope.scope, query, environment);
	const snapshot: PlanNode = { kind: "Snapshot", schema: right.plan.schema, input: right.plan, time, attribute };
	return { plan: join(ast, plan, snapshot, condition), scope: scope.scope };
}

/** PROCTIME() itself becomes a column of the left side. */
function timeColumn(plan: PlanNode, bound: Expr): { plan: PlanNode; time: number | undefined } {
	if (bound.kind === "column") return { plan, time: bound.index };
	if (timeAttributeOf(bound.type) !== "proctime" || bound.kind !== "call") return { plan, time: undefined };
	const schema = [...plan.schema, { name: "$proctime", type: bound.type }];
	const exprs = [...plan.schema.map((field, i) => column(i, field.type)), bound];
	return { plan: { kind: "Project", schema, input: plan, exprs }, time: plan.schema.length };
}
