// The format `parquet`: flat columns by kernels, footers, headers and nested columns by the libraries hyparquet and hyparquet-writer, which are
// loaded when first needed.
import { type OptionDescriptions, option } from "../../types/option.js";
import { format } from "../format.js";

export const PARQUET_OPTIONS = {
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

export const parquet = format(
	{ name: "parquet", doc: "Apache Parquet files.", options: PARQUET_OPTIONS, changelog: "insert" },
	async () => {
		const { loadParquetWriter, parquet } = await import("./codec.js");
		await loadParquetWriter();
		return parquet;
	},
);
