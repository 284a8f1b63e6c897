// The names that an expression may use: the relations of FROM with their columns, and the scopes around it.
import { EngineError, nearestName } from "../../errors.js";
import type { ColumnReference, Name } from "../../sql/ast.js";
import { column, type Expr, mapColumns, rewrite } from "../../types/expr.js";
import { asNullable, type Schema, type SqlType } from "../../types/sql-type.js";

/** A name and what it means over the scope's input. */
export interface ScopeColumn {
	readonly name: string;
	readonly expr: Expr;
}

export interface Relation {
	readonly alias?: string | undefined;
	/** Catalog, database and table, for names qualified beyond the alias. */
	readonly path?: readonly string[] | undefined;
	readonly columns: readonly ScopeColumn[];
}

export interface Scope {
	readonly relations: readonly Relation[];
	/** Columns joined by USING or NATURAL: unqualified, they are one. */
	readonly merged: readonly ScopeColumn[];
	/** What `*` means. */
	readonly star: readonly ScopeColumn[];
	readonly outer?: Outer | undefined;
}

/** The scope around a subquery; its columns are reached as OuterExpr of `apply`. */
export interface Outer {
	readonly scope: Scope;
	readonly apply: number;
}

export const EMPTY_SCOPE: Scope = { relations: [], merged: [], star: [] };

/** One relation whose columns are the input's, by other names if given. */
export function relationScope(
	schema: Schema,
	alias?: string,
	path?: readonly string[],
	names?: readonly string[],
): Scope {
	const columns = schema.map((field, i) => ({ name: names?.[i] ?? field.name, expr: column(i, field.type) }));
	return { relations: [{ alias, path, columns }], merged: [], star: columns };
}

export const withOuter = (scope: Scope, outer: Outer | undefined): Scope => (outer ? { ...scope, outer } : scope);

const nullableExpr = (expr: Expr): Expr => ({ ...expr, type: asNullable(expr.type) }) as Expr;

/** A join side's columns at their place in the joined row; nullable where the other side may miss. */
export function shifted(scope: Scope, by: number, nullable: boolean): Scope {
	const move = (item: ScopeColumn): ScopeColumn => {
		const moved = by === 0 ? item.expr : mapColumns(item.expr, (index) => index + by);
		return { name: item.name, expr: nullable ? nullableExpr(moved) : moved };
	};
	return {
		relations: scope.relations.map((relation) => ({ ...relation, columns: relation.columns.map(move) })),
		merged: scope.merged.map(move),
		star: scope.star.map(move),
		outer: scope.outer,
	};
}

/** An unqualified column of this scope alone; several meanings are an error. */
export function findColumn(scope: Scope, name: Name): Expr | undefined {
	const merged = scope.merged.find((item) => item.name === name.text);
	if (merged !== undefined) return merged.expr;
	const found = scope.relations.flatMap((relation) =>
		relation.columns.filter((item) => item.name === name.text).map((item) => ({ relation, item })),
	);
	if (found.length > 1) {
		const choices = found.map(({ relation }) => `${relation.alias ?? "…"}.${name.text}`).join(" or ");
		throw new EngineError("AMBIGUOUS_COLUMN", `column '${name.text}' is ambiguous`, {
			position: name.position,
			expected: choices,
		});
	}
	return found[0]?.item.expr;
}

/** The relation that names[0..length) stands for. */
export function findRelation(scope: Scope, names: readonly Name[]): Relation | undefined {
	const last = names[names.length - 1] as Name;
	if (names.length === 1) {
		const found = scope.relations.filter((relation) => relation.alias === last.text);
		if (found.length > 1) {
			throw new EngineError("AMBIGUOUS_COLUMN", `'${last.text}' names several tables here`, {
				position: last.position,
			});
		}
		return found[0];
	}
	return scope.relations.find(({ path }) => {
		const tail = path?.slice(-names.length);
		return tail?.length === names.length && tail.every((part, i) => part === names[i]?.text);
	});
}

interface Found {
	readonly expr: Expr;
	/** How many of the names are used. */
	readonly used: number;
}

