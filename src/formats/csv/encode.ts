// Rows → CSV, quoted where Flink's writer quotes.
import { EngineError } from "../../errors.js";
import { dateText } from "../../types/datetime-text.js";
import { doubleText, floatText } from "../../types/double-text.js";
import { isNested, type SqlType, type TypeOf } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { Value } from "../../types/value.js";
import { encodeBase64 } from "../base64.js";
import { type EncodeContext, type Encoder, type RowWriter, textEncoder, writtenFields } from "../format.js";
import { QUOTING, type TextColumn, textRowsEncoder } from "../text-rows.js";
import { clockText, decimalDigits, timestampDigits } from "../value-digits.js";
import type { CsvOptions } from "./options.js";

/** Longer texts are quoted without looking at them. */
const MAX_QUOTE_CHECK = 24;

type Write = (value: Exclude<Value, null>) => string;

export function csvRowWriter(context: EncodeContext, options: CsvOptions): RowWriter {
	const writers = writtenFields(context).map(({ type }) => fieldWriter(type, options));
	const nullText = options.nullLiteral ?? "";
	return (values) => {
		const fields = values.map((value, i) => (value === null ? nullText : (writers[i] as Write)(value)));
		return `${fields.join(options.delimiter)}\n`;
	};
}

/** Whole batches by the kernel, which knows ASCII delimiters only. */
export function csvEncoder(context: EncodeContext, options: CsvOptions): Encoder {
	const { delimiter, quote, escapeChar, nullLiteral = "", plainDecimals } = options;
	if ([delimiter, quote, escapeChar].some((char) => (char ?? "") > "\x7f")) {
		return textEncoder(context, csvRowWriter(context, options));
	}
	const quoting = quote === undefined ? QUOTING.NEVER : QUOTING.IF_NEEDED;
	const columns = writtenFields(context).map(
		({ type }, i): TextColumn => ({
			index: context.columns[i] as number,
			type,
			before: i === 0 ? "" : delimiter,
			nullText: nullLiteral,
			quoting,
			timeQuoting: quoting,
			quote: quote ?? "",
			highest: highestSpecial(delimiter, quote ?? ""),
			escapeChar,
			separator: " ",
			plainDecimals,
			write: fieldWriter(type, options),
		}),
	);
	return textRowsEncoder(columns, "\n");
}

/** Characters up to this one need quotes. */
const highestSpecial = (delimiter: string, quote: string) =>
	Math.max(delimiter.charCodeAt(0), quote.charCodeAt(0) || 0, 0x0d);

/** Numbers and booleans are written as they are, all else as text that may need quotes. */
function fieldWriter(type: SqlType, options: CsvOptions): Write {
	const write = valueWriter(type, options);
	const { quote, escapeChar } = options;
	if (isBare(type) || quote === undefined) return write;
	const highest = highestSpecial(options.delimiter, quote);
	const needsQuotes = (text: string) => {
		if (text.length > MAX_QUOTE_CHECK) return true;
		for (let i = 0; i < text.length; i++) {
			if (text.charCodeAt(i) <= highest || text[i] === escapeChar) return true;
		}
		return false;
	};
	const doubled = (text: string) => {
		const quoted = text.replaceAll(quote, quote + quote);
		return escapeChar === undefined || escapeChar === quote
			? quoted
			: quoted.replaceAll(escapeChar, escapeChar + escapeChar);
	};
	return (value) => {
		const text = write(value);
		return needsQuotes(text) ? quote + doubled(text) + quote : text;
	};
}

function isBare({ kind }: SqlType): boolean {
	switch (kind) {
		case "BOOLEAN":
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "BIGINT":
		case "FLOAT":
		case "DOUBLE":
		case "DECIMAL":
			return true;
		default:
			return false;
	}
}

function valueWriter(type: SqlType, options: CsvOptions): Write {
	switch (type.kind) {
		case "BOOLEAN":
		case "TINYINT":
		case "SMALLINT":
		case "INTEGER":
		case "BIGINT":
		case "CHAR":
		case "VARCHAR":
			return String;
		case "FLOAT":
			return (value) => floatText(value as number);
		case "DOUBLE":
			return (value) => doubleText(value as number);
		case "DECIMAL":
			return (value) => decimalDigits(value as bigint, type.scale, options.plainDecimals);
		case "BINARY":
		case "VARBINARY":
			return (value) => encodeBase64(value as Uint8Array);
		case "DATE":
			return (value) => dateText(value as number);
		case "TIME":
			return (value) => clockText(value as number);
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return (value) => timestampDigits(value, type);
		case "ARRAY":
		case "ROW":
			return nestedWriter(type, options);
		default:
			throw new EngineError("INVALID_SCHEMA", `CSV has no values of type ${typeText(type)}`);
	}
}

function nestedWriter(type: TypeOf<"ARRAY" | "ROW">, options: CsvOptions): Write {
	const inner = type.kind === "ARRAY" ? [type.element] : type.fields.map((field) => field.type);
	if (inner.some(isNested)) {
		throw new EngineError("INVALID_SCHEMA", `CSV has no values of type ${typeText(type)}`, {
			expected: "simple types inside of ARRAY and ROW",
		});
	}
	const writers = inner.map((each) => valueWriter(each, options));
	const writerAt = (i: number) => writers[type.kind === "ARRAY" ? 0 : i] as Write;
	const nullText = options.nullLiteral ?? "";
	return (value) =>
		(value as readonly Value[])
			.map((item, i) => (item === null ? nullText : writerAt(i)(item)))
			.join(options.elementDelimiter);
}
