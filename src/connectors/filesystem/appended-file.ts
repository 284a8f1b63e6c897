// Appends to files, one after the other. The last one stays open: most often it is the next one too.
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export class AppendedFile {
	#path: string | undefined;
	#descriptor = -1;

	/** All of `bytes` are in the file afterwards; they may change then. Makes the file and its folders. */
	append(path: string, bytes: Uint8Array): void {
		if (path !== this.#path) this.#open(path);
		for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
	}

	close(): void {
		if (this.#path !== undefined) closeSync(this.#descriptor);
		this.#path = undefined;
	}

	#open(path: string): void {
		this.close();
		mkdirSync(dirname(path), { recursive: true });
		this.#descriptor = openSync(path, "a");
		this.#path = path;
	}
}
