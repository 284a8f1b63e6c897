// SQL types ⇄ Parquet's schema: what is written, and how values of a file's columns are read.
import type { SchemaElement, SchemaTree } from "hyparquet";
import { EngineError } from "../../errors.js";
import { timestampOf } from "../../types/datetime.js";
import { toDecimal } from "../../types/decimal.js";
import type { Field, Schema, SqlType, TypeOf } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import { decodeUtf8, encodeUtf8 } from "../../types/utf8.js";
import { timestampUnit, type Value } from "../../types/value.js";

/** The elements of a schema in Parquet's order: the root, then each column with what is below it. */
export function schemaElements(schema: Schema): SchemaElement[] {
	return [{ name: "root", num_children: schema.length }, ...schema.flatMap(elementsOf)];
}

/** A column with what is below it. */
export function elementsOf({ name, type }: Field): SchemaElement[] {
	const repetition_type = type.nullable ? "OPTIONAL" : "REQUIRED";
	const leaf = (element: Omit<SchemaElement, "name">): SchemaElement[] => [{ name, repetition_type, ...element }];
	switch (type.kind) {
		case "BOOLEAN":
			return leaf({ type: "BOOLEAN" });
		case "TINYINT":
			return leaf({ type: "INT32", converted_type: "INT_8" });
		case "SMALLINT":
			return leaf({ type: "INT32", converted_type: "INT_16" });
		case "INTEGER":
			return leaf({ type: "INT32" });
		case "BIGINT":
			return leaf({ type: "INT64" });
		case "FLOAT":
			return leaf({ type: "FLOAT" });
		case "DOUBLE":
			return leaf({ type: "DOUBLE" });
		case "DECIMAL":
			return leaf(decimalElement(type));
		case "CHAR":
		case "VARCHAR":
			return leaf({ type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } });
		case "BINARY":
		case "VARBINARY":
			return leaf({ type: "BYTE_ARRAY" });
		case "DATE":
			return leaf({ type: "INT32", converted_type: "DATE", logical_type: { type: "DATE" } });
		case "TIME":
			return leaf({ type: "INT32", converted_type: "TIME_MILLIS" });
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return leaf(timestampElement(type));
		default:
			return nestedElements(name, type, repetition_type);
	}
}

function decimalElement({ precision, scale }: TypeOf<"DECIMAL">): Omit<SchemaElement, "name"> {
	const bytes = Math.ceil((Math.log2(10) * precision + 1) / 8);
	return {
		...(precision <= 9
			? { type: "INT32" }
			: precision <= 18
				? { type: "INT64" }
				: { type: "FIXED_LEN_BYTE_ARRAY", type_length: bytes }),
		converted_type: "DECIMAL",
		logical_type: { type: "DECIMAL", precision, scale },
		precision,
		scale,
	};
}

const UNITS = { ms: "MILLIS", us: "MICROS", ns: "NANOS" } as const;

function timestampElement({ kind, precision }: TypeOf<"TIMESTAMP" | "TIMESTAMP_LTZ">): Omit<SchemaElement, "name"> {
	const unit = UNITS[timestampUnit(precision)];
	const converted = unit === "NANOS" ? {} : ({ converted_type: `TIMESTAMP_${unit}` } as const);
	const isAdjustedToUTC = kind === "TIMESTAMP_LTZ";
	return { type: "INT64", ...converted, logical_type: { type: "TIMESTAMP", isAdjustedToUTC, unit } };
}

type Repetition = NonNullable<SchemaElement["repetition_type"]>;

function nestedElements(name: string, type: SqlType, repetition_type: Repetition): SchemaElement[] {
	switch (type.kind) {
		case "ARRAY":
			return [
				{ name, repetition_type, converted_type: "LIST", logical_type: { type: "LIST" }, num_children: 1 },
				{ name: "list", repetition_type: "REPEATED", num_children: 1 },
				...elementsOf({ name: "element", type: type.element }),
			];
		case "MAP":
			return [
				{ name, repetition_type, converted_type: "MAP", logical_type: { type: "MAP" }, num_children: 1 },
				{ name: "key_value", repetition_type: "REPEATED", num_children: 2 },
				...elementsOf({ name: "key", type: { ...type.key, nullable: false } }),
				...elementsOf({ name: "value", type: type.value }),
			];
		case "ROW":
			return [{ name, repetition_type, num_children: type.fields.length }, ...type.fields.flatMap(elementsOf)];
		default:
			throw new EngineError("INVALID_SCHEMA", `Parquet has no values of type ${typeText(type)}`);
	}
}

type Convert = (value: unknown) => Value;

/** What the writer takes for a value: bigint for 64-bit and DECIMAL, bytes for text, objects for ROWs. */
export function parquetValue(type: SqlType): (value: Value) => unknown {
	switch (type.kind) {
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return (value) => (typeof value === "number" ? BigInt(value) : value);
		case "CHAR":
		case "VARCHAR":
			return (value) => value && encodeUtf8(value as string);
		case "ARRAY": {
			const element = parquetValue(type.element);
			return (value) => value && (value as readonly Value[]).map(element);
		}
		case "MAP": {
			const key = parquetValue(type.key);
			const inner = parquetValue(type.value);
			return (value) => value && (value as readonly [Value, Value][]).map(([k, v]) => [key(k), inner(v)]);
		}
		case "ROW": {
			const fields = type.fields.map((field) => ({ name: field.name, convert: parquetValue(field.type) }));
			return (value) =>
				value &&
				Object.fromEntries(
					fields.map(({ name, convert }, i) => [name, convert((value as readonly Value[])[i] as Value)]),
				);
		}
		default:
			return (value) => value;
	}
}

