// Some consecutive rows of a TPC-H table under construction: the draws that their columns share, made once, in the arena.
import type { Region } from "../../wasm/region.js";
import type { Texts } from "./texts.js";

/** The random stream of a column: its seed, the draws that a row of the table (or a line of an order) uses, and the values they give. */
export interface Stream {
	readonly seed: number;
	readonly low: number;
	readonly high: number;
	/** Draws per row; default 1. */
	readonly perRow?: number;
}

/** Most lines of an order: what the streams of lines use up per order. */
export const MOST_LINES = 7;
const LINE_COUNTS: Stream = { seed: 1434868289, low: 1, high: MOST_LINES };

export interface Scale {
	readonly factor: number;
	readonly suppliers: number;
	readonly customers: number;
	readonly parts: number;
	readonly orders: number;
	readonly clerks: number;
}

export function scaleOf(factor: number): Scale {
	const count = (base: number) => Math.trunc(base * factor);
	return {
		factor,
		suppliers: count(10_000),
		customers: count(150_000),
		parts: count(200_000),
		orders: count(1_500_000),
		clerks: Math.max(count(1000), 1000),
	};
}

const rangeOf = ({ low, high }: Stream) => high - low + 1;

export interface ChunkRange {
	/** 0-based: of orders for lines, of parts for partsupp, else of rows. */
	readonly first: number;
	readonly units: number;
}

export class Chunk {
	readonly region: Region;
	readonly texts: Texts;
	readonly scale: Scale;
	readonly first: number;
	readonly units: number;
	readonly #shared = new Map<string, number>();
	readonly #allocateText: (bytes: number) => number;
	#counts = 0;
	#lines = -1;

	/** `allocateText`: memory for texts, which lives as long as the columns. */
	constructor(
		region: Region,
		texts: Texts,
		scale: Scale,
		{ first, units }: ChunkRange,
		allocateText: (bytes: number) => number,
	) {
		this.region = region;
		this.texts = texts;
		this.scale = scale;
		this.first = first;
		this.units = units;
		this.#allocateText = allocateText;
	}

	/** Lines of all orders of the chunk. */
	get lines(): number {
		if (this.#lines < 0) {
			this.#counts = this.region.arena.allocate(this.units);
			const seed = this.seedAt(LINE_COUNTS, this.first);
			this.#lines = this.region.kernels.tpchLineCounts(seed, this.units, MOST_LINES, this.#counts);
		}
		return this.#lines;
	}

	/** Address of a u8 per order: how many lines it has. */
	get counts(): number {
		return this.lines < 0 ? 0 : this.#counts;
	}

	text(bytes: number): number {
		return this.#allocateText(bytes);
	}

	/** What `make` fills, once per chunk: `rows` values of i32. */
	shared(name: string, rows: number, make: (out: number) => void): number {
		let address = this.#shared.get(name);
		if (address === undefined) {
			address = this.region.arena.allocate(rows * 4);
			make(address);
			this.#shared.set(name, address);
		}
		return address;
	}

	/** The draws of a stream with one value per row. */
	draws(stream: Stream): number {
		return this.shared(`${stream.seed}`, this.units, (out) => {
			const seed = this.seedAt(stream, this.first);
			this.region.kernels.tpchDraws(seed, stream.perRow ?? 1, this.units, stream.low, rangeOf(stream), out);
		});
	}

	/** The draws of a stream with one value per line. */
	lineDraws(stream: Stream): number {
		return this.shared(`${stream.seed}`, this.lines, (out) => this.fillLines(stream, out));
	}

	fillLines(stream: Stream, out: number): void {
		const seed = this.seedAt({ ...stream, perRow: MOST_LINES }, this.first);
		this.region.kernels.tpchLineDraws(seed, MOST_LINES, this.counts, this.units, stream.low, rangeOf(stream), out);
	}

	/** The seed before row `row` of the table. */
	seedAt({ seed, perRow = 1 }: Stream, row: number): number {
		return this.region.kernels.tpchSkip(seed, row * perRow) >>> 0;
	}

	/** The single value of a stream for a row of the table. */
	valueAt(stream: Stream, row: number): number {
		const seed = (this.seedAt(stream, row) * 16807) % 0x7fffffff;
		return stream.low + Math.trunc((seed / 0x7fffffff) * rangeOf(stream));
	}
}
