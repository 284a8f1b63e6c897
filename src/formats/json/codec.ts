// Reading and writing of JSON lines: rows, and changes of rows in the envelopes of change data capture.
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
import { CANAL, DEBEZIUM, type Envelope, MAXWELL, OGG } from "./envelopes.js";
import { jsonOptions } from "./options.js";
import { isObject, JsonMismatch, type JsonObject } from "./read-value.js";
import { jsonRowReader } from "./row-reader.js";
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

function jsonLines(context: EncodeContext): RowWriter {
	const write = jsonRowWriter(writtenFields(context), jsonOptions(context.options, "json"));
	return (values) => `${write(values)}\n`;
}

type Options = Readonly<Record<string, string>>;

export const debeziumJson = changes("debezium-json", DEBEZIUM, (options) => {
	if (options["schema-include"]?.toLowerCase() !== "true") return (message) => message;
	return ({ payload }) => {
		if (isObject(payload)) return payload;
		throw new JsonMismatch("'payload' is missing");
	};
});

export const canalJson = changes("canal-json", CANAL, (options) => {
	const [database, table] = [included(options["database.include"]), included(options["table.include"])];
	return (message) => (database(message.database) && table(message.table) ? message : undefined);
});

export const maxwellJson = changes("maxwell-json", MAXWELL);
export const oggJson = changes("ogg-json", OGG);

/** Whether a name matches an option's pattern, all of it; every name where there is none. */
function included(pattern: string | undefined): (name: unknown) => boolean {
	if (pattern === undefined) return () => true;
	const regex = new RegExp(`^(?:${pattern})$`);
	return (name) => typeof name === "string" && regex.test(name);
}

/** The code of an envelope's format; `open` finds the envelope in a message, if it is one to read. */
function changes(
	name: string,
	envelope: Envelope,
	open: (options: Options) => (message: JsonObject) => JsonObject | undefined = () => (message) => message,
): FormatCode {
	const rowWriter = (context: EncodeContext) => changeLines(context, name, envelope);
	return {
		decoder(context) {
			const options = jsonOptions(context.options, name);
			const row = jsonRowReader(context.schema, context.projection, options);
			const opened = open(context.options);
			const read: JsonMessageReader = (message, emit) => {
				const found = opened(message);
				if (found !== undefined) envelope.read(found, row, emit);
			};
			return new JsonLinesDecoder(context, options, true, read);
		},
		/** Batches without changes go through the kernel. */
		encoder(context): Encoder {
			const lines = textEncoder(context, rowWriter(context));
			const inserts = jsonRowsEncoder(context, jsonOptions(context.options, name), ...envelope.added) ?? lines;
			return {
				encode: (region, batch) => (batch.kinds === 0 ? inserts : lines).encode(region, batch),
				finish: () => lines.finish(),
			};
		},
		rowWriter,
	};
}

function changeLines(context: EncodeContext, name: string, { added, removed }: Envelope): RowWriter {
	const write = jsonRowWriter(writtenFields(context), jsonOptions(context.options, name));
	return (values, kind) => {
		const [before, after] = isAddition(kind) ? added : removed;
		return `${before}${write(values).slice(1, -1)}${after}`;
	};
}
