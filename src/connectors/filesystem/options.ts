// Options of the filesystem connector, as Flink's.
import { EngineError } from "../../errors.js";
import type { ConnectorTable } from "../../job/specs.js";
import { type OptionValues, option, readOptions } from "../../types/option.js";

export const FILESYSTEM_OPTIONS = {
	path: option.required(option.string({ doc: "A file or folder: a path or a file:// URL." })),
	"partition.default-name": option.string({
		default: "__DEFAULT_PARTITION__",
		doc: "Folder name of partitions whose value is NULL or empty.",
	}),
	"source.monitor-interval": option.duration({
		min: 1,
		doc: "Looks for new files this often; the table is unbounded then. Absent: reads the files once.",
	}),
	"source.path.regex-pattern": option.string({ doc: "Only files whose whole path matches are read." }),
	"source.report-statistics": option.enum(["ALL", "NONE"], {
		default: "ALL",
		doc: "Read but unused: statistics come from the files where they hold any.",
	}),
	"sink.rolling-policy.file-size": option.memory({ default: 128 * 2 ** 20, doc: "Begins a new file at this size." }),
	"sink.rolling-policy.rollover-interval": option.duration({
		default: 30 * 60_000,
		doc: "Begins a new file after this time.",
	}),
	"sink.rolling-policy.check-interval": option.duration({
		default: 60_000,
		doc: "Read but unused: the age of a file is checked whenever rows come.",
	}),
	"sink.rolling-policy.inactivity-interval": option.duration({
		default: 30 * 60_000,
		doc: "Read but unused: see rollover-interval.",
	}),
	"sink.shuffle-by-partition.enable": option.boolean({ default: false, doc: "Read but unused." }),
	"auto-compaction": option.boolean({ default: false, doc: "Must be false." }),
	"compaction.file-size": option.memory({ default: 128 * 2 ** 20, doc: "Read but unused." }),
	"sink.partition-commit.trigger": option.enum(["process-time", "partition-time"], {
		default: "process-time",
		doc: "Whether a partition is complete `delay` after it began by the clock, or by the watermark and the partition's time.",
	}),
	"sink.partition-commit.delay": option.duration({ default: 0, doc: "See trigger." }),
	"sink.partition-commit.policy.kind": option.string({
		doc: "What tells that a partition is complete: success-file. Absent: nothing.",
	}),
	"sink.partition-commit.success-file.name": option.string({ default: "_SUCCESS", doc: "See policy.kind." }),
	"sink.partition-commit.watermark-time-zone": option.string({
		default: "UTC",
		doc: "Zone of the partitions' times, when the watermark is that of a TIMESTAMP_LTZ.",
	}),
	"partition.time-extractor.kind": option.enum(["default"], {
		default: "default",
		doc: "Only default: from timestamp-pattern.",
	}),
	"partition.time-extractor.timestamp-pattern": option.string({
		doc: "The time of a partition: text with $column in place of values, e.g. '$day $hour:00:00'.",
	}),
	"partition.time-extractor.timestamp-formatter": option.string({
		default: "yyyy-MM-dd HH:mm:ss",
		doc: "Only yyyy-MM-dd HH:mm:ss and yyyy-MM-dd.",
	}),
} as const;

export type FilesystemOptions = OptionValues<typeof FILESYSTEM_OPTIONS>;

export function filesystemOptions(table: ConnectorTable): FilesystemOptions {
	const options = readOptions(table.options, FILESYSTEM_OPTIONS, { subject: "the 'filesystem' connector" });
	if (options["auto-compaction"]) {
		throw new EngineError("UNSUPPORTED", "files are not compacted", { remedy: "Leave out 'auto-compaction'" });
	}
	for (const kind of policies(options)) {
		if (kind === "success-file") continue;
		throw new EngineError("INVALID_OPTION", `option 'sink.partition-commit.policy.kind' cannot be '${kind}'`, {
			expected: "success-file",
		});
	}
	return options;
}

/** The policies of a partition commit. */
export const policies = (options: FilesystemOptions): readonly string[] =>
	(options["sink.partition-commit.policy.kind"] ?? "")
		.split(",")
		.map((kind) => kind.trim())
		.filter((kind) => kind !== "");
