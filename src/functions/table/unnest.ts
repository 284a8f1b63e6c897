// UNNEST: the elements of a collection as rows. Rows become their fields, entries of a map key and value; a multiset gives
// each element as often as it holds it.
import { INTEGER, notNull, row, type SqlType } from "../../types/sql-type.js";
import type { Row, Value } from "../../types/value.js";
import type { Argument, BoundCall, TableFunction } from "../function.js";

/** The columns of the elements: a nullable row makes them nullable. */
function fieldsOf(type: SqlType): readonly { readonly name: string; readonly type: SqlType }[] | undefined {
	if (type.kind === "MAP") {
		return [
			{ name: "KEY", type: type.key },
			{ name: "VALUE", type: type.value },
		];
	}
	if (type.kind !== "ARRAY" && type.kind !== "MULTISET") return undefined;
	const { element } = type;
	if (element.kind !== "ROW") return [{ name: "EXPR$0", type: element }];
	if (!element.nullable) return element.fields;
	return element.fields.map((field) => ({ ...field, type: { ...field.type, nullable: true } }));
}

function* repeated(items: readonly (readonly [Value, number])[]): Iterable<Value> {
	for (const [item, count] of items) for (let i = 0; i < count; i++) yield item;
}

/** A NULL among rows gives no row; among other elements it is one. */
function* rowsOf(value: Value, type: SqlType): Iterable<Row> {
	if (value === null) return;
	const items = value as readonly Value[];
	if (type.kind === "MAP") {
		for (const [key, item] of items as readonly [Value, Value][]) yield [key, item];
		return;
	}
	const { element } = type as { element: SqlType };
	const isRow = element.kind === "ROW";
	const elements = type.kind === "ARRAY" ? items : repeated(items as readonly [Value, number][]);
	for (const item of elements) {
		if (!isRow) yield [item];
		else if (item !== null) yield item as Row;
	}
}

function unnest(name: string, ordinality: boolean): TableFunction {
	return {
		name,
		family: "table",
		signatures: [`${name}(array, map or multiset)`],
		doc: ordinality
			? "The elements of a collection as rows, with their place from 1."
			: "The elements of a collection as rows.",
		resolve(args: readonly Argument[]) {
			const [collection, ...rest] = args;
			const fields = collection && rest.length === 0 ? fieldsOf(collection.type) : undefined;
			if (collection === undefined || fields === undefined) return undefined;
			const all = ordinality ? [...fields, { name: "ORDINALITY", type: notNull(INTEGER) }] : fields;
			return { parameters: [collection.type], row: notNull(row(all)) };
		},
		implement({ args }: BoundCall) {
			const { type } = args[0] as Argument;
			if (!ordinality) return (value) => rowsOf(value as Value, type);
			return function* (value) {
				let place = 0;
				for (const item of rowsOf(value as Value, type)) yield [...item, ++place];
			};
		},
	};
}

export const unnestFunctions: readonly TableFunction[] = [
	unnest("UNNEST", false),
	unnest("UNNEST WITH ORDINALITY", true),
];
