// Data types and interval qualifiers as SQL text.
import type { DataType, IntervalQualifier, RowField } from "../ast.js";
import { join, list, printIdentifier, printName, printString } from "./print-name.js";

export function printDataType(type: DataType): string {
	return type.nullable ? printTypeName(type) : `${printTypeName(type)} NOT NULL`;
}

function printTypeName(type: DataType): string {
	switch (type.kind) {
		case "SimpleType": {
			const isZoned = type.name === "TIMESTAMP_TZ";
			const name = isZoned ? "TIMESTAMP" : type.name;
			const numbers = [type.precision, type.scale].filter((number) => number !== undefined);
			const text = numbers.length === 0 ? name : `${name}(${numbers.join(", ")})`;
			return isZoned ? `${text} WITH TIME ZONE` : text;
		}
		case "IntervalType":
			return `INTERVAL ${printQualifier(type.qualifier)}`;
		case "ArrayType":
			return `ARRAY<${printDataType(type.element)}>`;
		case "MultisetType":
			return `MULTISET<${printDataType(type.element)}>`;
		case "MapType":
			return `MAP<${printDataType(type.key)}, ${printDataType(type.value)}>`;
		case "RowType":
			return `ROW<${list(type.fields, printField)}>`;
		case "RawType":
			return `RAW(${printString(type.className)}, ${printString(type.serializer)})`;
		case "StructuredType":
			return `STRUCTURED<${[printString(type.className), ...type.fields.map(printField)].join(", ")}>`;
		case "NamedType":
			return printIdentifier(type.name);
	}
}

function printField({ name, type, comment }: RowField): string {
	return join(printName(name), printDataType(type), comment && printString(comment));
}

export function printQualifier({ start, end, precision, fractionalPrecision }: IntervalQualifier): string {
	if (end !== undefined) {
		const first = precision === undefined ? start : `${start}(${precision})`;
		return `${first} TO ${fractionalPrecision === undefined ? end : `${end}(${fractionalPrecision})`}`;
	}
	const numbers = [precision, fractionalPrecision].filter((number) => number !== undefined);
	return numbers.length === 0 ? start : `${start}(${numbers.join(", ")})`;
}
