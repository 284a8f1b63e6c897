// The format `parquet`: flat columns by kernels, footers, headers and nested columns by the libraries hyparquet and hyparquet-writer, which are
// loaded when first needed.
import { type OptionDescriptions, option, readOptions } from "../../types/option.js";
import type { Format } from "../format.js";
import { ParquetDecoder } from "./decode.js";
import { ParquetEncoder } from "./encode.js";
import { loadParquetWriter } from "./library-writer.js";

const PARQUET_OPTIONS = {
	compression: option.enum(["SNAPPY", "UNCOMPRESSED"], {
		default: "SNAPPY",
		doc: "How pages are compressed when written.",
	}),
	"utc-timezone": option.boolean({
		default: false,
		doc: "Read but unused: timestamps are written and read as they are, TIMESTAMP_LTZ in UTC.",
	}),
	"timestamp.time.unit": option.enum(["micros", "nanos", "millis"], {
		default: "micros",
		doc: "Read but unused: the unit follows from the precision of the type.",
	}),
	"write.int64.timestamp": option.boolean({
		default: true,
		doc: "Read but unused: timestamps are written as INT64; INT96 can be read.",
	}),
} satisfies OptionDescriptions;

export const parquet: Format = {
	name: "parquet",
	doc: "Apache Parquet files.",
	options: PARQUET_OPTIONS,
	changelog: "insert",
	load: loadParquetWriter,
	fileDecoder: (context, file) => new ParquetDecoder(context, file),
	encoder(context) {
		const { compression } = readOptions(context.options, PARQUET_OPTIONS, { subject: "the 'parquet' format" });
		return new ParquetEncoder(context, compression);
	},
};
