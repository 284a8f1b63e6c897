// UNION, INTERSECT, EXCEPT: inputs brought to common column types; the names are those of the first.
import { EngineError } from "../../errors.js";
import { coerce } from "../../expr/coerce.js";
import type { SetOperation } from "../../sql/ast.js";
import { leastCommonType } from "../../types/coercion.js";
import { column } from "../../types/expr.js";
import { type Field, type SqlType, timeAttributeOf } from "../../types/sql-type.js";
import { sameKind, typeText } from "../../types/type-text.js";
import type { PlanNode, SetOperationNode } from "../nodes.js";
import { project } from "./build.js";

const OPERATIONS = { UNION: "union", INTERSECT: "intersect", EXCEPT: "except" } as const;

export function setOperation(ast: SetOperation, left: PlanNode, right: PlanNode): SetOperationNode {
	const what = ast.all ? `${ast.operator} ALL` : ast.operator;
	if (left.schema.length !== right.schema.length) {
		throw new EngineError(
			"INVALID_QUERY",
			`the sides of ${what} have ${left.schema.length} and ${right.schema.length} columns`,
			{ position: ast.position },
		);
	}
	const schema = left.schema.map((field, i): Field => {
		const other = right.schema[i] as Field;
		const type = commonColumn(field.type, other.type, ast.operator === "UNION" && ast.all);
		if (type !== undefined) return { name: field.name, type };
		throw new EngineError(
			"TYPE_MISMATCH",
			`column ${i + 1} of ${what} is ${typeText(field.type)} on one side and ${typeText(other.type)} on the other`,
			{ position: ast.position },
		);
	});
	const inputs = [left, right].flatMap((input) => spliced(cast(input, schema), ast));
	return { kind: "SetOperation", schema, inputs, operation: OPERATIONS[ast.operator], all: ast.all };
}

/** A time attribute stays one in UNION ALL when both sides have it. */
function commonColumn(left: SqlType, right: SqlType, keepTime: boolean): SqlType | undefined {
	const type = leastCommonType([left, right]);
	if (type === undefined || (left.kind === "ROW" && right.kind !== "ROW")) return undefined;
	const attribute = timeAttributeOf(left);
	const kept = keepTime && attribute !== undefined && attribute === timeAttributeOf(right);
	return kept ? ({ ...type, attribute } as SqlType) : type;
}

function cast(input: PlanNode, schema: readonly Field[]): PlanNode {
	if (input.schema.every((field, i) => sameKind(field.type, (schema[i] as Field).type))) return input;
	const exprs = input.schema.map((field, i) => coerce(column(i, field.type), (schema[i] as Field).type));
	return project(
		input,
		exprs,
		schema.map((field) => field.name),
	);
}

/** `a UNION ALL b UNION ALL c` is one operation of three inputs. */
function spliced(input: PlanNode, ast: SetOperation): readonly PlanNode[] {
	const same =
		input.kind === "SetOperation" && input.operation === "union" && input.all && ast.operator === "UNION" && ast.all;
	return same ? input.inputs : [input];
}
