// Ways to make a column of a TPC-H table, which the tables put together.
import { VIEW_BYTES } from "../../arrow/batch.js";
import { type Chunk, MOST_LINES, type Stream } from "./chunk.js";
import { type Dictionary, POOL_BYTES } from "./texts.js";

/** Writes a column's values for all rows of the chunk at `out`. */
export type Maker = (chunk: Chunk, out: number) => void;

/** i32 values, one per row: where they lie. */
export type Numbers = (chunk: Chunk) => number;

type Rows = (chunk: Chunk) => number;
export const perUnit: Rows = (chunk) => chunk.units;
export const perLine: Rows = (chunk) => chunk.lines;
export const perSupply: Rows = (chunk) => chunk.units * 4;

export const draws =
	(stream: Stream): Numbers =>
	(chunk) =>
		chunk.draws(stream);

export const lineDraws =
	(stream: Stream): Numbers =>
	(chunk) =>
		chunk.lineDraws(stream);

/** Four draws per part. */
export const supplyDraws =
	(stream: Stream): Numbers =>
	(chunk) =>
		chunk.shared(`${stream.seed}`, chunk.units * 4, (out) => {
			const { low, high } = stream;
			const start = chunk.seedAt({ ...stream, perRow: 4 }, chunk.first);
			chunk.region.kernels.tpchDraws(start, 1, chunk.units * 4, low, high - low + 1, out);
		});

/** The numbers as INTEGER or DATE. */
export const asInteger =
	(numbers: Numbers, rows: Rows): Maker =>
	(chunk, out) => {
		chunk.region.kernels.copyBytes(out, numbers(chunk), rows(chunk) * 4);
	};

/** The numbers times `factor` as BIGINT or DECIMAL. */
export const asLong =
	(numbers: Numbers, rows: Rows, factor = 1): Maker =>
	(chunk, out) =>
		chunk.region.kernels.tpchScaled(numbers(chunk), rows(chunk), factor, out);

/** The words that the numbers stand for. */
export const pick =
	(dictionary: Dictionary, numbers: Numbers, rows: Rows): Maker =>
	(chunk, out) =>
		chunk.region.kernels.tpchPick(numbers(chunk), rows(chunk), chunk.texts.dictionary(dictionary), out);

/** 0, 1, … for each row of the table. */
export const rowNumbers: Numbers = (chunk) =>
	chunk.shared("rows", chunk.units, (out) => chunk.region.kernels.tpchRowNumbers(chunk.first, 1, chunk.units, out));

export const keys: Maker = (chunk, out) => chunk.region.kernels.tpchKeys(chunk.first + 1, chunk.units, out);

const textLengths = (average: number) => ({ shortest: Math.trunc(average * 0.4), longest: Math.trunc(average * 1.6) });

/** Pieces of the text pool: one per row, several for a row of several lines. */
export const comments =
	(seed: number, average: number, pieces: 1 | 4 | "lines" = 1): Maker =>
	(chunk, out) => {
		const { shortest, longest } = textLengths(average);
		const perRow = pieces === "lines" ? MOST_LINES : pieces;
		const counts = pieces === "lines" ? chunk.counts : 0;
		const start = chunk.seedAt({ seed, low: 0, high: 0, perRow: 2 * perRow }, chunk.first);
		const { pool } = chunk.texts;
		const { kernels } = chunk.region;
		kernels.tpchComments(start, perRow, counts, chunk.units, shortest, longest, pool, POOL_BYTES, out);
	};

const LONGEST_ADDRESS = 40;
export const addresses =
	(seed: number): Maker =>
	(chunk, out) => {
		const start = chunk.seedAt({ seed, low: 0, high: 0, perRow: 9 }, chunk.first);
		const text = chunk.text(chunk.units * LONGEST_ADDRESS + 16);
		chunk.region.kernels.tpchAddresses(start, chunk.units, text, out);
	};

const PHONE_BYTES = 15;
export const phones =
	(seed: number, nations: Numbers): Maker =>
	(chunk, out) => {
		const start = chunk.seedAt({ seed, low: 0, high: 0, perRow: 3 }, chunk.first);
		const text = chunk.text(chunk.units * PHONE_BYTES + 16);
		chunk.region.kernels.tpchPhones(start, nations(chunk), chunk.units, text, out);
	};

/** `Customer#000000001` for number 1. */
export const numbered =
	(prefix: string, numbers: Numbers): Maker =>
	(chunk, out) => {
		const { region, units } = chunk;
		const from = region.arena.allocate(VIEW_BYTES);
		region.u8.set(new TextEncoder().encode(prefix), from);
		const text = chunk.text(units * (prefix.length + 9) + 16);
		region.kernels.tpchNumbered(from, prefix.length, numbers(chunk), units, text, out);
	};

const LONGEST_NAME = 80;
export const partNames =
	(seed: number): Maker =>
	(chunk, out) => {
		const start = chunk.seedAt({ seed, low: 0, high: 0, perRow: 92 }, chunk.first);
		const text = chunk.text(chunk.units * LONGEST_NAME + 16);
		chunk.region.kernels.tpchPartNames(start, chunk.units, chunk.texts.colors, text, out);
	};
