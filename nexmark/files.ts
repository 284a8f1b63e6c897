// The files that the harness reads and writes, looked at before anything runs: a mistake shows at once and not after an hour.
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { EngineError } from "../src/errors.js";

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

/** How many events a file of JSON lines holds. */
export function eventsIn(path: string): number {
	const file = open("--input", path, "r", "a file of events as JSON lines");
	const chunk = Buffer.alloc(CHUNK_BYTES);
	let lines = 0;
	let last = NEWLINE;
	for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
		for (let at = chunk.indexOf(NEWLINE); at >= 0 && at < length; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
		last = chunk[length - 1]!;
	}
	closeSync(file);
	return last === NEWLINE ? lines : lines + 1;
}

/** A file can be written at `path`; what is there stays. */
export function checkWritable(option: string, path: string): void {
	closeSync(open(option, path, "a", "a file that can be written"));
}

function open(option: string, path: string, flags: string, expected: string): number {
	try {
		if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${path} is a folder`);
		return openSync(path, flags);
	} catch (cause) {
		throw new EngineError("INVALID_OPTION", `${option}: ${(cause as Error).message}`, { expected });
	}
}
