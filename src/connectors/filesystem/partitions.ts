// Partition folders in Hive's style: `day=2024-01-02/hour=10`, special characters as %XX.
import { sep } from "node:path";
import { EngineError } from "../../errors.js";
import type { ConnectorTable } from "../../job/specs.js";
import { castFunction } from "../../types/cast.js";
import { type SqlType, STRING } from "../../types/sql-type.js";
import type { Value } from "../../types/value.js";

const SPECIAL = new Set("\"#%'*/:=?\\\x7f{[]^");

const escapeName = (text: string) =>
	text.replace(/[^\w.\- ]/g, (char) => {
		const code = char.charCodeAt(0);
		if (code >= 0x20 && !SPECIAL.has(char)) return char;
		return `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
	});

const unescapeName = (text: string) =>
	text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** A table's partition columns: index among its physical columns, name and type. */
export interface PartitionColumn {
	readonly index: number;
	readonly name: string;
	readonly type: SqlType;
}

export function partitionColumns(table: ConnectorTable): PartitionColumn[] {
	return table.partitionKeys.map((name) => {
		const index = table.columns.findIndex((column) => column.name === name);
		const column = table.columns[index];
		if (column) return { index, name, type: column.type };
		throw new EngineError("INVALID_SCHEMA", `partition column '${name}' is no column of the table`);
	});
}

/** Makes the folder of a row's partition, relative to the table's path, from the values of the partition columns. */
export function partitionFolder(columns: readonly PartitionColumn[], defaultName: string) {
	const texts = columns.map(({ type }) => castFunction(type, STRING));
	return (values: readonly Value[]): string =>
		columns
			.map(({ name }, i) => {
				const text = texts[i]!(values[i] ?? null) as string | null;
				return `${escapeName(name)}=${text === null || text === "" ? defaultName : escapeName(text)}`;
			})
			.join(sep);
}

/** The partition that a file lies in: column name → text, NULL for the default partition. */
export function partitionOf(path: string, root: string, defaultName: string): Map<string, string | null> {
	const found = new Map<string, string | null>();
	for (const folder of path.slice(root.length).split(sep).slice(0, -1)) {
		const at = folder.indexOf("=");
		if (at <= 0) continue;
		const text = folder.slice(at + 1);
		found.set(unescapeName(folder.slice(0, at)), text === defaultName ? null : unescapeName(text));
	}
	return found;
}

/** The value of a partition column for a file. */
export function partitionValue({ name, type }: PartitionColumn, partition: ReadonlyMap<string, string | null>): Value {
	const text = partition.get(name);
	if (text === undefined) {
		throw new EngineError("CONNECTOR", `a file lies outside of the partitions of '${name}'`, {
			expected: `a folder '${name}=…'`,
		});
	}
	return text === null ? null : castFunction(STRING, type)(text);
}
