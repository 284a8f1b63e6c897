// Reading and writing of lines as they are, text or bytes.
import type { Batch } from "../../arrow/batch.js";
import { readColumn } from "../../arrow/values.js";
import { EngineError } from "../../errors.js";
import { readOptions } from "../../types/option.js";
import { RowKind } from "../../types/row-kind.js";
import type { Schema, SqlType } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { Value } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import type { DecodeContext, Encoder, FormatCode, StreamDecoder } from "../format.js";
import { RowBuffer } from "../row-buffer.js";
import { RAW_OPTIONS } from "./index.js";

export const raw: FormatCode = {
	decoder: (context) => new RawDecoder(context, decoderOf(context.options)),
	encoder(context) {
		const isText = isTextColumn(context.schema);
		const { encoding } = decoderOf(context.options);
		if (isText && encoding !== "utf-8") {
			throw new EngineError("UNSUPPORTED", `text cannot be written as ${encoding}`, {
				expected: "'raw.charset' = 'UTF-8'",
			});
		}
		return rawEncoder(context.columns[0] as number, isText);
	},
};

function decoderOf(options: Readonly<Record<string, string>>): InstanceType<typeof TextDecoder> {
	const { charset } = readOptions(options, RAW_OPTIONS, { subject: "the 'raw' format" });
	try {
		return new TextDecoder(charset);
	} catch {
		throw new EngineError("INVALID_OPTION", `there is no character set '${charset}'`, {
			expected: "a name such as UTF-8",
		});
	}
}

/** Whether the only column is text, not bytes. */
function isTextColumn(schema: Schema): boolean {
	const [field, ...others] = schema;
	if (field === undefined || others.length > 0) {
		throw new EngineError("INVALID_SCHEMA", `the 'raw' format needs a table with one column, not ${schema.length}`);
	}
	if (isText(field.type)) return true;
	if (field.type.kind === "BINARY" || field.type.kind === "VARBINARY") return false;
	throw new EngineError("UNSUPPORTED", `the 'raw' format has no ${typeText(field.type)}`, {
		expected: "STRING or BYTES",
	});
}

const isText = ({ kind }: SqlType) => kind === "CHAR" || kind === "VARCHAR";

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

class RawDecoder implements StreamDecoder {
	readonly #rows: RowBuffer;
	readonly #columns: number;
	readonly #text: InstanceType<typeof TextDecoder> | undefined;
	/** The start of a line whose end has not come. */
	#rest = new Uint8Array();

	constructor({ schema, projection, output }: DecodeContext, text: InstanceType<typeof TextDecoder>) {
		this.#text = isTextColumn(schema) ? text : undefined;
		this.#rows = new RowBuffer(output, false);
		this.#columns = projection.length;
	}

	push(bytes: Uint8Array): void {
		const all = new Uint8Array(this.#rest.length + bytes.length);
		all.set(this.#rest);
		all.set(bytes, this.#rest.length);
		let start = 0;
		for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, start)) {
			this.#line(all.subarray(start, all[end - 1] === CARRIAGE_RETURN && end > start ? end - 1 : end));
			start = end + 1;
		}
		this.#rest = all.slice(start);
	}

	end(): void {
		if (this.#rest.length > 0) this.#line(this.#rest);
		this.#rest = new Uint8Array();
	}

	take(region: Region, maxRows: number): Batch | null {
		return this.#rows.take(region, maxRows);
	}

	#line(bytes: Uint8Array): void {
		const value: Value = this.#text ? this.#text.decode(bytes) : bytes.slice();
		this.#rows.push(new Array<Value>(this.#columns).fill(value), RowKind.INSERT);
	}
}

/** NULL is an empty line. */
function rawEncoder(index: number, isText: boolean): Encoder {
	const text = new TextEncoder();
	return {
		encode(region, batch) {
			const values = readColumn(region, batch.columns[index]!, batch.length);
			const lines = values.map((value) => {
				if (value === null) return new Uint8Array();
				return isText ? text.encode(value as string) : (value as Uint8Array);
			});
			const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 0));
			let at = 0;
			for (const line of lines) {
				bytes.set(line, at);
				at += line.length;
				bytes[at++] = NEWLINE;
			}
			return bytes;
		},
		finish: () => new Uint8Array(),
	};
}
