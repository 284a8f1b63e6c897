// Reading and writing of JSON lines, plain and as Debezium wraps them.
import { isAddition, RowKind } from "../../types/row-kind.js";
import {
	type EncodeContext,
	type Encoder,
	type FormatCode,
	type RowWriter,
	textEncoder,
	writtenFields,
} from "../format.js";
import { JsonLinesDecoder, type JsonMessageReader } from "./decode.js";
import { jsonRowsEncoder } from "./encode.js";
import { jsonOptions } from "./options.js";
import { isObject, JsonMismatch, type JsonObject } from "./read-value.js";
import { type JsonRowReader, jsonRowReader } from "./row-reader.js";
import { jsonRowWriter } from "./write-value.js";

export const json: FormatCode = {
	decoder(context) {
		const options = jsonOptions(context.options, "json");
		const read = jsonRowReader(context.schema, context.projection, options);
		return new JsonLinesDecoder(context, options, false, (message, emit) => emit(read(message), RowKind.INSERT));
	},
	encoder: (context) =>
		jsonRowsEncoder(context, jsonOptions(context.options, "json"), "{", "}\n") ??
		textEncoder(context, jsonLines(context)),
	rowWriter: jsonLines,
};

export const debeziumJson: FormatCode = {
	decoder(context) {
		const options = jsonOptions(context.options, "debezium-json");
		const read = changeReader(jsonRowReader(context.schema, context.projection, options));
		const wrapped = context.options["schema-include"]?.toLowerCase() === "true";
		return new JsonLinesDecoder(context, options, true, wrapped ? unwrapped(read) : read);
	},
	encoder: changesEncoder,
	rowWriter: changeLines,
};

function jsonLines(context: EncodeContext): RowWriter {
	const write = jsonRowWriter(writtenFields(context), jsonOptions(context.options, "json"));
	return (values) => `${write(values)}\n`;
}

/** Batches without changes go through the kernel. */
function changesEncoder(context: EncodeContext): Encoder {
	const changes = textEncoder(context, changeLines(context));
	const options = jsonOptions(context.options, "debezium-json");
	const inserts = jsonRowsEncoder(context, options, '{"before":null,"after":{', '},"op":"c"}\n') ?? changes;
	return {
		encode: (region, batch) => (batch.kinds === 0 ? inserts : changes).encode(region, batch),
		finish: () => changes.finish(),
	};
}

function changeLines(context: EncodeContext): RowWriter {
	const write = jsonRowWriter(writtenFields(context), jsonOptions(context.options, "debezium-json"));
	return (values, kind) =>
		isAddition(kind)
			? `{"before":null,"after":${write(values)},"op":"c"}\n`
			: `{"before":${write(values)},"after":null,"op":"d"}\n`;
}

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
