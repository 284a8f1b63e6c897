// Decodes text with a format the way the filesystem connector does, in pieces of a given size.
import { batchKinds, batchToRows } from "../../src/arrow/rows.js";
import { sqlType } from "../../src/catalog/data-type.js";
import { formatFor } from "../../src/formats/index.js";
import { parseType } from "../../src/sql/index.js";
import { ROW_KIND_TEXT } from "../../src/types/row-kind.js";
import type { Schema, TypeOf } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { valueText } from "../../src/types/value-text.js";
import { Region } from "../../src/wasm/region.js";

/** The schema of a column list as CREATE TABLE has it. */
export const schemaOf = (columns: string): Schema => (sqlType(parseType(`ROW<${columns}>`)) as TypeOf<"ROW">).fields;

export interface Decoded {
	readonly rows: Row[];
	readonly kinds: string[];
	readonly schema: Schema;
}

export async function decode(
	format: string,
	columns: string,
	input: string | Uint8Array,
	options: Record<string, string> = {},
	{ select, pieceBytes = 1 << 16 }: { select?: readonly string[] | undefined; pieceBytes?: number } = {},
): Promise<Decoded> {
	const schema = schemaOf(columns);
	const names = select ?? schema.map(({ name }) => name);
	const projection = names.map((name) => [schema.findIndex((field) => field.name === name)]);
	const output = projection.map(([index]) => schema[index!]!);
	const region = await Region.create({ build: "debug" });
	const context = { schema, projection, output, filters: [], options, timeZone: "UTC", source: "input" };
	await formatFor(format).load();
	const decoder = formatFor(format).decoder!(context);
	const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
	const rows: Row[] = [];
	const kinds: string[] = [];
	const takeAll = () => {
		for (let batch = decoder.take(region, 100); batch; batch = decoder.take(region, 100)) {
			rows.push(...batchToRows(region, batch));
			kinds.push(...batchKinds(region, batch).map((kind) => ROW_KIND_TEXT[kind]));
		}
	};
	for (let at = 0; at < bytes.length; at += pieceBytes) {
		decoder.push(bytes.slice(at, at + pieceBytes));
		takeAll();
	}
	decoder.end();
	takeAll();
	return { rows, kinds, schema: output };
}

const escaped = (text: string) => text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n");

/** Rows as the golden files have them: tab-separated texts of the values. */
export const rowTexts = ({ rows, schema }: Decoded): string[] =>
	rows.map((row) => row.map((value, i) => escaped(valueText(value, schema[i]!.type))).join("\t"));