/** What a dotted name means, as Flink decides: the longest table name first, inner scopes before outer ones, else a column. */
export function resolveReference(scope: Scope, reference: ColumnReference): Expr {
	const found = asQualified(scope, reference) ?? asColumn(scope, reference);
	if (found === undefined) throw unknownColumn(scope, reference);
	return fieldsOf(found.expr, reference.names.slice(found.used));
}

function asQualified(scope: Scope, { names }: ColumnReference): Found | undefined {
	for (let length = names.length - 1; length > 0; length--) {
		for (const [level, lift] of levels(scope)) {
			const relation = findRelation(level, names.slice(0, length));
			if (relation === undefined) continue;
			const name = names[length] as Name;
			const found = findColumn({ ...EMPTY_SCOPE, relations: [relation] }, name);
			if (found === undefined) throw unknownIn(relation, name);
			return { expr: lift(found), used: length + 1 };
		}
	}
	return undefined;
}

function asColumn(scope: Scope, { names }: ColumnReference): Found | undefined {
	for (const [level, lift] of levels(scope)) {
		const found = findColumn(level, names[0] as Name);
		if (found !== undefined) return { expr: lift(found), used: 1 };
	}
	return undefined;
}

/** This scope and those around it, each with how its expressions are seen from here. */
function* levels(scope: Scope): Generator<[Scope, (expr: Expr) => Expr]> {
	yield [scope, (expr) => expr];
	for (let outer = scope.outer; outer !== undefined; outer = outer.scope.outer) {
		const { apply } = outer;
		yield [outer.scope, (expr) => toOuter(expr, apply)];
	}
}

/** An expression over an Apply's left input as seen from its right side. */
export function toOuter(expr: Expr, apply: number): Expr {
	return rewrite(expr, (node) =>
		node.kind === "column" ? { kind: "outer", apply, index: node.index, type: node.type } : node,
	);
}

/** `expr.a.b` for the names that follow a column. */
export function fieldsOf(expr: Expr, names: readonly Name[]): Expr {
	return names.reduce((input, name) => fieldOf(input, name), expr);
}

export function fieldOf(input: Expr, name: Name): Expr {
	const type = input.type;
	if (type.kind !== "ROW") {
		throw new EngineError("UNKNOWN_COLUMN", `'${name.text}' cannot be a field: the value before it is no ROW`, {
			position: name.position,
		});
	}
	const index = type.fields.findIndex((field) => field.name === name.text);
	if (index < 0) {
		const near = nearestName(
			name.text,
			type.fields.map((field) => field.name),
		);
		throw new EngineError("UNKNOWN_COLUMN", `the row has no field '${name.text}'`, {
			position: name.position,
			expected: type.fields.map((field) => field.name).join(", "),
			...(near !== undefined && { remedy: `Did you mean \`${near}\`?` }),
		});
	}
	const field = type.fields[index] as { type: SqlType };
	const fieldType = type.nullable ? asNullable(field.type) : field.type;
	return { kind: "field", input, index, type: fieldType };
}

function unknownIn(relation: Relation, name: Name): EngineError {
	const names = relation.columns.map((item) => item.name);
	const near = nearestName(name.text, names);
	return new EngineError("UNKNOWN_COLUMN", `column '${name.text}' not found in '${relation.alias ?? ""}'`, {
		position: name.position,
		...(near === undefined ? { expected: names.slice(0, 20).join(", ") } : { remedy: `Did you mean \`${near}\`?` }),
	});
}

function unknownColumn(scope: Scope, { names, position }: ColumnReference): EngineError {
	const text = names.map((name) => name.text).join(".");
	const visible: string[] = [];
	for (const [level] of levels(scope)) {
		for (const relation of level.relations) {
			visible.push(...relation.columns.map((item) => item.name));
			if (names.length > 1 && relation.alias !== undefined) visible.push(relation.alias);
		}
	}
	const near = nearestName((names[0] as Name).text, visible);
	const problem =
		names.length > 1
			? `'${(names[0] as Name).text}' in '${text}' is no table or column here`
			: `column '${text}' not found`;
	return new EngineError("UNKNOWN_COLUMN", problem, {
		position,
		...(near !== undefined && { remedy: `Did you mean \`${near}\`?` }),
	});
}
