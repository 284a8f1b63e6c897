// Publishes finished part files: renames them, removes what an overwrite replaces, and marks partitions that are complete.
import { access, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseDate, parseTimestamp } from "../../types/datetime-text.js";
import { findTimeZone, localToUtc } from "../../types/time-zone.js";
import type { CommitInfo, SinkCommitter, SinkContext } from "../connector.js";
import { dataFiles, localPath } from "./files.js";
import { type FilesystemOptions, filesystemOptions, policies } from "./options.js";
import { partitionOf } from "./partitions.js";
import type { PartFile } from "./writer.js";

type CommitterContext = Omit<SinkContext, "region" | "subtask">;

export class FilesystemCommitter implements SinkCommitter {
	readonly #context: CommitterContext;
	readonly #options: FilesystemOptions;
	readonly #root: string;
	/** Partitions with rows that are not marked complete yet, with the time they were begun. */
	readonly #open = new Map<string, number>();
	/** Folders whose former files are gone. */
	readonly #cleared = new Set<string>();

	constructor(context: CommitterContext) {
		this.#context = context;
		this.#options = filesystemOptions(context.table);
		this.#root = localPath(this.#options.path);
	}

	async commit(committables: readonly unknown[], info: CommitInfo): Promise<void> {
		const parts = (committables as readonly (readonly PartFile[])[]).flat();
		await mkdir(this.#root, { recursive: true });
		if (this.#context.overwrite) await this.#clear(parts);
		for (const part of parts) {
			await publish(part);
			if (part.partition === "") continue;
			const begun = this.#open.get(part.partition) ?? part.begunMs;
			this.#open.set(part.partition, Math.min(begun, part.begunMs));
		}
		await this.#markComplete(info);
	}

	/** Removes the data files of the table, or of the partitions written. */
	async #clear(parts: readonly PartFile[]): Promise<void> {
		const written = new Set(parts.map(({ visible }) => visible));
		const isPartitioned = this.#context.table.partitionKeys.length > 0;
		for (const folder of isPartitioned ? new Set(parts.map(({ partition }) => partition)) : [""]) {
			if (this.#cleared.has(folder)) continue;
			this.#cleared.add(folder);
			const path = join(this.#root, folder);
			if ((await readdir(path).catch(() => [])).length === 0) continue;
			for (const file of dataFiles(path)) if (!written.has(file.path)) await rm(file.path);
		}
	}

	async #markComplete(info: CommitInfo): Promise<void> {
		const marks = policies(this.#options).includes("success-file");
		for (const [partition, begunMs] of [...this.#open]) {
			if (!info.final && !this.#isComplete(partition, begunMs, info)) continue;
			this.#open.delete(partition);
			if (marks)
				await writeFile(join(this.#root, partition, this.#options["sink.partition-commit.success-file.name"]), "");
		}
	}

	#isComplete(partition: string, begunMs: number, { watermark }: CommitInfo): boolean {
		const delay = this.#options["sink.partition-commit.delay"];
		if (this.#options["sink.partition-commit.trigger"] === "process-time")
			return this.#context.now() >= begunMs + delay;
		const time = this.#timeOf(partition);
		return time !== undefined && watermark >= time + delay;
	}

	/** The time that a partition's values stand for, by the pattern. */
	#timeOf(partition: string): number | undefined {
		const values = partitionOf(`${join(partition, "file")}`, "", this.#options["partition.default-name"]);
		const pattern =
			this.#options["partition.time-extractor.timestamp-pattern"] ?? `$${this.#context.table.partitionKeys[0]}`;
		let text = pattern;
		for (const [name, value] of values) text = text.replaceAll(`$${name}`, value ?? "");
		const days = this.#options["partition.time-extractor.timestamp-formatter"].includes("H")
			? undefined
			: parseDate(text);
		const local = days === undefined ? parseTimestamp(text)?.ms : days * 86_400_000;
		const zone = findTimeZone(this.#options["sink.partition-commit.watermark-time-zone"]);
		return local === undefined || !zone ? local : localToUtc(zone, local);
	}
}

/** Does nothing when it has been done before. */
async function publish({ hidden, visible }: PartFile): Promise<void> {
	try {
		await rename(hidden, visible);
	} catch (cause) {
		const isThere = await access(visible).then(
			() => true,
			() => false,
		);
		if (!isThere) throw new Error(`part file ${basename(visible)} is lost`, { cause });
	}
}
