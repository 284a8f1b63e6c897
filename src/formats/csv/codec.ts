// Reading and writing of CSV.
import type { FormatCode } from "../format.js";
import { CsvDecoder } from "./decode.js";
import { csvEncoder, csvRowWriter } from "./encode.js";
import { csvOptions } from "./options.js";

export const csv: FormatCode = {
	decoder: (context) => new CsvDecoder(context, csvOptions(context.options)),
	encoder: (context) => csvEncoder(context, csvOptions(context.options)),
	rowWriter: (context) => csvRowWriter(context, csvOptions(context.options)),
};