/** How a column of a file becomes values of a SQL type. NULLs and missing values are null. */
export function parquetReader(node: SchemaTree, type: SqlType, source: string): Convert {
	const convert = reader(node, type, source);
	if (!convert) {
		const { element } = node;
		const actual = element.logical_type?.type ?? element.converted_type ?? element.type ?? "a group";
		throw new EngineError(
			"INVALID_SCHEMA",
			`column '${element.name}' of ${source} is ${actual}, not ${typeText(type)}`,
		);
	}
	return (value) => (value === null || value === undefined ? null : convert(value));
}

function reader(node: SchemaTree, type: SqlType, source: string): Convert | undefined {
	const { element } = node;
	switch (type.kind) {
		case "BOOLEAN":
			return element.type === "BOOLEAN" ? (value) => value as boolean : undefined;
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "DATE":
			return element.type === "INT32" ? (value) => value as number : undefined;
		case "BIGINT":
			return element.type === "INT64" || element.type === "INT32" ? (value) => BigInt(value as bigint) : undefined;
		case "FLOAT":
		case "DOUBLE":
			return element.type === "FLOAT" || element.type === "DOUBLE" ? (value) => value as number : undefined;
		case "DECIMAL":
			return decimalReader(element, type);
		case "CHAR":
		case "VARCHAR":
			return isBytes(element)
				? (value) => (value instanceof Uint8Array ? decodeUtf8(value) : (value as string))
				: undefined;
		case "BINARY":
		case "VARBINARY":
			return isBytes(element)
				? (value) => (typeof value === "string" ? encodeUtf8(value) : (value as Uint8Array))
				: undefined;
		case "TIME":
			return timeReader(element);
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return timestampReader(element, type.precision);
		default:
			return nestedReader(node, type, source);
	}
}

const isBytes = ({ type }: SchemaElement) => type === "BYTE_ARRAY" || type === "FIXED_LEN_BYTE_ARRAY";

function decimalReader(element: SchemaElement, type: TypeOf<"DECIMAL">): Convert | undefined {
	const scale = element.scale ?? 0;
	if (element.precision === undefined && !/^INT/.test(element.type ?? "")) return undefined;
	return (value) => toDecimal(value instanceof Uint8Array ? bigEndian(value) : BigInt(value as number), scale, type);
}

function bigEndian(bytes: Uint8Array): bigint {
	let value = 0n;
	for (const byte of bytes) value = (value << 8n) | BigInt(byte);
	return BigInt.asIntN(bytes.length * 8, value);
}

function timeReader({ type, converted_type, logical_type }: SchemaElement): Convert | undefined {
	if (type === "INT32") return (value) => value as number;
	const isNanos = logical_type?.type === "TIME" && logical_type.unit === "NANOS";
	if (converted_type !== "TIME_MICROS" && logical_type?.type !== "TIME") return undefined;
	return (value) => Number((value as bigint) / (isNanos ? 1_000_000n : 1000n));
}

function timestampReader(
	{ type, converted_type, logical_type }: SchemaElement,
	precision: number,
): Convert | undefined {
	const unit =
		type === "INT96"
			? "NANOS"
			: logical_type?.type === "TIMESTAMP"
				? logical_type.unit
				: converted_type?.startsWith("TIMESTAMP_")
					? converted_type.slice("TIMESTAMP_".length)
					: undefined;
	const perMs = unit === "NANOS" ? 1_000_000n : unit === "MICROS" ? 1000n : unit === "MILLIS" ? 1n : undefined;
	if (perMs === undefined) return undefined;
	const nanosPerUnit = 1_000_000 / Number(perMs);
	return (value) => {
		const units = BigInt(value as bigint);
		const rest = ((units % perMs) + perMs) % perMs;
		return timestampOf(Number((units - rest) / perMs), Number(rest) * nanosPerUnit, precision);
	};
}

function nestedReader(node: SchemaTree, type: SqlType, source: string): Convert | undefined {
	const [inner] = node.children;
	switch (type.kind) {
		case "ARRAY": {
			const element = inner?.children[0];
			if (!element) return undefined;
			const read = parquetReader(element, type.element, source);
			return (value) => (value as unknown[]).map(read);
		}
		case "MAP": {
			const [key, value] = inner?.children ?? [];
			if (!key || !value) return undefined;
			const readKey = mapKeyReader(key, type.key, source);
			const readValue = parquetReader(value, type.value, source);
			return (entries) => Object.entries(entries as object).map(([k, v]) => [readKey(k), readValue(v)]);
		}
		case "ROW": {
			const fields = type.fields.map((field) => {
				const child = node.children.find(({ element }) => element.name === field.name);
				return { name: field.name, read: child ? parquetReader(child, field.type, source) : () => null };
			});
			return (value) => fields.map(({ name, read }) => read((value as Record<string, unknown>)[name]));
		}
		default:
			return undefined;
	}
}

/** The library gives maps as objects: their keys have become strings. */
function mapKeyReader(node: SchemaTree, type: SqlType, source: string): Convert {
	const read = parquetReader(node, type, source);
	if (node.element.type === "INT32") return (key) => read(Number(key));
	return node.element.type === "INT64" ? (key) => read(BigInt(key as string)) : read;
}
