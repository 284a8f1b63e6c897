// The table that an updating query describes, drawn over itself on a terminal as it changes, never larger than the screen.
import type { Schema } from "../../types/sql-type.js";
import type { Row } from "../../types/value.js";
import { tableLines } from "./table-writer.js";

/** A terminal that lines can be drawn over. */
export type Screen = Pick<NodeJS.WriteStream, "write" | "columns" | "rows">;

/** Drawings are at least this far apart. */
const REFRESH_MS = 200;
/** Lines of a drawing that are not rows: three rulers, the names, the status and the cursor's line. */
const FRAME_LINES = 6;

export class LiveTable {
	readonly #screen: Screen;
	readonly #schema: Schema;
	readonly #timeZone: string;
	readonly #rows: () => readonly Row[];
	readonly #start = performance.now();
	#lines = 0;
	#changes = 0;
	#timer: NodeJS.Timeout | undefined;

	/** `rows` gives the table as it is now. */
	constructor(screen: Screen, schema: Schema, timeZone: string, rows: () => readonly Row[]) {
		this.#screen = screen;
		this.#schema = schema;
		this.#timeZone = timeZone;
		this.#rows = rows;
	}

	/** So many changes came. */
	changed(count: number): void {
		this.#changes += count;
		this.#timer ??= setTimeout(() => this.#draw(), this.#lines === 0 ? 0 : REFRESH_MS);
	}

	/** Takes the drawing away. */
	end(): void {
		clearTimeout(this.#timer);
		this.#screen.write(this.#erasure());
		this.#lines = 0;
	}

	#draw(): void {
		this.#timer = undefined;
		const columns = this.#screen.columns || 80;
		const height = this.#screen.rows || 24;
		const all = this.#rows();
		const room = Math.max(1, height - FRAME_LINES);
		const table = tableLines(this.#schema, this.#timeZone, all.slice(0, room)).slice(0, height - 2);
		const lines = [...table, this.#status(all.length, room)].map((line) => line.slice(0, columns - 1));
		this.#screen.write(`${this.#erasure()}${lines.join("\n")}\n`);
		this.#lines = lines.length;
	}

	#status(rows: number, room: number): string {
		const seconds = ((performance.now() - this.#start) / 1000).toFixed(1);
		const shown = rows > room ? `first ${room} of ` : "";
		return `${shown}${counted(rows, "row")}, ${counted(this.#changes, "change")}, ${seconds} s; Ctrl-C stops`;
	}

	#erasure(): string {
		return this.#lines === 0 ? "" : `\u001b[${this.#lines}A\u001b[J`;
	}
}

const counted = (count: number, noun: string) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
