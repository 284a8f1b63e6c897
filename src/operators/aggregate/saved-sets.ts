// Distinct sets in snapshots: a table per set, whose rows are entries behind the columns that name their group.
import { BATCH_ROWS, type Batch, type Column } from "../../arrow/batch.js";
import type { Schema, SqlType } from "../../types/sql-type.js";
import type { StateReader, StateWriter } from "../operator.js";
import type { DistinctSet } from "./distinct-set.js";

/** What names the groups of sets. */
export interface GroupNames {
	readonly types: readonly SqlType[];
	/** Those of the types that the key group is made of. */
	readonly keys: readonly number[];
}

const tableOf = (name: string, index: number) => `${name}.distinct${index}`;

/** `name`: of the table of groups; `entries`: those of set `index`, in batches. */
export function writeSets(
	writer: StateWriter,
	name: string,
	{ types, keys }: GroupNames,
	sets: readonly DistinctSet[],
	entries: (index: number) => Iterable<Batch>,
): void {
	for (const [index, set] of sets.entries()) {
		const schema: Schema = [...types, ...set.saved].map((type, i) => ({ name: `f${i}`, type }));
		writer.table(tableOf(name, index), schema, entries(index), keys);
	}
}

/** All entries of a set. `namesOf`: the columns that name groups, which are given by their rows. */
export function* savedEntries(set: DistinctSet, namesOf: (groups: number, n: number) => Column[]): Generator<Batch> {
	for (const { rows, count } of set.scan(BATCH_ROWS)) {
		const names = namesOf(set.ownersOf(rows, count), count);
		yield { length: count, columns: [...names, ...set.save(rows, count)], kinds: 0 };
	}
}

/** Gives every saved batch to `load`, with the number of its set. */
export function readSets(
	reader: StateReader,
	name: string,
	sets: readonly DistinctSet[],
	load: (index: number, batch: Batch) => void,
): void {
	for (const index of sets.keys()) for (const batch of reader.table(tableOf(name, index))) load(index, batch);
}
