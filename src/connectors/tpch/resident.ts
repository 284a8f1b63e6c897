// TPC-H columns that stay in a region from one job to the next: made at first use, read as they lie.
import type { Batch, Column } from "../../arrow/batch.js";
import { PHYSICAL_WIDTH, physicalType } from "../../types/value.js";
import type { Region } from "../../wasm/region.js";
import { Chunk, type Scale } from "./chunk.js";
import type { Table, TableColumn } from "./tables.js";
import { Texts } from "./texts.js";

/** Units (orders, parts, rows) that are made at a time. */
const CHUNK_UNITS = 8192;

interface ResidentTable {
	readonly rows: number;
	readonly columns: Map<string, Column>;
}

class ResidentTables {
	readonly #region: Region;
	readonly texts: Texts;
	readonly #tables = new Map<string, ResidentTable>();

	constructor(region: Region) {
		this.#region = region;
		this.texts = new Texts(region);
	}

	table(table: Table, columns: readonly TableColumn[], scale: Scale): ResidentTable {
		const key = `${table.name} ${scale.factor}`;
		const before = this.texts.owner.bytes;
		let known = this.#tables.get(key);
		if (!known) {
			known = { rows: this.#countRows(table, scale), columns: new Map() };
			this.#tables.set(key, known);
		}
		const { columns: made } = known;
		const missing = columns.filter((column) => !made.has(column.name));
		if (missing.length > 0) this.#make(table, missing, scale, known);
		this.#region.residentBytes += this.texts.owner.bytes - before;
		return known;
	}

	#countRows(table: Table, scale: Scale): number {
		const { arena } = this.#region;
		const mark = arena.mark();
		const chunk = new Chunk(this.#region, this.texts, scale, { first: 0, units: table.units(scale) }, () => 0);
		const rows = table.rowsOf(chunk);
		arena.release(mark);
		return rows;
	}

	#make(table: Table, missing: readonly TableColumn[], scale: Scale, known: ResidentTable): void {
		const { arena } = this.#region;
		const targets = missing.map((column) => ({ column, width: PHYSICAL_WIDTH[physicalType(column.type)], at: 0 }));
		for (const target of targets) {
			target.at = this.texts.allocate(known.rows * target.width + 16);
			const { type } = target.column;
			known.columns.set(target.column.name, { type, physical: physicalType(type), data: target.at, validity: 0 });
		}
		const total = table.units(scale);
		for (let first = 0; first < total; first += CHUNK_UNITS) {
			const mark = arena.mark();
			const units = Math.min(CHUNK_UNITS, total - first);
			const chunk = new Chunk(this.#region, this.texts, scale, { first, units }, (bytes) => this.texts.allocate(bytes));
			for (const target of targets) {
				target.column.make(chunk, target.at);
				target.at += table.rowsOf(chunk) * target.width;
			}
			arena.release(mark);
		}
	}
}

const residents = new WeakMap<Region, ResidentTables>();

/** Rows `first` … of a table, its columns made if this region does not have them yet. */
export function residentRows(
	region: Region,
	table: Table,
	columns: readonly TableColumn[],
	scale: Scale,
): { readonly rows: number; slice(first: number, length: number): Batch } {
	let tables = residents.get(region);
	if (!tables) {
		tables = new ResidentTables(region);
		residents.set(region, tables);
	}
	const { rows, columns: made } = tables.table(table, columns, scale);
	const whole = columns.map(({ name, type }) => ({ ...(made.get(name) as Column), type }));
	return {
		rows,
		slice: (first, length) => ({
			length,
			kinds: 0,
			columns: whole.map((column) => ({ ...column, data: column.data + first * PHYSICAL_WIDTH[column.physical] })),
		}),
	};
}

/** The texts of the readers of a region that keep no columns, until the last of them has closed. */
const shared = new WeakMap<Region, { texts: Texts; users: number }>();

export function acquireTexts(region: Region): Texts {
	const kept = residents.get(region);
	if (kept) return kept.texts;
	let entry = shared.get(region);
	if (!entry) {
		entry = { texts: new Texts(region), users: 0 };
		shared.set(region, entry);
	}
	entry.users++;
	return entry.texts;
}

export function releaseTexts(region: Region, texts: Texts): void {
	const entry = shared.get(region);
	if (entry?.texts !== texts || --entry.users > 0) return;
	texts.dispose();
	shared.delete(region);
}
