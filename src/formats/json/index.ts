// The formats `json` and `debezium-json`: one JSON object per line.
import type { OptionDescriptions } from "../../types/option.js";
import { option } from "../../types/option.js";
import { isAddition, RowKind } from "../../types/row-kind.js";
import type { Schema } from "../../types/sql-type.js";
import type { Row } from "../../types/value.js";
import type { EncodeContext, Encoder, Format } from "../format.js";
import { JsonLinesDecoder, type JsonMessageReader } from "./decode.js";
import { JSON_OPTIONS, jsonOptions } from "./options.js";
import { isObject, JsonMismatch, type JsonObject } from "./read-value.js";
import { type JsonRowReader, jsonRowReader } from "./row-reader.js";
import { jsonRowWriter } from "./write-value.js";

export const json: Format = {
	name: "json",
	doc: "One JSON object per line.",
	options: JSON_OPTIONS,
	changelog: "insert",
	decoder(context) {
		const options = jsonOptions(context.options, "json");
		const read = jsonRowReader(context.schema, context.projection, options);
		return new JsonLinesDecoder(context, options, false, (message, emit) => emit(read(message), RowKind.INSERT));
	},
	encoder(context) {
		const write = jsonRowWriter(writtenFields(context), jsonOptions(context.options, "json"));
		return linesEncoder((row) => write(context.columns.map((index) => row[index] ?? null)));
	},
};

const DEBEZIUM_OPTIONS = {
	"schema-include": option.boolean({ default: false, doc: "Messages are wrapped in { schema, payload }." }),
	"ignore-parse-errors": JSON_OPTIONS["ignore-parse-errors"],
	"timestamp-format.standard": JSON_OPTIONS["timestamp-format.standard"],
	"map-null-key.mode": JSON_OPTIONS["map-null-key.mode"],
	"map-null-key.literal": JSON_OPTIONS["map-null-key.literal"],
	"encode.decimal-as-plain-number": JSON_OPTIONS["encode.decimal-as-plain-number"],
	"encode.ignore-null-fields": JSON_OPTIONS["encode.ignore-null-fields"],
} satisfies OptionDescriptions;

export const debeziumJson: Format = {
	name: "debezium-json",
	doc: "Changes of database rows as Debezium writes them: one JSON object { before, after, op } per line.",
	options: DEBEZIUM_OPTIONS,
	changelog: "retract",
	decoder(context) {
		const options = jsonOptions(context.options, "debezium-json");
		const read = changeReader(jsonRowReader(context.schema, context.projection, options));
		const wrapped = context.options["schema-include"]?.toLowerCase() === "true";
		return new JsonLinesDecoder(context, options, true, wrapped ? unwrapped(read) : read);
	},
	encoder(context) {
		const write = jsonRowWriter(writtenFields(context), jsonOptions(context.options, "debezium-json"));
		return linesEncoder((row, kind) => {
			const text = write(context.columns.map((index) => row[index] ?? null));
			return isAddition(kind) ? `{"before":null,"after":${text},"op":"c"}` : `{"before":${text},"after":null,"op":"d"}`;
		});
	},
};

const writtenFields = ({ schema, columns }: EncodeContext): Schema =>
	columns.map((index) => schema[index] as Schema[number]);

const unwrapped =
	(read: JsonMessageReader): JsonMessageReader =>
	(message, emit) => {
		const { payload } = message;
		if (!isObject(payload)) throw new JsonMismatch("'payload' is missing");
		read(payload, emit);
	};

function changeReader(read: JsonRowReader): JsonMessageReader {
	const image = (message: JsonObject, name: "before" | "after") => {
		const row = message[name];
		if (isObject(row)) return read(row);
		throw new JsonMismatch(
			`'${name}' of an ${message.op === "u" ? "update" : message.op === "d" ? "delete" : "insert"} is missing${
				name === "before" ? " (a Postgres table needs REPLICA IDENTITY FULL)" : ""
			}`,
		);
	};
	return (message, emit) => {
		switch (message.op) {
			case "c":
			case "r":
				return emit(image(message, "after"), RowKind.INSERT);
			case "u":
				emit(image(message, "before"), RowKind.UPDATE_BEFORE);
				return emit(image(message, "after"), RowKind.UPDATE_AFTER);
			case "d":
				return emit(image(message, "before"), RowKind.DELETE);
			default:
				throw new JsonMismatch(`unknown 'op' ${JSON.stringify(message.op)}, expected c, r, u or d`);
		}
	};
}

const textEncoder = new TextEncoder();

function linesEncoder(write: (row: Row, kind: RowKind) => string): Encoder {
	return {
		encode(rows, kinds) {
			let text = "";
			for (const [i, row] of rows.entries()) text += `${write(row, kinds?.[i] ?? RowKind.INSERT)}\n`;
			return textEncoder.encode(text);
		},
		finish: () => new Uint8Array(),
	};
}
