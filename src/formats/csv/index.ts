// The format `csv`.
import type { Format } from "../format.js";
import { CsvDecoder } from "./decode.js";
import { csvEncoder, csvRowWriter } from "./encode.js";
import { CSV_OPTIONS, csvOptions } from "./options.js";

export const csv: Format = {
	name: "csv",
	doc: "Comma-separated values, without a header line.",
	options: CSV_OPTIONS,
	changelog: "insert",
	decoder: (context) => new CsvDecoder(context, csvOptions(context.options)),
	encoder: (context) => csvEncoder(context, csvOptions(context.options)),
	rowWriter: (context) => csvRowWriter(context, csvOptions(context.options)),
};
