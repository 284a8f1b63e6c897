// Aggregates that keep their values: LISTAGG, COLLECT, ARRAY_AGG, JSON_ARRAYAGG, JSON_OBJECTAGG, SINGLE_VALUE,
// APPROX_COUNT_DISTINCT. Values stand in order of arrival.
import { EngineError } from "../../errors.js";
import { array, BIGINT, multiset, type SqlType, varchar } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { ANY, parameter, sameAs, TEXT, UNIT } from "../define.js";
import type { Argument, BoundCall, RowAccumulator } from "../function.js";
import { clausesOf } from "../json/clauses.js";
import { jsonText } from "../json/document.js";
import { nodeWriter } from "../json/value-node.js";
import {
	type AggregateDefinition,
	accumulator,
	aggregateFamily,
	type CountedValues,
	countValue,
	sequenceValue,
	type ValueSequence,
} from "./define-aggregate.js";

const typeOf = ({ args }: BoundCall): SqlType => (args[0] as Argument).type;

/** All values in order of arrival. */
function sequence(call: BoundCall, keepNull: boolean, result: (values: readonly Value[]) => Value): RowAccumulator {
	const type = typeOf(call);
	return accumulator<{ values: ValueSequence }>(
		{ values: [] },
		({ values }, [value], by) => {
			if (value !== undefined && (keepNull || value !== null)) sequenceValue(values, value, type, by);
		},
		({ values }) => result(values.map((item) => item.value)),
	);
}

/** The separator is that of the call when it is a literal, else that of the last row. */
function listAgg(call: BoundCall): RowAccumulator {
	const type = typeOf(call);
	return accumulator<{ values: ValueSequence; separator: string }>(
		{ values: [], separator: "," },
		(state, [value, separator = ","], by) => {
			state.separator = separator as string;
			if (value !== null && value !== undefined) sequenceValue(state.values, value, type, by);
		},
		({ values, separator }) => (values.length === 0 ? null : values.map((item) => item.value).join(separator)),
	);
}

function collect(call: BoundCall): RowAccumulator {
	const type = typeOf(call);
	return accumulator<{ values: CountedValues }>(
		{ values: new Map() },
		({ values }, [value], by) => {
			if (value !== null && value !== undefined) countValue(values, value, type, by);
		},
		({ values }) => [...values.values()].filter((item) => item.count > 0).map((item) => [item.value, item.count]),
	);
}

/** Distinct values, counted exactly: an estimate would only save memory. */
function countDistinct(call: BoundCall): RowAccumulator {
	const type = typeOf(call);
	return accumulator<{ values: CountedValues }>(
		{ values: new Map() },
		({ values }, [value], by) => {
			if (value !== null && value !== undefined) countValue(values, value, type, by);
		},
		({ values }) => BigInt(values.size),
	);
}

function single(call: BoundCall): RowAccumulator {
	return sequence(call, true, (values) => {
		if (values.length <= 1) return values[0] ?? null;
		throw new EngineError("INVALID_QUERY", "A subquery in place of a value gave more than one row", {
			remedy: "Add LIMIT 1 or an aggregate",
		});
	});
}

function jsonArrayAgg(call: BoundCall, nullByDefault: boolean): RowAccumulator {
	const write = nodeWriter(typeOf(call));
	const { onNull } = clausesOf(call.args);
	const keepNull = onNull === undefined ? nullByDefault : onNull === "NULL";
	return sequence(call, keepNull, (values) => jsonText(values.map(write)));
}

function jsonObjectAgg({ args }: BoundCall, nullByDefault: boolean): RowAccumulator {
	const write = nodeWriter((args[1] as (typeof args)[number]).type);
	const { onNull } = clausesOf(args);
	const keepNull = onNull === undefined ? nullByDefault : onNull === "NULL";
	return accumulator<{ fields: Map<string, Value> }>(
		{ fields: new Map() },
		({ fields }, [name, value], by) => {
			if (name === null) throw new EngineError("INVALID_ARGUMENT", "JSON_OBJECTAGG got a NULL key");
			if (by === -1) fields.delete(name as string);
			else if (fields.has(name as string)) throw repeatedKey(name as string);
			else if (value !== null || keepNull) fields.set(name as string, value as Value);
		},
		({ fields }) => jsonText(new Map([...fields].map(([name, value]) => [name, write(value)]))),
	);
}

