// The `filesystem` connector: files of any format in a folder, partitioned or not.

import type { ConnectorTable } from "../../job/specs.js";
import { BIGINT, notNull, STRING, timestampLtz } from "../../types/sql-type.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import type { Connector } from "../connector.js";
import { formatOf } from "../format-options.js";
import { type DataFile, dataFiles } from "./files.js";
import { FILESYSTEM_OPTIONS, filesystemOptions } from "./options.js";

let reading: typeof import("./reader.js");
let writing: typeof import("./writer.js") & typeof import("./committer.js");

export const filesystem: Connector = {
	name: "filesystem",
	doc: "Reads and writes files.",
	options: FILESYSTEM_OPTIONS,
	formats: true,
	metadata: [
		{ name: "file.path", type: notNull(STRING) },
		{ name: "file.name", type: notNull(STRING) },
		{ name: "file.size", type: notNull(BIGINT) },
		{ name: "file.modification-time", type: notNull(timestampLtz(3)) },
	],
	describe(table) {
		const options = filesystemOptions(table);
		const files = filesOf(options.path, options["source.path.regex-pattern"]);
		return {
			changelog: formatOf(table).changelog,
			bounded: options["source.monitor-interval"] === undefined,
			maxParallelism: Math.max(1, files.length),
			...(files.length > 0 && { statistics: { rows: estimatedRows(table, files) } }),
		};
	},
	async load() {
		const [reader, writer, committer] = await Promise.all([
			import("./reader.js"),
			import("./writer.js"),
			import("./committer.js"),
		]);
		reading = reader;
		writing = { ...writer, ...committer };
	},
	source: { open: (context) => new reading.FilesystemReader(context) },
	sink: {
		accepts: (table) => formatOf(table).changelog,
		open: (context) => new writing.FilesystemWriter(context),
		committer: (context) => new writing.FilesystemCommitter(context),
	},
	lookup: { kind: "scan" },
};

/** A sink's folder may not be there yet; a missing source is an error when it is opened. */
function filesOf(path: string, pattern: string | undefined): readonly DataFile[] {
	try {
		return dataFiles(path, pattern);
	} catch {
		return [];
	}
}

/** Of a value that has no width of its own, as text or compressed. */
const VIEW_BYTES = 12;

/** By the size of the files: which table is larger, and about how much. */
function estimatedRows({ columns }: ConnectorTable, files: readonly DataFile[]): number {
	const widths = columns.map(({ type }) => {
		const physical = physicalType(type);
		return physical === "view" ? VIEW_BYTES : Math.min(8, PHYSICAL_WIDTH[physical]);
	});
	const rowBytes = widths.reduce((sum, width) => sum + width, 1);
	return Math.max(1, Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / rowBytes));
}
