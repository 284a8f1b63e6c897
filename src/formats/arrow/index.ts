// The format `arrow`: Arrow IPC files and streams. An extension: Flink has no such format for tables.
import { loadArrow } from "../../arrow/library.js";
import { option } from "../../types/option.js";
import { format } from "../format.js";

export const ARROW_OPTIONS = {
	container: option.enum(["file", "stream"], { default: "file", doc: "What is written; both can be read." }),
} as const;

export const arrow = format(
	{ name: "arrow", doc: "Arrow IPC files or streams.", options: ARROW_OPTIONS, changelog: "insert" },
	async () => {
		const [code] = await Promise.all([import("./codec.js"), loadArrow()]);
		return code.arrow;
	},
);
