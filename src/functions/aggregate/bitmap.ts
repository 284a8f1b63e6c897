// Aggregates that build and combine BITMAPs, and those that give only the size of the result.
import { bitmapOf, bitmapValues } from "../../types/bitmap.js";
import { BIGINT, INTEGER, isInteger, type SqlType } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";
import { type Parameter, parameter } from "../define.js";
import type { RowAccumulator } from "../function.js";
import { BITMAP_VALUE } from "../scalar/bitmap.js";
import { type AggregateDefinition, accumulator, aggregateFamily } from "./define-aggregate.js";

const BITMAP: SqlType = { kind: "BITMAP", nullable: true };
const MEMBER = parameter(
	(type) => isInteger(type) && type.kind !== "BIGINT",
	INTEGER,
	() => INTEGER,
);

/** How many inputs hold each integer, and how many inputs there are: enough for AND, OR and XOR, and to take inputs back. */
interface Membership {
	readonly counts: Map<number, number>;
	inputs: number;
}

type Keep = (count: number, inputs: number) => boolean;

function membership(members: (value: Value) => Iterable<number>, keep: Keep, cardinality: boolean): RowAccumulator {
	return accumulator<Membership>(
		{ counts: new Map(), inputs: 0 },
		(state, [value], by) => {
			if (value === null || value === undefined) return;
			state.inputs += by;
			for (const member of members(value)) {
				const count = (state.counts.get(member) ?? 0) + by;
				if (count === 0) state.counts.delete(member);
				else state.counts.set(member, count);
			}
		},
		({ counts, inputs }) => {
			if (inputs === 0) return null;
			const kept = [...counts].filter(([, count]) => keep(count, inputs)).map(([member]) => member);
			return cardinality ? BigInt(kept.length) : bitmapOf(kept);
		},
	);
}

const ofBitmap = (value: Value): Iterable<number> => bitmapValues(value as Uint8Array) ?? [];
const ofInteger = (value: Value): Iterable<number> => [(value as number) >>> 0];

function pair(
	kind: string,
	what: string,
	argument: Parameter,
	members: (value: Value) => Iterable<number>,
	keep: Keep,
): readonly AggregateDefinition[] {
	return [false, true].map((cardinality) => {
		const name = `BITMAP_${kind}_${cardinality ? "CARDINALITY_" : ""}AGG`;
		return {
			name,
			signatures: `${name}(${argument === MEMBER ? "integer" : "bitmap"}) -> ${cardinality ? "BIGINT" : "BITMAP"}`,
			doc: cardinality ? `How many integers are ${what}.` : `The set of the integers ${what}.`,
			example: `${name}(x) of no rows is NULL`,
			parameters: [argument],
			result: cardinality ? BIGINT : BITMAP,
			nullable: "always",
			create: () => membership(members, keep, cardinality),
		} satisfies AggregateDefinition;
	});
}

export const bitmapAggregates = aggregateFamily("bitmap", [
	...pair("BUILD", "among the values", MEMBER, ofInteger, () => true),
	...pair("AND", "in all sets", BITMAP_VALUE, ofBitmap, (count, inputs) => count === inputs),
	...pair("OR", "in any set", BITMAP_VALUE, ofBitmap, () => true),
	...pair("XOR", "in an odd number of sets", BITMAP_VALUE, ofBitmap, (count) => count % 2 === 1),
]);
