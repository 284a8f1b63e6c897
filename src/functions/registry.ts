// Every SQL function by name. A function is declared once in a family's file; adding a family is one line in a list here.
import { basicAggregates } from "./aggregate/basic.js";
import { bitmapAggregates } from "./aggregate/bitmap.js";
import { collectingAggregates } from "./aggregate/collecting.js";
import { statisticsAggregates } from "./aggregate/statistics.js";
import type { AggregateFunction, ScalarFunction, TableFunction } from "./function.js";
import { arithmeticFunctions } from "./scalar/arithmetic.js";
import { arrayFunctions } from "./scalar/array.js";
import { bitmapFunctions } from "./scalar/bitmap.js";
import { collectionFunctions } from "./scalar/collection.js";
import { comparisonFunctions } from "./scalar/comparison.js";
import { conditionalFunctions } from "./scalar/conditional.js";
import { encodingFunctions } from "./scalar/encoding.js";
import { jsonFunctions } from "./scalar/json.js";
import { jsonConstructFunctions } from "./scalar/json-construct.js";
import { logicalFunctions } from "./scalar/logical.js";
import { mathFunctions } from "./scalar/math.js";
import { printfFunctions } from "./scalar/printf.js";
import { regexpFunctions } from "./scalar/regexp.js";
import { stringFunctions } from "./scalar/string.js";
import { stringSearchFunctions } from "./scalar/string-search.js";
import { systemFunctions } from "./scalar/system.js";
import { temporalArithmeticFunctions } from "./scalar/temporal-arithmetic.js";
import { temporalClockFunctions } from "./scalar/temporal-clock.js";
import { temporalConversionFunctions } from "./scalar/temporal-conversion.js";
import { roundingFunctions, temporalFieldFunctions } from "./scalar/temporal-field.js";
import { unnestFunctions } from "./table/unnest.js";
import { type WindowFunction, windowFunctions } from "./window/window-functions.js";

/** In the order of the documentation. */
export const SCALAR_FAMILIES: readonly (readonly ScalarFunction[])[] = [
	comparisonFunctions,
	logicalFunctions,
	arithmeticFunctions,
	roundingFunctions,
	mathFunctions,
	stringFunctions,
	stringSearchFunctions,
	regexpFunctions,
	printfFunctions,
	temporalFieldFunctions,
	temporalArithmeticFunctions,
	temporalConversionFunctions,
	temporalClockFunctions,
	conditionalFunctions,
	collectionFunctions,
	arrayFunctions,
	jsonFunctions,
	jsonConstructFunctions,
	encodingFunctions,
	bitmapFunctions,
	systemFunctions,
];

export const AGGREGATE_FAMILIES: readonly (readonly AggregateFunction[])[] = [
	basicAggregates,
	statisticsAggregates,
	collectingAggregates,
	bitmapAggregates,
];

export const TABLE_FAMILIES: readonly (readonly TableFunction[])[] = [unnestFunctions];

export const WINDOW_FUNCTIONS: readonly WindowFunction[] = windowFunctions;

interface Named {
	readonly name: string;
	readonly aliases?: readonly string[];
}

function byName<T extends Named>(families: readonly (readonly T[])[]): ReadonlyMap<string, T> {
	const found = new Map<string, T>();
	for (const item of families.flat()) for (const name of [item.name, ...(item.aliases ?? [])]) found.set(name, item);
	return found;
}

const scalars = byName(SCALAR_FAMILIES);
const aggregates = byName(AGGREGATE_FAMILIES);
const tables = byName(TABLE_FAMILIES);
const windows = byName([WINDOW_FUNCTIONS]);

/** Names are case-insensitive; aliases find their function. */
export const scalarFunction = (name: string): ScalarFunction | undefined => scalars.get(name.toUpperCase());

export const aggregateFunction = (name: string): AggregateFunction | undefined => aggregates.get(name.toUpperCase());

export const tableFunction = (name: string): TableFunction | undefined => tables.get(name.toUpperCase());

/** ROW_NUMBER, LAG and the like, which need an OVER clause. */
export const windowFunction = (name: string): WindowFunction | undefined => windows.get(name.toUpperCase());

/** All names and aliases, for near misses and SHOW FUNCTIONS; sorted. */
export const functionNames = (): readonly string[] =>
	[...new Set([...scalars.keys(), ...aggregates.keys(), ...tables.keys(), ...windows.keys()])].sort();
