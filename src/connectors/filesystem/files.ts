// The files of a table: what its path stands for, and which files count as data.
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { EngineError } from "../../errors.js";

export interface DataFile {
	readonly path: string;
	readonly bytes: number;
	readonly modifiedMs: number;
}

/** An absolute path of `file:///a/b`, `file:/a/b`, `/a/b` or `a/b`. */
export function localPath(path: string): string {
	const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(path)?.[1];
	if (scheme === undefined) return resolve(path);
	if (scheme.toLowerCase() !== "file") {
		throw new EngineError("INVALID_OPTION", `option 'path' cannot be '${path}'`, {
			expected: "a local path or a file:// URL",
		});
	}
	// Paths with characters that a URL would escape are common, and Flink takes them as they are.
	const rest = path.slice("file:".length);
	return rest.startsWith("//") && !rest.startsWith("///") ? fileURLToPath(path) : resolve(rest.replace(/^\/+/, "/"));
}

const isHidden = (name: string) => name.startsWith(".") || name.startsWith("_");

/** All data files at or below a path, by path; names beginning with `.` or `_` are not data. FILE_NOT_FOUND. */
export function dataFiles(path: string, pattern?: string): DataFile[] {
	const root = localPath(path);
	const matches = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`);
	const found: DataFile[] = [];
	collect(root, found);
	return found
		.filter((file) => !matches || matches.test(file.path))
		.sort((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0));
}

function collect(path: string, found: DataFile[]): void {
	const stat = statSync(path, { throwIfNoEntry: false });
	if (!stat) {
		throw new EngineError("FILE_NOT_FOUND", `there is no file or folder ${path}`, {
			remedy: "Check the option 'path' of the table",
		});
	}
	if (stat.isDirectory()) {
		for (const name of readdirSync(path)) if (!isHidden(name)) collect(join(path, name), found);
	} else {
		found.push({ path, bytes: stat.size, modifiedMs: stat.mtimeMs });
	}
}
