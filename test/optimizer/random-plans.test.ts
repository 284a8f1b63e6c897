// Random plans over random rows: whatever the optimizer makes of a plan gives the rows that the plan gives.
import { expect, test } from "vitest";
import { optimize } from "../../src/optimizer/optimizer.js";
import type { PlanNode } from "../../src/plan/nodes.js";
import { column, type Expr, literal } from "../../src/types/expr.js";
import { BIGINT, BOOLEAN, row as rowType } from "../../src/types/sql-type.js";
import type { Row, Value } from "../../src/types/value.js";
import {
	aggregate,
	aggregateCall,
	CONTEXT,
	col,
	fields,
	filter,
	fn,
	join,
	over,
	project,
	scan,
	sort,
} from "../plan-builder.js";
import { bag, interpret } from "../plan-interpreter.js";

/** A generator of plans and data from one seed. */
class Random {
	#state: number;
	#applies = 0;
	/** Scopes of the queries around: apply id and width. */
	readonly #outer: { id: number; width: number }[] = [];

	constructor(seed: number) {
		this.#state = seed;
	}

	below(bound: number): number {
		this.#state = (this.#state * 1103515245 + 12345) % 2147483648;
		return Math.floor((this.#state / 2147483648) * bound);
	}

	pick<T>(items: readonly T[]): T {
		return items[this.below(items.length)]!;
	}

	value = (): Value => (this.below(5) === 0 ? null : BigInt(this.below(4)));

	expr(node: PlanNode, depth = 2): Expr {
		const choice = this.below(depth > 0 ? 8 : 4);
		if (choice === 0) return literal(this.value(), BIGINT);
		if (choice === 1 && this.#outer.length > 0) {
			const { id, width } = this.pick(this.#outer);
			return { kind: "outer", apply: id, index: this.below(width), type: BIGINT };
		}
		if (choice < 5) return col(node, this.below(node.schema.length));
		if (choice < 7) return fn(this.pick(["+", "-"]), [this.expr(node, depth - 1), this.expr(node, depth - 1)], BIGINT);
		const branches = [{ when: this.condition(node, depth - 1), then: this.expr(node, depth - 1) }];
		return { kind: "case", branches, otherwise: this.expr(node, depth - 1), type: BIGINT };
	}

	condition(node: PlanNode, depth = 2): Expr {
		switch (this.below(depth > 0 ? 9 : 5)) {
			case 0:
				return fn(this.pick(["IS NULL", "IS NOT NULL"]), [this.expr(node, 0)]);
			case 5:
				return fn("NOT", [this.condition(node, depth - 1)]);
			case 6:
				return fn("OR", [
					this.condition(node, depth - 1),
					this.condition(node, depth - 1),
					this.condition(node, depth - 1),
				]);
			case 7:
				return fn("AND", [this.condition(node, depth - 1), this.condition(node, depth - 1)]);
			case 8:
				return fn("IS NOT TRUE", [this.condition(node, depth - 1)]);
			default:
				return fn(this.pick(["=", "=", "=", "<", "<=", "<>", "IS NOT DISTINCT FROM"]), [
					this.expr(node, 1),
					this.expr(node, 1),
				]);
		}
	}

	scan(): PlanNode {
		const read = scan(this.pick(["t", "s"]), { a: BIGINT, b: BIGINT, r: rowType(fields({ x: BIGINT, y: BIGINT })) });
		const part = (index: number): Expr => ({ kind: "field", input: col(read, 2), index, type: BIGINT });
		return project(read, { a: col(read, 0), b: col(read, 1), x: part(0), y: part(1) });
	}

	plan(depth: number): PlanNode {
		if (depth === 0) return this.scan();
		const input = this.plan(depth - 1);
		switch (this.below(11)) {
			case 0:
			case 1:
				return filter(input, this.condition(input));
			case 2:
			case 3: {
				const exprs = Array.from({ length: 1 + this.below(3) }, (_, i) => [`c${i}`, this.expr(input)] as const);
				return project(input, Object.fromEntries(exprs));
			}
			case 4: {
				const keys = Array.from({ length: this.below(3) }, () => this.below(input.schema.length));
				const argument = this.below(input.schema.length);
				const calls = [
					aggregateCall(input, "COUNT"),
					aggregateCall(input, this.pick(["MIN", "MAX"]), [argument], { type: BIGINT }),
					aggregateCall(input, "COUNT", [argument], { distinct: true }),
				];
				return aggregate(input, [...new Set(keys)], calls.slice(0, 1 + this.below(3)));
			}
			case 5:
			case 6: {
				const right = this.plan(this.below(depth));
				const type = this.pick(["inner", "inner", "left", "right", "full", "semi", "anti"] as const);
				const both = { ...input, schema: [...input.schema, ...right.schema] };
				return join(input, right, () => this.condition(both), type);
			}
			case 7:
			case 8:
				return this.apply(input, depth);
			case 9: {
				const columns = input.schema.slice(0, 1);
				const branch = (plan: PlanNode) => project(plan, { c: col(plan, 0) });
				const inputs = [branch(input), branch(this.plan(this.below(depth)))];
				const operation = this.pick(["union", "intersect", "except"] as const);
				return { kind: "SetOperation", inputs, operation, all: this.below(2) === 0, schema: columns };
			}
			default: {
				// Whole rows are ordered, so that ties are equal rows.
				const order = input.schema.map((_, index) => ({
					column: index,
					ascending: this.below(2) === 0,
					nullsFirst: true,
				}));
				if (this.below(2) === 0) return sort(input, order, this.below(4), this.below(2));
				const numbered = over(input, [this.below(input.schema.length)], order, [aggregateCall(input, "ROW_NUMBER")]);
				const rank = column(input.schema.length, BIGINT);
				return filter(numbered, fn(this.pick(["<=", "=", "<"]), [rank, literal(BigInt(1 + this.below(3)), BIGINT)]));
			}
		}
	}

	apply(left: PlanNode, depth: number): PlanNode {
		const id = ++this.#applies;
		this.#outer.push({ id, width: left.schema.length });
		const right = this.plan(this.below(depth));
		this.#outer.pop();
		const type = this.pick(["semi", "anti", "mark", "inner", "left", "single"] as const);
		const compared = type === "semi" || type === "anti" || type === "mark" ? this.below(2) === 0 : false;
		const condition = compared
			? fn("=", [col(left, this.below(left.schema.length)), column(left.schema.length, BIGINT)])
			: undefined;
		if (type === "single") {
			const one = project(sort(right, [], 1), { v: col(right, 0) });
			const all = aggregate(right, [], [aggregateCall(right, this.pick(["COUNT", "MAX"]), [0], { type: BIGINT })]);
			const subquery = this.below(3) === 0 && right.schema.length === 1 ? one : all;
			return this.numbers({
				kind: "Apply",
				type,
				id,
				left,
				right: subquery,
				schema: [...left.schema, { name: "v", type: BIGINT }],
			});
		}
		const added =
			type === "mark" ? [{ name: "m", type: BOOLEAN }] : type === "inner" || type === "left" ? right.schema : [];
		return this.numbers({
			kind: "Apply",
			type,
			id,
			left,
			right,
			condition,
			nullAware: compared,
			schema: [...left.schema, ...added],
		});
	}

	/** All columns of generated plans are BIGINT: a mark becomes one. */
	numbers(node: PlanNode): PlanNode {
		const exprs = node.schema.map((field, index): [string, Expr] => {
			const value = col(node, index);
			if (field.type.kind !== "BOOLEAN") return [`c${index}`, value];
			const isTrue = { when: value, then: literal(1n, BIGINT) };
			const isFalse = { when: fn("NOT", [value]), then: literal(0n, BIGINT) };
			return [
				`c${index}`,
				{ kind: "case", branches: [isTrue, isFalse], otherwise: literal(null, BIGINT), type: BIGINT },
			];
		});
		return project(node, Object.fromEntries(exprs));
	}

	rows(): Row[] {
		const nested = () => (this.below(6) === 0 ? null : [this.value(), this.value()]);
		return Array.from({ length: this.below(6) }, () => [this.value(), this.value(), nested()]);
	}
}

test("batch and streaming rules keep the rows of random plans", () => {
	for (let seed = 1; seed <= 400; seed++) {
		const random = new Random(seed * 7919);
		const plan = random.plan(1 + random.below(4));
		const tables = { t: random.rows(), s: random.rows() };
		let expected: string[];
		try {
			expected = bag(interpret(plan, tables));
		} catch {
			continue;
		}
		for (const batch of [true, false]) {
			const [optimized] = optimize([plan], { batch, options: {}, context: CONTEXT, verify: true }) as [PlanNode];
			expect(bag(interpret(optimized, tables)), `seed ${seed}, ${batch ? "batch" : "streaming"}`).toEqual(expected);
		}
	}
});
