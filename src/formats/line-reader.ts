// Bytes in pieces → lines of text. Lines end with \n; the last one may end with the data.

export class LineReader {
	readonly #decoder = new TextDecoder("utf-8");
	#rest = "";

	/** The lines that these bytes complete. A byte order mark at the start of the data is dropped. */
	push(bytes: Uint8Array): string[] {
		return this.#split(this.#decoder.decode(bytes, { stream: true }));
	}

	/** The last line, if the data did not end with \n. */
	end(): string[] {
		const lines = this.#split(this.#decoder.decode());
		if (this.#rest !== "") lines.push(this.#rest);
		this.#rest = "";
		return lines;
	}

	#split(text: string): string[] {
		const lines = (this.#rest + text).split("\n");
		this.#rest = lines.pop() as string;
		return lines;
	}
}
