// The format `csv`.
import { format } from "../format.js";
import { CSV_OPTIONS } from "./options.js";

export const csv = format(
	{ name: "csv", doc: "Comma-separated values, without a header line.", options: CSV_OPTIONS, changelog: "insert" },
	async () => (await import("./codec.js")).csv,
);
