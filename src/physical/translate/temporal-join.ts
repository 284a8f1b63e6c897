// Joins FOR SYSTEM_TIME AS OF: event time → TemporalJoin with a versioned table; processing time → LookupJoin of an external table.
import { EngineError } from "../../errors.js";
import { splitJoinCondition } from "../../optimizer/join-condition.js";
import { conjunction, conjunctsOf } from "../../optimizer/predicate.js";
import { substitute } from "../../optimizer/substitution.js";
import type { JoinNode, PlanNode, ScanNode, SnapshotNode } from "../../plan/nodes.js";
import { column, type Expr, mapColumns } from "../../types/expr.js";
import { timeAttributeOf } from "../../types/sql-type.js";
import { ANY, hashBy, onto, type PhysicalNode, physicalNode } from "../physical-node.js";
import { calc } from "./calc.js";
import type { Translator } from "./translator.js";

export function translateSnapshotJoin(node: JoinNode, snapshot: SnapshotNode, translator: Translator): PhysicalNode {
	if (node.type !== "inner" && node.type !== "left") {
		throw new EngineError("UNSUPPORTED", `A temporal join cannot be a ${node.type.toUpperCase()} join`, {
			expected: "INNER JOIN or LEFT JOIN",
		});
	}
	const table = snapshot.attribute === "proctime" ? lookedUp(snapshot.input) : undefined;
	return table === undefined
		? temporalJoin(node, snapshot, node.type, translator)
		: lookupJoin(node, table, node.type, translator);
}

function temporalJoin(
	node: JoinNode,
	snapshot: SnapshotNode,
	type: "inner" | "left",
	translator: Translator,
): PhysicalNode {
	const left = translator.input(node.left);
	const right = translator.input(snapshot.input);
	const leftWidth = left.schema.length;
	const { keys, rest } = splitJoinCondition(node.condition, leftWidth);
	const leftKeys = keys.map((key) => key.left);
	const rightKeys = keys.map((key) => key.right);
	const eventTime = snapshot.attribute === "rowtime";
	if (eventTime) requireVersions(right, rightKeys, snapshot);
	const spec = {
		operator: "TemporalJoin",
		type,
		leftKeys,
		rightKeys,
		leftTime: snapshot.time,
		rightTime: eventTime ? rowtimeOf(right, snapshot.input) : undefined,
		condition: conjunction(rest),
		leftWidth,
	} as const;
	const inputs = [
		{ node: left, distribution: hashBy(leftKeys) },
		{ node: right, distribution: hashBy(rightKeys) },
	];
	return physicalNode(spec, inputs, node.schema);
}

/** A versioned table has a primary key, and the join looks rows up by it. */
function requireVersions(right: PhysicalNode, rightKeys: readonly number[], snapshot: SnapshotNode): void {
	if (right.upsertKeys.length === 0) {
		throw new EngineError(
			"UNSUPPORTED",
			"Temporal Table Join requires primary key in versioned table, but no primary key can be found",
			{ remedy: "Declare PRIMARY KEY (…) NOT ENFORCED on the table, or read it through a deduplicating view" },
		);
	}
	if (right.upsertKeys.some((key) => key.every((index) => rightKeys.includes(index)))) return;
	const names = right.upsertKeys[0]!.map((index) => `\`${snapshot.input.schema[index]?.name}\``).join(", ");
	throw new EngineError("UNSUPPORTED", "A temporal join must equate the whole primary key of the versioned table", {
		expected: `equalities with ${names}`,
	});
}

function rowtimeOf(right: PhysicalNode, plan: PlanNode): number {
	const position = plan.schema.findIndex((field) => timeAttributeOf(field.type) === "rowtime");
	if (position >= 0 && position < right.schema.length) return position;
	throw new EngineError("UNSUPPORTED", "A temporal join needs an event-time attribute in the versioned table", {
		remedy: "Declare a WATERMARK on the table's time column",
	});
}

/** A looked-up table, with what is computed and filtered above it expressed over its columns. */
interface LookedUp {
	readonly scan: ScanNode;
	readonly exprs: readonly Expr[];
	readonly conditions: readonly Expr[];
}

function lookedUp(node: PlanNode): LookedUp | undefined {
	switch (node.kind) {
		case "Scan":
			return { scan: node, exprs: node.schema.map(({ type }, index) => column(index, type)), conditions: [] };
		case "Watermark":
			return lookedUp(node.input);
		case "Filter": {
			const input = lookedUp(node.input);
			return input && { ...input, conditions: [...input.conditions, substitute(node.condition, input.exprs)] };
		}
		case "Project": {
			const input = lookedUp(node.input);
			return input && { ...input, exprs: node.exprs.map((expr) => substitute(expr, input.exprs)) };
		}
		default:
			return undefined;
	}
}

function lookupJoin(node: JoinNode, table: LookedUp, type: "inner" | "left", translator: Translator): PhysicalNode {
	const left = translator.input(node.left);
	const leftWidth = left.schema.length;
	const rightExprs = table.exprs.map((expr) => mapColumns(expr, (index) => index + leftWidth));
	const leftExprs = node.left.schema.map((field, index) => column(index, field.type));
	const joined = [...leftExprs, ...rightExprs];
	const conditions = [
		...conjunctsOf(node.condition).map((conjunct) => substitute(conjunct, joined)),
		...table.conditions.map((condition) => mapColumns(condition, (index) => index + leftWidth)),
	];
	const { keys, rest } = splitJoinCondition(conjunction(conditions), leftWidth);
	if (keys.length === 0) {
		throw new EngineError(
			"UNSUPPORTED",
			`A lookup join needs an equality with a column of '${table.scan.table.path.join(".")}'`,
			{
				remedy: "Add a condition such as left.key = right.key to ON",
			},
		);
	}
	if (type === "left" && table.exprs.some((expr) => expr.kind !== "column")) {
		throw new EngineError("UNSUPPORTED", "A LEFT lookup join cannot read computed columns of the looked-up table", {
			remedy: "Compute them in the SELECT list above the join",
		});
	}
	const spec = {
		operator: "LookupJoin",
		type,
		table: table.scan.table,
		projection: table.scan.projection,
		leftKeys: keys.map((key) => key.left),
		rightKeys: keys.map((key) => key.right),
		condition: conjunction(rest),
		leftWidth,
	} as const;
	const schema = [...left.schema, ...table.scan.schema];
	const result = onto(left, spec, schema, ANY);
	return calc(result, undefined, joined, node.schema);
}
