// What readers need of a plan's output: column paths, a column index followed by ROW field indexes. A path stands for all below it.
import { childrenOf, type Expr } from "../../types/expr.js";

export type Path = readonly number[];

/** A set of paths none of which lies within another. */
export class Needs {
	readonly #paths: Path[] = [];

	/** In column order; parts of one column in field order. */
	get paths(): readonly Path[] {
		return [...this.#paths].sort(comparePaths);
	}

	/** Needed columns, of those needed in parts as well, ascending. */
	get columns(): readonly number[] {
		return [...new Set(this.paths.map((path) => path[0]!))];
	}

	add(path: Path): this {
		if (this.#paths.some((known) => isWithin(path, known))) return this;
		for (let i = this.#paths.length - 1; i >= 0; i--) if (isWithin(this.#paths[i]!, path)) this.#paths.splice(i, 1);
		this.#paths.push(path);
		return this;
	}

	addAll(paths: Iterable<Path>): this {
		for (const path of paths) this.add(path);
		return this;
	}

	addColumns(columns: Iterable<number>): this {
		for (const column of columns) this.add([column]);
		return this;
	}

	addExprs(exprs: Iterable<Expr>): this {
		for (const expr of exprs) {
			const path = pathOf(expr);
			if (path === undefined) this.addExprs(childrenOf(expr));
			else this.add(path);
		}
		return this;
	}
}

const isWithin = (path: Path, whole: Path) => whole.length <= path.length && whole.every((step, i) => step === path[i]);

function comparePaths(left: Path, right: Path): number {
	for (let i = 0; i < Math.min(left.length, right.length); i++) {
		if (left[i] !== right[i]) return left[i]! - right[i]!;
	}
	return left.length - right.length;
}

/** `bid.price`: the path of a chain of field accesses to a column. */
export function pathOf(expr: Expr): Path | undefined {
	if (expr.kind === "column") return [expr.index];
	if (expr.kind !== "field") return undefined;
	const input = pathOf(expr.input);
	return input && [...input, expr.index];
}
