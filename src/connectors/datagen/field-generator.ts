// Values of one field: random within bounds, or a sequence.
import { EngineError } from "../../errors.js";
import { floorMod, MS_PER_DAY, timestampOf } from "../../types/datetime.js";
import { exactToDecimal, parseDecimal } from "../../types/decimal.js";
import { isInteger, MAX_LENGTH, type SqlType, type TypeOf } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { Value } from "../../types/value.js";
import { type FieldOptions, familyOf } from "./options.js";

export interface FieldGenerator {
	/** The value of this subtask's row `row`; undefined when a sequence has ended. */
	next(row: number): Value | undefined;
}

export interface GeneratorContext {
	readonly subtask: number;
	readonly parallelism: number;
	/** Uniform in [0, 1). */
	random(): number;
	now(): number;
}

export function fieldGenerator(type: SqlType, options: FieldOptions, context: GeneratorContext): FieldGenerator {
	const nullRate = options.get("null-rate", 0);
	const inner =
		options.get<string>("kind", "random") === "sequence"
			? sequence(type, options, context)
			: { next: randomValues(type, options, context) };
	if (nullRate === 0) return inner;
	return {
		next: (row) => {
			const value = inner.next(row);
			return value !== undefined && context.random() < nullRate ? null : value;
		},
	};
}

/** Each subtask takes every `parallelism`-th value. */
function sequence(type: SqlType, options: FieldOptions, { subtask, parallelism }: GeneratorContext): FieldGenerator {
	const start = wholeNumber(options, "start");
	const end = wholeNumber(options, "end");
	if (end < start) options.refuse("end", String(end), `at least ${start}`);
	const convert = fromInteger(type, options);
	return {
		next(row) {
			const value = start + BigInt(subtask) + BigInt(row) * BigInt(parallelism);
			return value > end ? undefined : convert(value);
		},
	};
}

function wholeNumber(options: FieldOptions, name: "start" | "end"): bigint {
	const text = options.need(name).trim();
	return /^[+-]?\d+$/.test(text) ? BigInt(text) : options.refuse(name, text, "an integer");
}

function fromInteger(type: SqlType, options: FieldOptions): (value: bigint) => Value {
	switch (type.kind) {
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "FLOAT":
		case "DOUBLE":
			return Number;
		case "BIGINT":
			return (value) => value;
		case "DECIMAL":
			return (value) => exactToDecimal([value, 0], type);
		case "CHAR":
		case "VARCHAR":
			return String;
		default:
			return options.refuse("kind", "sequence", `random, for a field of type ${typeText(type)}`);
	}
}

type Random = (row: number) => Value;

function randomValues(type: SqlType, options: FieldOptions, context: GeneratorContext): Random {
	const { random, now } = context;
	switch (familyOf(type)) {
		case "number":
			return randomNumber(type, options, random);
		case "boolean":
			return () => random() < 0.5;
		case "text":
			return randomText(type as TypeOf<"CHAR" | "VARCHAR">, options, random);
		case "bytes":
			return randomBytes(type as TypeOf<"BINARY" | "VARBINARY">, options, random);
		case "instant": {
			const { precision } = type as TypeOf<"TIMESTAMP">;
			const past = options.get("max-past", 0);
			return () => timestampOf(now() - Math.floor(random() * (past + 1)), 0, precision);
		}
		case "now":
			return type.kind === "DATE" ? () => Math.floor(now() / MS_PER_DAY) : () => floorMod(now(), MS_PER_DAY);
		case "interval": {
			const limit = type.kind === "INTERVAL_YEAR_MONTH" ? 120_000 : 10_000 * MS_PER_DAY;
			return () => Math.floor(random() * limit);
		}
		case "nested":
			return randomNested(type, options, context);
		default:
			throw new EngineError("INVALID_SCHEMA", `datagen makes no values of type ${typeText(type)}`);
	}
}

const INTEGER_BITS: Readonly<Record<string, bigint>> = { TINYINT: 7n, SMALLINT: 15n, INTEGER: 31n, BIGINT: 63n };

