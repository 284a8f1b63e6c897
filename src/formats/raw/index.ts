// The format `raw`: the bytes of a line are the value of the table's only column.
import { option } from "../../types/option.js";
import { format } from "../format.js";

export const RAW_OPTIONS = {
	charset: option.string({ default: "UTF-8", doc: "How text is encoded." }),
} as const;

export const raw = format(
	{
		name: "raw",
		doc: "Each line is the value of the only column, as it is.",
		options: RAW_OPTIONS,
		changelog: "insert",
	},
	async () => (await import("./codec.js")).raw,
);