const repeatedKey = (name: string) =>
	new EngineError("INVALID_ARGUMENT", `JSON_OBJECTAGG got the key '${name}' twice`, {
		expected: "keys that are unique in their group",
		remedy: "Group by the key as well, or aggregate the values of a key first",
	});

/** The type that Flink gives the JSON aggregates. */
const JSON_TEXT = varchar(2000);

const jsonArray = (name: string, aliases: readonly string[], nullByDefault: boolean): AggregateDefinition => ({
	name,
	aliases,
	signatures: `${name}(any [{NULL | ABSENT} ON NULL]) -> VARCHAR(2000) NOT NULL`,
	doc: `The values as a JSON array; NULLs are ${nullByDefault ? "kept" : "left out"} unless said otherwise.`,
	example: `${name}(x) of 1, 2 is [1,2]`,
	parameters: [ANY, UNIT],
	optional: 1,
	result: JSON_TEXT,
	nullable: "never",
	create: (call) => jsonArrayAgg(call, nullByDefault),
});

const jsonObject = (name: string, aliases: readonly string[], nullByDefault: boolean): AggregateDefinition => ({
	name,
	aliases,
	signatures: `${name}([KEY] string VALUE any [{NULL | ABSENT} ON NULL]) -> VARCHAR(2000) NOT NULL`,
	doc: `The keys and values as a JSON object; a key twice is an error. NULLs are ${nullByDefault ? "kept" : "left out"} unless said otherwise.`,
	example: `JSON_OBJECTAGG(KEY 'a' VALUE x ${nullByDefault ? "NULL" : "ABSENT"} ON NULL) of 1 is {"a":1}`,
	parameters: [TEXT, ANY, UNIT],
	optional: 1,
	result: JSON_TEXT,
	nullable: "never",
	create: (call) => jsonObjectAgg(call, nullByDefault),
});

const SEPARATOR = parameter((type) => type.kind === "CHAR" || type.kind === "VARCHAR", varchar(1));

export const collectingAggregates = aggregateFamily("collection", [
	{
		name: "LISTAGG",
		signatures: "LISTAGG([DISTINCT] string[, separator]) -> same",
		doc: "The texts joined with a separator, by default a comma; NULLs are skipped.",
		example: "LISTAGG(x) of 'a', 'b' is a,b",
		parameters: [TEXT, SEPARATOR],
		optional: 1,
		result: (types, args) => (args.length === 1 || args[1]?.literal !== undefined ? types[0] : undefined),
		create: listAgg,
	},
	{
		name: "COLLECT",
		signatures: "COLLECT([DISTINCT] any) -> MULTISET NOT NULL",
		doc: "The values as a multiset; NULLs are skipped.",
		example: "COLLECT(x) of 1, 1 is {1=2}",
		parameters: [ANY],
		result: ([type]) => type && multiset(type),
		nullable: "never",
		create: collect,
	},
	{
		name: "ARRAY_AGG",
		signatures: "ARRAY_AGG([DISTINCT] any) -> ARRAY",
		doc: "The values as an array, NULLs too; NULL of no rows.",
		example: "ARRAY_AGG(x) of 1, 2 is [1, 2]",
		parameters: [ANY],
		result: ([type]) => type && array(type),
		nullable: "ungrouped",
		create: (call) => sequence(call, true, (values) => (values.length === 0 ? null : values)),
	},
	jsonArray("JSON_ARRAYAGG", ["JSON_ARRAYAGG_ABSENT_ON_NULL"], false),
	jsonArray("JSON_ARRAYAGG_NULL_ON_NULL", [], true),
	jsonObject("JSON_OBJECTAGG", ["JSON_OBJECTAGG_NULL_ON_NULL"], true),
	jsonObject("JSON_OBJECTAGG_ABSENT_ON_NULL", [], false),
	{
		name: "SINGLE_VALUE",
		signatures: "SINGLE_VALUE(any) -> same",
		doc: "The only value; an error of more than one. Subqueries in place of a value use it.",
		example: "SINGLE_VALUE(x) of 1 is 1",
		parameters: [ANY],
		result: sameAs(0),
		create: single,
	},
	{
		name: "APPROX_COUNT_DISTINCT",
		signatures: "APPROX_COUNT_DISTINCT(any) -> BIGINT NOT NULL",
		doc: "How many distinct values there are that are not NULL; here counted exactly.",
		example: "APPROX_COUNT_DISTINCT(x) of 1, 1, 2 is 2",
		parameters: [ANY],
		result: BIGINT,
		nullable: "never",
		create: countDistinct,
	},
]);
