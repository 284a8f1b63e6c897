// What a query answered, in the form of the case files: columns, final rows as lines of text, and the changelog that led to them.
import { createHash } from "node:crypto";
import type { ResultChunk } from "../../engine/result-collector.js";
import { ROW_KIND_TEXT, RowKind, type RowKindText } from "../../types/row-kind.js";
import type { Schema, SqlType } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import type { Row, Value } from "../../types/value.js";
import { valueText } from "../../types/value-text.js";
import type { ResultColumn } from "./case-file.js";

export interface CaseResult {
	readonly id: string;
	readonly columns?: readonly ResultColumn[];
	/** Number of changes, and how many of each kind. */
	readonly changes?: number;
	readonly kinds?: Readonly<Partial<Record<RowKindText, number>>>;
	/** Rows of the final table. */
	readonly rows?: number;
	readonly sha256?: string;
	readonly final?: readonly string[];
	/** The first changes, when there are others than inserts. */
	readonly changelog?: readonly string[];
	/** Rows that were taken back but had not been there. */
	readonly negative?: number;
	readonly error?: string;
	readonly ms: number;
}

const CHANGELOG_LINES = 400;

/** Collects the changes of one query. */
export class ResultCollector {
	readonly #types: readonly SqlType[];
	readonly #key: readonly number[] | undefined;
	readonly #counts = new Map<string, number>();
	readonly #byKey = new Map<string, string>();
	readonly #arrived: string[] = [];
	readonly #changelog: string[] = [];
	readonly #kinds = new Map<RowKind, number>();

	constructor(schema: Schema, key?: readonly number[]) {
		this.#types = schema.map(({ type }) => type);
		this.#key = key;
	}

	add({ rows, kinds }: ResultChunk): void {
		for (const [index, row] of rows.entries()) this.#addRow(row, kinds?.[index] ?? RowKind.INSERT);
	}

	#addRow(row: Row, kind: RowKind): void {
		const cells = row.map((value, i) => cellText(value, this.#types[i]!));
		const line = cells.join("\t");
		this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
		this.#arrived.push(line);
		if (this.#changelog.length < CHANGELOG_LINES) this.#changelog.push(`${ROW_KIND_TEXT[kind]}\t${line}`);
		const adds = kind === RowKind.INSERT || kind === RowKind.UPDATE_AFTER;
		if (this.#key !== undefined) {
			const key = this.#key.map((column) => cells[column]).join("\t");
			if (adds) this.#byKey.set(key, line);
			else if (kind === RowKind.DELETE) this.#byKey.delete(key);
			return;
		}
		const count = (this.#counts.get(line) ?? 0) + (adds ? 1 : -1);
		if (count === 0) this.#counts.delete(line);
		else this.#counts.set(line, count);
	}

	/** `ordered`: the rows as they came, else sorted by their bytes. */
	result(
		ordered: boolean,
	): Pick<CaseResult, "changes" | "kinds" | "rows" | "sha256" | "final" | "changelog" | "negative"> {
		const counted = [...this.#counts].flatMap(([line, count]) => new Array<string>(Math.max(0, count)).fill(line));
		const rows = (this.#key === undefined ? counted : [...this.#byKey.values()]).sort(byBytes);
		const negative = [...this.#counts.values()].filter((count) => count < 0).length;
		const kinds = Object.fromEntries([...this.#kinds].map(([kind, count]) => [ROW_KIND_TEXT[kind], count]));
		const hash = createHash("sha256");
		for (const row of rows) hash.update(`${row}\n`);
		return {
			changes: this.#arrived.length,
			kinds,
			rows: rows.length,
			sha256: hash.digest("hex"),
			final: ordered ? this.#arrived : rows,
			...(Object.keys(kinds).some((kind) => kind !== "+I") && { changelog: this.#changelog }),
			...(negative > 0 && { negative }),
		};
	}
}

const byBytes = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right));

/** NULL is `NULL`, the text NULL is `\NULL`; tabs, line ends and backslashes of texts are escaped. */
function cellText(value: Value, type: SqlType): string {
	const text = valueText(value, type);
	if (value === null || (type.kind !== "CHAR" && type.kind !== "VARCHAR")) return text;
	if (text === "NULL") return "\\NULL";
	return text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
}

/** Flink's client writes TIMESTAMP_LTZ(p) out. */
export const columnsOf = (schema: Schema): ResultColumn[] =>
	schema.map(({ name, type }) => ({
		name,
		type: typeText(type).replaceAll(/TIMESTAMP_LTZ\((\d)\)/g, "TIMESTAMP($1) WITH LOCAL TIME ZONE"),
	}));
