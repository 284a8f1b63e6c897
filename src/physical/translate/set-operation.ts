// UNION ALL → Union; UNION → Union and a GroupAggregate over all columns; INTERSECT and EXCEPT → SetOperation, two inputs at a time.
import type { SetOperationNode } from "../../plan/nodes.js";
import type { Schema } from "../../types/sql-type.js";
import { ANY, hashBy, onto, type PhysicalNode, physicalNode } from "../physical-node.js";
import { isUpdating } from "../row-kinds.js";
import type { Translator } from "./translator.js";

export function translateSetOperation(node: SetOperationNode, translator: Translator): PhysicalNode {
	const inputs = node.inputs.map((input) => translator.input(input));
	if (node.operation !== "union") {
		const { operation } = node;
		return inputs.reduce((left, right) => combine(operation, node, left, right, translator));
	}
	const union = physicalNode(
		{ operator: "Union" },
		inputs.map((input) => ({ node: input, distribution: ANY })),
		node.schema,
	);
	return node.all ? union : distinct(union, node.schema, translator);
}

function combine(
	kind: "intersect" | "except",
	node: SetOperationNode,
	left: PhysicalNode,
	right: PhysicalNode,
	translator: Translator,
): PhysicalNode {
	const distribution = hashBy(allColumns(node.schema));
	return physicalNode(
		{ operator: "SetOperation", kind, all: node.all, final: translator.batch },
		[left, right].map((input) => ({ node: input, distribution })),
		node.schema,
	);
}

const allColumns = (schema: Schema) => schema.map((_, index) => index);

function distinct(input: PhysicalNode, schema: Schema, translator: Translator): PhysicalNode {
	const keys = allColumns(schema);
	const spec = {
		operator: "GroupAggregate",
		keys,
		calls: [],
		inputUpdates: isUpdating(input.kinds),
		updateBefore: false,
		final: translator.batch,
		emitEmpty: false,
	} as const;
	return onto(input, spec, schema, hashBy(keys));
}
