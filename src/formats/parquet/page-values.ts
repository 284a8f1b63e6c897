// Which columns of a file the kernels can decode, and how stored values become those of a column.
import type { SchemaElement } from "hyparquet";
import type { SqlType, TypeOf } from "../../types/sql-type.js";
import { physicalType, timestampUnit } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";

/** Where a kernel reads a machine number: the codes of castTo…. */
const SOURCE = { i32: 2, i64: 3, f32: 4, f64: 5, u32: 8 } as const;

/** `n` values as the file has them, at `from`, → values of the column at `out`; false when one does not fit. */
export type Convert = (region: Region, from: number, n: number, out: number) => boolean;

export type StoredValues =
	/** One bit each. */
	| { readonly kind: "bits" }
	/** Each after its length. */
	| { readonly kind: "texts" }
	| { readonly kind: "fixed"; readonly width: number; readonly convert: Convert };

/** Undefined: not by kernels. */
export function storedValues(element: SchemaElement, type: SqlType): StoredValues | undefined {
	switch (element.type) {
		case "BOOLEAN":
			return type.kind === "BOOLEAN" ? { kind: "bits" } : undefined;
		case "BYTE_ARRAY":
			return isText(type) && !isConverted(element) ? { kind: "texts" } : undefined;
		case "FIXED_LEN_BYTE_ARRAY":
			return ofWidth(element.type_length ?? 0, fixedBytes(element, type));
		case "INT32":
			return ofWidth(4, fromI32(element, type));
		case "INT64":
			return ofWidth(8, fromI64(element, type));
		case "FLOAT":
			return ofWidth(4, fromFloat(SOURCE.f32, type));
		case "DOUBLE":
			return ofWidth(8, fromFloat(SOURCE.f64, type));
		default:
			return undefined;
	}
}

const ofWidth = (width: number, convert: Convert | undefined): StoredValues | undefined =>
	convert && width > 0 ? { kind: "fixed", width, convert } : undefined;

const isText = ({ kind }: SqlType) =>
	kind === "CHAR" || kind === "VARCHAR" || kind === "BINARY" || kind === "VARBINARY";

/** Bytes that the library makes something else of. */
const isConverted = ({ converted_type, logical_type }: SchemaElement) =>
	["DECIMAL", "INTERVAL"].includes(converted_type ?? "") ||
	["DECIMAL", "UUID", "FLOAT16", "VARIANT", "GEOMETRY", "GEOGRAPHY"].includes(logical_type?.type ?? "");

function fixedBytes(element: SchemaElement, type: SqlType): Convert | undefined {
	const width = element.type_length ?? 0;
	if (isText(type) && !isConverted(element)) {
		return ({ kernels }, from, n, out) => {
			kernels.parquetFixedTexts(from, width, n, out);
			return true;
		};
	}
	if (type.kind !== "DECIMAL" || width > 16 || !isSameDecimal(element, type)) return undefined;
	if (physicalType(type) === "i64") {
		return ({ kernels }, from, n, out) => kernels.parquetBigEndian64(from, width, n, out);
	}
	return ({ kernels }, from, n, out) => {
		kernels.parquetBigEndian128(from, width, n, out);
		return true;
	};
}

const precisionOf = ({ type, precision, logical_type }: SchemaElement): number => {
	if (precision !== undefined) return precision;
	if (logical_type?.type === "DECIMAL") return logical_type.precision;
	return type === "INT32" ? 9 : type === "INT64" ? 18 : Number.POSITIVE_INFINITY;
};

/** Whether the digits are those of the type: nothing is rounded, nothing can be too large. */
function isSameDecimal(element: SchemaElement, { precision, scale }: TypeOf<"DECIMAL">): boolean {
	return (element.scale ?? 0) === scale && precisionOf(element) <= precision;
}

const copy =
	(width: number): Convert =>
	({ kernels }, from, n, out) => {
		kernels.copyBytes(out, from, n * width);
		return true;
	};

const cast =
	(kernel: "castToI8" | "castToI16" | "castToI32" | "castToI64" | "castToF32" | "castToF64", source: number): Convert =>
	({ kernels }, from, n, out) => {
		kernels[kernel](source, from, n, out);
		return true;
	};

/** One conversion after the other, with `width` bytes per value between. */
const via =
	(first: Convert, width: number, second: Convert): Convert =>
	(region, from, n, out) => {
		const mark = region.arena.mark();
		const between = region.arena.allocate(n * width);
		const fits = first(region, from, n, between) && second(region, between, n, out);
		region.arena.release(mark);
		return fits;
	};

const widen: Convert = ({ kernels }, from, n, out) => {
	kernels.widenI64(from, n, out);
	return true;
};

function fromI32(element: SchemaElement, type: SqlType): Convert | undefined {
	switch (type.kind) {
		case "TINYINT":
			return cast("castToI8", SOURCE.i32);
		case "SMALLINT":
			return cast("castToI16", SOURCE.i32);
		case "INTEGER":
		case "DATE":
		case "TIME":
			return copy(4);
		case "BIGINT":
			return cast("castToI64", isUnsigned(element) ? SOURCE.u32 : SOURCE.i32);
		case "DECIMAL": {
			if (!isSameDecimal(element, type)) return undefined;
			const toLong = cast("castToI64", SOURCE.i32);
			return physicalType(type) === "i64" ? toLong : via(toLong, 8, widen);
		}
		default:
			return undefined;
	}
}

const isUnsigned = ({ converted_type, logical_type }: SchemaElement) =>
	converted_type?.startsWith("UINT_") || (logical_type?.type === "INTEGER" && !logical_type.isSigned);

function fromI64(element: SchemaElement, type: SqlType): Convert | undefined {
	switch (type.kind) {
		case "BIGINT":
			return copy(8);
		case "DECIMAL":
			if (!isSameDecimal(element, type)) return undefined;
			return physicalType(type) === "i64" ? copy(8) : widen;
		case "TIME": {
			const unit = timeUnit(element, "TIME");
			if (unit === undefined) return undefined;
			return via(scaled(unit, 1000), 8, cast("castToI32", SOURCE.i64));
		}
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ": {
			const unit = timeUnit(element, "TIMESTAMP");
			return unit === undefined ? undefined : scaled(unit, PER_SECOND[timestampUnit(type.precision)]);
		}
		default:
			return undefined;
	}
}

const PER_SECOND = { ms: 1000, us: 1_000_000, ns: 1_000_000_000 } as const;
const UNITS: Readonly<Record<string, number>> = { MILLIS: 1000, MICROS: 1_000_000, NANOS: 1_000_000_000 };

/** Units per second. */
function timeUnit({ logical_type, converted_type }: SchemaElement, kind: "TIME" | "TIMESTAMP"): number | undefined {
	if (logical_type?.type === kind) return UNITS[logical_type.unit];
	return converted_type?.startsWith(`${kind}_`) ? UNITS[converted_type.slice(kind.length + 1)] : undefined;
}

/** From so many units per second to so many. */
function scaled(from: number, to: number): Convert {
	if (from === to) return copy(8);
	if (from < to) return ({ kernels }, source, n, out) => kernels.parquetScale(source, to / from, n, out);
	return ({ kernels }, source, n, out) => {
		kernels.floorDivide(source, from / to, n, out);
		return true;
	};
}

function fromFloat(source: number, type: SqlType): Convert | undefined {
	if (type.kind === "FLOAT") return source === SOURCE.f32 ? copy(4) : cast("castToF32", source);
	if (type.kind !== "DOUBLE") return undefined;
	return source === SOURCE.f64 ? copy(8) : cast("castToF64", source);
}
