// Reading and writing of Parquet files.
import { readOptions } from "../../types/option.js";
import type { FormatCode } from "../format.js";
import { ParquetDecoder } from "./decode.js";
import { ParquetEncoder } from "./encode.js";
import { PARQUET_OPTIONS } from "./index.js";

export { loadParquetWriter } from "./library-writer.js";

export const parquet: FormatCode = {
	fileDecoder: (context, file) => new ParquetDecoder(context, file),
	encoder(context) {
		const { compression } = readOptions(context.options, PARQUET_OPTIONS, { subject: "the 'parquet' format" });
		return new ParquetEncoder(context, compression);
	},
};
