// TUMBLE, HOP, CUMULATE and SESSION as functions over a table: checked arguments, and the columns they add.
import { EngineError, nearestName, type SourcePosition } from "../../errors.js";
import { constantOf } from "../../expr/fold.js";
import type { WindowSpec } from "../../job/window.js";
import type { Expression, FunctionCall, Identifier, TableArgument } from "../../sql/ast.js";
import {
	type Field,
	isTimestamp,
	notNull,
	type SqlType,
	timeAttributeOf,
	timestamp,
	timestampLtz,
} from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { PlanNode, WindowTableFunctionNode } from "../nodes.js";
import type { Environment, QueryContext } from "./environment.js";
import { bindExpression } from "./expression.js";
import { functionName } from "./function-call.js";
import { expressionContext } from "./join.js";
import { EMPTY_SCOPE, relationScope } from "./scope.js";
import { bindTableName } from "./table.js";

type Kind = "TUMBLE" | "HOP" | "CUMULATE" | "SESSION";

/** Parameters in positional order; those after `required` may be left out. */
const PARAMETERS: Readonly<Record<Kind, { readonly names: readonly string[]; readonly required: number }>> = {
	TUMBLE: { names: ["DATA", "TIMECOL", "SIZE", "OFFSET"], required: 3 },
	HOP: { names: ["DATA", "TIMECOL", "SLIDE", "SIZE", "OFFSET"], required: 4 },
	CUMULATE: { names: ["DATA", "TIMECOL", "STEP", "SIZE", "OFFSET"], required: 4 },
	SESSION: { names: ["DATA", "TIMECOL", "GAP"], required: 3 },
};

export function bindWindowTableFunction(
	call: FunctionCall,
	query: QueryContext,
	environment: Environment,
): WindowTableFunctionNode {
	const kind = functionName(call) as Kind;
	if (kind === "SESSION" && environment.options.batch) {
		throw new EngineError("INVALID_QUERY", "SESSION windows are not supported in batch mode", {
			position: call.position,
		});
	}
	const args = argumentsByName(call, kind);
	const data = args.get("DATA") as Expression;
	const { plan, partition } = tableArgument(data, query, environment);
	const time = timeColumn(args.get("TIMECOL") as Expression, plan, kind, environment);
	const sizes = (name: string) => milliseconds(args.get(name), name, kind, query, environment);
	const type = (plan.schema[time] as Field).type;
	const common = {
		time,
		eventTime: timeAttributeOf(type) !== "proctime",
		...(type.kind === "TIMESTAMP_LTZ" && { timeZone: environment.options.context.timeZone }),
	};
	const window = windowSpec(kind, common, sizes, partition, call.position);
	return { kind: "WindowTableFunction", schema: [...plan.schema, ...windowFields(type)], input: plan, window };
}

function argumentsByName(call: FunctionCall, kind: Kind): ReadonlyMap<string, Expression> {
	const { names, required } = PARAMETERS[kind];
	const found = new Map<string, Expression>();
	for (const [i, arg] of call.args.entries()) {
		const name = arg.kind === "NamedArgument" ? arg.name.text.toUpperCase() : names[i];
		if (name === undefined || !names.includes(name)) {
			const near = name === undefined ? undefined : nearestName(name, names);
			throw new EngineError("INVALID_ARGUMENT", `${kind} has no argument ${name ?? `number ${i + 1}`}`, {
				position: arg.position,
				expected: names.join(", "),
				...(near !== undefined && { remedy: `Did you mean ${near}?` }),
			});
		}
		found.set(name, arg.kind === "NamedArgument" ? arg.value : arg);
	}
	const missing = names.slice(0, required).find((name) => !found.has(name));
	if (missing === undefined) return found;
	throw new EngineError("INVALID_ARGUMENT", `${kind} needs the argument ${missing}`, {
		position: call.position,
		expected: `${kind}(${names.join(", ")})`,
	});
}

interface TableInput {
	readonly plan: PlanNode;
	readonly partition: readonly number[];
}

function tableArgument(ast: Expression, query: QueryContext, environment: Environment): TableInput {
	if (ast.kind === "ScalarSubquery")
		return { plan: environment.bindQuery(ast.query, { ...query, top: false }), partition: [] };
	if (ast.kind !== "TableArgument") {
		throw new EngineError("INVALID_ARGUMENT", "a window function's first argument must be a table", {
			position: ast.position,
			expected: "TABLE name",
		});
	}
	const plan = sourceOf(ast, query, environment);
	const context = expressionContext(relationScope(plan.schema), "PARTITION BY", query, environment);
	const partition = ast.partitionBy.map((expression) => {
		const bound = bindExpression(expression, context);
		if (bound.kind === "column") return bound.index;
		throw new EngineError("INVALID_ARGUMENT", "PARTITION BY of a table takes columns only", {
			position: expression.position,
		});
	});
	return { plan, partition };
}

