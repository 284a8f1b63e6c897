// Bound expressions → programs over batches: kernels column by column, JavaScript loops where no kernel fits. Compiled once per
// operator; evaluation costs a few calls per batch.
import { asSame, type Batch, type Column } from "../arrow/batch.js";
import { NarrowColumn } from "../arrow/narrow.js";
import type { Expr } from "../types/expr.js";
import type { FunctionContext } from "../types/function-context.js";
import type { Schema } from "../types/sql-type.js";

import { type MemoryOwner, memoryOwner } from "../wasm/heap.js";
import type { Region } from "../wasm/region.js";
import { compileFilters, type Selection } from "./compile/condition.js";
import { ConstantMemory } from "./compile/constants.js";
import { denseData } from "./compile/gather.js";
import { evaluate, isConstant, type Node } from "./compile/node.js";
import { type ProgramContext, Scope } from "./compile/scope.js";

import type { UserFunctions } from "./evaluate.js";

export type { Selection } from "./compile/condition.js";

export interface CompileOptions {
	readonly user?: UserFunctions | undefined;
	/** Whom the memory of literals is accounted to. */
	readonly owner?: MemoryOwner | undefined;
}

/** Results are in the arena, or are the batch's own columns; valid as long as the batch. */
export interface CompiledExpressions {
	/** One column per expression, with a value per row, or per selected row. Throws what an expression throws, with its row. */
	evaluate(batch: Batch, selection?: Selection): Column[];
	dispose(): void;
}

export interface CompiledCondition {
	/** The rows, among those of `selection`, for which the condition is TRUE. */
	select(batch: Batch, selection?: Selection): Selection;
	/** Whether it may throw for some row. */
	readonly canFail: boolean;
	dispose(): void;
}

export function compileExpressions(
	exprs: readonly Expr[],
	inputSchema: Schema,
	region: Region,
	functions: FunctionContext,
	options: CompileOptions = {},
): CompiledExpressions {
	const program = programContext(inputSchema, region, functions, options);
	const scope = new Scope(program);
	const nodes = exprs.map((expr) => scope.compile(expr));
	return {
		evaluate: ({ columns, length }, selection) => {
			scope.open(columns, selection?.rowIds ?? 0, selection?.rows ?? length);
			return nodes.map((node) => {
				const result = resultOf(scope, node);
				return node.same ? asSame(result) : result;
			});
		},
		dispose: () => program.constants.dispose(),
	};
}

function resultOf({ frame }: Scope, node: Node): Column {
	evaluate(node, frame);
	const { type, physical, validity, narrow } = node;
	if (narrow) return new NarrowColumn(type, validity, narrow);
	return { type, physical, data: isConstant(node) ? denseData(frame, node) : node.data, validity };
}

export function compileCondition(
	condition: Expr,
	inputSchema: Schema,
	region: Region,
	functions: FunctionContext,
	options: CompileOptions = {},
): CompiledCondition {
	const program = programContext(inputSchema, region, functions, options);
	const { select, canFail } = compileFilters(condition, () => new Scope(program));
	return {
		canFail,
		select: (batch, selection) => select(batch.columns, selection ?? { rowIds: 0, rows: batch.length }),
		dispose: () => program.constants.dispose(),
	};
}

function programContext(
	schema: Schema,
	region: Region,
	functions: FunctionContext,
	{ user, owner }: CompileOptions,
): ProgramContext {
	const constants = new ConstantMemory(region, owner ?? memoryOwner("Expressions"));
	return { region, schema, functions, user, constants };
}