function randomNumber(type: SqlType, options: FieldOptions, random: () => number): Random {
	if (isInteger(type)) {
		const limit = 2n ** INTEGER_BITS[type.kind]!;
		const min = bound(options, "min", -limit, 0);
		const max = bound(options, "max", limit - 1n, 0);
		return type.kind === "BIGINT" ? randomBigint(min, max, random) : randomInteger(Number(min), Number(max), random);
	}
	if (type.kind === "DECIMAL") {
		const limit = 10n ** BigInt(type.precision);
		return randomBigint(bound(options, "min", 0n, type.scale), bound(options, "max", limit - 1n, type.scale), random);
	}
	const limit = type.kind === "FLOAT" ? 3.4028234663852886e38 : Number.MAX_VALUE;
	const min = realBound(options, "min", -limit);
	const max = realBound(options, "max", limit);
	const between = (share: number) => min * (1 - share) + max * share;
	return type.kind === "FLOAT" ? () => Math.fround(between(random())) : () => between(random());
}

function bound(options: FieldOptions, name: "min" | "max", otherwise: bigint, scale: number): bigint {
	const text = options.get<string | undefined>(name, undefined);
	if (text === undefined) return otherwise;
	const exact = parseDecimal(text.trim());
	const value = exact && exactToDecimal(exact, { precision: 38, scale });
	return value ?? options.refuse(name, text, "a number");
}

function realBound(options: FieldOptions, name: "min" | "max", otherwise: number): number {
	const text = options.get<string | undefined>(name, undefined);
	if (text === undefined) return otherwise;
	const value = text.trim() === "" ? Number.NaN : Number(text);
	return Number.isFinite(value) ? value : options.refuse(name, text, "a number");
}

const randomInteger =
	(min: number, max: number, random: () => number): Random =>
	() =>
		min + Math.floor(random() * (max - min + 1));

function randomBigint(min: bigint, max: bigint, random: () => number): Random {
	const span = max - min + 1n;
	if (span < 2n ** 53n) return () => min + BigInt(Math.floor(random() * Number(span)));
	const bits = () => BigInt(Math.floor(random() * 2 ** 32));
	return () => min + (((bits() << 96n) | (bits() << 64n) | (bits() << 32n) | bits()) % span);
}

/** Hexadecimal digits, as Flink's. */
function randomText(type: TypeOf<"CHAR" | "VARCHAR">, options: FieldOptions, random: () => number): Random {
	const length = lengthOf(type, type.kind === "CHAR", options, random);
	const digits = () =>
		Math.floor(random() * 2 ** 48)
			.toString(16)
			.padStart(12, "0");
	return () => {
		const wanted = length();
		let text = "";
		while (text.length < wanted) text += digits();
		return text.slice(0, wanted);
	};
}

function randomBytes(type: TypeOf<"BINARY" | "VARBINARY">, options: FieldOptions, random: () => number): Random {
	const length = lengthOf(type, type.kind === "BINARY", options, random);
	return () => Uint8Array.from({ length: length() }, () => Math.floor(random() * 256));
}

function lengthOf(type: { readonly length: number }, isFixed: boolean, options: FieldOptions, random: () => number) {
	if (isFixed) return () => type.length;
	const length = options.get("length", type.length === MAX_LENGTH ? 100 : type.length);
	if (length > type.length) options.refuse("length", String(length), `at most ${type.length}`);
	return options.get("var-len", false) ? () => 1 + Math.floor(random() * length) : () => length;
}

function randomNested(type: SqlType, options: FieldOptions, context: GeneratorContext): Random {
	const inner = (name: string, innerType: SqlType): Random => {
		const field = fieldGenerator(innerType, options.child(name), context);
		return (row) => field.next(row) as Value;
	};
	switch (type.kind) {
		case "ROW": {
			const fields = type.fields.map((field) => inner(field.name, field.type));
			return (row) => fields.map((next) => next(row));
		}
		case "ARRAY": {
			const next = inner("element", type.element);
			const length = options.get("length", 3);
			return (row) => Array.from({ length }, () => next(row));
		}
		case "MAP":
			return randomEntries(inner("key", type.key), inner("value", type.value), options.get("length", 3));
		case "MULTISET":
			return randomEntries(inner("element", (type as TypeOf<"MULTISET">).element), () => 1, options.get("length", 3));
		default:
			throw new EngineError("INTERNAL", `${typeText(type)} is not nested`);
	}
}

/** Keys may fall together; the later entry stays. */
function randomEntries(key: Random, value: Random, length: number): Random {
	return (row) => {
		const entries = new Map<string, [Value, Value]>();
		for (let i = 0; i < length; i++) {
			const name = key(row);
			entries.set(
				JSON.stringify(name, (_, part) => (typeof part === "bigint" ? `${part}n` : part)),
				[name, value(row)],
			);
		}
		return [...entries.values()];
	};
}