function sourceOf(ast: TableArgument, query: QueryContext, environment: Environment): PlanNode {
	if (ast.source.kind === "Query") return environment.bindQuery(ast.source, { ...query, top: false });
	const name: Identifier = ast.source;
	return bindTableName({ kind: "TableName", name, hints: [], position: ast.position }, query, environment).plan;
}

function timeColumn(ast: Expression, plan: PlanNode, kind: Kind, environment: Environment): number {
	const [name, ...rest] = ast.kind === "Descriptor" ? ast.columns : [];
	if (name === undefined || rest.length > 0) {
		throw new EngineError("INVALID_ARGUMENT", `${kind} needs the time column as DESCRIPTOR(column)`, {
			position: ast.position,
		});
	}
	const index = plan.schema.findIndex((field) => field.name === name.text);
	if (index < 0) {
		const near = nearestName(
			name.text,
			plan.schema.map((field) => field.name),
		);
		throw new EngineError("UNKNOWN_COLUMN", `column '${name.text}' not found in the table of ${kind}`, {
			position: name.position,
			...(near !== undefined && { remedy: `Did you mean \`${near}\`?` }),
		});
	}
	const { type } = plan.schema[index] as Field;
	if (!isTimestamp(type)) {
		throw new EngineError("TYPE_MISMATCH", `${kind} needs a time column, '${name.text}' is ${typeText(type)}`, {
			position: name.position,
			expected: "TIMESTAMP or TIMESTAMP_LTZ",
		});
	}
	if (timeAttributeOf(type) !== undefined || environment.options.batch) return index;
	throw new EngineError(
		"INVALID_QUERY",
		`${kind} needs a time attribute, but '${name.text}' is a plain ${typeText(type)}`,
		{
			position: name.position,
			remedy: "Declare a WATERMARK on it; grouping and expressions lose the attribute",
		},
	);
}

function milliseconds(
	ast: Expression | undefined,
	name: string,
	kind: Kind,
	query: QueryContext,
	environment: Environment,
): number {
	if (ast === undefined) return 0;
	const bound = bindExpression(ast, expressionContext(EMPTY_SCOPE, kind, query, environment));
	const value = constantOf(bound, environment.options.context)?.value;
	if (bound.type.kind !== "INTERVAL_DAY_TIME" || typeof value !== "number") {
		throw new EngineError("INVALID_ARGUMENT", `${name} of ${kind} must be a constant interval of time`, {
			position: ast.position,
			expected: "e.g. INTERVAL '10' MINUTE",
		});
	}
	if (name !== "OFFSET" && value <= 0) {
		throw new EngineError("INVALID_ARGUMENT", `${name} of ${kind} must be greater than 0`, { position: ast.position });
	}
	return value;
}

function windowSpec(
	kind: Kind,
	common: Pick<WindowSpec, "time" | "eventTime" | "timeZone">,
	value: (name: string) => number,
	partition: readonly number[],
	position: SourcePosition,
): WindowSpec {
	if (kind === "SESSION") return { ...common, kind: "session", gap: value("GAP"), partition };
	const size = value("SIZE");
	const offset = value("OFFSET");
	if (Math.abs(offset) >= size) {
		throw new EngineError("INVALID_ARGUMENT", `the offset of ${kind} must be smaller than the size`, {
			position,
			expected: `less than ${size} ms, not ${offset} ms`,
		});
	}
	if (kind === "TUMBLE") return { ...common, kind: "tumble", size, offset };
	if (kind === "HOP") return { ...common, kind: "hop", slide: value("SLIDE"), size, offset };
	const step = value("STEP");
	if (size % step !== 0) {
		throw new EngineError("INVALID_ARGUMENT", "the size of CUMULATE must be a multiple of the step", {
			position,
			expected: `a multiple of ${step} ms, not ${size} ms`,
		});
	}
	return { ...common, kind: "cumulate", step, size, offset };
}

/** The bounds are plain timestamps; window_time goes on as the time attribute. */
function windowFields(time: SqlType): Field[] {
	const bound = notNull(timestamp(3));
	const attribute = timeAttributeOf(time);
	const plain: SqlType = notNull(time.kind === "TIMESTAMP_LTZ" ? timestampLtz(3) : timestamp(3));
	const type = attribute === undefined ? plain : ({ ...plain, attribute } as SqlType);
	return [
		{ name: "window_start", type: bound },
		{ name: "window_end", type: bound },
		{ name: "window_time", type },
	];
}
