// Random specs of operators that look at one row at a time.
import fc from "fast-check";
import { call, column, type Expr, literal } from "../../../src/types/expr.js";
import * as sql from "../../../src/types/sql-type.js";
import { type RandomCase, withSteps } from "./random-case.js";
import { anyTypes, conditions, named, schemas } from "./schemas.js";

const allColumns = (schema: sql.Schema): Expr[] => schema.map(({ type }, i) => column(i, type));
const nulls = (schema: sql.Schema): Expr[] => schema.map(({ type }) => literal(null, sql.asNullable(type)));
const updating = [{ updates: true }];

export const calc: fc.Arbitrary<RandomCase> = schemas(1, 6).chain((schema) => {
	const projected = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...allColumns(schema)) }, conditions(schema));
	return fc
		.tuple(fc.option(conditions(schema), { nil: undefined }), fc.array(projected, { minLength: 1, maxLength: 5 }))
		.chain(([condition, projection]) => {
			const output = named(projection.map(({ type }) => type));
			const spec = { operator: "Calc", condition, projection } as const;
			return withSteps({ driven: { spec, inputs: [schema], output }, ordered: true }, updating);
		});
});

export const expand: fc.Arbitrary<RandomCase> = schemas(1, 5).chain((schema) => {
	const kept = fc.array(fc.boolean(), { minLength: schema.length, maxLength: schema.length });
	return fc.array(kept, { minLength: 1, maxLength: 4 }).chain((sets) => {
		const [columns, missing] = [allColumns(schema), nulls(schema)];
		const id = sql.notNull(sql.BIGINT);
		const projections = sets.map((keeps, set) => [
			...keeps.map((keep, i) => (keep ? columns : missing)[i]!),
			literal(BigInt(set), id),
		]);
		const output = [
			...schema.map(({ name, type }) => ({ name, type: sql.asNullable(type) })),
			{ name: "$e", type: id },
		];
		return withSteps({ driven: { spec: { operator: "Expand", projections }, inputs: [schema], output } }, updating);
	});
});

export const correlate: fc.Arbitrary<RandomCase> = fc
	.record({
		element: anyTypes,
		isMap: fc.boolean(),
		present: fc.boolean(),
		type: fc.constantFrom("inner" as const, "left" as const),
		ordinality: fc.boolean(),
		filtered: fc.boolean(),
	})
	.chain(({ element, isMap, present, type, ordinality, filtered }) => {
		// The entries of a MAP have no order.
		const isNumbered = ordinality && !isMap;
		const collection = sql.withNullability(isMap ? sql.map(sql.STRING, element) : sql.array(element), present);
		const items = isMap
			? [sql.STRING, element]
			: element.kind === "ROW"
				? element.fields.map((f) => f.type)
				: [element];
		const added = named([...items, ...(isNumbered ? [sql.notNull(sql.INTEGER)] : [])], "f");
		const inputs = [named([sql.INTEGER, collection])];
		const output = [...inputs[0]!, ...added].map((field) => ({ ...field, type: sql.asNullable(field.type) }));
		const condition = call("IS NOT NULL", [column(2, added[0]!.type)], sql.notNull(sql.BOOLEAN));
		const spec = {
			operator: "Correlate",
			type,
			function: isNumbered ? "UNNEST WITH ORDINALITY" : "UNNEST",
			args: [column(1, collection)],
			row: sql.notNull(sql.row(added)),
			condition: filtered ? condition : undefined,
		} as const;
		return withSteps({ driven: { spec, inputs, output } }, updating, { maxLength: 15 });
	});

export const union: fc.Arbitrary<RandomCase> = fc
	.tuple(schemas(1, 5), fc.integer({ min: 1, max: 3 }))
	.chain(([schema, inputs]) =>
		withSteps(
			{
				driven: { spec: { operator: "Union" }, inputs: new Array(inputs).fill(schema), output: schema },
				ordered: true,
			},
			new Array(inputs).fill({ updates: true }),
		),
	);

export const dropUpdateBefore: fc.Arbitrary<RandomCase> = schemas(1, 5).chain((schema) =>
	withSteps(
		{ driven: { spec: { operator: "DropUpdateBefore" }, inputs: [schema], output: schema }, ordered: true },
		updating,
	),
);
