// What Flink 2.3.0 reads from the same files: values of every type in JSON, CSV and Debezium, good, odd and bad.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EngineError } from "../../src/errors.js";
import { decode, rowTexts } from "./decode.js";

interface Case {
	readonly id: string;
	readonly format: string;
	readonly columns: string;
	readonly options: Record<string, string>;
	readonly input: string;
	readonly select?: string;
	readonly rows?: readonly string[];
	readonly changelog?: readonly string[];
	readonly error?: string;
}

const cases = readFileSync("test/golden/formats/decode.jsonl", "utf8")
	.trim()
	.split("\n")
	.map((line) => JSON.parse(line) as Case);

/** Flink keeps nine digits in a TIMESTAMP(6) that comes from a file; a column of microseconds cannot. */
const cut = (id: string, row: string) => (id === "ts6-ign" ? row.replace(".123456789", ".123456") : row);

describe.each([1 << 16, 7])("in pieces of %i bytes", (pieceBytes) => {
	test.each(cases.filter(({ rows }) => rows))(
		"$id",
		async ({ id, format, columns, options, input, select, ...answer }) => {
			const decoded = await decode(format, columns, input, options, { select: select?.split(", "), pieceBytes });
			const texts = rowTexts(decoded);
			if (answer.changelog) {
				expect(texts.map((text, i) => `${decoded.kinds[i]}\t${text}`)).toEqual(answer.changelog);
			} else expect(texts.sort()).toEqual(answer.rows!.map((row) => cut(id, row)).sort());
		},
	);
});

test.each(cases.filter(({ error }) => error))("$id is refused: $error", async ({ format, columns, options, input }) => {
	const error = await decode(format, columns, input, options).catch((thrown: unknown) => thrown);
	expect(error).toBeInstanceOf(EngineError);
	expect(["MALFORMED_ROW", "INVALID_SCHEMA"]).toContain((error as EngineError).code);
});
