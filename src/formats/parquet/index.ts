// The format `parquet`, through the libraries hyparquet and hyparquet-writer, which are loaded when first needed.
import { type OptionDescriptions, option, readOptions } from "../../types/option.js";
import type { Format } from "../format.js";
import { ParquetDecoder } from "./decode.js";
import { parquetEncoder } from "./encode.js";

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
	fileDecoder: (context, file) => new ParquetDecoder(context, file),
	encoder(context) {
		const { compression } = readOptions(context.options, PARQUET_OPTIONS, { subject: "the 'parquet' format" });
		return parquetEncoder(context, compression);
	},
};
