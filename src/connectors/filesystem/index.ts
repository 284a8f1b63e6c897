// The `filesystem` connector: files of any format in a folder, partitioned or not.
import { BIGINT, notNull, STRING, timestampLtz } from "../../types/sql-type.js";
import type { Connector } from "../connector.js";
import { formatOf } from "../format-options.js";
import { FilesystemCommitter } from "./committer.js";
import { dataFiles } from "./files.js";
import { FILESYSTEM_OPTIONS, filesystemOptions } from "./options.js";
import { FilesystemReader } from "./reader.js";
import { FilesystemWriter } from "./writer.js";

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
		return {
			changelog: formatOf(table).changelog,
			bounded: options["source.monitor-interval"] === undefined,
			maxParallelism: Math.max(1, countFiles(options.path, options["source.path.regex-pattern"])),
		};
	},
	source: { open: (context) => new FilesystemReader(context) },
	sink: {
		accepts: (table) => formatOf(table).changelog,
		open: (context) => new FilesystemWriter(context),
		committer: (context) => new FilesystemCommitter(context),
	},
	lookup: { kind: "scan" },
};

/** A sink's folder may not be there yet; a missing source is an error when it is opened. */
function countFiles(path: string, pattern: string | undefined): number {
	try {
		return dataFiles(path, pattern).length;
	} catch {
		return 0;
	}
}
