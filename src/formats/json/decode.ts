// JSON lines → batches. A line holds an object, or an array of objects that become rows of their own.
import type { Batch } from "../../arrow/batch.js";
import type { RowKind } from "../../types/row-kind.js";
import type { Value } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import { type DecodeContext, malformedRow, type StreamDecoder } from "../format.js";
import { LineReader } from "../line-reader.js";
import { RowBuffer } from "../row-buffer.js";
import type { JsonOptions } from "./options.js";
import type { Json } from "./parse.js";
import { isObject, JsonMismatch, type JsonObject } from "./read-value.js";
import { hasDecimal, readLine } from "./row-reader.js";

export type EmitRow = (values: readonly Value[], kind: RowKind) => void;

/** Emits the rows of one object. */
export type JsonMessageReader = (message: JsonObject, emit: EmitRow) => void;

export class JsonLinesDecoder implements StreamDecoder {
	readonly #lines = new LineReader();
	readonly #rows: RowBuffer;
	readonly #context: DecodeContext;
	readonly #read: JsonMessageReader;
	readonly #ignoreErrors: boolean;
	readonly #exactDecimals: boolean;
	/** Rows of the current line: they count only when all of it can be read. */
	readonly #pending: (readonly [values: readonly Value[], kind: RowKind])[] = [];
	readonly #emit: EmitRow = (values, kind) => this.#pending.push([values, kind]);
	#line = 0;

	constructor(context: DecodeContext, options: JsonOptions, hasKinds: boolean, read: JsonMessageReader) {
		this.#context = context;
		this.#read = read;
		this.#rows = new RowBuffer(context.output, hasKinds);
		this.#ignoreErrors = options["ignore-parse-errors"];
		this.#exactDecimals = context.output.some(({ type }) => hasDecimal(type));
	}

	push(bytes: Uint8Array): void {
		for (const line of this.#lines.push(bytes)) this.#decode(line);
	}

	end(): void {
		for (const line of this.#lines.end()) this.#decode(line);
	}

	take(region: Region, maxRows: number): Batch | null {
		return this.#rows.take(region, maxRows);
	}

	#decode(line: string): void {
		this.#line++;
		try {
			readLine(line, this.#exactDecimals, (json) => this.#message(json));
			for (const [values, kind] of this.#pending) this.#rows.push(values, kind);
		} catch (error) {
			if (!(error instanceof SyntaxError || error instanceof JsonMismatch)) throw error;
			if (this.#ignoreErrors) return;
			throw malformedRow(this.#context.source, this.#line, error.message, line);
		}
	}

	#message(json: Json): void {
		this.#pending.length = 0;
		if (Array.isArray(json)) for (const item of json as readonly Json[]) this.#object(item);
		else this.#object(json);
	}

	#object(json: Json): void {
		if (!isObject(json)) throw new JsonMismatch("a row must be a JSON object");
		this.#read(json, this.#emit);
	}
}
