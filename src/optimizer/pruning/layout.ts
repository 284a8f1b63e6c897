// A pruned plan, and where the paths of the old output are in its new one.
import type { PlanNode } from "../../plan/nodes.js";
import { childrenOf, column, type Expr, withChildren } from "../../types/expr.js";
import { columnsFrom, projectTo } from "../plan-building.js";
import { type Needs, type Path, pathOf } from "./needs.js";

export class Layout {
	readonly plan: PlanNode;
	/** The old path of each new column. */
	readonly paths: readonly Path[];
	readonly #index = new Map<string, number>();

	constructor(plan: PlanNode, paths: readonly Path[]) {
		this.plan = plan;
		this.paths = paths;
		paths.forEach((path, i) => {
			if (!this.#index.has(path.join())) this.#index.set(path.join(), i);
		});
	}

	/** Where a whole column went. */
	column(index: number): number {
		const found = this.#index.get(String(index));
		if (found === undefined) throw new Error(`column ${index} was pruned from ${this.plan.kind}`);
		return found;
	}

	columns(indexes: readonly number[]): number[] {
		return indexes.map((index) => this.column(index));
	}

	/** The expression over the new output. */
	expr(expr: Expr): Expr {
		const path = pathOf(expr);
		if (path === undefined)
			return childrenOf(expr).length === 0 ? expr : withChildren(expr, (child) => this.expr(child));
		const at = this.#index.get(path.join());
		if (at !== undefined) return column(at, expr.type);
		if (expr.kind === "field") return { ...expr, input: this.expr(expr.input) };
		throw new Error(`path ${path.join(".")} was pruned from ${this.plan.kind}`);
	}

	/** Only what a reader needs, for readers that move or keep rows. */
	narrowed(needs: Needs): Layout {
		const { paths } = needs;
		const kept = paths.length > 0 ? paths : this.paths.slice(0, 1);
		if (kept.length === this.paths.length && kept.every((path, i) => path.join() === this.paths[i]!.join()))
			return this;
		if (kept.length === this.paths.length && kept.every((path) => this.#index.has(path.join()))) return this;
		return this.arranged(kept);
	}

	/** Just these paths, in this order. */
	arranged(paths: readonly Path[]): Layout {
		const exprs = paths.map((path) => this.#value(path));
		const schema = exprs.map((expr, i) => ({ name: nameOf(expr, this.plan) ?? `$f${i}`, type: expr.type }));
		return new Layout(projectTo(this.plan, exprs, schema), paths);
	}

	#value(path: Path): Expr {
		const at = this.#index.get(path.join());
		if (at !== undefined) return columnsFrom(this.plan.schema)[at]!;
		if (path.length === 1) throw new Error(`column ${path[0]} was pruned from ${this.plan.kind}`);
		const input = this.#value(path.slice(0, -1));
		return fieldOf(input, path.at(-1)!);
	}
}

/** The field of a ROW; NULL when the row is. */
export function fieldOf(input: Expr, index: number): Expr {
	const field = input.type.kind === "ROW" ? input.type.fields[index] : undefined;
	if (field === undefined) throw new Error(`no field ${index} in ${input.type.kind}`);
	const type = input.type.nullable ? { ...field.type, nullable: true } : field.type;
	return { kind: "field", input, index, type };
}

/** `bid.price` for a field of a column. */
export function nameOf(expr: Expr, input: PlanNode): string | undefined {
	if (expr.kind === "column") return input.schema[expr.index]?.name;
	if (expr.kind !== "field" || expr.input.type.kind !== "ROW") return undefined;
	const whole = nameOf(expr.input, input);
	return whole && `${whole}.${expr.input.type.fields[expr.index]?.name}`;
}
